"""Keeps glibc's heap from growing with every thread that ever held a picture.

Pictures of a megabyte and more are made and dropped thirty times a second by a dozen threads. glibc gives each thread
an arena of its own and, after the first large block was freed, takes large blocks from there as well
(``mallopt(3)``: the dynamic mmap threshold): 83 MB more in ten minutes of call, of which nothing was in use. With two
arenas and pictures outside of them it stays where it is.
"""

import ctypes
import sys
from typing import Final

_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
ARENAS: Final = 2
LARGE_BYTES: Final = 256 * 1024


def restrain() -> bool:
    """Set it for this process; call before other threads exist. Return whether there was something to set."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library: it has its own ways
        return False
    mallopt.argtypes = (ctypes.c_int, ctypes.c_int)
    mallopt.restype = ctypes.c_int
    return bool(mallopt(_M_ARENA_MAX, ARENAS)) and bool(mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES))
