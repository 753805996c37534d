"""A whole call: the service, a media process, and a patient made of aiortc on the other side."""

import os
import signal

from carena_desktop.call.engine import frame_number
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.model import Allowed, CallState, CameraLamp, Delivery, EndReason, MicrophoneLamp, Path
from carena_desktop.call.ports import Stream
from carena_desktop.call.service import CallService
from carena_protocol.peer import Chat, Goodbye
from tests.integration.call.conftest import until
from tests.integration.call.relay import PatientPage


async def begin(call: CallService, page: PatientPage) -> None:
    """Start a call with everything allowed and wait until both sides see each other."""
    await call.start("visit-1", page)
    call.allow(Allowed.CAMERA_AND_MICROPHONE)
    await page.load()
    await until(lambda: call.snapshot.state is CallState.ACTIVE and call.snapshot.figures.remote_fps > 20)


def watch(call: CallService, stream: Stream) -> list[int]:
    """Collect the frame numbers that the window would show."""
    numbers: list[int] = []

    def frame(ready: Stream) -> None:
        picture = call.frames(ready).take()
        number = frame_number.read_picture(picture) if picture is not None else None
        if ready is stream and number is not None:
            numbers.append(number)

    call.on_frame(frame)
    return numbers


async def test_both_sides_see_and_hear_each_other(call: CallService, page: PatientPage) -> None:
    """Frame numbers arrive in order on both sides, the tone is 440 Hz, and the figures say what was measured."""
    numbers = watch(call, Stream.REMOTE)
    await begin(call, page)
    assert page.patient is not None
    patient = page.patient
    await until(lambda: len(numbers) > 30 and len(patient.numbers) > 30 and patient.loudest_hertz() > 0)
    assert numbers == sorted(numbers)
    assert patient.numbers == sorted(patient.numbers)
    assert abs(patient.loudest_hertz() - 440) <= 2
    await until(lambda: call.snapshot.figures.remote_audio_frames_per_s > 40)
    figures = call.snapshot.figures
    assert (figures.remote_width, figures.remote_height) == (640, 360)
    assert figures.path is Path.DIRECT
    assert figures.srtp_profile == "SRTP_AEAD_AES_256_GCM"
    assert figures.dtls_version == "DTLSv1.2"
    assert figures.first_remote_frame_at_ms is not None
    assert figures.remote_frames > 20
    assert figures.sent_fps > 20
    assert call.snapshot.camera is CameraLamp.LIVE
    assert call.snapshot.microphone is MicrophoneLamp.LIVE


async def test_chat_arrives_once_and_says_so(call: CallService, page: PatientPage) -> None:
    """A line of ours becomes delivered; a line of theirs that comes twice is shown once."""
    await begin(call, page)
    assert page.patient is not None
    call.send_chat("Good morning")
    await until(lambda: call.snapshot.chat[0].delivery is Delivery.DELIVERED)
    for _ in range(2):
        page.patient.send(Chat(id="c1", text="Hello", sent_at=1))
    await until(lambda: len(call.snapshot.chat) == 2)
    assert [line.text for line in call.snapshot.chat] == ["Good morning", "Hello"]
    assert len(page.chat) == 1


async def test_mute_sends_silence_and_camera_off_releases(call: CallService, page: PatientPage) -> None:
    """Muted, the patient hears nothing and the lamp says muted; camera off ends the pictures, the lamp goes out."""
    await begin(call, page)
    assert page.patient is not None
    patient = page.patient
    await until(lambda: patient.loudest_hertz() > 0)
    call.set_microphone(wanted=False)
    call.set_camera(wanted=False)
    await until(lambda: patient.loudest_hertz() == 0.0)
    assert call.snapshot.microphone is MicrophoneLamp.MUTED
    await until(lambda: call.snapshot.camera is CameraLamp.OFF and call.snapshot.figures.sent_fps == 0)
    call.set_microphone(wanted=True)
    call.set_camera(wanted=True)
    seen = patient.video_frames
    await until(lambda: patient.loudest_hertz() > 0 and patient.video_frames > seen + 10)


async def test_a_reloaded_page_gets_a_new_leg(call: CallService, page: PatientPage) -> None:
    """The patient's page loads anew: the call goes on over leg 2, and what was written meanwhile arrives."""
    await begin(call, page)
    await page.load()
    call.send_chat("Are you there?")
    await until(lambda: call.snapshot.state is CallState.ACTIVE and call.snapshot.leg == 2)
    await until(lambda: [line.text for line in page.chat] == ["Are you there?"])
    frames = call.snapshot.figures.remote_frames
    await until(lambda: call.snapshot.figures.remote_frames > frames + 20)


async def test_a_killed_engine_is_replaced(call: CallService, page: PatientPage, process_engine: ProcessEngine) -> None:
    """The media process is killed: the lamps go out, the call reconnects with a new process and a new leg."""
    await begin(call, page)
    numbers = watch(call, Stream.REMOTE)
    first = process_engine.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: call.snapshot.state is CallState.RECONNECTING)
    assert call.snapshot.camera is CameraLamp.OFF
    await until(lambda: call.snapshot.state is CallState.ACTIVE and call.snapshot.leg == 2)
    await until(lambda: len(numbers) > 10 and call.snapshot.camera is CameraLamp.LIVE)
    assert process_engine.pid != first


async def test_a_dead_service_does_not_touch_the_call(call: CallService, page: PatientPage) -> None:
    """With signaling refused and the patient reported away, pictures go on and the state stays active."""
    await begin(call, page)
    page.reachable = False
    page.presence(present=False)
    frames = call.snapshot.figures.remote_frames
    await until(lambda: call.snapshot.figures.remote_frames > frames + 60)
    assert call.snapshot.state is CallState.ACTIVE
    assert call.snapshot.leg == 1


async def test_goodbye_ends_the_call(call: CallService, page: PatientPage) -> None:
    """The patient hangs up: ended by the other side, every lamp out, and another visit can begin."""
    await begin(call, page)
    assert page.patient is not None
    page.patient.send(Goodbye())
    await until(lambda: call.snapshot.state is CallState.ENDED)
    assert call.snapshot.end_reason is EndReason.REMOTE
    await until(lambda: call.snapshot.camera is CameraLamp.OFF and call.snapshot.microphone is MicrophoneLamp.OFF)
    await begin(call, page)
    assert call.snapshot.visit == "visit-1"
    assert call.snapshot.leg == 1


async def test_ending_tells_the_patient(call: CallService, page: PatientPage) -> None:
    """The clinician ends the visit: the patient's page gets a goodbye, and the devices are closed on return."""
    await begin(call, page)
    patient = page.patient
    assert patient is not None
    await call.end()
    assert call.snapshot.state is CallState.ENDED
    assert call.snapshot.camera is CameraLamp.OFF
    await until(lambda: any(isinstance(message, Goodbye) for message in patient.control))


async def test_nothing_opens_before_the_answer(call: CallService, page: PatientPage) -> None:
    """With the question open no device is and no offer leaves; "not now" makes a visit that only watches."""
    await call.start("visit-1", page)
    await page.load()
    await until(lambda: call.snapshot.peer_present)
    assert call.snapshot.state is CallState.ASKING
    assert page.offers == []
    call.allow(Allowed.NOTHING)
    await until(lambda: call.snapshot.figures.remote_fps > 20)
    assert call.snapshot.camera is CameraLamp.OFF
    assert call.snapshot.microphone is MicrophoneLamp.OFF
    assert page.patient is not None
    assert (page.patient.video_frames, page.patient.audio_frames) == (0, 0)
