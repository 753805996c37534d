"""What the device check shows, and what the visit's device menu offers; pure.

What is said about a device comes from what it does (lamps, problems, level), never from what was pressed.
"""

from dataclasses import dataclass
from enum import StrEnum

from carena_desktop.call.model import CallSnapshot, CameraLamp, MicrophoneLamp
from carena_desktop.call.ports import DeviceName, DevicesListed, DevicesView
from carena_desktop.ui import text
from carena_desktop.ui.i18n import mark, tr, tr_marked

HEARD_LEVEL = 0.25
"""-45 dBFS: speech at arm's length is well above, a quiet room below."""


class Kind(StrEnum):
    """The three devices of a visit."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"


class SpeakerTest(StrEnum):
    """What the person said about the test sound."""

    NOT_PLAYED = "not_played"
    PLAYED = "played"
    HEARD = "heard"
    NOT_HEARD = "not_heard"


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a list of devices."""

    id: str
    words: str
    missing: bool = False
    """Chosen, but not plugged in."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A list of devices and the place of the chosen one in it."""

    kind: Kind
    caption: str
    options: tuple[Option, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about a device. Tones: ok, warn, danger, neutral."""

    icon: str
    tone: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything the device check renders, but for pictures and the level."""

    choices: tuple[Choice, ...]
    findings: tuple[Finding, ...]
    camera_live: bool
    anything_open: bool
    lamp: str
    asks_heard: bool


def view(call: CallSnapshot, devices: DevicesView, *, heard: bool, speaker: SpeakerTest) -> ViewState:
    """Return the screen; ``heard`` says whether the microphone has been loud enough since it was opened."""
    camera_live = call.camera is CameraLamp.LIVE
    microphone_open = call.microphone is not MicrophoneLamp.OFF
    return ViewState(
        choices=choices(devices),
        findings=(_camera(call), _microphone(call, heard=heard), _speaker(call, speaker)),
        camera_live=camera_live,
        anything_open=camera_live or microphone_open,
        lamp=_lamp(camera=camera_live, microphone=microphone_open),
        asks_heard=speaker is SpeakerTest.PLAYED,
    )


def choices(devices: DevicesView) -> tuple[Choice, ...]:
    """Return the three lists; a chosen device that is not plugged in stays in its list and says so."""
    listed = devices.listed or DevicesListed()
    return (
        _choice(Kind.CAMERA, tr("Camera"), listed.cameras, devices.choice.camera),
        _choice(Kind.MICROPHONE, tr("Microphone"), listed.microphones, devices.choice.microphone),
        _choice(Kind.SPEAKER, tr("Speaker"), listed.speakers, devices.choice.speaker),
    )


def _lamp(*, camera: bool, microphone: bool) -> str:
    if camera and microphone:
        return tr("Camera and microphone on · only you see and hear this")
    if camera:
        return tr("Camera on · only you see and hear this")
    return tr("Microphone on · only you see and hear this") if microphone else tr("Nothing is open")


NAMES = {
    Kind.CAMERA: mark("Camera"),
    Kind.MICROPHONE: mark("Microphone"),
    Kind.SPEAKER: mark("Speaker"),
}
_NONE_FOUND = {
    Kind.CAMERA: mark("No camera was found"),
    Kind.MICROPHONE: mark("No microphone was found"),
    Kind.SPEAKER: mark("No speaker was found"),
}


def _choice(kind: Kind, caption: str, found: tuple[DeviceName, ...], chosen: str) -> Choice:
    options = [Option("", tr("System default") if found else tr_marked(_NONE_FOUND[kind]))]
    options += [Option(device.id, device.name) for device in found]
    ids = [option.id for option in options]
    if chosen not in ids:
        words = {"generator": tr("Generated for testing")}.get(
            chosen, tr("From a file") if chosen.startswith("file:") else ""
        )
        options.append(Option(chosen, words or tr("Not plugged in"), missing=not words))
        ids.append(chosen)
    return Choice(kind, caption, tuple(options), ids.index(chosen))


def _camera(call: CallSnapshot) -> Finding:
    if call.camera_problem is not None:
        return _trouble(tr("The camera"), call.camera_problem)
    if call.camera is CameraLamp.LIVE:
        return Finding("circle-check", "ok", tr("Camera works"), tr("The picture is mirrored for you only."))
    return Finding("video-off", "neutral", tr("Camera is off"), tr("Turn it on to see yourself."))


def _microphone(call: CallSnapshot, *, heard: bool) -> Finding:
    if call.microphone_problem is not None:
        return _trouble(tr("The microphone"), call.microphone_problem)
    if call.microphone is MicrophoneLamp.OFF:
        return Finding("mic-off", "neutral", tr("Microphone is off"), tr("Turn it on and say something."))
    if heard:
        return Finding("circle-check", "ok", tr("Microphone works"), tr("Carena hears you."))
    return Finding(
        "triangle-alert", "warn", tr("Nothing heard yet"), tr("Say something. Is the microphone muted on itself?")
    )


def _speaker(call: CallSnapshot, test: SpeakerTest) -> Finding:
    if call.speaker_problem is not None:
        return _trouble(tr("The speaker"), call.speaker_problem)
    match test:
        case SpeakerTest.HEARD:
            return Finding("circle-check", "ok", tr("Speaker works"), tr("You heard the test sound."))
        case SpeakerTest.NOT_HEARD:
            words = tr("Choose another speaker, or turn up the volume of this computer.")
            return Finding("circle-alert", "danger", tr("The test sound was not heard"), words)
        case SpeakerTest.PLAYED:
            return Finding("volume-2", "neutral", tr("Did you hear two notes?"), tr("Only you can tell."))
        case SpeakerTest.NOT_PLAYED:
            return Finding("volume-2", "neutral", tr("Speaker not tested"), tr("Play the test sound."))


def _trouble(device: str, code: str) -> Finding:
    return Finding(
        "circle-alert", "danger", tr("{device} does not work").format(device=device), text.device_problem(device, code)
    )
