"""Whether the other party is still there: a heartbeat each second, and three in a row that nothing answers.

Sans-IO. Beats are counted, not seconds: a window that was busy for five seconds has sent one beat, not missed five.
Anything heard counts as an answer, media included: a data channel may wait for a retransmission while sound goes on.
"""

from typing import Final

PERIOD_S: Final = 1.0
MISSED_LIMIT: Final = 3
_REMEMBERED: Final = 16


class Liveness:
    """The heartbeat of one data channel."""

    def __init__(self, now: float) -> None:
        self._sent: dict[int, float] = {}
        self._number = 0
        self._unanswered = 0
        self.next_at = now
        """When the next beat is due, monotonic seconds."""
        self.round_trip_ms: float | None = None

    def beat(self, now: float) -> int:
        """Return the number of the beat to send now."""
        self._number += 1
        self._unanswered += 1
        self._sent[self._number] = now
        self._sent.pop(self._number - _REMEMBERED, None)
        self.next_at = now + PERIOD_S
        return self._number

    def heard(self) -> None:
        """Something came from the other party."""
        self._unanswered = 0

    def echoed(self, number: int, now: float) -> None:
        """A beat came back."""
        sent = self._sent.pop(number, None)
        if sent is not None:
            self.round_trip_ms = (now - sent) * 1000

    @property
    def lost(self) -> bool:
        """Whether three beats in a row stayed without an answer for a whole period."""
        return self._unanswered > MISSED_LIMIT
