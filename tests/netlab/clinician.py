"""The clinician's end of a laboratory call: the real engine with generated devices, in a namespace of its own.

    python -m tests.netlab.clinician SIGNALING_URL ICE_SERVERS_JSON SECONDS REPORT_FILE [SHARE_AT]

A generated screen is shared besides from SHARE_AT seconds on. Writes when each decoded frame and each 20 ms of sound
arrived, as seconds since the leg was begun.
"""

import asyncio
import json
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from av import AudioFrame, VideoFrame

from carena_desktop.call.engine import leg as leg_module
from carena_desktop.call.engine.aiortc_engine import AiortcEngine, prepare
from carena_desktop.call.engine.frames import FrameWriter, SlotReader, SlotSize
from carena_desktop.call.engine.virtual_devices import GENERATOR, VirtualDevices
from carena_desktop.call.ports import (
    ApplyAnswer,
    EngineEvent,
    FiguresMeasured,
    LegChanged,
    OfferMade,
    OpenLeg,
    SetCapture,
    Stream,
)
from carena_desktop.clock import SYSTEM_CLOCK
from carena_protocol.messages import IceServer

SIZE = SlotSize(640, 360)
CAPTURE = SetCapture(camera=True, microphone=True, muted=False, camera_device=GENERATOR, microphone_device=GENERATOR)


class Recorder:
    """Notes the moments; the engine's sinks call it on the loop."""

    def __init__(self) -> None:
        self.began = 0.0
        self.video: list[float] = []
        self.audio: list[float] = []
        self.states: list[tuple[float, str]] = []
        self.figures: list[dict[str, Any]] = []
        self.delays: list[tuple[float, float, float]] = []
        """Of each piece of sound: when it was decoded, that less its RTP time, and what waited at the loudspeaker."""

    def now(self) -> float:
        """Seconds since the leg was begun."""
        return SYSTEM_CLOCK.monotonic() - self.began


class OpenSealing:
    """Seals nothing: the laboratory's page and patient know no keys, and faults of networks don't depend on them."""

    unopened = 0
    is_in_place = True
    """Or the leg would take no answer."""

    def __init__(self, *_arguments: object) -> None:
        """As ``LegSealing``."""

    def attach(self, *_ends: object) -> None:
        """Leave sender and receiver as they are."""

    def epoch_begun(self, _timestamp: int | None) -> None:
        """There are no epochs."""


class RecordedEngine(AiortcEngine):
    """The engine, with each frame's arrival noted before it goes its way."""

    recorder: Recorder

    def _remote_video(self, leg: int, frame: VideoFrame) -> None:
        self.recorder.video.append(self.recorder.now())
        super()._remote_video(leg, frame)

    def _remote_audio(self, leg: int, frame: AudioFrame) -> None:
        now = self.recorder.now()
        self.recorder.audio += [now] * round(frame.samples / 960)
        super()._remote_audio(leg, frame)
        speaker = self._playout._speaker  # what the person hears has waited there
        if speaker is not None and frame.time is not None:
            self.recorder.delays.append((now, now - frame.time, speaker.waiting_s))


async def call(url: str, servers: tuple[IceServer, ...], seconds: float, share_at: float | None) -> Recorder:
    """Make one call with one leg and return what was noted."""
    recorder = RecordedEngine.recorder = Recorder()
    events: asyncio.Queue[EngineEvent] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    memories = {stream: memoryview(bytearray(SIZE.total_bytes)) for stream in Stream}
    locks = {stream: threading.Lock() for stream in Stream}
    readers = [SlotReader(memories[stream], SIZE, locks[stream]) for stream in Stream]

    def emit(event: EngineEvent) -> None:
        loop.call_soon_threadsafe(events.put_nowait, event)

    engine = RecordedEngine(
        devices=VirtualDevices(SYSTEM_CLOCK),
        slots={stream: FrameWriter(memories[stream], SIZE, locks[stream]) for stream in Stream},
        emit=emit,
        clock=SYSTEM_CLOCK,
    )
    engine.handle(CAPTURE)
    try:
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{url}?name=cl") as socket:
            await _peer(socket)
            recorder.began = SYSTEM_CLOCK.monotonic()
            engine.handle(OpenLeg(1, servers, screen=share_at is not None))
            async with asyncio.timeout(seconds + 30):
                await _exchange(engine, events, recorder, socket)
            reader = loop.create_task(_drain(events, recorder))
            if share_at is not None:
                await asyncio.sleep(max(0.0, share_at - recorder.now()))
                engine.handle(replace(CAPTURE, shared=GENERATOR))
            await asyncio.sleep(max(0.0, seconds - recorder.now()))
            reader.cancel()
    finally:
        await engine.aclose()
        for one in readers:
            one.close()
    return recorder


async def _peer(socket: aiohttp.ClientWebSocketResponse) -> None:
    while (await socket.receive_json(timeout=60))["type"] != "peer":
        pass


async def _exchange(
    engine: AiortcEngine,
    events: asyncio.Queue[EngineEvent],
    recorder: Recorder,
    socket: aiohttp.ClientWebSocketResponse,
) -> None:
    while True:
        event = await events.get()
        _note(event, recorder)
        if isinstance(event, OfferMade):
            await socket.send_json({"type": "offer", "gen": 1, "sdp": event.sdp})
            break
    while (message := await socket.receive_json())["type"] != "answer":
        pass
    engine.handle(ApplyAnswer(1, message["sdp"]))


async def _drain(events: asyncio.Queue[EngineEvent], recorder: Recorder) -> None:
    while True:
        _note(await events.get(), recorder)


def _note(event: EngineEvent, recorder: Recorder) -> None:
    match event:
        case LegChanged(state=state):
            recorder.states.append((recorder.now(), state.value))
        case FiguresMeasured(figures=figures):
            noted = {
                "path": figures.path.value,
                "sent_fps": figures.sent_fps,
                "sent_screen_fps": figures.sent_screen_fps,
            }
            recorder.figures.append({"at": recorder.now(), **noted})
        case _:
            pass


def main() -> None:
    """Run the call that the command line describes."""
    url, servers, seconds, report, *share_at = sys.argv[1:]
    prepare()
    vars(leg_module)["LegSealing"] = OpenSealing  # in this process only
    listed = msgspec.json.decode(servers, type=tuple[IceServer, ...])
    recorder = asyncio.run(call(url, listed, float(seconds), float(share_at[0]) if share_at else None))
    Path(report).write_text(json.dumps(vars(recorder)), encoding="utf-8")


if __name__ == "__main__":
    main()
