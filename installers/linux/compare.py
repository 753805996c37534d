"""Tells in what two packages that should be equal differ: the files, not only that there are some."""

import hashlib
import io
import subprocess
import tarfile
from pathlib import Path
from typing import Final

from installers.freeze import ROOT

_LIMIT_S: Final = 120
_SHOWN: Final = 12


def source_state() -> str:
    """Return something that changes with the commit and what was changed since; the same outside of a checkout."""
    words = ["git", "-c", "safe.directory=*"]
    parts = [
        subprocess.run([*words, *command], cwd=ROOT, check=False, capture_output=True, timeout=_LIMIT_S).stdout
        for command in (("rev-parse", "HEAD"), ("status", "--porcelain"), ("diff", "HEAD"))
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def difference(one: Path, other: Path) -> str:
    """Return the names of what differs in two Debian packages, "" where they are equal byte for byte."""
    if one.read_bytes() == other.read_bytes():
        return ""
    names = sorted(
        name
        for part in ("--ctrl-tarfile", "--fsys-tarfile")
        for name in _differing(_sums(one, part), _sums(other, part))
    )
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}" if names else "the archives themselves, no file in them"


def _differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _sums(package: Path, part: str) -> dict[str, str]:
    """Return what each member is: its kind, owner, rights, time, and the sum of its bytes."""
    packed = subprocess.run(["dpkg-deb", part, str(package)], check=True, capture_output=True, timeout=_LIMIT_S).stdout
    sums = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            content = archive.extractfile(member)
            summed = "" if content is None else hashlib.sha256(content.read()).hexdigest()
            facts = (member.type, member.mode, member.uid, member.gid, member.mtime, member.linkname, summed)
            sums[member.name] = repr(facts)
    return sums
