"""What the patient's page is told of the keys: held or not, when compared, how long until the next. Sans-IO."""

from typing import TypeAlias

from carena_desktop.call.inputs import Moment
from carena_desktop.call.model import SecurityView, Verification
from carena_protocol.peer import Standing

_Said: TypeAlias = tuple[int, Verification, int | None, int | None, int | None]


class StandingTeller:
    """Of one call; says what changed, once for each leg that carries the talk."""

    def __init__(self) -> None:
        self._said: _Said | None = None

    def due(self, leg: int, security: SecurityView, leg_at_ms: int | None, now: Moment) -> tuple[Standing, ...]:
        """Return what to say now.

        Args:
            leg: That carries the talk, 0 for none.
            security: As the window shows it.
            leg_at_ms: When the connection is replaced, ms since the epoch; None when that is not known.
            now: The moment.
        """
        if leg == 0 or security.verification is Verification.NONE:
            return ()
        said = leg, security.verification, security.verified_at_ms, security.renews_at_ms, leg_at_ms
        if said == self._said:
            return ()
        self._said = said
        return (
            Standing(
                held=security.verification is Verification.CHANGED,
                verified_at=security.verified_at_ms,
                keys_in=_left(security.renews_at_ms, now),
                leg_in=_left(leg_at_ms, now),
            ),
        )


def _left(at_ms: int | None, now: Moment) -> int | None:
    return max(0, at_ms - now.wall_ms) if at_ms is not None else None
