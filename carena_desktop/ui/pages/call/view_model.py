"""What the visit's screen shows for a call snapshot; pure.

The lamps come from the capture's real state, never from what was pressed.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from carena_desktop.call.model import (
    Allowed,
    CallSnapshot,
    CallState,
    CameraLamp,
    ChatLine,
    Delivery,
    EndReason,
    MicrophoneLamp,
    SecurityView,
    Verification,
)
from carena_desktop.ui import text
from carena_desktop.ui.components.bubble import Bubble
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.readings import Lamp, Quality, camera_lamp, lamps, microphone_lamp, quality


@dataclass(frozen=True, slots=True)
class Patient:
    """Who the visit is with, as one harmless line each."""

    visit: str = ""
    name: str = field(default="", repr=False)
    about: str = field(default="", repr=False)
    listed: bool = False
    """Whether the visit still stands in the waiting room's list."""


class Scene(StrEnum):
    """What the stage is about."""

    ASKING = "asking"
    WAITING = "waiting"
    CONNECTING = "connecting"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Control:
    """An in-call button: what a press does, by words, icon and accessible name. ``state`` is plain or off."""

    words: str
    icon: str
    name: str
    state: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A title and a sentence in the middle of the stage; empty title shows nothing."""

    title: str = field(default="", repr=False)
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything the screen renders, but for pictures and the running time."""

    scene: Scene
    patient: Patient
    camera: Lamp
    microphone: Lamp
    mute: Control
    camera_control: Control
    share_control: Control
    sharing: bool
    shared: str
    """The id of what is, or is about to be, shared; empty for nothing."""
    quality: Quality
    encryption: str
    """Empty until media keys exist; then what is true of them."""
    security: SecurityView
    remote_picture: bool
    veiled: bool
    """Whether what is shown is old, behind a message: the path is lost, or nothing came that could be opened."""
    camera_old: bool
    """Whether the camera's picture alone is: nothing new came for a while, and nobody has said why."""
    remote_screen: bool
    message: Message
    held: str
    """Why all but picture and sound waits; empty where nothing does."""
    problems: tuple[str, ...]
    chat: tuple[Bubble, ...]
    chat_open: bool
    """Whether a line can be sent now."""
    may_rejoin: bool
    may_finish: bool


def view(call: CallSnapshot, patient: Patient, *, camera_old: bool = False) -> ViewState:
    """Return the screen for ``call``.

    Args:
        call: The visit's call.
        patient: Who it is with.
        camera_old: Whether the last picture of the camera came too long ago to be taken for live.
    """
    scene = _scene(call.state)
    running = scene in {Scene.LIVE, Scene.RECONNECTING}
    ended = scene is Scene.ENDED
    camera_old = camera_old and scene is Scene.LIVE and call.peer_camera and call.figures.remote_frames > 0
    held = is_held(call)
    return ViewState(
        scene=scene,
        patient=patient,
        camera=camera_lamp(call.camera),
        microphone=microphone_lamp(call.microphone),
        mute=_mute(call, scene),
        camera_control=_camera_control(call, scene),
        share_control=_share_control(call, scene),
        sharing=call.sharing,
        shared=call.intent.shared,
        quality=quality(call, running=running),
        encryption=_encryption(call.security) if running else "",
        security=call.security,
        remote_picture=running and call.peer_camera and call.figures.remote_frames > 0,
        veiled=call.is_securing or scene is Scene.RECONNECTING,
        camera_old=camera_old,
        remote_screen=running and call.peer_screen,
        message=_message(call, scene, patient, camera_old=camera_old),
        held=_held() if held and not ended else "",
        problems=() if ended else _problems(call),
        chat=tuple(_bubble(line, held=held) for line in call.chat),
        chat_open=running and not held,
        may_rejoin=ended and call.end_reason not in {EndReason.REMOTE, EndReason.UNSAFE} and patient.listed,
        may_finish=ended and patient.listed,
    )


def is_held(call: CallSnapshot) -> bool:
    """Return whether all but picture and sound waits: the patient's device is another one than it was."""
    return call.security.verification is Verification.CHANGED


def window_title(call: CallSnapshot) -> str:
    """Return the window's title: the lamps whenever a visit runs or a device is open; never a name."""
    closed = call.camera is CameraLamp.OFF and call.microphone is MicrophoneLamp.OFF and not call.sharing
    if closed and _scene(call.state) is Scene.ENDED:
        return "Carena"
    return " · ".join((*(lamp.words for lamp in lamps(call)), "Carena"))


def _scene(state: CallState) -> Scene:
    match state:
        case CallState.ASKING:
            return Scene.ASKING
        case CallState.WAITING_FOR_PEER:
            return Scene.WAITING
        case CallState.CONNECTING:
            return Scene.CONNECTING
        case CallState.ACTIVE:
            return Scene.LIVE
        case CallState.RECONNECTING:
            return Scene.RECONNECTING
        case CallState.IDLE | CallState.ENDED:
            return Scene.ENDED
        case _:
            assert_never(state)


def _mute(call: CallSnapshot, scene: Scene) -> Control:
    enabled = scene not in {Scene.ASKING, Scene.ENDED}
    if enabled and (call.intent.allowed is Allowed.NOTHING or not call.intent.microphone_wanted):
        return Control(tr("Unmute"), "mic-off", tr("Unmute microphone"), "off", enabled)
    return Control(tr("Mute"), "mic", tr("Mute microphone"), "plain", enabled)


def _camera_control(call: CallSnapshot, scene: Scene) -> Control:
    enabled = scene not in {Scene.ASKING, Scene.ENDED}
    both = call.intent.allowed is Allowed.CAMERA_AND_MICROPHONE
    if enabled and not (both and call.intent.camera_wanted):
        return Control(tr("Start camera"), "video-off", tr("Start camera"), "off", enabled)
    return Control(tr("Stop camera"), "video", tr("Stop camera"), "plain", enabled)


def _share_control(call: CallSnapshot, scene: Scene) -> Control:
    enabled = scene not in {Scene.ASKING, Scene.ENDED}
    if enabled and call.intent.shared:
        return Control(tr("Stop sharing"), "screen-share-off", tr("Stop sharing"), "on", enabled)
    if is_held(call):
        why = tr("Compare the safety code first (C)")
        return Control(tr("Share screen"), "screen-share", why, "plain", enabled=False)
    if not call.may_share:
        why = tr("The patient's page can't show a screen: it has to be loaded again")
        return Control(tr("Share screen"), "screen-share", why, "plain", enabled=False)
    return Control(tr("Share screen"), "screen-share", tr("Share screen"), "plain", enabled)


def _encryption(security: SecurityView) -> str:
    match security.verification:
        case Verification.NONE:
            return ""
        case Verification.UNVERIFIED:
            return tr("Encrypted end to end, not verified")
        case Verification.VERIFIED:
            return tr("Encrypted end to end, verified")
        case Verification.CHANGED:
            return tr("Another device than before: compare codes")
        case _:
            assert_never(security.verification)


def _message(call: CallSnapshot, scene: Scene, patient: Patient, *, camera_old: bool) -> Message:
    name = text.isolate(patient.name) if patient.name else tr("the patient")
    match scene:
        case Scene.ASKING:
            return Message()
        case Scene.WAITING:
            return Message(
                tr("Waiting for {name}").format(name=name), tr("Their page is being told that you are here.")
            )
        case Scene.CONNECTING:
            return Message(
                tr("Connecting to {name}").format(name=name), tr("Finding the shortest way for picture and sound.")
            )
        case Scene.RECONNECTING:
            return Message(
                tr("Reconnecting…"), tr("The connection to {name} was lost. A new one is being made.").format(name=name)
            )
        case Scene.LIVE:
            return _live_message(call, camera_old=camera_old)
        case Scene.ENDED:
            return _end(call.end_reason, name)
        case _:
            assert_never(scene)


def _live_message(call: CallSnapshot, *, camera_old: bool) -> Message:
    if call.is_securing:
        return Message(tr("Securing the connection…"), tr("Nothing is sent or shown that is not encrypted."))
    if call.peer_screen and not call.peer_camera:
        return Message()
    if not call.peer_camera:
        heard = tr("You can still hear them.") if call.peer_microphone else tr("Their microphone is off too.")
        return Message(tr("The patient's camera is off"), heard)
    if camera_old and not call.peer_screen:  # beside a shared screen it is small, and its veil says enough
        return Message(
            tr("This picture is not live"), tr("Nothing new has come for more than two seconds. What you see is old.")
        )
    return Message() if call.figures.remote_frames else Message(tr("The picture is on its way"), "")


def _end(reason: EndReason | None, name: str) -> Message:
    match reason:
        case None | EndReason.LOCAL:
            return Message(tr("The visit has ended"), tr("Camera and microphone are closed."))
        case EndReason.REMOTE:
            return Message(tr("{name} has left the visit").format(name=name), tr("Camera and microphone are closed."))
        case EndReason.FAILED:
            return Message(
                tr("The connection could not be kept"), tr("The patient is still on your list. You can rejoin.")
            )
        case EndReason.UNSAFE:
            return Message(
                tr("This call was not safe and was stopped"),
                tr(
                    "Somebody may have stood between you and {name}. "
                    "Don't go on with this visit: call them, and tell IT."
                ).format(name=name),
            )
        case EndReason.ENGINE_LOST:
            return Message(
                tr("Picture and sound stopped working"),
                tr("The part of Carena that handles them ended. You can rejoin."),
            )
        case _:
            assert_never(reason)


def _held() -> str:
    return tr(
        "This is another device than before: messages, files and sharing wait. "
        "Compare the safety code (C), or end the visit."
    )


def _problems(call: CallSnapshot) -> tuple[str, ...]:
    devices = (
        (tr("The camera"), call.camera_problem),
        (tr("The microphone"), call.microphone_problem),
        (tr("The speaker"), call.speaker_problem),
    )
    said = [text.device_problem(device, code) for device, code in devices if code is not None]
    if call.share_problem == "denied":
        said.append(tr("Nothing was chosen, or your system refused: nothing is shared."))
    elif call.share_problem == "held":
        said.append(tr("Sharing has ended: the patient's device is another one than before."))
    elif call.share_problem == "forbidden":
        said.append(tr("Your organization does not allow sharing a screen. Sharing has ended."))
    elif call.share_problem is not None:
        said.append(tr("What you shared can't be captured any more. Sharing has ended."))
    if call.talking_while_muted:
        said.append(tr("You are muted: the patient does not hear you. Press M to speak."))
    return tuple(said)


def _bubble(line: ChatLine, *, held: bool) -> Bubble:
    said = {
        Delivery.SENDING: tr("waits for the codes") if held else tr("sending…"),
        Delivery.DELIVERED: tr("delivered"),
        Delivery.RECEIVED: "",
        Delivery.FAILED: tr("not delivered"),
    }[line.delivery]
    parts = (tr("You") if line.mine else tr("Patient"), text.time_of_day(line.at_ms), said)
    return Bubble(
        id=line.id,
        mine=line.mine,
        words=line.text,
        caption=" · ".join(part for part in parts if part),
        failed=line.delivery is Delivery.FAILED,
    )
