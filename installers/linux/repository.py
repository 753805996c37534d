"""Puts built packages into an apt repository: ``python -m installers.linux.repository FOLDER [--dist DIR]``.

A flat repository, for any web server of an organization's own. Versions that are in the folder already stay, so that a
site can go back. Signed with the key that ``CARENA_GPG_KEY`` names, whose public half is put beside the packages;
without a key it is made all the same, and apt refuses it.

References: the manual pages apt-secure(8) and sources.list(5); the wiki page RepositoryFormat of Debian.
"""

import argparse
import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from installers import signing
from installers.freeze import ROOT, BuildError, source_time

KEYRING: Final = "carena-archive-keyring.pgp"
_LIMIT_S: Final = 300


def main() -> int:
    """Make or extend a repository; return the exit code."""
    parser = argparse.ArgumentParser(description="Put the built packages into an apt repository.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", metavar="DIR", help="where the packages are")
    options = parser.parse_args()
    packages = sorted(options.dist.glob("*.deb"))
    if not packages:
        print(f"repository: no package is in {options.dist}: build them first (make deb)", file=sys.stderr)
        return 1
    try:
        signed = publish(packages, options.folder, source_time(), os.environ)
    except BuildError as error:
        print(f"repository: {error}", file=sys.stderr)
        return 1
    print(sources(signed=signed), end="")
    return 0


def publish(packages: list[Path], folder: Path, seconds: int, environment: Mapping[str, str]) -> bool:
    """Add packages to a repository and sign it; return whether there was a key; raises BuildError.

    Args:
        packages: To add; one of the same name is replaced.
        folder: Of the repository, made where it is missing.
        seconds: Its date, since the epoch.
        environment: Names the key.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        shutil.copyfile(package, folder / package.name)
    listed = _scan(folder)
    (folder / "Packages").write_bytes(listed)
    (folder / "Packages.gz").write_bytes(gzip.compress(listed, 9, mtime=0))
    indexes = {name: (folder / name).read_bytes() for name in ("Packages", "Packages.gz")}
    (folder / "Release").write_text(release(indexes, seconds), "utf-8")
    return signing.sign_release(folder / "Release", KEYRING, environment)


def release(indexes: Mapping[str, bytes], seconds: int) -> str:
    """Return the file that names the indexes of a flat repository with size and sum."""
    date = datetime.fromtimestamp(seconds, UTC).strftime("%a, %d %b %Y %H:%M:%S UTC")
    lines = [
        "Origin: Carena Desktop",
        "Label: Carena Desktop",
        "Suite: stable",
        "Architectures: amd64 arm64",
        f"Date: {date}",
        "SHA256:",
        *(f" {hashlib.sha256(data).hexdigest()} {len(data)} {name}" for name, data in sorted(indexes.items())),
    ]
    return "\n".join(lines) + "\n"


def sources(*, signed: bool) -> str:
    """Return what a workstation's ``/etc/apt/sources.list.d/carena.sources`` says."""
    trust = f"Signed-By: /usr/share/keyrings/{KEYRING}\n" if signed else ""
    return f"Types: deb\nURIs: https://packages.example.org/carena\nSuites: ./\n{trust}"


def _scan(folder: Path) -> bytes:
    try:
        done = subprocess.run(
            ["dpkg-scanpackages", "--multiversion", "."], cwd=folder, capture_output=True, timeout=_LIMIT_S, check=False
        )
    except FileNotFoundError:
        raise BuildError("dpkg-scanpackages is missing (apt-get install dpkg-dev)") from None
    if done.returncode != 0:
        raise BuildError(f"dpkg-scanpackages failed: {done.stderr.decode(errors='replace')[-800:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
