"""A call with itself, without a window: what ``carena-desktop --self-test`` runs to tell whether a visit can work here.

The real media process on one side, a second peer on the other, over this machine's own network. Every item is measured
from frames, sound and messages. No camera, microphone or speaker is opened; they are only listed.
"""

import asyncio
import itertools
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from carena_desktop.call.engine import encoder_speed, frame_number
from carena_desktop.call.engine.child import EngineOptions
from carena_desktop.call.engine.generator import TONE_HZ
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.engine.loopback_patient import LoopbackPatient
from carena_desktop.call.model import CallFigures
from carena_desktop.call.ports import (
    ApplyAnswer,
    ControlOpened,
    ControlReceived,
    DevicesListed,
    EngineEvent,
    EngineStartError,
    FiguresMeasured,
    FrameReady,
    InstallKeys,
    ListDevices,
    OfferMade,
    OpenLeg,
    SendControl,
    SetCapture,
    Stream,
)
from carena_protocol.e2ee.sframe import KEY_BYTES
from carena_protocol.peer import AnyControl, Heartbeat, HeartbeatSeen, encode

LIMIT_S: Final = 20.0
FRAMES_WANTED: Final = 30
TONE_TOLERANCE_HZ: Final = 3.0
_LEG: Final = 1
_POLL_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class SelfTestItem:
    """One finding."""

    name: str
    ok: bool
    detail: str
    optional: bool = False
    """A call works without it."""


@dataclass(slots=True)
class _Seen:
    """What came out of the engine."""

    offer: str = ""
    numbers: list[int] = field(default_factory=list)
    figures: CallFigures = field(default_factory=CallFigures)
    best_audio: float = 0.0
    control_open: bool = False
    control: list[bytes] = field(default_factory=list)
    devices: DevicesListed | None = None


async def run_self_test(*, system_devices: bool = True, limit_s: float = LIMIT_S) -> list[SelfTestItem]:
    """Make the call and return what was found, at most about ``limit_s`` seconds later.

    Args:
        system_devices: Whether to list the machine's devices; off in tests.
        limit_s: How long to wait for each stage.
    """
    engine = ProcessEngine(EngineOptions(system_devices=system_devices))
    try:
        try:
            await engine.start()
        except EngineStartError as error:
            return [SelfTestItem("media process", ok=False, detail=str(error))]
        items = [SelfTestItem("media process", ok=True, detail=f"process {engine.pid}, aiortc as expected")]
        items += await _call(engine, limit_s)
    finally:
        await engine.aclose()
    return [*items, await asyncio.to_thread(_encoder_speed)]


def _encoder_speed() -> SelfTestItem:
    speeds = encoder_speed.measure()
    detail = ", ".join(f"{one.width}x{one.height}: {one.fps:.0f} frames a second" for one in speeds)
    return SelfTestItem("encoder speed", speeds[0].fps >= FRAMES_WANTED, detail, optional=True)


def self_test() -> list[SelfTestItem]:
    """Run it on a loop of its own."""
    return asyncio.run(run_self_test())


async def _call(engine: ProcessEngine, limit_s: float) -> list[SelfTestItem]:
    seen = _Seen()
    patient = LoopbackPatient(on_control=lambda message: _echo(patient, message))
    unsubscribe = engine.on_event(lambda event: _take(engine, seen, event))
    try:
        engine.send(ListDevices())
        engine.send(
            SetCapture(
                camera=True, microphone=True, muted=False, camera_device="generator", microphone_device="generator"
            )
        )
        engine.send(OpenLeg(_LEG, ()))
        await _until(lambda: bool(seen.offer), limit_s)
        if seen.offer:
            async with asyncio.timeout(limit_s):
                engine.send(ApplyAnswer(_LEG, await patient.answer(seen.offer)))
            _share_keys(engine, patient)
        await _until(lambda: seen.control_open, limit_s)
        engine.send(SendControl(_LEG, encode(Heartbeat(n=1))))
        await _until(lambda: _enough(seen, patient), limit_s)
    except TimeoutError:
        pass  # what is missing is an item's finding
    finally:
        unsubscribe()
        judged = _judge(seen, patient)
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await patient.aclose()
    return judged


def _share_keys(engine: ProcessEngine, patient: LoopbackPatient) -> None:
    """Both ends are ours: the keys need no agreement."""
    for ours, theirs in (("send", "receive"), ("receive", "send")):
        keys = [secrets.token_bytes(KEY_BYTES) for _ in range(3)]
        patient.sealing.install(theirs, 1, *keys)
        engine.send(InstallKeys(_LEG, "send" if ours == "send" else "receive", 1, *keys))


def _take(engine: ProcessEngine, seen: _Seen, event: EngineEvent) -> None:
    match event:
        case OfferMade(sdp=sdp):
            seen.offer = sdp
        case FrameReady(stream=stream):
            picture = engine.frames(stream).take()
            number = None if picture is None else frame_number.read_picture(picture)
            if number is not None and stream is Stream.REMOTE:
                seen.numbers.append(number)
        case FiguresMeasured(figures=figures):
            seen.figures = figures
            seen.best_audio = max(seen.best_audio, figures.remote_audio_frames_per_s)
        case ControlOpened():
            seen.control_open = True
        case ControlReceived(data=data):
            seen.control.append(data)
        case DevicesListed():
            seen.devices = event
        case _:
            pass


def _echo(patient: LoopbackPatient, message: AnyControl) -> None:
    if isinstance(message, Heartbeat):
        patient.send(HeartbeatSeen(n=message.n))


async def _until(condition: Callable[[], bool], limit_s: float) -> None:
    """Wait until ``condition`` holds or the time is over: what is missing then is an item's finding."""
    loop = asyncio.get_running_loop()
    end = loop.time() + limit_s
    while not condition() and loop.time() < end:  # noqa: ASYNC110 - several sources; a poll is the simplest of them
        await asyncio.sleep(_POLL_S)


def _rising(numbers: list[int]) -> bool:
    return len(numbers) >= FRAMES_WANTED and all(a < b for a, b in itertools.pairwise(numbers))


def _enough(seen: _Seen, patient: LoopbackPatient) -> bool:
    video = len(seen.numbers) >= FRAMES_WANTED and len(patient.numbers) >= FRAMES_WANTED
    audio = seen.best_audio > 0 and patient.loudest_hertz() > 0
    return video and audio and bool(seen.control) and seen.devices is not None


def _judge(seen: _Seen, patient: LoopbackPatient) -> list[SelfTestItem]:
    figures = seen.figures
    hertz = patient.loudest_hertz()
    devices = seen.devices or DevicesListed()
    complete = all((devices.cameras, devices.microphones, devices.speakers))
    counts = (
        f"cameras: {len(devices.cameras)}, microphones: {len(devices.microphones)}, speakers: {len(devices.speakers)}"
    )
    security = f"{figures.dtls_version or 'no DTLS'}, {figures.srtp_profile or 'no SRTP'}"
    echoed = encode(HeartbeatSeen(n=1)) in seen.control
    return [
        SelfTestItem("encryption", bool(figures.srtp_profile) and bool(figures.dtls_version), security),
        SelfTestItem("video received", _rising(seen.numbers), f"{len(seen.numbers)} numbered frames in order"),
        SelfTestItem("video sent", _rising(patient.numbers), f"{len(patient.numbers)} numbered frames in order"),
        SelfTestItem("sound received", seen.best_audio > 0, f"{seen.best_audio:.0f} frames a second"),
        SelfTestItem("sound sent", abs(hertz - TONE_HZ) <= TONE_TOLERANCE_HZ, f"a tone of {hertz:.0f} Hz"),
        SelfTestItem("data channel", echoed, "the echo came back" if echoed else "no echo"),
        SelfTestItem("devices", complete, counts, optional=seen.devices is not None),
    ]
