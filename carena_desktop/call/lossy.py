"""Whether the direct path has got so bad that the relay is better, found out while it still carries the call. Sans-IO.

    well --packets get lost for 5 s--> asking over the spare, 30 times --answered in time--> better by the relay
     ^----packets arrive again--------'  `--not all answered: the trouble is nearer than the relay--> rests 15 s

A radio or an uplink that loses packets loses those of the relay as well: then nothing is gained, and nothing happens.
"""

from typing import Final

LOSSY: Final = 0.08
"""Fraction of video packets that did not arrive at first, in either direction: what repetition can't hide any more."""
LOSSY_S: Final = 5.0
PROBES: Final = 30
EVERY_S: Final = 0.1
WITHIN_S: Final = 0.5
"""A question or answer that got lost is repeated, and comes later than this."""
MOST_LATE: Final = 1
"""A computer may be busy once; a link that loses a twentieth of its packets fails more."""
REST_S: Final = 15.0


class LossJudge:
    """Of one call; times are monotonic seconds."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._rest_until = float("-inf")
        self._asked: dict[int, float] = {}
        self._in_time = 0
        self._next_at: float | None = None
        self.is_better = False
        """Whether the relay loses nothing where the direct path does."""

    @property
    def at(self) -> float | None:
        """When ``wants_probe`` or ``is_better`` changes by time alone, while questions are asked."""
        return self._next_at

    def measured(self, loss: float, now: float) -> None:
        """Take the figures of a second of the leg in use, beside which a spare stands ready."""
        if loss < LOSSY:
            self.clear()
        elif self._since is None:
            self._since = now
        elif self._next_at is None and now - self._since >= LOSSY_S and now >= self._rest_until:
            self._asked.clear()
            self._in_time = 0
            self._next_at = now

    def wants_probe(self, now: float) -> bool:
        """Whether a question is to be asked now; at the end the answers are counted."""
        if self._next_at is None or now < self._next_at:
            return False
        if len(self._asked) < PROBES:
            return True
        self._next_at = None
        self.is_better = self._in_time >= PROBES - MOST_LATE
        self._rest_until = now + REST_S
        return False

    def probed(self, number: int, now: float) -> None:
        """A question was asked."""
        self._asked[number] = now
        self._next_at = now + (EVERY_S if len(self._asked) < PROBES else WITHIN_S)

    def answered(self, number: int, now: float) -> None:
        """It was answered."""
        asked_at = self._asked.get(number)
        if self._next_at is not None and asked_at is not None and now - asked_at <= WITHIN_S:
            self._in_time += 1

    def clear(self) -> None:
        """All is well, or there is no spare to ask."""
        self._since = self._next_at = None
        self.is_better = False
