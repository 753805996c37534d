"""Remembers which server and account to look for in the keyring at the next start. Holds no secret."""

import logging
from pathlib import Path

import msgspec

from carena_desktop.private_file import write_private
from carena_desktop.session.world import Remembered
from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)


class FileMemory:
    """Implements ``world.Memory`` in one small JSON file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Remembered | None:
        """Return what was remembered, or None."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Remembered)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("the last session is unknown: %s", describe_error(error))
            return None

    def save(self, remembered: Remembered | None) -> None:
        """Replace what is remembered; None removes it."""
        try:
            if remembered is None:
                self._path.unlink(missing_ok=True)
            else:
                write_private(self._path, msgspec.json.encode(remembered))
        except OSError as error:
            _log.warning("the session is not remembered: %s", describe_error(error))
