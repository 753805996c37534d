"""Makes glibc's heap keep the room of pictures and not grow with every thread that ever held one.

Pictures of a megabyte and more are made and dropped thirty times a second by a dozen threads. glibc gives each thread
an arena of its own (``mallopt(3)``): 83 MB more in ten minutes of call, of which nothing was in use. And it gives large
blocks back to the system at once: each picture then costs a page fault for every 4 KiB of it, more than scaling it does
(2.0 ms instead of 1.1 for one of 1020 by 574; measured). One arena that keeps what it has does neither.
"""

import ctypes
import sys
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
ARENAS: Final = 1
LARGE_BYTES: Final = 32 * 1024 * 1024
"""Of a block that does not come out of the arena; glibc takes no larger limit."""
KEPT_BYTES: Final = 64 * 1024 * 1024
"""How much room at the arena's end is kept for the next pictures."""

TRIM_EVERY_S: Final = 120.0


def trim() -> bool:
    """Give back to the system what the heap keeps and does not use, holes included; return whether anything was.

    On a busy computer pictures queue up for a moment, and the arena keeps the most that it ever held. A call of half an
    hour grew by 30 MB without this and one of eleven minutes not at all with it; in four minutes without, 25 to 36 MB
    of an arena of 64 MB were in use (measured). What is needed again costs its page faults once.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        malloc_trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # another C library
        return False
    return bool(malloc_trim(ctypes.c_size_t(0)))


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
    settings = ((_M_ARENA_MAX, ARENAS), (_M_MMAP_THRESHOLD, LARGE_BYTES), (_M_TRIM_THRESHOLD, KEPT_BYTES))
    return all(mallopt(parameter, value) for parameter, value in settings)
