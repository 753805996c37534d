"""The spare: a leg through a relay that is safe and carries nothing, beside a leg that goes directly. Sans-IO.

A direct path that a firewall closes ends without a word. Making another leg then takes longer than finding out, so one
is made while all is well: connected and agreed on, but without keys, so that neither side sends a frame over it. When
the leg in use falls silent the spare is asked. If it answers, and the silence has become odd for this path, the way to
the other party is there and the direct one is not: the spare gets its keys and carries the call.

    wanted (direct, settled) --> making (as any leg, relayed) --safe--> parked --silence, and it answers--> in use
                                                                 |--losses, and it has none (``lossy``)--> in use
                                                                 `--another leg is made, credentials age--> closed

A silence of everything, as of a radio that looks around, is none that the spare could help in, and it does not answer.
"""

from collections.abc import Callable, Sequence
from typing import Final

from carena_desktop.call import inputs, recovery
from carena_desktop.call.leg_security import Step
from carena_desktop.call.leg_track import LegTrack
from carena_desktop.call.lossy import LossJudge
from carena_desktop.call.model import CallFigures, Path
from carena_desktop.call.path_events import PathHeard, PathQuiet
from carena_desktop.call.ports import SendControl
from carena_desktop.call.safety import Safety
from carena_desktop.call.turn import Turn
from carena_protocol.messages import IceServer
from carena_protocol.peer import Heartbeat, encode

_SCHEMES: Final = ("turn:", "turns:")


class Spare:
    """Of one call.

    Args:
        turn: Shared with the machine.
        safety: The guards of the legs.
        track: Which leg is what.
        on_loss: Told when the call leaves a direct path that loses too much.
    """

    def __init__(self, turn: Turn, safety: Safety, track: LegTrack, on_loss: Callable[[], None] = lambda: None) -> None:
        self._turn = turn
        self._safety = safety
        self._track = track
        self._at: float | None = None
        self._tried = 0
        self._making = 0
        self._until = float("inf")
        self._odd_at: float | None = None
        self._sure_at: float | None = None
        self._asked = 0
        self._odd_number = 0
        self._loss = LossJudge()
        self._on_loss = on_loss
        self.is_wanted = False
        """Whether the next leg that is opened is to be one."""

    @property
    def is_ready(self) -> bool:
        """Whether there is one."""
        return self._track.spare != 0

    @property
    def at(self) -> float | None:
        """When the next one is looked for, while nothing else goes on; monotonic seconds."""
        return self._at if self._track.serving and not self._track.spare and not self._track.leaving else None

    @property
    def deadline(self) -> float | None:
        """When ``is_called_for`` changes by time alone, or it is too old."""
        if not self._track.spare:
            return None
        at = min(self._called_at, self._until, self._loss.at or float("inf"))
        return at if at < float("inf") else None

    # -- making one ----------------------------------------------------------------------------------------------------

    def found(self, path: Path, servers: "inputs.IceServersArrived | None") -> None:
        """The leg in use, beside which no other is being made, goes this way, and these servers would be asked."""
        if path is not Path.DIRECT or servers is None or servers.relay_only or not _has_relay(servers.servers):
            self._at = None
        elif self._at is None and not self._track.spare:
            self._at = self._turn.now.monotonic + recovery.spread(recovery.spare_delay(self._tried))

    def measured(self, figures: CallFigures) -> None:
        """Take the figures of the leg in use."""
        if self._track.spare and figures.path is Path.DIRECT:
            self._loss.measured(max(figures.received_loss, figures.sent_loss), self._turn.now.monotonic)
        else:
            self._loss.clear()

    def tick(self) -> tuple[int, ...]:
        """Look for one when it is due and nothing else is under way; return what to close."""
        now, track = self._turn.now.monotonic, self._track
        if track.spare and self._loss.wants_probe(now):
            self._loss.probed(self._ask(), now)
        if track.spare and now >= self._until:
            return self.lost()
        is_idle = track.serving and not track.coming and not track.search.active and track.search.at is None
        if is_idle and self.at is not None and now >= self.at:
            self._at = None
            self.is_wanted = True
            track.search.begin_at(now, planned=True)
        return ()

    def opened(self, leg: int) -> None:
        """The leg that was wanted is being made."""
        self._making, self.is_wanted = (leg if self.is_wanted else 0), False

    def offered(self, leg: int) -> None:
        """The agreement of a leg begins."""
        if leg and leg == self._making:
            self._safety.hold(leg)

    def is_coming(self, leg: int) -> bool:
        """Whether this leg is made to be one."""
        return leg != 0 and leg == self._making

    def parked(self, until: float) -> None:
        """It is safe, and its relay's credentials are good until then."""
        self._making = self._tried = 0
        self._until = until
        self._track.parked()

    def failed(self) -> tuple[int, ...]:
        """Nothing came of it; return what to close. Nobody has noticed."""
        self._making = 0
        self._tried += 1
        self._track.search.stop()
        return self._track.drop_coming()

    def lost(self) -> tuple[int, ...]:
        """It is broken, or too old; return what to close. Another one follows."""
        self._odd_at = None
        self._loss.clear()
        return self._track.drop_spare()

    def forgo(self) -> None:
        """A leg is needed at once: one that was to be a spare may carry the call as soon as it is safe."""
        self.is_wanted = False
        self._at = None
        if self._making:
            self._safety.release(self._making, self._turn.now.monotonic)
            self._making = 0

    def clear(self) -> None:
        """Every leg is gone."""
        self._making = 0
        self.is_wanted = False
        self._at = self._odd_at = None
        self._loss.clear()

    # -- calling for it ------------------------------------------------------------------------------------------------

    def take(self, event: PathQuiet | PathHeard) -> None:
        """Something is new of the leg in use."""
        if isinstance(event, PathHeard):
            self._odd_at = None
        elif self._track.spare:
            self._odd_at = self._turn.now.monotonic + event.patience_s
            self._sure_at = None
            self._odd_number = self._ask()

    def _ask(self) -> int:
        self._asked += 1
        self._turn.command(SendControl(self._track.spare, encode(Heartbeat(n=self._asked))))
        return self._asked

    def answered(self, number: int) -> None:
        """The other party has answered over it."""
        self._loss.answered(number, self._turn.now.monotonic)
        if self._odd_at is not None and self._odd_number <= number <= self._asked and self._sure_at is None:
            self._sure_at = self._turn.now.monotonic + recovery.SURE_S

    @property
    def is_called_for(self) -> bool:
        """Whether it is there, and the leg in use is not."""
        return self._track.spare != 0 and (self._loss.is_better or self._turn.now.monotonic >= self._called_at)

    @property
    def _called_at(self) -> float:
        """When both are sure, if nothing comes until then; infinite as long as one is not."""
        if self._odd_at is None or self._sure_at is None:
            return float("inf")
        return max(self._odd_at, self._sure_at)

    def use(self) -> tuple[int, Step]:
        """Make it the coming leg, which is safe; return it, and what begins its keys."""
        self._odd_at = None
        if self._loss.is_better:
            self._on_loss()
        self._loss.clear()
        self._track.use_spare()
        leg = self._track.coming
        return leg, self._safety.release(leg, self._turn.now.monotonic)


def _has_relay(servers: Sequence[IceServer]) -> bool:
    return any(url.startswith(_SCHEMES) for server in servers for url in server.urls)
