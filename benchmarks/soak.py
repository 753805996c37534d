"""A long call: what grows, and what is left when it is over.

A 720p call with Chromium in which both send, with new keys each half minute. Memory is that of the media process, its
growth from the second minute (all buffers filled, all codecs made) to the end. After the call the threads and open
handles are compared with those of the ready engine before it.

The environment may set CARENA_BENCH_SOAK_MINUTES.
"""

import asyncio
import itertools
import os
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from benchmarks.peers.browser import BrowserPeer, browser_peers
from benchmarks.peers.content import clip
from benchmarks.peers.ends import OurEnd
from benchmarks.row import Row
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.tasks import TaskScope

CACHE: Final = Path(__file__).resolve().parent.parent / ".cache"
MINUTES: Final = float(os.environ.get("CARENA_BENCH_SOAK_MINUTES", "30"))
SETTLED_AFTER_S: Final = 120.0
SAMPLE_S: Final = 5.0
MAX_GROWTH_MB: Final = 20.0
GONE_WITHIN_S: Final = 10.0
RENEWAL_S: Final = 30.0
LEAST_FPS: Final = 15.0
"""Fewer are no call, and what a standing process holds says nothing of one."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a process holds."""

    threads: int
    handles: int


def _holding(process: psutil.Process) -> Holding:
    return Holding(process.num_threads(), process.num_fds())


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _renew(end: OurEnd, page: BrowserPeer) -> None:
    for epoch in itertools.count(2):
        await asyncio.sleep(RENEWAL_S)
        await end.renew(epoch, page)


async def _measure() -> tuple[list[float], Holding, Holding, float, float]:
    """Return memory samples in MB, what was held before and after, frames shown per second and the share of a core."""
    camera = clip(CACHE)
    memory: list[float] = []
    async with browser_peers(1, camera, sealed=True) as (page,):
        end, renewal = OurEnd(camera), TaskScope("renewal")
        try:
            await end.start()
            await asyncio.sleep(2)
            before = _holding(end.process)
            await end.connect(page)
            renewal.spawn(_renew(end, page), name="renewal")
            await asyncio.sleep(min(SETTLED_AFTER_S, MINUTES * 30))
            (frames, _), begun, spent = await end.shown(), SYSTEM_CLOCK.monotonic(), _cpu_s(end.process)
            while SYSTEM_CLOCK.monotonic() - begun < MINUTES * 60:
                await asyncio.sleep(SAMPLE_S)
                memory.append(end.process.memory_info().rss / 1e6)
            lasted = SYSTEM_CLOCK.monotonic() - begun
            fps = ((await end.shown())[0] - frames) / lasted
            cpu = (_cpu_s(end.process) - spent) / lasted
            await renewal.aclose()
            end.hang_up()
            await asyncio.sleep(GONE_WITHIN_S)
            return memory, before, _holding(end.process), fps, cpu
        finally:
            await renewal.aclose()
            await end.aclose()


def rows() -> Iterable[Row]:
    """Measure and yield the rows."""
    memory, before, after, fps, cpu = asyncio.run(_measure())
    part = max(1, len(memory) // 10)
    growth = statistics.median(memory[-part:]) - statistics.median(memory[:part])
    yield Row(
        f"memory growth in {MINUTES:g} minutes",
        growth,
        "MB",
        None,
        "",
        f"<= {MAX_GROWTH_MB:g} MB",
        growth <= MAX_GROWTH_MB,
    )
    yield Row("memory at the end", memory[-1], "MB")
    yield Row("frames shown", fps, "frames/s", None, "", f">= {LEAST_FPS:g}", fps >= LEAST_FPS)
    yield Row("processor time", cpu * 100, "% of a core")
    left = after.threads - before.threads
    yield Row("threads left after the call", left, "threads", None, "", "0", left <= 0)
    left = after.handles - before.handles
    yield Row("handles left after the call", left, "handles", None, "", "0", left <= 0)
