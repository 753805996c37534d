"""What the device check shows, and what the visit's device menu offers; pure.

What is said about a device comes from what it does (lamps, problems, level), never from what was pressed.
"""

from dataclasses import dataclass
from enum import StrEnum

from carena_desktop.call.model import CallSnapshot, CameraLamp, MicrophoneLamp
from carena_desktop.call.ports import DeviceName, DevicesListed, DevicesView
from carena_desktop.ui import text

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
    open_now = [
        word
        for word, is_open in (("Camera", camera_live), ("Microphone", call.microphone is not MicrophoneLamp.OFF))
        if is_open
    ]
    lamp = f"{' and '.join(open_now).capitalize()} on · only you see and hear this" if open_now else "Nothing is open"
    return ViewState(
        choices=choices(devices),
        findings=(_camera(call), _microphone(call, heard=heard), _speaker(call, speaker)),
        camera_live=camera_live,
        anything_open=bool(open_now),
        lamp=lamp,
        asks_heard=speaker is SpeakerTest.PLAYED,
    )


def choices(devices: DevicesView) -> tuple[Choice, ...]:
    """Return the three lists; a chosen device that is not plugged in stays in its list and says so."""
    listed = devices.listed or DevicesListed()
    return (
        _choice(Kind.CAMERA, "Camera", listed.cameras, devices.choice.camera),
        _choice(Kind.MICROPHONE, "Microphone", listed.microphones, devices.choice.microphone),
        _choice(Kind.SPEAKER, "Speaker", listed.speakers, devices.choice.speaker),
    )


def _choice(kind: Kind, caption: str, found: tuple[DeviceName, ...], chosen: str) -> Choice:
    options = [Option("", "System default" if found else f"No {kind} was found")]
    options += [Option(device.id, device.name) for device in found]
    ids = [option.id for option in options]
    if chosen not in ids:
        words = {"generator": "Generated for testing"}.get(chosen, "From a file" if chosen.startswith("file:") else "")
        options.append(Option(chosen, words or "Not plugged in", missing=not words))
        ids.append(chosen)
    return Choice(kind, caption, tuple(options), ids.index(chosen))


def _camera(call: CallSnapshot) -> Finding:
    if call.camera_problem is not None:
        return _trouble("The camera", call.camera_problem)
    if call.camera is CameraLamp.LIVE:
        return Finding("circle-check", "ok", "Camera works", "The picture is mirrored for you only.")
    return Finding("video-off", "neutral", "Camera is off", "Turn it on to see yourself.")


def _microphone(call: CallSnapshot, *, heard: bool) -> Finding:
    if call.microphone_problem is not None:
        return _trouble("The microphone", call.microphone_problem)
    if call.microphone is MicrophoneLamp.OFF:
        return Finding("mic-off", "neutral", "Microphone is off", "Turn it on and say something.")
    if heard:
        return Finding("circle-check", "ok", "Microphone works", "Carena hears you.")
    return Finding("triangle-alert", "warn", "Nothing heard yet", "Say something. Is the microphone muted on itself?")


def _speaker(call: CallSnapshot, test: SpeakerTest) -> Finding:
    if call.speaker_problem is not None:
        return _trouble("The speaker", call.speaker_problem)
    match test:
        case SpeakerTest.HEARD:
            return Finding("circle-check", "ok", "Speaker works", "You heard the test sound.")
        case SpeakerTest.NOT_HEARD:
            words = "Choose another speaker, or turn up the volume of this computer."
            return Finding("circle-alert", "danger", "The test sound was not heard", words)
        case SpeakerTest.PLAYED:
            return Finding("volume-2", "neutral", "Did you hear two notes?", "Only you can tell.")
        case SpeakerTest.NOT_PLAYED:
            return Finding("volume-2", "neutral", "Speaker not tested", "Play the test sound.")


def _trouble(device: str, code: str) -> Finding:
    return Finding("circle-alert", "danger", f"{device} does not work", text.device_problem(device, code))
