"""Who has been away for too long. Pure; a connection coming or going is the caller's news, and so is the time."""

from collections.abc import Callable, Iterable

from carena_protocol.messages import Presence, VisitState
from carena_protocol.visit import WAITING_STATES
from carena_server.repository import Visit


def overdue(visits: Iterable[Visit], now_ms: int) -> list[str]:
    """Return the waiting patients whose grace is over. Nobody times out of a visit that is going on."""
    return [
        visit.id
        for visit in visits
        if visit.state in WAITING_STATES
        and visit.presence is Presence.RECONNECTING
        and visit.grace_until is not None
        and visit.grace_until <= now_ms
    ]


class ClinicianAbsence:
    """Since when the clinicians of visits in progress are not connected.

    Attributes:
        grace_s: after so many seconds the patient waits again. Counts from the first look, so that a server that has
            just started gives everybody the whole of it.
    """

    def __init__(self, grace_s: float) -> None:
        self.grace_s = grace_s
        self._since: dict[str, float] = {}

    def due(self, visits: Iterable[Visit], is_connected: Callable[[str], bool], now: float) -> list[Visit]:
        """Return the visits to give back to the queue; ``now`` is monotonic seconds."""
        running = [v for v in visits if v.state is VisitState.IN_VISIT and v.clinician_id is not None]
        away = {v.clinician_id for v in running if v.clinician_id is not None and not is_connected(v.clinician_id)}
        self._since = {clinician: self._since.get(clinician, now) for clinician in away}
        return [
            v
            for v in running
            if v.clinician_id is not None
            and v.clinician_id in self._since
            and now - self._since[v.clinician_id] >= self.grace_s
        ]
