"""From the captured picture to the decoded one, on loopback with Chromium at the other end: ours, stock, Chromium.

Each picture has a number in it, and both ends note when they saw it. Ours is noted when a small copy is in the window's
process, which is a little after capture and a little after decoding. A direction is compared with the same direction
of the peers; figures are medians over the rounds.

Our patient's page opens what was sealed, in a worker; the peers' pages do not. Chromium hands a received picture to a
worker at the next tick of a clock of 64 Hz only (``RTCEncodedVideoStreamTransformer``): 7.8 ms in the median from its
first packet (``receiveTime`` in the frame's metadata) to the worker, 0.15 ms in it. Sound does not wait for ticks.

The environment may set CARENA_BENCH_ROUNDS and CARENA_BENCH_WARM_S.
"""

import asyncio
import os
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiortc
import numpy as np

from benchmarks.peers.browser import browser_peers
from benchmarks.peers.ends import OurEnd, StockEnd
from benchmarks.peers.numbered import delays, numbered_clip
from benchmarks.row import Row

CACHE: Final = Path(__file__).resolve().parent.parent / ".cache"
ROUNDS: Final = int(os.environ.get("CARENA_BENCH_ROUNDS", "5"))
WARM_S: Final = float(os.environ.get("CARENA_BENCH_WARM_S", "15"))
MEASURE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Milliseconds from capture to decoding, of the pictures of ten seconds."""

    to_page: list[float]
    from_page: list[float]


async def _with_browser(kind: type[OurEnd] | type[StockEnd], camera: Path) -> Outcome:
    async with browser_peers(1, camera, numbered=True, sealed=kind is OurEnd) as (page,):
        end = kind(camera)
        try:
            await end.start()
            end.watch()
            await end.connect(page)
            await asyncio.sleep(WARM_S)
            await page.seen()
            await asyncio.sleep(MEASURE_S)
            here, there = await end.seen(), await page.seen()
            start = there[1][0][1] if there[1] else 0.0
            recent = [one for one in here[1] if one[1] > start]
            return Outcome(delays(here[0], there[1]), delays(there[0], recent))
        finally:
            await end.aclose()


async def _between_browsers(camera: Path) -> Outcome:
    async with browser_peers(2, camera, numbered=True) as (one, two):
        await one.call(two)
        await asyncio.sleep(WARM_S)
        await one.seen()
        await two.seen()
        await asyncio.sleep(MEASURE_S)
        first, second = await one.seen(), await two.seen()
        both = delays(first[0], second[1]) + delays(second[0], first[1])
        return Outcome(both, both)


async def _measure() -> dict[str, list[Outcome]]:
    camera = numbered_clip(CACHE)
    found: dict[str, list[Outcome]] = {"ours": [], "stock": [], "chromium": []}
    for _ in range(ROUNDS):
        found["ours"].append(await _with_browser(OurEnd, camera))
        found["stock"].append(await _with_browser(StockEnd, camera))
        found["chromium"].append(await _between_browsers(camera))
    return found


def rows() -> Iterable[Row]:
    """Measure and yield the rows."""
    found = asyncio.run(_measure())
    peers = (("chromium", "Chromium to Chromium", 0.7), ("stock", f"aiortc {aiortc.__version__} as it comes", 0.4))
    for way, what in (("to_page", "we capture, the patient decodes"), ("from_page", "the patient captures, we decode")):
        for percent in (50, 95):

            def figure(who: str, way: str = way, percent: int = percent) -> float:
                sets = [getattr(one, way) for one in found[who]]
                return statistics.median(float(np.percentile(one, percent)) for one in sets if one)

            mine = figure("ours")
            for who, name, goal in peers:
                theirs = figure(who)
                target, met = (f"<= {goal} x", mine <= goal * theirs) if percent == 50 else ("", None)  # noqa: PLR2004 - the median
                yield Row(f"{what}, p{percent}", mine, "ms", theirs, name, target, met)
