"""Scenes of a visit, its dialogs and the device check, with made-up people."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QTimer

from carena_desktop.call.model import (
    Allowed,
    CallFigures,
    CallState,
    CameraLamp,
    Cause,
    ChatLine,
    Delivery,
    EndReason,
    Level,
    MediaIntent,
    MicrophoneLamp,
    Reading,
    SecurityView,
    Verification,
)
from carena_desktop.call.model import (
    Path as MediaPath,
)
from carena_desktop.call.ports import DeviceChoice, DeviceName, DevicesListed, DevicesView, Shareable, Stream
from carena_desktop.ui.window_mode import WindowMode
from carena_protocol.actions import VisitAction
from carena_protocol.e2ee.key_schedule import LinkUse
from scripts.file_scenes import FILES
from scripts.scenes_waiting import waiting
from scripts.screenshot_queue import PATIENTS, details
from scripts.stage import KEPT, NOW, STAGE, WINDOWS
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession

CHAT = (
    ChatLine("1", "Can you see me now?", NOW - 300_000, mine=False, delivery=Delivery.RECEIVED),
    ChatLine(
        "2",
        "Yes, very well. Are you short of breath at the moment?",
        NOW - 240_000,
        mine=True,
        delivery=Delivery.DELIVERED,
    ),
    ChatLine(
        "3",
        "No, but I get tired going up the stairs. It is not sharp, it is like a weight.",
        NOW - 120_000,
        mine=False,
        delivery=Delivery.RECEIVED,
    ),
    ChatLine("4", "Please count your breaths for me.", NOW - 4_000, mine=True, delivery=Delivery.SENDING),
)
FIGURES = CallFigures(
    remote_fps=29.8,
    remote_width=1280,
    remote_height=720,
    remote_audio_frames_per_s=50.0,
    sent_fps=30.0,
    round_trip_ms=42.0,
    remote_frames=900,
    first_remote_frame_at_ms=NOW,
    path=MediaPath.DIRECT,
    srtp_profile="SRTP_AES128_CM_SHA1_80",
    dtls_version="DTLS 1.2",
)
LISTED = DevicesListed(
    cameras=(DeviceName("cam", "Example HD Camera"),),
    microphones=(DeviceName("mic", "Built-in microphone"), DeviceName("headset", "Example Headset")),
    speakers=(DeviceName("spk", "Built-in speakers"),),
)
CODE = SecurityView(
    Verification.UNVERIFIED, ("🐙", "🚲", "🔔", "🌵"), ("octopus", "bicycle", "bell", "cactus"), "482913", 3
)


def asking(session: FakeSession, call: FakeCall) -> None:
    """The question."""
    waiting(session, call)
    call.push(state=CallState.ASKING, visit="v7")


def connecting(session: FakeSession, call: FakeCall) -> None:
    """Allowed, the patient's page is being reached; no camera here."""
    asking(session, call)
    call.allow(Allowed.CAMERA_AND_MICROPHONE)
    call.push(camera=CameraLamp.OFF, camera_problem="no_device", state=CallState.CONNECTING)


def live(session: FakeSession, call: FakeCall) -> None:
    """In the middle of a visit."""
    asking(session, call)
    call.allow(Allowed.CAMERA_AND_MICROPHONE)
    call.push(
        state=CallState.ACTIVE,
        peer_present=True,
        peer_camera=True,
        peer_microphone=True,
        chat=CHAT,
        figures=FIGURES,
        quality=Reading(Level.GOOD),
        security=CODE,
        started_at_ms=NOW - 522_000,
    )
    call.picture(Stream.REMOTE, KEPT[0][1])
    call.picture(Stream.SELF, KEPT[1][1])


def identity(session: FakeSession, call: FakeCall) -> None:
    """Who this is, before it is confirmed."""
    live(session, call)
    desk = WINDOWS[-1].call.visit_desk
    WINDOWS[-1].call.identity.click()
    desk.show_details(details(next(one for one in PATIENTS if one.visit == "v7")))


def patient(session: FakeSession, call: FakeCall) -> None:
    """What is known about the patient, beside the picture."""
    live(session, call)
    panel = WINDOWS[-1].call.chat
    WINDOWS[-1].call.open_chat(shown=True)
    panel.show_patient()
    panel.patient.show_details(details(next(one for one in PATIENTS if one.visit == "v7")))


def transfer(session: FakeSession, call: FakeCall) -> None:
    """To whom a visit is handed over."""
    live(session, call)
    WINDOWS[-1].call.visit_desk.action(VisitAction.TRANSFER).trigger()


def live_muted(session: FakeSession, call: FakeCall) -> None:
    """Muted, camera stopped, theirs too, a relayed and slow path."""
    live(session, call)
    call.push(
        intent=MediaIntent(Allowed.CAMERA_AND_MICROPHONE, camera_wanted=False, microphone_wanted=False),
        camera=CameraLamp.OFF,
        microphone=MicrophoneLamp.MUTED,
        peer_camera=False,
        figures=replace(FIGURES, round_trip_ms=280.0, path=MediaPath.RELAYED),
        quality=Reading(Level.FAIR, Cause.OUR_UPLINK),
        talking_while_muted=True,
    )


def live_details(session: FakeSession, call: FakeCall) -> None:
    """The numbers."""
    live(session, call)
    call.push(
        figures=replace(
            FIGURES,
            sent_width=1280,
            sent_height=720,
            sent_kbps=2412.0,
            received_kbps=2388.0,
            received_loss=0.004,
            path_kbps=3100.0,
            encode_ms=7.0,
        )
    )
    WINDOWS[-1].call.view_menu.details.trigger()


def live_small(session: FakeSession, call: FakeCall) -> None:
    """The small window on top."""
    live(session, call)
    WINDOWS[-1].modes.set(WindowMode.SMALL)


def share_question(session: FakeSession, call: FakeCall) -> None:
    """What may be seen."""
    live(session, call)
    page = WINDOWS[-1].call
    page.share.click()
    page.share_desk.render_devices(
        DevicesView(
            shareable=(
                Shareable("screen:one", "Screen 1, 1920 \u00d7 1080", is_screen=True),
                Shareable("window:1", "Discharge letter", is_screen=False),
                Shareable("window:2", "X-ray viewer", is_screen=False),
            )
        )
    )


def safety(session: FakeSession, call: FakeCall) -> None:
    """The code to compare."""
    live(session, call)
    WINDOWS[-1].call.safety.click()


def safety_changed(session: FakeSession, call: FakeCall) -> None:
    """Another device than before."""
    live(session, call)
    call.push(security=replace(CODE, verification=Verification.CHANGED))  # asks by itself


def security(session: FakeSession, call: FakeCall) -> None:
    """How the visit is protected."""
    live(session, call)
    figures = replace(
        call.snapshot.figures,
        path=MediaPath.RELAYED,
        relay="192.0.2.17:443",
        relay_transport="tls",
        srtp_profile="SRTP_AEAD_AES_256_GCM",
        dtls_version="DTLSv1.2",
        dtls_cipher="ECDHE-ECDSA-AES128-GCM-SHA256",
    )
    keys = replace(
        CODE,
        device="3F9A 0C71 B2E8 55D4",
        is_post_quantum=True,
        link=LinkUse.USED,
        renews_at_ms=NOW + 17_000,
    )
    call.push(leg=2, next_leg_at_ms=NOW + 492_000, figures=figures, security=keys)
    WINDOWS[-1].call.security.flip(NOW)


def safety_verified(session: FakeSession, call: FakeCall) -> None:
    """Compared earlier."""
    live(session, call)
    call.push(security=replace(CODE, verification=Verification.VERIFIED, verified_at_ms=NOW - 4 * 86_400_000))
    WINDOWS[-1].call.safety.click()


def unsafe(session: FakeSession, call: FakeCall) -> None:
    """The codes differed."""
    live(session, call)
    dark = {"camera": CameraLamp.OFF, "microphone": MicrophoneLamp.OFF}
    call.push(state=CallState.ENDED, end_reason=EndReason.UNSAFE, **dark)


def sharing(session: FakeSession, call: FakeCall) -> None:
    """A window is shared."""
    live(session, call)
    call.share("window:2")


def two_pictures(session: FakeSession, call: FakeCall) -> None:
    """The patient shares a screen beside the camera, and so do we."""
    live(session, call)
    call.share("window:2")
    call.push(peer_screen=True)
    call.picture(Stream.REMOTE_SCREEN, KEPT[2][1])
    call.picture(Stream.REMOTE, KEPT[0][1])


def two_pictures_swapped(session: FakeSession, call: FakeCall) -> None:
    """The same with the face large."""
    two_pictures(session, call)
    WINDOWS[-1].call.stage.pictures.flip()


def reconnecting(session: FakeSession, call: FakeCall) -> None:
    """Heartbeats missed."""
    live(session, call)
    call.push(state=CallState.RECONNECTING)


def picture_old(session: FakeSession, call: FakeCall) -> None:
    """No picture for a while, and nobody has said why."""
    live(session, call)
    page, clock = WINDOWS[-1].call, STAGE[-1][1]

    def later() -> None:
        if page.window().windowHandle().isExposed():
            clock.advance(2.5)
            page.tick()
        else:
            QTimer.singleShot(0, page, later)

    QTimer.singleShot(0, page, later)


def files(session: FakeSession, call: FakeCall) -> None:
    """Files of every standing, a photo asked for."""
    live(session, call)
    call.files.push(**{name: getattr(FILES, name) for name in ("files", "request", "connected", "most")})
    WINDOWS[-1].call.open_chat(shown=True)
    WINDOWS[-1].call.chat.show_files(shown=True)


def files_unsaved(session: FakeSession, call: FakeCall) -> None:
    """The visit is to end while a received file is not saved."""
    files(session, call)
    WINDOWS[-1].call.end.click()


def ended(session: FakeSession, call: FakeCall) -> None:
    """The engine stopped."""
    live(session, call)
    call.push(
        state=CallState.ENDED, end_reason=EndReason.ENGINE_LOST, camera=CameraLamp.OFF, microphone=MicrophoneLamp.OFF
    )


def devices_off(session: FakeSession, call: FakeCall) -> None:
    """The device check before anything is turned on."""
    waiting(session, call)
    WINDOWS[-1].waiting_room.rail.devices_requested.emit()
    call.devices.push(listed=LISTED, choice=DeviceChoice(microphone="headset"))


def devices_on(session: FakeSession, call: FakeCall) -> None:
    """The device check at work: picture, level, one device missing."""
    devices_off(session, call)
    call.devices.push(choice=DeviceChoice(camera="cam", microphone="headset", speaker="gone"), level=0.62)
    call.push(camera=CameraLamp.LIVE, microphone=MicrophoneLamp.MUTED, speaker_problem="gone")
    call.picture(Stream.SELF, KEPT[1][1])


VISIT_SCENES: tuple[Callable[[FakeSession, FakeCall], None], ...] = (
    asking,
    connecting,
    live,
    identity,
    patient,
    transfer,
    live_muted,
    live_small,
    live_details,
    files,
    files_unsaved,
    share_question,
    safety,
    safety_changed,
    safety_verified,
    security,
    unsafe,
    sharing,
    two_pictures,
    two_pictures_swapped,
    reconnecting,
    picture_old,
    ended,
    devices_off,
    devices_on,
)
