"""Real sound devices through QtMultimedia: a private PulseAudio with a virtual loudspeaker and microphone."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from carena_desktop.call.engine.device_rules import DeviceRules
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.engine.playout_pace import MAX_CHANGE
from carena_desktop.call.model import Allowed, CallState, CameraLamp, MicrophoneLamp
from carena_desktop.call.mute import DeviceChoice
from carena_desktop.call.service import CallService
from tests.integration.call.conftest import until
from tests.integration.call.pulse import Pulse, loudest_hertz
from tests.integration.call.relay import PatientPage


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    """A running sound server, found by every process started from now on."""
    with tempfile.TemporaryDirectory(prefix="pa") as folder:  # short: a socket's path has 108 characters
        server = Pulse(Path(folder))
        server.start()
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server
        server.stop()


@pytest.fixture
async def sounding(pulse: Pulse) -> AsyncIterator[tuple[CallService, ProcessEngine]]:
    """A call with the machine's sound devices and a generated camera."""
    assert pulse.environment
    engine = ProcessEngine()
    service = CallService(engine, DeviceChoice(camera="generator"))
    yield service, engine
    await service.aclose()


async def connected(call: CallService, page: PatientPage) -> None:
    """Start the call and wait for sound."""
    await call.start("visit-1", page)
    call.allow(Allowed.CAMERA_AND_MICROPHONE)
    await page.load()
    await until(lambda: call.snapshot.state is CallState.ACTIVE and call.snapshot.microphone is MicrophoneLamp.LIVE)
    await until(lambda: call.snapshot.figures.remote_audio_frames_per_s > 40)


async def captured(pulse: Pulse, call: CallService, engine: ProcessEngine, page: PatientPage) -> int:
    """Connect; return the media process, which the sound server lists."""
    await connected(call, page)
    pid = engine.pid
    assert pid is not None
    assert pulse.is_captured_by(pid)
    return pid


async def test_sound_reaches_speaker_and_patient(
    pulse: Pulse, sounding: tuple[CallService, ProcessEngine], page: PatientPage
) -> None:
    """The patient's 440 Hz comes out of the loudspeaker, and 1 kHz spoken into the microphone reaches the patient."""
    call, _ = sounding
    await connected(call, page)
    await until(lambda: call.snapshot.speaker_problem is None)
    heard = await asyncio.to_thread(pulse.listen, 1.5)
    # While what waits at the loudspeaker is too much or too little it sounds up to one per cent faster or slower.
    assert abs(loudest_hertz(heard[24_000:]) - 440) <= 3 + 440 * MAX_CHANGE
    with pulse.speaking(1000):
        assert page.patient is not None
        patient = page.patient
        await until(lambda: abs(patient.loudest_hertz() - 1000) <= 3)


async def test_a_microphone_switched_off_on_itself_is_named(
    pulse: Pulse, sounding: tuple[CallService, ProcessEngine], page: PatientPage
) -> None:
    """Nothing but zeros from an open microphone is said after five seconds; the first sound takes it back."""
    call, _ = sounding
    await connected(call, page)
    await until(lambda: call.snapshot.microphone_problem == "silent")
    assert call.snapshot.microphone is MicrophoneLamp.LIVE
    with pulse.speaking(1000):
        await until(lambda: call.snapshot.microphone_problem is None)


async def test_the_lamp_agrees_with_the_sound_server(
    pulse: Pulse, sounding: tuple[CallService, ProcessEngine], page: PatientPage
) -> None:
    """The server lists our process while the lamp is on, muted or not, and no more once the visit is over."""
    call, engine = sounding
    pid = await captured(pulse, call, engine, page)
    call.set_microphone(wanted=False)
    await until(lambda: call.snapshot.microphone is MicrophoneLamp.MUTED)
    assert pulse.is_captured_by(pid)
    await call.end()
    assert call.snapshot.microphone is MicrophoneLamp.OFF
    assert not pulse.is_captured_by(pid)


async def test_a_microphone_that_the_organization_closes_is_closed(
    pulse: Pulse, sounding: tuple[CallService, ProcessEngine], page: PatientPage
) -> None:
    """In mid-call: the sound server lists none of ours, the lamp is off, the reason named; the call goes on."""
    call, engine = sounding
    pid = await captured(pulse, call, engine, page)
    engine.permit(DeviceRules(("Nothing like it",)))
    await until(lambda: call.snapshot.microphone is MicrophoneLamp.OFF)
    assert call.snapshot.microphone_problem == "forbidden"
    assert not pulse.is_captured_by(pid)
    assert (call.snapshot.state, call.snapshot.camera) == (CallState.ACTIVE, CameraLamp.LIVE)
    engine.permit(DeviceRules())
    await until(lambda: call.snapshot.microphone is MicrophoneLamp.LIVE and pulse.is_captured_by(pid))


async def test_a_dead_sound_server_is_a_problem_not_the_end(
    pulse: Pulse, sounding: tuple[CallService, ProcessEngine], page: PatientPage
) -> None:
    """The sound server dies: the call goes on, and the microphone's and the speaker's problems are named."""
    call, _ = sounding
    await connected(call, page)
    pulse.stop()
    await until(lambda: call.snapshot.microphone_problem is not None)
    await until(lambda: call.snapshot.speaker_problem is not None)
    assert call.snapshot.state is CallState.ACTIVE
    frames = call.snapshot.figures.remote_frames
    await until(lambda: call.snapshot.figures.remote_frames > frames + 20)


async def test_a_vanished_microphone_is_noticed_and_not_replaced(
    pulse: Pulse, sounding: tuple[CallService, ProcessEngine], page: PatientPage
) -> None:
    """The open microphone is unplugged: within a second it is named, and the server lists none for our process.

    The other microphone, to which the server would have moved us, is opened only when the person chooses it; the leg
    stays the same.
    """
    call, engine = sounding
    plugged = pulse.control(
        "load-module", "module-remap-source", "source_name=headset", "master=cable.monitor"
    ).stdout.strip()
    call.devices.choose(DeviceChoice(camera="generator", microphone="headset"))
    await connected(call, page)
    call.devices.list()
    await until(lambda: call.devices.view.listed is not None)
    leg, pid = call.snapshot.leg, engine.pid
    assert pid is not None
    pulse.control("unload-module", plugged)
    async with asyncio.timeout(1):
        await until(lambda: call.snapshot.microphone_problem == "gone")
    await until(lambda: call.snapshot.microphone is MicrophoneLamp.OFF)
    assert not pulse.is_captured_by(pid)
    listed = call.devices.view.listed
    assert listed is not None
    await until(lambda: "headset" not in {device.id for device in (call.devices.view.listed or listed).microphones})
    call.devices.choose(DeviceChoice(camera="generator", microphone="mic"))
    await until(lambda: call.snapshot.microphone is MicrophoneLamp.LIVE)
    assert pulse.is_captured_by(pid)
    assert call.snapshot.microphone_problem is None
    assert call.snapshot.leg == leg


async def test_devices_can_be_checked_between_visits(pulse: Pulse, sounding: tuple[CallService, ProcessEngine]) -> None:
    """Outside a visit: the meter follows the microphone, the test sound is heard, and off releases the microphone."""
    call, engine = sounding
    await call.prepare()
    pid = engine.pid
    assert pid is not None
    assert not pulse.is_captured_by(pid)
    call.devices.check(camera=True, microphone=True)
    await until(lambda: call.snapshot.microphone is MicrophoneLamp.MUTED)
    assert pulse.is_captured_by(pid)
    with pulse.speaking(1000):
        await until(lambda: call.devices.view.level > 0.5)
    with pulse.recording() as heard:
        await until(lambda: len(heard()) > 0)
        assert loudest_hertz(heard()) == 0
        call.devices.play_test_sound()
        await until(lambda: 500 < loudest_hertz(heard()) < 700)
    call.devices.check(camera=False, microphone=False)
    await until(lambda: call.snapshot.microphone is MicrophoneLamp.OFF)
    assert not pulse.is_captured_by(pid)
    assert call.devices.view.level == 0.0
