"""What is on the screen and what was measured.

The numbers come from two places: pictures are read back from the painted widget, so that decoding, the shared slot and
the painting are all covered; figures are those the engine counted, out of the newest call snapshot.
"""

import dataclasses
from typing import Any, Final

from carena_desktop.call.ports import CallPort
from demo import widgets
from demo.frame_code import read_number

REMOTE_PICTURE: Final = "Patient's video"
ASPECT: Final = 16 / 9


class Observer:
    """Reads the application's pictures and figures on Qt's thread."""

    def __init__(self, call: CallPort) -> None:
        self._call = call

    def figures(self) -> dict[str, Any]:
        """Return state, lamps and figures of the newest call snapshot."""
        snapshot = self._call.snapshot
        return {
            "state": snapshot.state.value,
            "leg": snapshot.leg,
            "camera": snapshot.camera.value,
            "microphone": snapshot.microphone.value,
            "peer_present": snapshot.peer_present,
            "peer_camera": snapshot.peer_camera,
            "peer_microphone": snapshot.peer_microphone,
            **dataclasses.asdict(snapshot.figures),
        }

    def frame_number(self) -> int | None:
        """Return the number painted in the patient's picture on the screen, or None when none can be read."""
        picture = widgets.pixels(widgets.find(REMOTE_PICTURE))
        height, width = picture.shape[:2]
        inner_width, inner_height = min(width, round(height * ASPECT)), min(height, round(width / ASPECT))
        left, top = (width - inner_width) // 2, (height - inner_height) // 2
        return read_number(picture[top : top + inner_height, left : left + inner_width])
