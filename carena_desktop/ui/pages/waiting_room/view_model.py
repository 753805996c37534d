"""What the waiting room shows for a session snapshot, but for its rows (``row_book``); pure."""

from dataclasses import dataclass, field
from typing import assert_never

from carena_desktop.session.model import LocalProblem, SessionSnapshot, SessionState
from carena_desktop.ui import queue_words, text
from carena_desktop.ui.i18n import mark, tr
from carena_desktop.ui.pages.waiting_room.rows import Pill
from carena_desktop.ui.pages.waiting_room.tally import Tally
from carena_protocol.rows import Room, StaffMember, StaffPresence


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything the screen renders, but for rows and running times."""

    clinic: str
    person: str = field(repr=False)
    role: str
    initials: str = field(repr=False)
    connection: Pill
    banner: str
    """Said across the screen while the connection is away; empty otherwise."""
    keyring_notice: str
    fresh: bool
    """Whether the rows are the server's now; while not, nothing can be started."""
    rooms: tuple[tuple[str, str], ...] = ()
    """Id and name of each."""
    staff_on: int = 0
    staff_available: int = 0
    colleagues: str = field(default="", repr=False)
    """Everyone who is there with what can be said of them, a line each."""
    presence: StaffPresence = StaffPresence.AVAILABLE
    """One's own."""


def view(snapshot: SessionSnapshot) -> ViewState:
    """Return the screen for ``snapshot``."""
    account = snapshot.account
    room = snapshot.waiting_room
    on = [one for one in room.staff if one.presence is not StaffPresence.OFFLINE]
    return ViewState(
        clinic=text.one_line(room.clinic),
        person=text.one_line(account.display_name) if account is not None else "",
        role=text.role(account.role) if account is not None else "",
        initials=text.initials(account.display_name) if account is not None else "",
        connection=_connection(snapshot.state),
        banner=_banner(snapshot),
        keyring_notice=text.keyring(snapshot.keyring) or "",
        fresh=snapshot.state is SessionState.ONLINE,
        rooms=tuple((one.id, text.one_line(one.name)) for one in room.rooms),
        staff_on=len(on),
        staff_available=sum(one.presence is StaffPresence.AVAILABLE for one in on),
        colleagues="\n".join(f"{text.isolate(one.name)}  ·  {queue_words.standing(one)}" for one in on),
        presence=_own_presence(room.staff, account.id if account is not None else ""),
    )


def alarms(rooms: tuple[Room, ...], tally: Tally, now_ms: int) -> frozenset[str]:
    """Return the rooms in which more wait, or longer, than the room's own settings allow."""
    return frozenset(room.id for room in rooms if _is_over(room, *tally.load(room.id, now_ms)))


def _is_over(room: Room, waiting: int, longest_s: float) -> bool:
    many = bool(room.alarm_waiting) and waiting >= room.alarm_waiting
    return many or (bool(room.alarm_wait_min) and waiting > 0 and longest_s >= room.alarm_wait_min * 60)


def _own_presence(staff: tuple[StaffMember, ...], account: str) -> StaffPresence:
    return next((one.presence for one in staff if one.id == account), StaffPresence.AVAILABLE)


def _connection(state: SessionState) -> Pill:
    match state:
        case SessionState.ONLINE:
            return Pill("shield-check", mark("Connected · encrypted"), "ok")
        case SessionState.CONNECTING | SessionState.SIGNING_IN | SessionState.TRUST_REQUIRED | SessionState.ENROLLING:
            return Pill("refresh-cw", mark("Connecting…"), "info")
        case SessionState.RECONNECTING:
            return Pill("wifi-off", mark("Reconnecting…"), "warn")
        case SessionState.SIGNED_OUT:
            return Pill("wifi-off", mark("Signed out"), "neutral")
        case _:
            assert_never(state)


def _banner(snapshot: SessionSnapshot) -> str:
    if snapshot.state is not SessionState.RECONNECTING:
        return ""
    when = ""
    if snapshot.retry_in_s is not None and snapshot.retry_in_s >= 1:
        when = " " + tr("Next try in {time}.").format(time=text.duration_words(snapshot.retry_in_s))
    why = ""
    if snapshot.problem is not None and snapshot.problem.code is not LocalProblem.SERVER_UNREACHABLE:
        why = f" {text.problem(snapshot.problem.code)}"
    return tr("The list is as it was before. Patients keep their places.") + why + when
