"""Remembers across a restart whether the window was locked, and when it was used last. No secret, no name.

A kept session is continued without a password. Without this file, ending and starting the program would open the lock.
What is missing or can't be read counts as locked.
"""

import logging
from pathlib import Path
from typing import Final

import msgspec

from carena_desktop.private_file import write_private
from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)
_MINUTE_MS: Final = 60_000
_FUTURE_MS: Final = 120_000
"""How far ahead the last use may lie before the clock must have been set back."""


class _Stored(msgspec.Struct, frozen=True):
    locked: bool
    used_at_ms: int


class LockMemory:
    """One small JSON file.

    Args:
        path: Where; None remembers nothing, and a kept session then opens as it is (tests, demonstrations).
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._written: _Stored | None = None

    def must_lock(self, now_ms: int, timeout_s: float) -> bool:
        """Whether a session continued from the keyring begins locked."""
        if self._path is None:
            return False
        try:
            stored = msgspec.json.decode(self._path.read_bytes(), type=_Stored)
        except FileNotFoundError:
            return True
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            _log.warning("the lock is unknown and counts as locked: %s", describe_error(error))
            return True
        passed_ms = now_ms - stored.used_at_ms
        return stored.locked or passed_ms >= timeout_s * 1000 or passed_ms < -_FUTURE_MS

    def note(self, *, locked: bool, used_at_ms: int) -> None:
        """Write it down where it says something new; a use counts by the minute."""
        if self._path is None:
            return
        before = self._written
        if before is not None and before.locked == locked and used_at_ms - before.used_at_ms < _MINUTE_MS:
            return
        self._written = _Stored(locked, used_at_ms)
        try:
            write_private(self._path, msgspec.json.encode(self._written))
        except OSError as error:
            _log.warning("the lock is not remembered: %s", describe_error(error))
