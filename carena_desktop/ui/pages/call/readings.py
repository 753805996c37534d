"""What is read off the engine, in words: the lamps and the quality of the connection; pure.

The lamps come from the capture's real state, never from what was pressed.
"""

from dataclasses import dataclass
from typing import assert_never

from carena_desktop.call.model import CallFigures, CameraLamp, MicrophoneLamp, Path

GOOD_ROUND_TRIP_MS = 150
FAIR_ROUND_TRIP_MS = 350
GOOD_FPS = 18
FAIR_FPS = 8


@dataclass(frozen=True, slots=True)
class Lamp:
    """A real state in words; ``live`` means something leaves this computer."""

    icon: str
    words: str
    live: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """The connection in a word and in numbers."""

    icon: str
    word: str
    tone: str
    figures: str


def camera_lamp(lamp: CameraLamp) -> Lamp:
    """Return the camera's real state in words."""
    match lamp:
        case CameraLamp.LIVE:
            return Lamp("video", "Camera live", live=True)
        case CameraLamp.OFF:
            return Lamp("video-off", "Camera off", live=False)
        case _:
            assert_never(lamp)


def microphone_lamp(lamp: MicrophoneLamp) -> Lamp:
    """Return the microphone's real state in words."""
    match lamp:
        case MicrophoneLamp.LIVE:
            return Lamp("mic", "Microphone live", live=True)
        case MicrophoneLamp.MUTED:
            return Lamp("mic-off", "Microphone muted", live=False)
        case MicrophoneLamp.OFF:
            return Lamp("mic-off", "Microphone off", live=False)
        case _:
            assert_never(lamp)


def quality(figures: CallFigures, *, peer_camera: bool, running: bool) -> Quality:
    """Judge the connection by round trip and pictures; the words stand beside the numbers they come from."""
    if not running:
        return Quality("signal", "No connection", "neutral", "")
    numbers = [_path(figures.path)]
    if figures.round_trip_ms is not None:
        numbers.append(f"{figures.round_trip_ms:.0f} ms")
    pictures = peer_camera and figures.remote_height > 0
    if pictures:
        numbers.append(f"{figures.remote_width}x{figures.remote_height}".replace("x", " × "))  # noqa: RUF001 - the sign
        numbers.append(f"{figures.remote_fps:.0f} fps")
    said = " · ".join(part for part in numbers if part)
    if figures.round_trip_ms is None:
        return Quality("signal", "Measuring", "neutral", said)
    good = figures.round_trip_ms <= GOOD_ROUND_TRIP_MS and (not pictures or figures.remote_fps >= GOOD_FPS)
    fair = figures.round_trip_ms <= FAIR_ROUND_TRIP_MS and (not pictures or figures.remote_fps >= FAIR_FPS)
    if good:
        return Quality("signal", "Good", "ok", said)
    return Quality("signal", "Fair", "warn", said) if fair else Quality("signal", "Poor", "danger", said)


def _path(path: Path) -> str:
    match path:
        case Path.UNKNOWN:
            return ""
        case Path.DIRECT:
            return "direct"
        case Path.RELAYED:
            return "relayed"
        case _:
            assert_never(path)
