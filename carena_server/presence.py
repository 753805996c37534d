"""Who has been away for too long. Pure; a connection coming or going is the caller's news, and so is the time."""

from collections.abc import Callable, Iterable

from carena_protocol.rows import AwayBy, Presence, VisitState
from carena_protocol.visit import STAFF_STATES, WAITING_STATES
from carena_server.visit_rules import kept_until
from carena_server.visits import Visit


def overdue(visits: Iterable[Visit], now_ms: int) -> list[str]:
    """Return the waiting patients whose grace is over. Nobody times out of a visit that is going on."""
    return [
        visit.id
        for visit in visits
        if (visit.state in WAITING_STATES or visit.away_by is AwayBy.PATIENT)
        and visit.presence is Presence.RECONNECTING
        and kept_until(visit) <= now_ms
    ]


def back_in_time(visits: Iterable[Visit], now_ms: int) -> list[str]:
    """Return the patients who stepped out, whose time is over and whose page is open: they are back."""
    return [
        visit.id
        for visit in visits
        if visit.state is VisitState.STEPPED_AWAY
        and visit.away_by is AwayBy.PATIENT
        and visit.presence is Presence.CONNECTED
        and visit.away_until is not None
        and visit.away_until <= now_ms
    ]


def _is_running(visit: Visit) -> bool:
    return visit.state in STAFF_STATES and visit.away_by is not AwayBy.PATIENT and visit.clinician_id is not None


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
        running = [v for v in visits if _is_running(v)]
        away = {v.clinician_id for v in running if v.clinician_id is not None and not is_connected(v.clinician_id)}
        self._since = {clinician: self._since.get(clinician, now) for clinician in away}
        return [
            v
            for v in running
            if v.clinician_id is not None
            and v.clinician_id in self._since
            and now - self._since[v.clinician_id] >= self.grace_s
        ]
