"""Makes a Debian package of a frozen program: the tree, the control files, the archive; the same bytes each time."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from installers.freeze import ROOT, BuildError
from installers.linux.packages import Package, changelog, control, copyright_file

_FILES: Final = Path(__file__).parent / "files"
_LIMIT_S: Final = 600
_ODD_NAMES: Final = {"libbz2.so.1": "libbz2-1.0"}
"""Sonames of another distribution that Debian's package has a link for, which dpkg-shlibdeps does not resolve."""


def build_deb(package: Package, frozen: Path, version: str, seconds: int, out: Path, *, compression: str) -> Path:
    """Return the package made of a frozen program.

    Args:
        package: Which.
        frozen: The program's folder, with its lists of parts.
        version: Debian's version.
        seconds: Time of every file, since the epoch.
        out: Folder of the package.
        compression: Of dpkg-deb: "zstd" takes seconds, "xz" minutes and is a quarter smaller.

    Raises:
        BuildError: A tool is missing or failed.
    """
    with tempfile.TemporaryDirectory(prefix="carena-deb-") as temporary:
        tree = Path(temporary) / package.name
        _stage(package, frozen, tree, version, seconds)
        _write_control(package, tree, version)
        _settle(tree, seconds)
        architecture = _run(["dpkg", "--print-architecture"]).strip()
        out.mkdir(parents=True, exist_ok=True)
        target = out / f"{package.name}_{version}_{architecture}.deb"
        _run(
            ["dpkg-deb", "--root-owner-group", f"-Z{compression}", "--build", str(tree), str(target)],
            SOURCE_DATE_EPOCH=str(seconds),
        )
    return target


def _stage(package: Package, frozen: Path, tree: Path, version: str, seconds: int) -> None:
    """Lay the files out as they will be installed."""
    program = tree / "usr/lib" / package.name
    shutil.copytree(frozen, program, symlinks=True)
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin" / package.name).symlink_to(f"../lib/{package.name}/{package.name}")
    documents = tree / "usr/share/doc" / package.name
    documents.mkdir(parents=True)
    (documents / "copyright").write_text(copyright_file(package), "utf-8")
    _write_gzip(documents / "changelog.gz", changelog(package, version, seconds))
    date = datetime.fromtimestamp(seconds, UTC).date().isoformat()
    for source, target, _mode in package.files:
        origin = ROOT / source.removeprefix("/") if source.startswith("/") else _FILES / source
        text = origin.read_text("utf-8").replace("@VERSION@", version).replace("@DATE@", date)
        path = tree / target
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".gz":
            _write_gzip(path, text)
        else:
            path.write_text(text, "utf-8")
    for folder in package.folders:
        (tree / folder).mkdir(parents=True)


def _write_control(package: Package, tree: Path, version: str) -> None:
    kib = installed_kib(tree)
    architecture = _run(["dpkg", "--print-architecture"]).strip()
    files = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    folder = tree / "DEBIAN"
    folder.mkdir()  # dpkg-shlibdeps resolves $ORIGIN from where it is
    libraries = shared_library_depends(package, tree)
    (folder / "control").write_text(control(package, version, architecture, kib, libraries), "utf-8")
    sums = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(tree)}\n"
        for path in files
        if f"/{path.relative_to(tree)}" not in package.conffiles
    ]
    (folder / "md5sums").write_text("".join(sums), "utf-8")
    if package.conffiles:
        (folder / "conffiles").write_text("\n".join(package.conffiles) + "\n", "utf-8")
    for script in package.scripts:
        shutil.copyfile(_FILES / f"{package.name}.{script}", folder / script)


def shared_library_depends(package: Package, tree: Path) -> list[str]:
    """Return which packages the distribution must bring, asked of dpkg-shlibdeps."""
    libraries = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path))
    folders = sorted({str(path.parent) for path in libraries if ".so" in path.name})
    with tempfile.TemporaryDirectory(prefix="carena-shlibs-") as temporary:
        stub = Path(temporary) / "debian"
        stub.mkdir()
        (stub / "control").write_text(f"Source: carena\n\nPackage: {package.name}\nArchitecture: any\n", "utf-8")
        command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *(f"-l{folder}" for folder in folders)]
        answer, complaints = _run_both([*command, *(f"-e{path}" for path in libraries)], folder=Path(temporary))
    return depends_of(answer, complaints)


def depends_of(answer: str, complaints: str) -> list[str]:
    """Return the dependencies out of what dpkg-shlibdeps wrote to stdout and stderr; raises BuildError."""
    found = re.search(r"^shlibs:Depends=(.*)$", answer, re.MULTILINE)
    if found is None:
        raise BuildError("dpkg-shlibdeps told no dependencies")
    unresolved = {Path(path).name for path in re.findall(r"no dependency information found for (\S+)", complaints)}
    if unknown := unresolved - set(_ODD_NAMES):
        raise BuildError(f"no package is known for {', '.join(sorted(unknown))}")
    return [*(entry.strip() for entry in found[1].split(",")), *(_ODD_NAMES[name] for name in sorted(unresolved))]


def installed_kib(tree: Path) -> int:
    """Return the size that dpkg will show: files rounded up to KiB, 1 for everything else (Debian Policy 5.6.20)."""
    paths = [path for path in tree.rglob("*") if "DEBIAN" not in path.relative_to(tree).parts]
    return sum(-(-path.lstat().st_size // 1024) if path.is_file() and not path.is_symlink() else 1 for path in paths)


def _settle(tree: Path, seconds: int) -> None:
    """Give every file the same time, and the rights that an installed file has."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or (_is_elf(path) and ".so" not in path.name) or _is_script(path, tree)
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (seconds, seconds), follow_symlinks=False)


def _is_script(path: Path, tree: Path) -> bool:
    return path.parent == tree / "DEBIAN" and path.name in {"preinst", "postinst", "prerm", "postrm"}


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _write_gzip(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _run(command: list[str], *, folder: Path = ROOT, **environment: str) -> str:
    return _run_both(command, folder=folder, **environment)[0]


def _run_both(command: list[str], *, folder: Path = ROOT, **environment: str) -> tuple[str, str]:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "LC_ALL": "C", **environment},
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
    except FileNotFoundError:
        raise BuildError(f"{command[0]} is missing (apt-get install dpkg-dev)") from None
    if done.returncode != 0:
        raise BuildError(f"{command[0]} failed:\n{done.stderr[-3000:]}")
    return done.stdout, done.stderr
