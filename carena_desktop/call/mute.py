"""From desired and allowed to what the engine shall open; what is really open comes back in the lamps.

Sans-IO. The one rule: nothing opens that was not allowed for this visit.
"""

from dataclasses import dataclass
from typing import Final

from carena_desktop.call.model import Allowed, CallSnapshot, CameraLamp, MediaIntent, MicrophoneLamp
from carena_desktop.call.ports import DeviceChoice, SetCapture
from carena_protocol.peer import MediaState

__all__ = ["DARK", "DeviceChoice", "Lamps", "lamps", "media_state", "wish"]


def wish(intent: MediaIntent, choice: DeviceChoice) -> SetCapture:
    """Return the capture that ``intent`` comes to.

    A muted microphone stays open: unmuting must not lose a word. A shared screen goes beside the camera's picture.
    """
    camera = intent.allowed is Allowed.CAMERA_AND_MICROPHONE and intent.camera_wanted
    return SetCapture(
        camera=camera,
        microphone=intent.allowed is not Allowed.NOTHING,
        muted=not intent.microphone_wanted,
        camera_device=choice.camera,
        microphone_device=choice.microphone,
        speaker_device=choice.speaker,
        shared=intent.shared,
    )


@dataclass(frozen=True, slots=True)
class Lamps:
    """What is really captured."""

    camera: CameraLamp
    microphone: MicrophoneLamp
    sharing: bool = False

    @property
    def devices(self) -> tuple[bool, bool, bool]:
        """Which devices are open; muting opens and closes none."""
        return self.camera is CameraLamp.LIVE, self.microphone is not MicrophoneLamp.OFF, self.sharing


DARK: Final[dict[str, object]] = {"camera": CameraLamp.OFF, "microphone": MicrophoneLamp.OFF, "sharing": False}
"""Of a snapshot when the engine's process is gone, and with it every handle."""


def lamps(call: CallSnapshot) -> Lamps:
    """Return what a snapshot says is captured."""
    return Lamps(call.camera, call.microphone, call.sharing)


def media_state(lamps: Lamps) -> MediaState:
    """Return what the other party is told: the lamps, not the wishes."""
    return MediaState(camera=lamps.camera is CameraLamp.LIVE, microphone=lamps.microphone.value, sharing=lamps.sharing)
