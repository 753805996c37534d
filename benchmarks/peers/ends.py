"""The two ends of a measured call that are not a browser: our engine, and aiortc as it comes, each in its process."""

import asyncio
import json
import secrets
import sys
from collections import deque
from pathlib import Path
from typing import Final

import psutil

from benchmarks.peers.browser import BrowserPeer, Keys, tree_cpu
from benchmarks.peers.numbered import Seen
from carena_desktop.call.engine import frame_number
from carena_desktop.call.engine.child import EngineOptions
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.ports import (
    ApplyAnswer,
    CloseLeg,
    EngineEvent,
    FiguresMeasured,
    FrameReady,
    InstallKeys,
    OfferMade,
    OpenLeg,
    SetCapture,
    Stream,
)
from carena_desktop.clock import SYSTEM_CLOCK

SMALL: Final = (320, 180)
"""Large enough for the number, small enough to cost next to nothing."""
SHOWN: Final = {Stream.REMOTE: (1020, 574), Stream.SELF: (224, 126)}
"""Device pixels, as in the window at its usual size; pictures are scaled and converted for it in our process."""


def _both() -> tuple[Keys, Keys]:
    """Return new keys as we see them, and as the page does."""
    sending, receiving = ((secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)) for _ in range(2))
    return {"send": sending, "receive": receiving}, {"send": receiving, "receive": sending}


class OurEnd:
    """The engine in its process, sending the clip; frames are sealed both ways, as in every visit."""

    def __init__(self, camera: Path) -> None:
        self._camera = camera
        self._engine = ProcessEngine(EngineOptions(system_devices=False))
        self._offer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._fps: list[float] = []
        self._captured: deque[tuple[int, float]] = deque(maxlen=900)
        self._decoded: deque[tuple[int, float]] = deque(maxlen=900)
        self._watched: dict[Stream, deque[tuple[int, float]]] = {}
        self.first_frame_at_ms: int | None = None
        """Wall clock, ms, of the first decoded frame."""
        self._engine.on_event(self._event)

    def _event(self, event: EngineEvent) -> None:
        match event:
            case OfferMade(sdp=sdp) if not self._offer.done():
                self._offer.set_result(sdp)
            case FiguresMeasured(figures=figures):
                self._fps.append(figures.remote_fps)
                self.first_frame_at_ms = figures.first_remote_frame_at_ms
            case FrameReady(stream=stream) if stream in self._watched:
                picture, now = self._engine.frames(stream).take(), SYSTEM_CLOCK.wall_ms()
                number = frame_number.read_picture(picture) if picture is not None else None
                if number is not None:
                    self._watched[stream].append((number, now))
            case _:
                pass

    async def start(self) -> None:
        """Start the engine; it is warm when this returns."""
        await self._engine.start()

    def watch(self) -> None:
        """Note when each numbered picture is captured and decoded, read from small copies of both."""
        for stream, seen in ((Stream.SELF, self._captured), (Stream.REMOTE, self._decoded)):
            self._engine.frames(stream).request_size(*SMALL)
            self._watched[stream] = seen

    async def seen(self) -> tuple[Seen, Seen]:
        """Return what was captured and decoded, the latest 900 of each."""
        return list(self._captured), list(self._decoded)

    @property
    def process(self) -> psutil.Process:
        """The media process."""
        if self._engine.pid is None:
            raise RuntimeError("not started")
        return psutil.Process(self._engine.pid)

    async def connect(self, page: BrowserPeer) -> None:
        """Call the page."""
        for stream, size in SHOWN.items() if not self._watched else ():
            self._engine.frames(stream).request_size(*size)
        device = f"file:{self._camera}"
        self._engine.send(
            SetCapture(camera=True, microphone=True, muted=False, camera_device=device, microphone_device="generator")
        )
        self._engine.send(OpenLeg(1, (), screen=False))
        ours, theirs = _both()
        offer = await self._offer
        self._engine.send(InstallKeys(1, "send", 1, *ours["send"]))
        self._engine.send(InstallKeys(1, "receive", 1, *ours["receive"]))
        self._engine.send(ApplyAnswer(1, await page.answer(offer, theirs)))

    async def renew(self, epoch: int, page: BrowserPeer) -> None:
        """Change the keys of both directions, as each half minute of a visit; those older than two minutes are void."""
        ours, theirs = _both()
        self._engine.send(InstallKeys(1, "receive", epoch, *ours["receive"]))
        await page.renew(epoch, theirs)
        self._engine.send(InstallKeys(1, "send", epoch, *ours["send"]))

    def hang_up(self) -> None:
        """Close the leg and the devices; the engine stays."""
        self._engine.send(SetCapture(camera=False, microphone=False, muted=True))
        self._engine.send(CloseLeg(1))

    async def shown(self) -> tuple[float, float]:
        """Return frames decoded in all (by the engine's own rate) and CPU seconds so far."""
        return sum(self._fps), tree_cpu(self.process)

    async def aclose(self) -> None:
        """End the process."""
        await self._engine.aclose()


class StockEnd:
    """aiortc without any repair, in a process of its own."""

    def __init__(self, camera: Path) -> None:
        self._camera = camera
        self._process: asyncio.subprocess.Process | None = None
        self.first_frame_at_ms: int | None = None
        """Wall clock, ms, of the first decoded frame."""

    async def start(self) -> None:
        """Start the process; it has imported aiortc and read the clip when this returns."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.peers.stock", str(self._camera),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 20,
        )  # fmt: skip
        await self._answer()

    async def connect(self, page: BrowserPeer) -> None:
        """Call the page."""
        self._write("")
        offer = json.loads(await self._answer())["offer"]
        answer = await page.answer(offer)
        self._write(json.dumps({"answer": answer}))

    async def shown(self) -> tuple[float, float]:
        """Return frames decoded and CPU seconds so far."""
        self._write("")
        totals = json.loads(await self._answer())
        self.first_frame_at_ms = totals["first_ms"]
        if self._process is None:
            raise RuntimeError("not connected")
        return float(totals["video"]), tree_cpu(psutil.Process(self._process.pid))

    def watch(self) -> None:
        """It always does."""

    async def seen(self) -> tuple[Seen, Seen]:
        """Return what was captured and decoded, the latest 900 of each."""
        self._write("")
        found = json.loads(await self._answer())
        return [(n, at) for n, at in found["captured"]], [(n, at) for n, at in found["decoded"]]

    async def aclose(self) -> None:
        """End the process."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await asyncio.wait_for(self._process.wait(), 10)

    def _write(self, line: str) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("not connected")
        self._process.stdin.write(line.encode() + b"\n")

    async def _answer(self) -> str:
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("not connected")
        return (await asyncio.wait_for(self._process.stdout.readline(), 30)).decode()
