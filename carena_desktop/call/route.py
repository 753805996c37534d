"""How what is said about a leg reaches the other party: over the leg in use, through the relay, or both ways. Sans-IO.

While the leg in use is well the relay learns nothing of the next one. When that is not sure, the same sealed message
goes both ways, and the other party takes the first copy. What nobody vouches for goes through the relay only.
"""

from carena_desktop.call import inputs, recovery
from carena_desktop.call.ports import SendControl
from carena_desktop.call.turn import Turn
from carena_protocol import limits
from carena_protocol.peer import AnySignal, Sealed, SealedOver, encode


class Route:
    """Of one call.

    Args:
        turn: Shared with the machine.
    """

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._waiting: tuple[float, int, AnySignal] | None = None
        self._probe_at: float | None = None
        self.is_late = False
        """Whether the newest message that had to be answered was not, over the leg in use: it may carry nothing."""

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due."""
        again = self._waiting[0] if self._waiting is not None else None
        return min((at for at in (again, self._probe_at) if at is not None), default=None)

    def tell(self, signal: AnySignal, leg: int, attempt: int, *, is_sure: bool) -> bool:
        """Say something about a leg.

        Args:
            signal: Sealed, if the leg has one that vouches for it.
            leg: In use, over which it may go; 0 for none.
            attempt: The search on whose behalf.
            is_sure: Whether the leg in use is well.

        Returns:
            Whether it went over the leg in use, so that a relay that refuses it does not matter.
        """
        data = _over(signal) if leg else None
        if data is not None:
            self._turn.command(SendControl(leg, data))
        if data is None or not is_sure:
            self._turn.signal(attempt, signal)
        return data is not None

    def await_answer(self, signal: AnySignal, attempt: int) -> None:
        """What went over the leg in use is to be answered; else the relay carries it too."""
        self._waiting = self._turn.now.monotonic + recovery.AGAIN_S, attempt, signal
        self.is_late = False

    def answered(self) -> None:
        """It was answered, or is of no interest any more."""
        self._waiting = None

    def probe(self, *, is_stale: bool = False, at_once: bool = False) -> None:
        """Find out whether the service can be reached.

        Args:
            is_stale: The network changed: connect to it anew without asking.
            at_once: Whether two seconds since the last time need not have passed.
        """
        now = self._turn.now.monotonic
        if is_stale or at_once or self._probe_at is None or now >= self._probe_at:
            self._turn.add(inputs.ProbeSignaling(is_stale))
            self._probe_at = now + recovery.PROBE_S

    def tick(self, *, is_lost: bool) -> None:
        """Do what time asks for; ``is_lost`` says that no leg carries the call."""
        now = self._turn.now.monotonic
        if self._waiting is not None and now >= self._waiting[0]:
            _, attempt, signal = self._waiting
            self._waiting = None
            self.is_late = True
            self._turn.signal(attempt, signal)
        if self._probe_at is not None and now >= self._probe_at:
            self._probe_at = None
            if is_lost:
                self.probe()


def _over(signal: AnySignal) -> bytes | None:
    """Return the signal as a message over a data channel; None for one that is plain or too long."""
    if not isinstance(signal, Sealed):
        return None
    data = encode(SealedOver(leg=signal.leg, n=signal.n, body=signal.body, mac=signal.mac))
    return data if len(data) <= limits.MAX_CONTROL_BYTES else None
