"""What is on the screen and what was measured.

The numbers come from two places: pictures are read back from the painted widget, so that decoding, the shared slot and
the painting are all covered; figures are those the engine counted, out of the newest call snapshot.
"""

import dataclasses
from typing import Any, Final

from carena_desktop.call.model import CallSnapshot
from carena_desktop.call.path_events import KeysTaken
from carena_desktop.call.ports import CallPort, EngineEvent, Stream
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.ui.widgets.video_view import VideoView
from demo import widgets
from demo.frame_code import read_number

ASPECT: Final = 16 / 9
MOST: Final = 100_000
"""Moments that are kept until somebody asks for them."""


class Observer:
    """Reads the application's pictures and figures on Qt's thread."""

    def __init__(self, call: CallPort) -> None:
        self._call = call
        self._pictures: list[tuple[float, int, bool]] = []
        self._changes: list[tuple[float, int, int]] = []
        self._are_keys_new = False
        call.on_frame(self._picture)
        call.on_change(self._changed)
        call._engine.on_event(self._heard)  # type: ignore[attr-defined]  # noqa: SLF001 - no part of the window needs it

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
            "peer_screen": snapshot.peer_screen,
            "sharing": snapshot.sharing,
            **dataclasses.asdict(snapshot.figures),
        }

    def times(self) -> dict[str, Any]:
        """Return what happened since this was last asked.

        ``pictures``: when one of the patient's became ready to be shown, of which leg it was, and whether it was the
        first under new keys; ``changes``: when leg or epoch of the keys changed, and to which. Milliseconds of a
        clock that never goes back.
        """
        pictures, self._pictures = self._pictures, []
        changes, self._changes = self._changes, []
        return {"pictures": pictures, "changes": changes}

    def _picture(self, stream: Stream) -> None:
        if stream is Stream.REMOTE and len(self._pictures) < MOST:
            now = SYSTEM_CLOCK.monotonic() * 1000
            self._pictures.append((now, self._call.snapshot.playing_leg, self._are_keys_new))
            self._are_keys_new = False

    def _heard(self, event: EngineEvent) -> None:
        self._are_keys_new = self._are_keys_new or isinstance(event, KeysTaken)

    def _changed(self, snapshot: CallSnapshot) -> None:
        known = self._changes[-1][1:] if self._changes else None
        now = (snapshot.leg, snapshot.security.epoch)
        if now != known and len(self._changes) < MOST:
            self._changes.append((SYSTEM_CLOCK.monotonic() * 1000, *now))

    def frame_number(self, name: str) -> int | None:
        """Return the number painted in a picture of the patient's on the screen, or None when none can be read."""
        try:
            view = widgets.find(name)
        except widgets.MissingWidgetError:
            return None
        picture = widgets.pixels(view)
        if isinstance(view, VideoView) and not view.is_clear:
            return None  # the dark ground and a veil would be read as 0
        height, width = picture.shape[:2]
        inner_width, inner_height = min(width, round(height * ASPECT)), min(height, round(width / ASPECT))
        left, top = (width - inner_width) // 2, (height - inner_height) // 2
        return read_number(picture[top : top + inner_height, left : left + inner_width])
