"""What is read off the engine, in words: the lamps and the quality of the connection; pure.

The lamps come from the capture's real state, never from what was pressed.
"""

from dataclasses import dataclass
from typing import assert_never

from carena_desktop.call.model import (
    CallFigures,
    CallSnapshot,
    CallState,
    CameraLamp,
    Cause,
    Level,
    MicrophoneLamp,
    Path,
)
from carena_desktop.ui.i18n import locale, mark, tr, tr_marked

_LEVELS = {
    Level.UNKNOWN: (mark("Measuring"), "neutral", "hourglass"),
    Level.GOOD: (mark("Good"), "ok", "signal"),
    Level.FAIR: (mark("Fair"), "warn", "signal-medium"),
    Level.POOR: (mark("Poor"), "danger", "signal-low"),
}
_WITHOUT_CAMERA = mark("Your connection is slow. A cable is steadier than Wi-Fi.")
_ADVICE = {
    Cause.NONE: "",
    Cause.OUR_UPLINK: mark("Your connection is slow. Stop your camera to keep the sound good."),
    Cause.BUSY_COMPUTER: mark("This computer is busy. Close other programs."),
    Cause.THEIR_LINK: mark("The patient's connection is weak. Ask them to move closer to the router."),
    Cause.RELAY: mark("The way leads over a relay far away. Speak in turns."),
    Cause.DISTANCE: mark("The way to the patient is long. Speak in turns."),
}


@dataclass(frozen=True, slots=True)
class Lamp:
    """A real state in words; ``live`` means something leaves this computer."""

    icon: str
    words: str
    live: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """A line of numbers: what comes from the patient, and what goes to them; the second is "" for what is of both."""

    name: str
    here: str
    there: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """The connection in a word and in numbers; ``advice`` is one sentence or ""."""

    icon: str
    word: str
    tone: str
    figures: str
    advice: str = ""
    details: tuple[Detail, ...] = ()


def camera_lamp(lamp: CameraLamp) -> Lamp:
    """Return the camera's real state in words."""
    match lamp:
        case CameraLamp.LIVE:
            return Lamp("video", tr("Camera live"), live=True)
        case CameraLamp.OFF:
            return Lamp("video-off", tr("Camera off"), live=False)
        case _:
            assert_never(lamp)


def share_lamp() -> Lamp:
    """Return the lamp of a shared screen; without one there is none."""
    return Lamp("screen-share", tr("Screen shared"), live=True)


def lamps(call: CallSnapshot) -> tuple[Lamp, ...]:
    """Return what is captured in words: a shared screen first, while there is one, then camera and microphone."""
    shared = (share_lamp(),) if call.sharing else ()
    return (*shared, camera_lamp(call.camera), microphone_lamp(call.microphone))


def microphone_lamp(lamp: MicrophoneLamp) -> Lamp:
    """Return the microphone's real state in words."""
    match lamp:
        case MicrophoneLamp.LIVE:
            return Lamp("mic", tr("Microphone live"), live=True)
        case MicrophoneLamp.MUTED:
            return Lamp("mic-off", tr("Microphone muted"), live=False)
        case MicrophoneLamp.OFF:
            return Lamp("mic-off", tr("Microphone off"), live=False)
        case _:
            assert_never(lamp)


def quality(call: CallSnapshot, *, running: bool) -> Quality:
    """Return the connection in words: how good, why not better and what helps, beside the numbers they come from."""
    if not running:
        return Quality("wifi-off", tr("No connection"), "neutral", "")
    if call.state is CallState.RECONNECTING:  # what was measured is of the connection that is gone
        return Quality("unplug", tr("Reconnecting…"), "warn", "")
    figures = call.figures
    numbers = [_path(figures.path)]
    if figures.round_trip_ms is not None:
        numbers.append(_ms(figures.round_trip_ms))
    if call.peer_camera and figures.remote_height > 0:
        numbers.append(_size(figures.remote_width, figures.remote_height))
        numbers.append(tr("{number} fps").format(number=_number(figures.remote_fps)))
    word, tone, icon = _LEVELS[call.quality.level]
    said = " · ".join(part for part in numbers if part)
    advice = _ADVICE[call.quality.cause]
    if call.quality.cause is Cause.OUR_UPLINK and call.camera is CameraLamp.OFF:
        advice = _WITHOUT_CAMERA
    return Quality(icon, tr_marked(word), tone, said, tr_marked(advice) if advice else "", details(figures))


def details(figures: CallFigures) -> tuple[Detail, ...]:
    """Return both directions in numbers; what is not measured is left out, a direction without a picture is empty."""
    got, sent = figures.received_kbps > 0, figures.sent_kbps > 0
    rows = [
        Detail(
            tr("Picture"),
            _size(figures.remote_width, figures.remote_height) if got else "",
            _size(figures.sent_width, figures.sent_height) if sent else "",
        ),
        Detail(
            tr("Frames"),
            _per_s(figures.remote_fps) if got else "",
            _per_s(figures.sent_fps) if sent else "",
        ),
        Detail(tr("Video"), _rate(figures.received_kbps) if got else "", _rate(figures.sent_kbps) if sent else ""),
        Detail(
            tr("Shared screen"),
            _screen(figures.screen_width, figures.screen_height, figures.screen_fps),
            _screen(figures.sent_screen_width, figures.sent_screen_height, figures.sent_screen_fps),
        ),
        Detail(
            tr("Lost at first"),
            _percent(figures.received_loss) if got else "",
            _percent(figures.sent_loss) if sent else "",
        ),
        Detail(tr("Sound"), tr("{number} of 50 per s").format(number=_number(figures.remote_audio_frames_per_s)), ""),
        Detail(tr("The path carries"), "", _rate(figures.path_kbps) if figures.path_kbps is not None else ""),
        Detail(
            tr("Time to encode"),
            "",
            tr("{number} ms a frame").format(number=_number(figures.encode_ms)) if figures.encode_ms > 0 else "",
        ),
    ]
    whole = (
        (tr("Path"), _path(figures.path)),
        (tr("Round trip"), _ms(figures.round_trip_ms) if figures.round_trip_ms is not None else ""),
        (tr("Codecs"), "VP8, Opus" if figures.srtp_profile else ""),
        (tr("Key agreement"), figures.dtls_version if figures.srtp_profile else ""),
        (tr("Encryption"), figures.srtp_profile),
    )
    rows += [Detail(name, value) for name, value in whole]
    return tuple(row for row in rows if row.here or row.there)


def _rate(kbps: float) -> str:
    return tr("{number} kbit/s").format(number=_number(kbps))


def _number(value: float, decimals: int = 0) -> str:
    return locale().toString(float(value), "f", decimals)


def _percent(share: float) -> str:
    return tr("{number}%").format(number=_number(share * 100, 1))


def _ms(value: float) -> str:
    return tr("{number} ms").format(number=_number(value))


def _per_s(value: float) -> str:
    return tr("{number} per s").format(number=_number(value))


def _size(width: int, height: int) -> str:
    return f"{width} \u00d7 {height}"


def _screen(width: int, height: int, fps: float) -> str:
    return f"{_size(width, height)}, {_per_s(fps)}" if fps > 0 else ""


def _path(path: Path) -> str:
    match path:
        case Path.UNKNOWN:
            return ""
        case Path.DIRECT:
            return tr("direct")
        case Path.RELAYED:
            return tr("relayed")
        case _:
            assert_never(path)
