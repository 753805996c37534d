"""Which patients' device keys were verified by comparing codes, and when. Holds hashes of keys and dates, no name."""

import logging
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

import msgspec

from carena_desktop.private_file import write_private
from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)

MAX_PINS: Final = 5000
"""The oldest are forgotten first."""
_Hash = Annotated[str, msgspec.Meta(min_length=64, max_length=64)]


class PinStore:
    """One small JSON file; one that can't be read is as good as none, one that can't be written is said in the log."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._pins = self._read()

    def known(self, device: bytes) -> int | None:
        """Return when a device key was verified, ms since the epoch, or None."""
        return self._pins.get(_hash(device)) if device else None

    def remember(self, device: bytes, at_ms: int) -> None:
        """Keep that a device key was verified."""
        self._pins.pop(_hash(device), None)
        self._pins[_hash(device)] = at_ms
        while len(self._pins) > MAX_PINS:
            del self._pins[next(iter(self._pins))]
        if self._path is None:
            return
        try:
            write_private(self._path, msgspec.json.encode(self._pins))
        except OSError as error:
            _log.warning("a verified key is not remembered: %s", describe_error(error))

    def _read(self) -> dict[str, int]:
        if self._path is None:
            return {}
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[_Hash, int])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            _log.warning("verified keys are unknown: %s", describe_error(error))
            return {}


def _hash(device: bytes) -> str:
    return sha256(b"carena/pin/v1" + device).hexdigest()
