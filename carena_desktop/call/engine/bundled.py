"""The codec libraries inside PyAV's wheels, loaded a second time by their path, for calls that PyAV does not offer."""

import ctypes
from collections.abc import Sequence
from pathlib import Path

import av


def load(patterns: Sequence[str]) -> ctypes.CDLL:
    """Return the one library that matches a pattern below the folder PyAV is installed in; raises OSError."""
    folder = Path(av.__file__).resolve().parent.parent
    found = [path for pattern in patterns for path in folder.glob(pattern)]
    if len(found) != 1:
        raise OSError("not in the wheel")
    return ctypes.CDLL(str(found[0]))
