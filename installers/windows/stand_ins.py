"""Encoders that nothing here opens, replaced as ``installers/stand_ins.py`` does it for Linux: 22 MB less."""

from pathlib import Path
from typing import Final

from installers.freeze import BuildError

ENCODERS: Final = ("libx264-*.dll", "libx265-*.dll", "libSvtAv1Enc-*.dll")


def source(names: list[str]) -> str:
    """Return C of a library whose functions of these names return 0; none is ever called."""
    lines = [
        "/* Made by installers/windows/stand_ins.py: takes the place of an encoder that is never opened. */",
        "int DllMainCRTStartup(void *a, unsigned b, void *c) { (void)a, (void)b, (void)c; return 1; }",
    ]
    lines += [f"__declspec(dllexport) long long {name}(void) {{ return 0; }}" for name in sorted(set(names))]
    return "\n".join(lines) + "\n"


def only(folder: Path, pattern: str) -> Path:
    """Return the one file of a pattern; raises BuildError."""
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise BuildError(f"{len(found)} files are {pattern}: expected one")
    return found[0]
