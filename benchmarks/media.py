"""A 720p call with Chromium: our engine, aiortc as it comes, and another Chromium, one after the other in each round.

Each call warms up until the estimates have settled, then is measured for ten seconds: frames and bits each way from the
browser's own counters, CPU of our media process and of the browser's whole tree from the kernel. Both show the other's
picture and their own at the same sizes, ours into the window's memory (drawing it there is in ``render``: 0.1 ms a
picture); ours seals its frames besides. Then some of the pictures that reached the browser are compared with the
clip's. All of it on an idle machine, and again with a process that keeps one core busy. The figures are medians over
the rounds; only the ratios mean something on a shared machine.

The environment may set CARENA_BENCH_ROUNDS, CARENA_BENCH_WARM_S and CARENA_BENCH_STATES ("idle", "busy" or both).
"""

import asyncio
import os
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiortc

from benchmarks.peers.browser import BrowserPeer, Rates, browser_peers
from benchmarks.peers.ends import OurEnd, StockEnd
from benchmarks.peers.numbered import numbered_clip
from benchmarks.row import Row

CACHE: Final = Path(__file__).resolve().parent.parent / ".cache"
ROUNDS: Final = int(os.environ.get("CARENA_BENCH_ROUNDS", "5"))
WARM_S: Final = float(os.environ.get("CARENA_BENCH_WARM_S", "15"))
STATES: Final = tuple(os.environ.get("CARENA_BENCH_STATES", "idle busy").split())
PARTIAL: Final = len(STATES) < 2  # noqa: PLR2004 - idle and busy
MEASURE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measured call, seen from the browser; ``shown_fps`` and ``cpu`` (cores) are the other side's.

    ``psnr`` (dB) is of what the browser decoded, ``nan`` when no picture of full size came.
    """

    browser: Rates
    shown_fps: float
    cpu: float
    psnr: float


@contextmanager
def _one_core_busy() -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as process:
        try:
            yield
        finally:
            process.kill()


async def _psnr(page: BrowserPeer) -> float:
    return statistics.median(await page.psnr() or [float("nan")])


@asynccontextmanager
async def _call(end: OurEnd | StockEnd, page: BrowserPeer) -> AsyncIterator[None]:
    try:
        await end.start()
        await end.connect(page)
        yield
    finally:
        await end.aclose()


async def _with_browser(kind: type[OurEnd] | type[StockEnd], camera: Path) -> Outcome:
    async with browser_peers(1, camera, sealed=kind is OurEnd) as (page,):
        end = kind(camera)
        async with _call(end, page):
            await asyncio.sleep(WARM_S)
            before, (shown, cpu) = await page.figures(), await end.shown()
            await asyncio.sleep(MEASURE_S)
            rates, (shown_after, cpu_after) = (await page.figures()).since(before), await end.shown()
            fps, cores = (shown_after - shown) / MEASURE_S, (cpu_after - cpu) / MEASURE_S
            return Outcome(rates, fps, cores, await _psnr(page))


async def _between_browsers(camera: Path) -> Outcome:
    async with browser_peers(2, camera) as (one, two):
        await one.call(two)
        await asyncio.sleep(WARM_S)
        before, before_two = await one.figures(), await two.figures()
        await asyncio.sleep(MEASURE_S)
        rates, rates_two = (await one.figures()).since(before), (await two.figures()).since(before_two)
        return Outcome(rates, rates_two.got_fps, rates.cpu, await _psnr(one))


async def _measure(camera: Path) -> tuple[list[Outcome], list[Outcome], list[Outcome]]:
    ours, stock, browsers = [], [], []
    for _ in range(ROUNDS):
        ours.append(await _with_browser(OurEnd, camera))
        stock.append(await _with_browser(StockEnd, camera))
        browsers.append(await _between_browsers(camera))
    return ours, stock, browsers


def rows() -> Iterable[Row]:
    """Measure and yield the rows."""
    camera = numbered_clip(CACHE)
    for state in STATES:
        if state == "busy":
            with _one_core_busy():
                outcomes = asyncio.run(_measure(camera))
            yield from _compared(*outcomes, ", one core busy")
        else:
            yield from _compared(*asyncio.run(_measure(camera)), "")


def _compared(ours: list[Outcome], stock: list[Outcome], browsers: list[Outcome], state: str) -> Iterable[Row]:
    chromium, plain = "Chromium to Chromium", f"aiortc {aiortc.__version__} as it comes"

    def median(outcomes: list[Outcome], pick: str) -> float:
        values = [getattr(one, pick) if hasattr(one, pick) else getattr(one.browser, pick) for one in outcomes]
        return float(statistics.median(values))

    for what, pick, unit in (
        ("video sent to us", "sent_kbps", "kbit/s"),
        ("video we send", "got_kbps", "kbit/s"),
        ("frames shown by us", "shown_fps", "frames/s"),
        ("frames the patient sees", "got_fps", "frames/s"),
    ):
        mine, theirs = median(ours, pick), median(browsers, pick)
        yield Row(what + state, mine, unit, theirs, chromium, ">= 0.98 x", mine >= 0.98 * theirs)
        yield Row(what + state, mine, unit, median(stock, pick), plain)
    mine, theirs = median(ours, "psnr"), median(browsers, "psnr")
    yield Row(f"PSNR of what the patient sees{state}", mine, "dB", theirs, chromium)
    yield Row(f"PSNR of what the patient sees{state}", mine, "dB", median(stock, "psnr"), plain)
    sends = f"quantizer of what the patient sends{state}"
    yield Row(sends, median(ours, "qp"), "of 127", median(browsers, "qp"), chromium)
    cpu, mine, theirs = f"CPU of our media process{state}", median(ours, "cpu"), median(browsers, "cpu")
    yield Row(cpu, mine, "cores", theirs, f"{chromium}, one side", "<= 0.65 x", mine <= 0.65 * theirs)
    sealing = statistics.median(one.browser.cpu for one in ours)
    yield Row(cpu, mine, "cores", sealing, "the patient's Chromium in the same call, sealing as we do")
    yield Row(cpu, mine, "cores", median(stock, "cpu"), plain)
    keys = median(ours, "keys")
    name = f"key frames we sent in ten seconds{state}"
    yield Row(name, keys, "frames", median(stock, "keys"), plain, "0", keys == 0)
