"""One line of a benchmark's result, and how two things are timed fairly."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

ROUNDS: Final = 15


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure beside the one it is compared with.

    Args:
        what: What was measured.
        ours: Our figure, in ``unit``.
        peer: The other's figure, measured in the same run, or None.
        peer_name: What the other is, with its version.
        unit: For example "µs" or "frames/s".
        target: The goal in words, or "".
        met: Whether the goal was reached, None without a goal.
    """

    what: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    target: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's."""
        return None if not self.peer else self.ours / self.peer

    def as_json(self) -> dict[str, Any]:
        """Return the row as the result file has it."""
        ratio = self.ratio
        return {
            **asdict(self),
            "ours": float(f"{self.ours:.6g}"),
            "peer": None if self.peer is None else float(f"{self.peer:.6g}"),
            "ratio": None if ratio is None else round(ratio, 4),
        }


def paired(
    ours: Callable[[], object],
    peer: Callable[[], object],
    calls: int,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Return the median time of a call of each in microseconds, measured in turns so that both meet the same load.

    ``clock`` gives seconds: of the wall, or of the processor (``time.process_time``, ``time.thread_time``).
    """
    samples: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for function, sample in zip((ours, peer), samples, strict=True):
            start = clock()
            for _ in range(calls):
                function()
            sample.append((clock() - start) / calls * 1e6)
    return statistics.median(samples[0]), statistics.median(samples[1])
