"""Remembers which devices the person chose, from one start to the next. Holds ids of devices and nothing else."""

import logging
from pathlib import Path
from typing import Annotated, Final

import msgspec

from carena_desktop.call.ports import DeviceChoice
from carena_desktop.private_file import write_private
from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)

MAX_ID_CHARS: Final = 1024
_Id = Annotated[str, msgspec.Meta(max_length=MAX_ID_CHARS)]


class _Stored(msgspec.Struct, frozen=True):
    camera: _Id = ""
    microphone: _Id = ""
    speaker: _Id = ""


class ChoiceStore:
    """One small JSON file; one that can't be read is as good as none, one that can't be written is said in the log."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> DeviceChoice:
        """Return the devices chosen last, the defaults where nothing is known."""
        try:
            stored = msgspec.json.decode(self._path.read_bytes(), type=_Stored)
        except FileNotFoundError:
            return DeviceChoice()
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            _log.warning("the chosen devices are unknown: %s", describe_error(error))
            return DeviceChoice()
        return DeviceChoice(stored.camera, stored.microphone, stored.speaker)

    def save(self, choice: DeviceChoice) -> None:
        """Replace what is remembered."""
        try:
            write_private(self._path, msgspec.json.encode(_Stored(choice.camera, choice.microphone, choice.speaker)))
        except (OSError, UnicodeEncodeError) as error:
            _log.warning("the chosen devices are not remembered: %s", describe_error(error))
