"""Where fonts, icons, style sheets and sounds are found, in the source tree and in an installed wheel.

The only module of the desktop that knows the folder. It reads files of the product; it may not write, and it never
takes a path from outside.
"""

from functools import cache
from pathlib import Path
from typing import Final

_CANDIDATES: Final = (
    Path(__file__).resolve().parent / "_resources",  # an installed wheel
    Path(__file__).resolve().parents[2] / "resources",  # the source tree
)


class ResourceMissingError(RuntimeError):
    """The installation is incomplete: a file of the product isn't there."""


@cache
def root() -> Path:
    """Return the folder that holds ``fonts``, ``icons``, ``qss`` and ``sounds``.

    Raises:
        ResourceMissingError: Neither place has it.
    """
    for candidate in _CANDIDATES:
        if (candidate / "qss").is_dir():
            return candidate
    raise ResourceMissingError("the resources folder is missing")


def path(*parts: str) -> Path:
    """Return the path of one resource file.

    Raises:
        ResourceMissingError: There is no such file.
    """
    found = root().joinpath(*parts)
    if not found.is_file():
        raise ResourceMissingError("/".join(parts))
    return found
