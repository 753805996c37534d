"""Installs the packages under Wine, in a minimal Debian 13: ``python -m installers.windows.check_wine``. Needs root.

Silent installation of an older MSI with properties, upgrade, the registry's keys, the program's own self-test, removal
without a trace; then the same of the setup program. Where the system or its Wine can't be had, nothing was tested, and
this says so and fails. Wine is not Windows: what it can't show is listed in docs/admin/packages.md.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from carena_desktop import __version__
from installers.freeze import ROOT, BuildError
from installers.linux.root import Root, make_base
from installers.windows import check_wizard, msi, pe, stand_ins
from installers.windows.stage import PREFIX, run

SUITE: Final = "trixie"
PACKAGES: Final = ("wine", "wine64")
LEAST_WINE: Final = 10
"""Wine 8 lacks libraries that Qt and CPython need."""
SERVER: Final = "https://visits.example.org"
_PROGRAM: Final = r"C:\Program Files\Carena Desktop\CarenaConsole.exe"
_WINDOWED: Final = r"C:\Program Files\Carena Desktop\Carena.exe"
_RUN_KEY: Final = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
_FOLDER: Final = "srv/wine/drive_c/Program Files/Carena Desktop"
_POLICIES: Final = r"HKLM\Software\Policies\Carena\Desktop"
_PROGRAM_KEY: Final = r"HKLM\Software\Carena\Desktop"
_UNINSTALL: Final = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall"
_SETTINGS: Final = "srv/wine/drive_c/users/root/AppData/Local/carena-desktop/settings.json"
_OLD_MARK: Final = "OlderVersion"
OLDER: Final = "0.0.1"
PICTURES: Final = ROOT / "build" / "wizard"
_PROPERTIES: Final = ("RELAYONLY=1", "STARTATLOGIN=1")
_VARIABLES: Final = ("WINEPREFIX=/srv/wine", "WINEDEBUG=-all")
_LIMIT_S: Final = 300
_MUST_WORK: Final = (
    "media process",
    "encryption",
    "video received",
    "video sent",
    "sound received",
    "sound sent",
    "data channel",
    "keyring",
)
"""Of the self-test; there are no devices, and no server at the address."""
_FUNCTIONS: Final = {
    "crealf": bytes.fromhex("660f6ec1c3"),  # movd xmm0, ecx; ret
    "cimagf": bytes.fromhex("48c1e920660f6ec1c3"),  # shr rcx, 32; movd xmm0, ecx; ret
    "creal": bytes.fromhex("f20f1001c3"),  # movsd xmm0, [rcx]; ret
    "cimag": bytes.fromhex("f20f104108c3"),  # movsd xmm0, [rcx+8]; ret
}
"""Parts of complex numbers, which Microsoft's calling convention passes in rcx: 8 bytes as they are, 16 by address."""
_OPEN_WINDOW: Final = r"""
export CARENA_HOME='C:\carena-home' CARENA_CAMERA=generator
wine "$1" &
i=0
while [ $i -lt 400 ] && kill -0 $!; do
  grep --quiet --no-messages 'window shown' /srv/wine/drive_c/carena-home/logs/carena-desktop.log && break
  i=$((i+1)); sleep 0.2
done
wineserver --kill
"""
_AND_SETTLE: Final = '"$@"; code=$?; wineserver -w; exit $code'
"""Wine's server writes the registry when it ends; what runs in the root is killed when the command is done."""


class Check:
    """The life of the packages in one system.

    Args:
        root: A minimal Debian with Wine.
        package: The MSI.
        setup: The setup program, None where it was not built.
    """

    def __init__(self, root: Root, package: Path, setup: Path | None) -> None:
        self._root = root
        self._package = package
        self._setup = setup

    def run(self) -> None:
        """Take every step; raises BuildError at the first that fails."""
        shutil.copyfile(self._package, self._root.folder / "srv" / "carena.msi")
        steps: list[tuple[str, Callable[[], object]]] = [
            ("Wine is new enough", self._wine_is_new),
            ("a Windows of Wine's", lambda: self._wine("wineboot", "--init")),
            ("install an older MSI silently, with properties", self._install_older),
            ("upgrade without properties", self._upgrade),
            ("an older one does not replace a newer one", self._no_way_back),
            ("keys of policies and links", self._keys),
            ("the program reads its policies", self._policies),
            ("the program calls itself", self._self_test),
            ("the program opens its window", self._window),
            ("the window's program starts with the session", self._starts_at_login),
            ("the window's program tests this computer", self._checks),
            ("a repair keeps the policies", self._again),
            ("uninstall", self._uninstall),
        ]
        if self._setup is not None:
            shutil.copyfile(self._setup, self._root.folder / "srv" / "setup.exe")
            steps += [
                ("install by the setup program, silently", self._set_up),
                ("keys of policies and links", self._setup_keys),
                ("the program reads its policies", self._policies),
                ("the program calls itself", self._self_test),
                ("the program opens its window", self._window),
                ("uninstall the setup program's", self._remove_set_up),
                ("press through the setup program", self._press_through),
                ("keys of policies and links", self._setup_keys),
                ("press through the uninstaller", self._press_away),
            ]
        for name, step in steps:
            _step(name, step)

    def _wine_is_new(self) -> None:
        shown = self._root.run("wine", "--version")
        found = re.search(r"wine-(\d+)", shown)
        if found is None or int(found[1]) < LEAST_WINE:
            raise BuildError(f"{shown.strip()} is too old")

    def _install_older(self) -> None:
        older(self._package, self._root.folder / "srv" / "older.msi")
        self._wine("wine", "msiexec", "/i", r"Z:\srv\older.msi", "/qn", f"SERVERURL={SERVER}", *_PROPERTIES)
        self._expect_version(OLDER)
        self._wine("wine", "reg", "query", _PROGRAM_KEY, "/v", _OLD_MARK)
        settings = self._root.folder / _SETTINGS
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text('{"Appearance": "dark"}', "utf-8")

    def _upgrade(self) -> None:
        self._wine("wine", "msiexec", "/i", r"Z:\srv\carena.msi", "/qn")
        self._expect_version(__version__)
        self._wine("wine", "reg", "query", _PROGRAM_KEY, "/v", _OLD_MARK, code=1)
        if not (self._root.folder / _SETTINGS).exists():
            raise BuildError("the upgrade took the user's settings")
        self._expect_files()
        self._add_stand_ins()
        self._add_functions()

    def _no_way_back(self) -> None:
        self._wine("wine", "msiexec", "/i", r"Z:\srv\older.msi", "/qn", code=None)
        self._expect_version(__version__)

    def _expect_version(self, version: str) -> None:
        """Hold that the system knows one Carena, of this version."""
        shown = self._wine("wine", "reg", "query", _UNINSTALL, "/s")
        names = re.findall(rf"DisplayName\s+REG_SZ\s+({msi.NAME})\s", shown)
        versions = re.findall(r"DisplayVersion\s+REG_SZ\s+(\S+)", shown)
        if len(names) != 1 or version not in versions:
            raise BuildError(f"{len(names)} Carenas are installed, of the versions {versions}: expected {version}")

    def _expect_files(self) -> None:
        for name in ("Carena.exe", "CarenaConsole.exe", "licences/sbom.cdx.json", "policies/Carena.admx"):
            if not (self._root.folder / _FOLDER / name).exists():
                raise BuildError(f"{name} was not installed")

    def _add_stand_ins(self) -> None:
        """Give Wine the two libraries of Windows that it lacks and Qt is linked against; for this check only."""
        site = self._root.folder / _FOLDER / "site" / "PySide6"
        system = self._root.folder / "srv/wine/drive_c/windows/system32"
        wanted: dict[str, set[str]] = {name: set() for name in ("icuuc.dll", "mscms.dll")}
        for path in [*site.glob("Qt6*.dll"), *site.glob("plugins/platforms/*.dll")]:
            for library, taken in pe.imports(path.read_bytes()).items():
                if library.lower() in wanted:
                    wanted[library.lower()].update(taken)
        for library, names in wanted.items():
            if not names or (system / library).exists():
                continue
            source = self._root.folder / "srv" / "stand_in.c"
            source.write_text(stand_ins.source(sorted(names)), "ascii")
            run([f"{PREFIX}gcc", "-shared", "-Os", "-s", "-nostdlib", "-fno-builtin", "-Wl,--entry,DllMainCRTStartup",
                 "-o", str(system / library), str(source)])  # fmt: skip

    def _add_functions(self) -> None:
        """Give Wine's C library the functions that NumPy calls and Wine has no code for; for this check only."""
        # Wine loads its own libraries from here; what stands in system32 only says that they are there.
        path = self._root.folder / "usr/lib/x86_64-linux-gnu/wine/x86_64-windows/ucrtbase.dll"
        data = bytearray(path.read_bytes())
        places = pe.exports(bytes(data))
        for name, code in _FUNCTIONS.items():
            place = places.get(name)
            if place is None:
                raise BuildError(f"Wine's C library knows no {name}")
            data[place : place + len(code)] = code
        path.write_bytes(data)

    def _keys(self) -> None:
        policies = self._wine("wine", "reg", "query", _POLICIES)
        if SERVER not in policies or not re.search(r"RelayOnly\s+REG_DWORD\s+0x0*1\b", policies):
            raise BuildError(f"the policies are not there:\n{policies}")
        if "AllowFiles" in policies:
            raise BuildError("a policy that was not given was written")
        handler = self._wine("wine", "reg", "query", r"HKLM\Software\Classes\carena", "/s")
        if "URL Protocol" not in handler or "Carena.exe" not in handler:
            raise BuildError(f"the handler of carena: links is not there:\n{handler}")

    def _policies(self) -> None:
        shown = self._wine("wine", _PROGRAM, "--show-policy")
        if SERVER not in shown:
            raise BuildError(f"the program does not see its policies:\n{shown[-1500:]}")

    def _self_test(self) -> None:
        shown = self._wine("wine", _PROGRAM, "--self-test", code=None)
        if "media process: no answer" in shown:  # on a busy machine Wine's first start takes longer than the limit
            shown = self._wine("wine", _PROGRAM, "--self-test", code=None)
        lines = [line for line in shown.splitlines() if line.startswith(("ok ", "FAIL ", "note "))]
        good = {line[6:].partition(":")[0] for line in lines if line.startswith("ok ")}
        print("\n".join(f"    {line}" for line in lines))
        if missing := [name for name in _MUST_WORK if name not in good]:
            raise BuildError(f"the self-test: {', '.join(missing)} did not work:\n{shown[-3000:]}")

    def _window(self) -> None:
        """The self-test has no window: a module of Qt's that is missing is noticed by this step only."""
        home = self._root.folder / "srv/wine/drive_c/carena-home"
        shutil.rmtree(home, ignore_errors=True)
        said = self._wine("sh", "-c", _OPEN_WINDOW, "open", _WINDOWED, code=None)
        log = home / "logs/carena-desktop.log"
        if not log.exists() or "window shown" not in log.read_text("utf-8", errors="replace"):
            raise BuildError(f"the program shows no window:\n{said[-2500:]}")

    def _starts_at_login(self) -> None:
        """The window has written the command of the policy; what stands there is run as the session would."""
        shown = self._wine("wine", "reg", "query", _RUN_KEY, "/v", "Carena Desktop")
        line = shown.partition("REG_SZ")[2].strip().partition("\n")[0].strip()
        if line != f'"{_WINDOWED}" --minimized':
            raise BuildError(f"the session would start: {line}")
        if __version__ not in (said := self._piped(f"{line} --version")):
            raise BuildError(f"the session's command does not start the program: {said}")

    def _checks(self) -> None:
        """What "Check this computer" reads: the output of the program without a console."""
        said = self._piped(f'"{_WINDOWED}" --self-test --json')
        try:
            names = {item["name"] for item in json.loads(said)["items"]}
        except (ValueError, KeyError) as error:
            raise BuildError(f"the check prints no result: {said[-800:]}") from error
        if missing := [name for name in _MUST_WORK if name not in names]:
            raise BuildError(f"the check knows nothing of {', '.join(missing)}")

    def _piped(self, line: str) -> str:
        """Run a command line of Windows, as other programs of Windows do, and return what it wrote."""
        (self._root.folder / "srv" / "line.bat").write_text(f"@{line}\r\n", "utf-8", newline="")
        self._wine("wine", "cmd", "/c", r"Z:\srv\line.bat > Z:\srv\line.txt", code=None)
        return (self._root.folder / "srv" / "line.txt").read_text("utf-8", errors="replace")

    def _again(self) -> None:
        self._wine("wine", "msiexec", "/i", r"Z:\srv\carena.msi", "/qn", "REINSTALL=ALL", "REINSTALLMODE=vomus")
        if SERVER not in self._wine("wine", "reg", "query", _POLICIES):
            raise BuildError("the policies are gone")

    def _uninstall(self) -> None:
        self._wine("wine", "msiexec", "/x", r"Z:\srv\carena.msi", "/qn")
        self._expect_nothing()

    def _expect_nothing(self) -> None:
        left = [path for path in (self._root.folder / _FOLDER).rglob("*") if path.is_file()]
        if left:
            raise BuildError(f"{len(left)} files are left, {left[0].name} among them")
        self._wine("wine", "reg", "query", r"HKLM\Software\Classes\carena", code=1)
        self._wine("wine", "reg", "query", _POLICIES, code=1)

    def _set_up(self) -> None:
        # A batch file, as an administrator's: the quotes round the address reach the program as they stand here.
        command = rf'Z:\srv\setup.exe /S /SERVERURL="{SERVER}"'
        (self._root.folder / "srv" / "setup.bat").write_text(f"@echo off\r\n{command}\r\n", "ascii", newline="")
        self._wine("wine", "cmd", "/c", r"Z:\srv\setup.bat")
        self._expect_version(__version__)
        self._expect_files()

    def _setup_keys(self) -> None:
        if SERVER not in self._wine("wine", "reg", "query", _POLICIES):
            raise BuildError("the setup program did not write the server's address")
        handler = self._wine("wine", "reg", "query", r"HKLM\Software\Classes\carena", "/s")
        if "URL Protocol" not in handler or "Carena.exe" not in handler:
            raise BuildError(f"the handler of carena: links is not there:\n{handler}")

    def _remove_set_up(self) -> None:
        self._wine("wine", r"C:\Program Files\Carena Desktop\Uninstall.exe", "/S")
        self._expect_nothing()
        if not (self._root.folder / _SETTINGS).exists():
            raise BuildError("the uninstaller took the user's settings")

    def _press_through(self) -> None:
        uninstaller = self._root.folder / _FOLDER / "Uninstall.exe"
        with check_wizard.running(
            self._root, [_AND_SETTLE, "wine", "wine", r"Z:\srv\setup.exe"], _VARIABLES
        ) as display:
            check_wizard.install(display, SERVER, PICTURES, uninstaller.exists)
        self._expect_version(__version__)
        self._expect_files()

    def _press_away(self) -> None:
        command = [_AND_SETTLE, "wine", "wine", r"C:\Program Files\Carena Desktop\Uninstall.exe"]
        with check_wizard.running(self._root, command, _VARIABLES) as display:
            check_wizard.remove(display, PICTURES)
        self._expect_nothing()

    def _wine(self, *words: str, code: int | None = 0) -> str:
        """Run something and return what it printed; raises BuildError for another exit code than ``code``."""
        command = self._root.command(
            "env", *_VARIABLES, "DISPLAY=", "QT_QPA_PLATFORM=offscreen", "sh", "-c", _AND_SETTLE, "wine", *words
        )
        try:
            done = subprocess.run(command, capture_output=True, timeout=_LIMIT_S, check=False)
        except subprocess.TimeoutExpired:
            raise BuildError(f"{' '.join(words[:3])}: not within {_LIMIT_S} s") from None
        shown = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
        if code is not None and done.returncode != code:
            raise BuildError(f"{' '.join(words[:4])}: exit code {done.returncode}, not {code}\n{shown[-2000:]}")
        return shown


def older(package: Path, target: Path) -> None:
    """Write the same MSI as an older version, with a mark in the registry that an upgrade has to take away."""
    shutil.copyfile(package, target)
    key = _PROGRAM_KEY.removeprefix("HKLM\\")
    mark = msi.insert(
        "Registry", Registry="OldMark", Root=2, Key=key, Name=_OLD_MARK, Value="x", Component_="StartMenu"
    )
    code = f"{{{msi.guid(f'package {OLDER}')}}}"
    run(["msibuild", str(target), "-s", f"{msi.NAME} {OLDER}", msi.MANUFACTURER, "x64;1033", code])
    run(["msibuild", str(target), "-q", *msi.as_older(OLDER), mark])


def _step(name: str, work: Callable[[], object]) -> None:
    began = time.monotonic()
    work()
    print(f"check: {name:<44} ok {time.monotonic() - began:6.1f} s", flush=True)


def main() -> int:
    """Run every step; return the exit code."""
    parser = argparse.ArgumentParser(description="Install, use and remove the MSI under Wine.")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", metavar="DIR")
    options = parser.parse_args()
    found = sorted(options.dist.glob("carena-desktop-*-x64.msi"))
    setups = sorted(options.dist.glob("carena-desktop-*-x64-setup.exe"))
    if len(found) != 1:
        print(f"check: {len(found)} MSI packages in {options.dist}: expected one (make msi)", file=sys.stderr)
        return 1
    archive = ROOT / "build" / "wine-root.tar"
    try:
        make_base(archive, SUITE, PACKAGES)
    except BuildError as error:
        print(f"check: NOT TESTED: no Debian 13 with Wine can be made here: {error}", file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory(prefix="carena-wine-", dir="/var/tmp") as temporary:
            Check(Root(Path(temporary) / "root", archive), found[0], setups[0] if setups else None).run()
    except BuildError as error:
        print(f"check: {error}", file=sys.stderr)
        return 1
    print("check: the MSI installs, upgrades, works and leaves nothing, under Wine; not tested on Windows")
    if not setups:
        print("check: NOT TESTED: the setup program, which was not built (make msi without --no-exe)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
