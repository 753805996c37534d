"""What is on the screen and what was measured, read without asking the application to cooperate.

The numbers come from two places: pictures are read back from the painted widget, so that decoding, the shared slot and
the painting are all covered; figures are those the engine counted, out of the newest call snapshot.
"""

import dataclasses
import gc
from typing import Any, Final

from demo import widgets
from demo.frame_code import read_number

PICTURES: Final = {"remote": ("Patient's video", "Patient video", "Remote video"), "self": ("Your video", "Self view")}
ASPECT: Final = 16 / 9


class Observer:
    """Reads the application's pictures and figures on Qt's thread."""

    def __init__(self) -> None:
        self._bridge: Any = None

    def figures(self) -> dict[str, Any]:
        """Return state, lamps and figures of the newest call snapshot."""
        snapshot = self._call().snapshot
        return {
            "state": snapshot.state.value,
            "leg": snapshot.leg,
            "camera": snapshot.camera.value,
            "microphone": snapshot.microphone.value,
            "peer_present": snapshot.peer_present,
            "peer_camera": snapshot.peer_camera,
            **dataclasses.asdict(snapshot.figures),
        }

    def frame_number(self, stream: str) -> int | None:
        """Return the number painted in a stream's picture on the screen, or None when none can be read."""
        for name in PICTURES[stream]:
            try:
                picture = widgets.pixels(widgets.find(name))
            except widgets.MissingWidgetError:
                continue
            height, width = picture.shape[:2]
            inner_width, inner_height = min(width, round(height * ASPECT)), min(height, round(width / ASPECT))
            left, top = (width - inner_width) // 2, (height - inner_height) // 2
            return read_number(picture[top : top + inner_height, left : left + inner_width])
        return None

    def _call(self) -> Any:
        if self._bridge is None:
            self._bridge = next(o for o in gc.get_objects() if type(o).__name__ == "CallService")
        return self._bridge
