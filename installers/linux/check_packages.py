"""Installs the built packages where there is no Python: ``python -m installers.linux.check_packages``.

In a minimal Debian made by mmdebstrap: install, a real call (``--self-test``), the window, a visit against the
installed server, upgrade over an older version with settings and data kept, removal, purge. Needs root and the network.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Final

from carena_desktop.support.report import LIBRARIES
from demo.private_session import virtual_display
from installers.freeze import ROOT, BuildError
from installers.linux import unit_life
from installers.linux.boot import CannotBootError
from installers.linux.root import SUITE, Root, make_base

_DATA: Final = "/var/lib/carena-server"
_CONFIG: Final = "/etc/carena-server/server.toml"
_INBOX: Final = "/var/tmp"  # noqa: S108 - inside a system of our own
_AS_SERVER: Final = ("runuser", "-u", "carena-server", "--")
_IGNORED_TAGS: Final = "malformed-deb-archive"
"""Debian 12's lintian does not know that dpkg has packed with zstd since 1.21.18."""
_VISIT_LIMIT_S: Final = 300
LACKING: Final = ("no echo cancellation", "can't be called directly")
"""What the media process says when a library of its is not where it looks for it: a call works, and worse."""
MAX_EXPOSURE: Final = 2.0
"""systemd-analyze's measure of what a service could do to its system, 0 to 10."""


class Boot(Enum):
    """What it means that this system lets nobody boot another."""

    ALWAYS = "always"
    """A failure."""
    WHERE_IT_CAN = "where it can"
    """That is said, and no more."""


def main() -> int:
    """Run every step; return the exit code."""
    parser = argparse.ArgumentParser(description="Install, use and remove the built packages.")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", metavar="DIR")
    parser.add_argument("--no-lintian", action="store_true", help="leave out the slowest step")
    parser.add_argument("--suite", default=SUITE, help="Debian's release that they are installed in")
    parser.add_argument("--no-visit", action="store_true", help="leave out the visit against the installed server")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="carena-check-", dir=_INBOX) as temporary:
            check(
                Path(temporary),
                options.dist,
                options.suite,
                lint=not options.no_lintian,
                boot=Boot.ALWAYS,
                visit=not options.no_visit,
            )
    except BuildError as error:
        print(f"check: {error}", file=sys.stderr)
        return 1
    print("check: the packages install, work, upgrade, and leave nothing")
    return 0


def base_archive(suite: str) -> Path:
    """Return where the minimal system is kept."""
    return ROOT / "build" / f"debian-{suite}.tar"


def check(folder: Path, dist: Path, suite: str, *, lint: bool, boot: Boot, visit: bool) -> None:
    """Take the packages through their life; raises BuildError at the first step that fails.

    Args:
        folder: For the system and what is made on the way.
        dist: Where the packages are.
        suite: Debian's release.
        lint: With lintian, the slowest step.
        boot: Whether the server's unit lives under a systemd that boots.
        visit: With a visit against the installed server.
    """
    packages = {name: _only(dist, f"carena-{name}_*.deb") for name in ("desktop", "server")}
    for path in packages.values() if lint else ():
        _step(f"lintian {path.name}", lambda path=path: _lint(path))  # type: ignore[misc]  # a default that binds
    archive = base_archive(suite)
    _step(f"a minimal Debian ({suite})", lambda: make_base(archive, suite))
    root = Root(folder / "root", archive)
    if shutil.which("python3", path=str(root.folder / "usr/bin")):
        raise BuildError("the minimal system has a Python: it proves nothing")
    older = [_older(path, folder) for path in packages.values()]
    _step("install an older version", lambda: _install(root, older))
    _step("set up a server and its configuration", lambda: _set_up(root))
    _step("upgrade", lambda: _install(root, list(packages.values())))
    _step("settings and data are kept", lambda: _kept(root))
    _step("validate desktop file and metadata", lambda: _validate(root))
    _step("the unit's exposure", lambda: _exposure(root))
    _step("the desktop calls itself", lambda: _self_test(root))
    _step("the desktop takes its policies and reports", lambda: _report(root))
    _step("the desktop opens its window", lambda: _window(root))
    _step("the unit's command serves", lambda: _serve(root))
    _unit(folder, archive, (older[1], packages["server"]), boot)
    if visit:
        _step("a visit against the installed server", lambda: _visit(root, folder))
    _step("remove", lambda: _remove(root))
    _step("purge", lambda: _purge(root))


def _unit(folder: Path, archive: Path, versions: tuple[Path, Path], boot: Boot) -> None:
    try:
        _step("the unit lives under systemd", lambda: unit_life.check(folder, archive, *versions))
    except CannotBootError as error:
        if boot is Boot.ALWAYS:
            raise
        print(f"check: the unit under systemd: NOT CHECKED: {error}", flush=True)


def _step(name: str, work: Callable[[], object]) -> None:
    began = time.monotonic()
    work()
    print(f"check: {name:<44} ok {time.monotonic() - began:6.1f} s", flush=True)


def _lint(package: Path) -> None:
    if shutil.which("lintian") is None:
        raise BuildError("lintian is missing (apt-get install lintian)")
    command = ["lintian", "--allow-root", "--suppress-tags", _IGNORED_TAGS, "--fail-on", "error,warning", str(package)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise BuildError(f"lintian:\n{done.stdout}")


def _older(package: Path, folder: Path) -> Path:
    """Return the same package as an older version: one that had another default in its configuration."""
    tree = folder / f"older-{package.name}"
    subprocess.run(["dpkg-deb", "-R", str(package), str(tree)], check=True, timeout=120)
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub(r"(?m)^Version: .*$", "Version: 0.0.1", control.read_text("utf-8")), "utf-8")
    config = tree / _CONFIG.lstrip("/")
    if config.exists():
        config.write_text(config.read_text("utf-8") + "\n# A line of the older version.\n", "utf-8")
    target = folder / f"older_{package.name}"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Znone", "-b", str(tree), str(target)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    shutil.rmtree(tree)
    return target


def _install(root: Root, packages: list[Path]) -> None:
    names = []
    for package in packages:
        shutil.copyfile(package, root.folder / _INBOX.lstrip("/") / package.name)
        names.append(f"{_INBOX}/{package.name}")
    if not any((root.folder / "var/lib/apt/lists").glob("*Packages*")):
        root.run("apt-get", "update", "-q")
    options = ("-q", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold")
    root.run("apt-get", "install", *options, *names)
    for name in names:
        (root.folder / name.lstrip("/")).unlink()


def _set_up(root: Root) -> None:
    config = root.folder / _CONFIG.lstrip("/")
    config.write_text(config.read_text("utf-8").replace('"Clinic"', '"Kept Clinic"'), "utf-8")
    _server(root, "init", "--admin", "keeper", "--generate-password")
    (root.folder / "etc/carena/policies/managed/site.json").write_text('{"KeepSignedIn": false}\n', "utf-8")


def _kept(root: Root) -> None:
    if '"Kept Clinic"' not in (root.folder / _CONFIG.lstrip("/")).read_text("utf-8"):
        raise BuildError("the upgrade lost the configuration")
    if "keeper" not in _server(root, "user", "list"):
        raise BuildError("the upgrade lost the accounts")
    if not root.exists("/etc/carena/policies/managed/site.json"):
        raise BuildError("the upgrade lost a policy")


def _server(root: Root, *words: str) -> str:
    return root.run(*_AS_SERVER, "carena-server", *words, "--data", _DATA, "--config", _CONFIG)


def _validate(root: Root) -> None:
    share = root.folder / "usr/share"
    checks = {
        "desktop-file-validate": [str(share / "applications/carena-desktop.desktop")],
        "appstreamcli": ["validate", "--no-net", str(share / "metainfo/org.carena.desktop.metainfo.xml")],
    }
    for tool, words in checks.items():
        if shutil.which(tool) is None:
            raise BuildError(f"{tool} is missing (apt-get install desktop-file-utils appstream)")
        done = subprocess.run([tool, *words], capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0 or "warning" in done.stdout.lower():
            raise BuildError(f"{tool}: {done.stdout}{done.stderr}")


def _exposure(root: Root) -> None:
    """Judge the unit as systemd does, without one that runs; raises BuildError above ``MAX_EXPOSURE``."""
    if shutil.which("systemd-analyze") is None:
        raise BuildError("systemd-analyze is missing (apt-get install systemd)")
    unit = root.folder / "usr/lib/systemd/system/carena-server.service"
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    level = re.search(r"Overall exposure level[^:]*: ([0-9.]+)", done.stdout)
    if level is None or float(level.group(1)) > MAX_EXPOSURE:
        raise BuildError(f"the unit's exposure: {done.stdout[-300:]}{done.stderr}")


def _self_test(root: Root) -> None:
    found = json.loads(root.run("env", "CARENA_HOME=/var/tmp/home", "carena-desktop", "--self-test", "--json"))
    log = (root.folder / "var/tmp/home/logs/carena-desktop.log").read_text("utf-8")
    if not found["ok"] or any(lacking in log for lacking in LACKING):
        raise BuildError(f"the self-test: {found}\n{log}")


def _report(root: Root) -> None:
    """The administrator's policy is in force, and the report for IT tells what it has to of a frozen program."""
    script = 'function FindProxyForURL(url, host) { return "PROXY proxy.carena.invalid:3128"; }'
    (root.folder / "var/tmp/site.pac").write_text(script, "utf-8")
    chosen = ("CARENA_SERVER=https://visits.carena.invalid", f"CARENA_PROXY=pac+file://{_INBOX}/site.pac")
    home = f"CARENA_HOME={_INBOX}/home"
    root.run("env", home, *chosen, "carena-desktop", "--diagnose", f"{_INBOX}/report.json")
    said = json.loads((root.folder / "var/tmp/report.json").read_text("utf-8"))
    policy = next(line for line in said["policies"] if line["name"] == "KeepSignedIn")
    if policy != {"name": "KeepSignedIn", "value": False, "source": "machine mandatory", "managed": True}:
        raise BuildError(f"the administrator's policy is not in force: {policy}")
    if missing := sorted(set(LIBRARIES) - set(said["program"]["libraries"])):
        raise BuildError(f"the report tells no version of {', '.join(missing)}")
    if not any("proxy.carena.invalid:3128" in line["detail"] for line in said["self_test"] if line["name"] == "proxy"):
        raise BuildError(f"the proxy's script was not asked: {said['self_test']}")
    if not said["program"]["packaged"] or not said["self_test"] or not said["events"]:
        raise BuildError(f"the report says too little: {said['program']}")


def _window(root: Root) -> None:
    """On a real X server, with nothing but the libraries that the package depends on."""
    log = root.folder / "var/tmp/window/logs/carena-desktop.log"
    with tempfile.TemporaryDirectory() as folder, virtual_display(Path(folder)) as display:
        chosen = ("CARENA_HOME=/var/tmp/window", f"DISPLAY={display}", "QT_QPA_PLATFORM=xcb", "CARENA_CAMERA=generator")
        shown = ["env", *chosen, "carena-desktop"]
        _while_running(root, shown, lambda: log.exists() and "window shown" in log.read_text())


def _serve(root: Root) -> None:
    """Start what the unit starts, as whom it starts it, and ask for the patients' page."""
    unit = (root.folder / "usr/lib/systemd/system/carena-server.service").read_text("utf-8")
    started = re.search(r"(?m)^ExecStart=(.+)$", unit)
    if started is None:
        raise BuildError("the unit starts nothing")
    curl = ["curl", "--silent", "--insecure", "--fail", "--max-time", "5", "https://127.0.0.1:18443/visit"]

    def answers() -> bool:
        return b"<html" in subprocess.run(curl, capture_output=True, timeout=30, check=False).stdout

    _while_running(root, [*_AS_SERVER, *started[1].split(), "--listen", "127.0.0.1:18443"], answers)


def _while_running(root: Root, command: list[str], condition: Callable[[], bool], limit_s: float = 30.0) -> None:
    """Hold that a program gets so far while it runs, and ends it; raises BuildError."""
    running = subprocess.Popen(root.command(*command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + limit_s
        while not condition():
            if running.poll() is not None or time.monotonic() > end:
                raise BuildError(f"{' '.join(command[:8])}: not ready (exit code {running.poll()})")
            time.sleep(0.1)
    finally:
        running.send_signal(signal.SIGKILL)  # of unshare, which takes the namespace and everything in it along
        running.wait()


def _visit(root: Root, folder: Path) -> None:
    """The demonstration's visit with the installed server in the place of the source tree's."""
    entrance = folder / "installed-server"
    root.write_entrance(entrance, "carena-server")
    out = folder / "visit"
    environment = {**os.environ, "CARENA_DEMO_SERVER": str(entrance), "TMPDIR": "/tmp"}  # noqa: S108 - bound into the root
    command = [sys.executable, "-m", "demo.run", "--headless", "--hold", "5", "--out", str(out)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_VISIT_LIMIT_S, check=False
    )
    if done.returncode != 0:
        raise BuildError(f"the visit failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def _remove(root: Root) -> None:
    root.run("apt-get", "remove", "-q", "-y", "carena-desktop", "carena-server")
    for path in ("/usr/lib/carena-desktop", "/usr/lib/carena-server", "/usr/bin/carena-server"):
        if root.exists(path):
            raise BuildError(f"removing left {path}")
    for path in (_CONFIG, f"{_DATA}/carena.db"):
        if not root.exists(path):
            raise BuildError(f"removing (not purging) took {path}")


def _purge(root: Root) -> None:
    (root.folder / "etc/carena/policies/managed/site.json").unlink()  # the administrator's, not the package's
    root.run("apt-get", "purge", "-q", "-y", "carena-desktop", "carena-server")
    for path in ("/etc/carena", "/etc/carena-server", _DATA, "/usr/share/doc/carena-server"):
        if root.exists(path):
            raise BuildError(f"purging left {path}")
    if "carena" in (root.folder / "etc/passwd").read_text("utf-8"):
        raise BuildError("purging left the user")


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise BuildError(f"{len(found)} files are {folder.name}/{pattern}: build them first (make deb)")
    return found[0]


if __name__ == "__main__":
    sys.exit(main())
