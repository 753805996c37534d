"""Builds the Windows packages into ``dist``, on Linux: ``python -m installers.windows.build [--no-exe]``.

Needs gcc-mingw-w64-x86-64, wixl, msitools, nsis, librsvg2-bin and icoutils. Signs where keys are given.
"""

import argparse
import os
import re
import sys
import time
from pathlib import Path

from carena_desktop import __version__
from installers import signing
from installers.freeze import ROOT, BuildError, check_size, source_time
from installers.windows import msi, nsis
from installers.windows.stage import run, stage, wizard_pictures


def main() -> int:
    """Build, sign, sum up; return the exit code."""
    parser = argparse.ArgumentParser(description="Build the Windows packages.")
    parser.add_argument("--no-exe", action="store_true", help="leave out the NSIS package, which takes minutes to pack")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR")
    options = parser.parse_args()
    work = ROOT / "build" / "windows"
    work.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    try:
        folder = stage(work)
        mib = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
        check_size("carena-desktop", mib)
        for name in ("Carena.exe", "CarenaConsole.exe"):
            signing.sign_windows(folder / name, os.environ)
        made = [build_msi(folder, work, options.out)]
        if not options.no_exe:
            made.append(build_exe(folder, work, options.out))
        for package in made:
            signing.sign_windows(package, os.environ)
        sums = signing.write_sums(options.out)
        signing.sign_sums(sums, os.environ)
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    for package in made:
        print(f"{package.name}: {package.stat().st_size / 2**20:.0f} MiB, {mib:.0f} MiB installed")
    print(f"product code (for Intune's detection rule): {{{msi.product_code(__version__)}}}")
    print(f"made in {time.monotonic() - began:.0f} s; not tested on Windows itself (see docs/admin/packages.md)")
    return 0


def build_msi(folder: Path, work: Path, out: Path) -> Path:
    """Return the MSI of a staged folder; raises BuildError."""
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    seconds = source_time()
    for path in folder.rglob("*"):
        os.utime(path, (seconds, seconds))
    (work / "carena.wxs").write_text(msi.wxs(__version__, files), "utf-8")
    target = out / f"carena-desktop-{__version__}-x64.msi"
    target.unlink(missing_ok=True)
    run(["wixl", "--arch", "x64", "--output", str(target), "carena.wxs"], cwd=work)
    found = re.search(r"SecureCustomProperties\t(\S+)", run(["msiinfo", "export", str(target), "Property"]))
    secure = msi.secure_properties(found[1] if found else "")
    tables = run(["msiinfo", "tables", str(target)]).split()
    wanted = [
        statement
        for statement in [*msi.statements(), secure]
        if not any(statement.startswith(f"CREATE TABLE `{table}`") for table in tables)
    ]
    run(["msibuild", str(target), "-q", *wanted])  # all at once: each call writes the whole package anew
    return target


def build_exe(folder: Path, work: Path, out: Path) -> Path:
    """Return the NSIS package of a staged folder; raises BuildError."""
    target = out / f"carena-desktop-{__version__}-x64-setup.exe"
    kib = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1024
    (work / "carena.nsi").write_text(nsis.script(__version__, str(target), kib), "utf-8")
    wizard_pictures(work)
    run(["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", "carena.nsi"], cwd=work)
    return target


if __name__ == "__main__":
    sys.exit(main())
