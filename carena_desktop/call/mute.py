"""From desired and allowed to what the engine shall open; what is really open comes back in the lamps.

Sans-IO. The one rule: nothing opens that was not allowed for this visit.
"""

from carena_desktop.call.model import Allowed, CameraLamp, MediaIntent, MicrophoneLamp
from carena_desktop.call.ports import DeviceChoice, SetCapture
from carena_protocol.peer import MediaState

__all__ = ["DeviceChoice", "media_state", "wish"]


def wish(intent: MediaIntent, choice: DeviceChoice) -> SetCapture:
    """Return the capture that ``intent`` comes to. A muted microphone stays open: unmuting must not lose a word."""
    return SetCapture(
        camera=intent.allowed is Allowed.CAMERA_AND_MICROPHONE and intent.camera_wanted,
        microphone=intent.allowed is not Allowed.NOTHING,
        muted=not intent.microphone_wanted,
        camera_device=choice.camera,
        microphone_device=choice.microphone,
        speaker_device=choice.speaker,
    )


def media_state(camera: CameraLamp, microphone: MicrophoneLamp) -> MediaState:
    """Return what the other party is told: the lamps, not the wishes."""
    return MediaState(camera=camera is CameraLamp.LIVE, microphone=microphone.value)
