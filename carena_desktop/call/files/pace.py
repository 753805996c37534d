"""How fast a file may be sent beside a conversation: never far ahead of what arrived, so that nothing waits behind it.

The window is judged by delay, like LEDBAT (RFC 6817): it grows while pieces arrive promptly and is halved when they
queue, wherever they queue (a pipe, a socket, a slow uplink). A rate on top of it leaves the processor to sound and
picture.
"""

from collections import deque
from typing import Final

from carena_protocol.limits import FILE_PIECE_BYTES

FAST_S: Final = 0.25
SLOW_S: Final = 0.5
MAX_WINDOW: Final = 16 * FILE_PIECE_BYTES
FIRST_WINDOW: Final = 2 * FILE_PIECE_BYTES
BYTES_PER_S: Final = 2_000_000
BURST: Final = 4 * FILE_PIECE_BYTES


class Pace:
    """Of one connection."""

    def __init__(self) -> None:
        self.window = FIRST_WINDOW
        self._on_the_way: deque[tuple[int, float]] = deque()
        self._credit = float(BURST)
        self._credited_at: float | None = None

    def room(self, ahead: int, size: int) -> bool:
        """Whether another ``size`` bytes may leave when ``ahead`` have not been confirmed."""
        return ahead == 0 or ahead + size <= self.window

    def wait(self, size: int, now: float) -> float:
        """Return how long to wait for ``size`` bytes to be within the rate, seconds; 0 is not at all."""
        before = self._credited_at if self._credited_at is not None else now
        self._credit = min(float(BURST), self._credit + max(0.0, now - before) * BYTES_PER_S)
        self._credited_at = now
        return max(0.0, (size - self._credit) / BYTES_PER_S)

    def sent(self, end: int, size: int, now: float) -> None:
        """A piece that ends at ``end`` has left."""
        self._credit -= size
        self._on_the_way.append((end, now))

    def arrived(self, end: int, now: float) -> None:
        """Everything before ``end`` has arrived."""
        took = None
        while self._on_the_way and self._on_the_way[0][0] <= end:
            took = now - self._on_the_way.popleft()[1]
        if took is None:
            return
        if took > SLOW_S:
            self.window = max(FILE_PIECE_BYTES, self.window // 2)
        elif took < FAST_S:
            self.window = min(MAX_WINDOW, self.window + FILE_PIECE_BYTES)

    def restart(self) -> None:
        """What is on its way counts no more."""
        self._on_the_way.clear()
        self.window = FIRST_WINDOW
