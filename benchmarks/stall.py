"""What the other party hears while the clinician's window is busy: gaps in the sound it gets from us.

The window stalls 150 ms in every second, as a large table or a file dialogue can make it. Ours: the engine in its own
process. The peer: the same engine on the window's loop, as the usual examples of aiortc with Qt have it. Measured is
the time between decoded frames of 20 ms at a patient on loopback, in turns.

The environment may set CARENA_BENCH_ROUNDS.
"""

import asyncio
import json
import os
import statistics
import sys
from collections.abc import Iterable
from typing import Final

import numpy as np

from benchmarks.row import Row
from carena_desktop.call.engine.aiortc_engine import prepare
from carena_desktop.call.engine.loopback_patient import LoopbackPatient
from carena_desktop.clock import SYSTEM_CLOCK

ROUNDS: Final = int(os.environ.get("CARENA_BENCH_ROUNDS", "5"))
WARM_S: Final = 5.0
MEASURE_S: Final = 15.0
TARGET_MS: Final = 60.0
TARGET_RATIO: Final = 0.35


async def _gaps(kind: str) -> tuple[float, float]:
    """Return the 99th percentile and the longest of the gaps, in milliseconds."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.peers.stalled", kind,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 20,
    )  # fmt: skip
    patient = LoopbackPatient(camera=False)
    try:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes")
        said = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
        patient.sealing.install("receive", 1, *3 * (bytes.fromhex(said["key"]),))
        process.stdin.write(json.dumps({"answer": await patient.answer(said["offer"])}).encode() + b"\n")
        await asyncio.sleep(WARM_S)
        arrived: list[float] = []
        heard, end = patient.audio_frames, SYSTEM_CLOCK.monotonic() + MEASURE_S
        while SYSTEM_CLOCK.monotonic() < end:
            patient.changed.clear()
            await asyncio.wait_for(patient.changed.wait(), 10)
            if patient.audio_frames > heard:
                arrived += [SYSTEM_CLOCK.monotonic()] * (patient.audio_frames - heard)
                heard = patient.audio_frames
        gaps = np.diff(arrived) * 1000
        return float(np.percentile(gaps, 99)), float(gaps.max())
    finally:
        await patient.aclose()
        if process.stdin is not None:
            process.stdin.close()
        await asyncio.wait_for(process.wait(), 20)


async def _measure() -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    prepare()
    ours, loop = [], []
    for _ in range(ROUNDS):
        ours.append(await _gaps("process"))
        loop.append(await _gaps("loop"))
    return ours, loop


def rows() -> Iterable[Row]:
    """Measure and yield the rows."""
    ours, loop = asyncio.run(_measure())
    name = "the same engine on the window's loop (qasync)"
    mine, theirs = (statistics.median(one[0] for one in ends) for ends in (ours, loop))
    met = mine <= TARGET_MS and mine <= TARGET_RATIO * theirs
    yield Row("gap in our sound, 99th percentile", mine, "ms", theirs, name, "<= 0.35 x, <= 60 ms", met)
    mine, theirs = (statistics.median(one[1] for one in ends) for ends in (ours, loop))
    yield Row("gap in our sound, longest", mine, "ms", theirs, name)
