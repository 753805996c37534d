"""What is read off the engine, in words: the lamps and the quality of the connection; pure.

The lamps come from the capture's real state, never from what was pressed.
"""

from dataclasses import dataclass
from typing import assert_never

from carena_desktop.call.model import CallFigures, CallSnapshot, CameraLamp, Cause, Level, MicrophoneLamp, Path

_LEVELS = {
    Level.UNKNOWN: ("Measuring", "neutral"),
    Level.GOOD: ("Good", "ok"),
    Level.FAIR: ("Fair", "warn"),
    Level.POOR: ("Poor", "danger"),
}
_WITHOUT_CAMERA = "Your connection is slow. A cable is steadier than Wi-Fi."
_ADVICE = {
    Cause.NONE: "",
    Cause.OUR_UPLINK: "Your connection is slow. Stop your camera to keep the sound good.",
    Cause.BUSY_COMPUTER: "This computer is busy. Close other programs.",
    Cause.THEIR_LINK: "The patient's connection is weak. Ask them to move closer to the router.",
    Cause.RELAY: "The way leads over a relay far away. Speak in turns.",
    Cause.DISTANCE: "The way to the patient is long. Speak in turns.",
}


@dataclass(frozen=True, slots=True)
class Lamp:
    """A real state in words; ``live`` means something leaves this computer."""

    icon: str
    words: str
    live: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """The connection in a word and in numbers; ``advice`` is one sentence or "", ``details`` lines of numbers."""

    icon: str
    word: str
    tone: str
    figures: str
    advice: str = ""
    details: str = ""


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


def quality(call: CallSnapshot, *, running: bool) -> Quality:
    """Return the connection in words: how good, why not better and what helps, beside the numbers they come from."""
    if not running:
        return Quality("signal", "No connection", "neutral", "")
    figures = call.figures
    numbers = [_path(figures.path)]
    if figures.round_trip_ms is not None:
        numbers.append(f"{figures.round_trip_ms:.0f} ms")
    if call.peer_camera and figures.remote_height > 0:
        numbers.append(_size(figures.remote_width, figures.remote_height))
        numbers.append(f"{figures.remote_fps:.0f} fps")
    word, tone = _LEVELS[call.quality.level]
    said = " · ".join(part for part in numbers if part)
    advice = _ADVICE[call.quality.cause]
    if call.quality.cause is Cause.OUR_UPLINK and call.camera is CameraLamp.OFF:
        advice = _WITHOUT_CAMERA
    return Quality("signal", word, tone, said, advice, _details(figures))


def _details(figures: CallFigures) -> str:
    """Return both directions in numbers, a line each."""
    lines = []
    if figures.received_kbps > 0:
        lines.append(
            f"Received: {_size(figures.remote_width, figures.remote_height)}, {figures.remote_fps:.0f} fps, "
            f"{figures.received_kbps:.0f} kbit/s, {figures.received_loss:.1%} lost at first"
        )
    if figures.sent_kbps > 0:
        lines.append(
            f"Sent: {_size(figures.sent_width, figures.sent_height)}, {figures.sent_fps:.0f} fps, "
            f"{figures.sent_kbps:.0f} kbit/s, {figures.sent_loss:.1%} lost at first"
        )
    if figures.path_kbps is not None:
        lines.append(f"The path carries about {figures.path_kbps:.0f} kbit/s from here")
    if figures.srtp_profile:
        lines.append(f"{figures.dtls_version}, {figures.srtp_profile}")
    return "\n".join(lines)


def _size(width: int, height: int) -> str:
    return f"{width} \u00d7 {height}"


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
