"""Which of two versions is the newer one. Pure; what is no version is never newer."""

import re
from typing import Final

_NUMBERS: Final = re.compile(r"^[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}")


def is_newer(wanted: str, have: str) -> bool:
    """Whether ``wanted`` is newer than ``have``: by their numbers; a suffix as ``rc1`` or ``+site`` is ignored."""
    left, right = _numbers(wanted), _numbers(have)
    return left is not None and right is not None and left > right


def _numbers(version: str) -> tuple[int, ...] | None:
    found = _NUMBERS.match(version.strip())
    if found is None:
        return None
    numbers = [int(part) for part in found.group().split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))
