"""Runs the targets over many inputs and says what was found: crashes, slowness, growth."""

import resource
import time
import tracemalloc
from dataclasses import dataclass, field

from tests.fuzz.mutate import Mutator
from tests.fuzz.targets import Target, targets

MOST_FINDINGS = 10
SLOW_MS = 250.0
"""Of processor time, for one input of at most 70 kB."""


@dataclass
class Result:
    """What came of one target."""

    name: str
    inputs: int = 0
    taken: int = 0
    slowest_ms: float = 0.0
    grown_kib: int = 0
    """By how much memory in use grew from after the first tenth to the end."""
    findings: list[str] = field(default_factory=list)


def run(inputs: int, seed: int) -> list[Result]:
    """Feed so many inputs, shared among the targets."""
    found = targets()
    return [_one(target, inputs // len(found), seed + number) for number, target in enumerate(found)]


def _one(target: Target, inputs: int, seed: int) -> Result:
    result, mutator = Result(target.name), Mutator(target.seeds, seed)
    tracemalloc.start(1)
    try:
        before = 0
        for number in range(inputs):
            if number == inputs // 10:
                tracemalloc.clear_traces()
                before = tracemalloc.get_traced_memory()[0]
            _feed(target, mutator.next(), result)
            if len(result.findings) >= MOST_FINDINGS:
                break
        result.grown_kib = max(0, (tracemalloc.get_traced_memory()[0] - before) // 1024)
    finally:
        tracemalloc.stop()
    return result


def _feed(target: Target, data: bytes, result: Result) -> None:
    start = time.process_time()
    try:
        target.run(data)
        result.taken += 1
    except target.errors:
        pass
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        result.findings.append(f"{type(error).__name__}: {error!s:.80} for {data[:200]!r}")
    result.inputs += 1
    took = (time.process_time() - start) * 1000
    result.slowest_ms = max(result.slowest_ms, took)
    if took > SLOW_MS:
        result.findings.append(f"{took:.0f} ms for {data[:80]!r} ({len(data)} bytes)")


def peak_mib() -> float:
    """Return the most memory that this process ever had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
