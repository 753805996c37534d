"""How long the engine takes to be ready, and a call to show its first picture, on loopback with Chromium.

"Ready" is from nothing to an engine that waits for a call: at sign-in, before anybody waits. "First picture" is from
the decision to take the patient to the first decoded frame of theirs; engine and page are ready then.
The peer is aiortc as it comes, in a process that has imported it.

The environment may set CARENA_BENCH_ROUNDS.
"""

import asyncio
import os
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import aiortc

from benchmarks.peers.browser import browser_peers
from benchmarks.peers.content import clip
from benchmarks.peers.ends import OurEnd, StockEnd
from benchmarks.row import Row
from carena_desktop.clock import SYSTEM_CLOCK

CACHE: Final = Path(__file__).resolve().parent.parent / ".cache"
ROUNDS: Final = int(os.environ.get("CARENA_BENCH_ROUNDS", "5"))
LIMIT_S: Final = 20.0
FIRST_FRAME_MS: Final = 500


async def _one(kind: type[OurEnd] | type[StockEnd], camera: Path) -> tuple[float, float]:
    """Return the milliseconds to ready, and to the first picture."""
    async with browser_peers(1, camera, sealed=kind is OurEnd) as (page,):
        end = kind(camera)
        try:
            begun = SYSTEM_CLOCK.monotonic()
            await end.start()
            ready = (SYSTEM_CLOCK.monotonic() - begun) * 1000
            accepted_at_ms = SYSTEM_CLOCK.wall_ms()
            await end.connect(page)
            async with asyncio.timeout(LIMIT_S):
                while end.first_frame_at_ms is None:
                    await asyncio.sleep(0.1)  # the moment itself is the end's own note
                    await end.shown()
            return ready, end.first_frame_at_ms - accepted_at_ms
        finally:
            await end.aclose()


async def _measure() -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    camera = clip(CACHE)
    ours, stock = [], []
    for _ in range(ROUNDS):
        ours.append(await _one(OurEnd, camera))
        stock.append(await _one(StockEnd, camera))
    return ours, stock


def rows() -> Iterable[Row]:
    """Measure and yield the rows."""
    ours, stock = asyncio.run(_measure())
    plain = f"aiortc {aiortc.__version__} as it comes"
    mine, theirs = (statistics.median(one[0] for one in ends) for ends in (ours, stock))
    yield Row("sign-in to engine ready", mine, "ms", theirs, f"{plain}: process, imports, clip")
    mine, theirs = (statistics.median(one[1] for one in ends) for ends in (ours, stock))
    yield Row("accept to first decoded frame", mine, "ms", theirs, plain, "<= 500 ms", mine <= FIRST_FRAME_MS)
    worst = max(one[1] for one in ours)
    yield Row("accept to first decoded frame, slowest round", worst, "ms", max(one[1] for one in stock), plain)
