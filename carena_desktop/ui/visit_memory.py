"""What was said in a visit is kept as long as the visit may go on with whoever said it, and no longer."""

from typing import Final

from carena_desktop.call.chat import ChatShelf
from carena_desktop.call.ports import Unsubscribe
from carena_desktop.session.model import SessionSnapshot, SessionState
from carena_desktop.session.ports import SessionPort
from carena_protocol.rows import VisitState

_GOES_ON: Final = frozenset({VisitState.IN_VISIT, VisitState.ON_HOLD, VisitState.STEPPED_AWAY})


def going_on(session: SessionSnapshot) -> frozenset[str] | None:
    """Return the visits that this clinician may go on with; None while that is not known."""
    if session.state is SessionState.SIGNED_OUT or session.account is None:
        return frozenset()
    if session.state is not SessionState.ONLINE or session.waiting_room.version == 0:
        return None
    mine = session.account.id
    entries = session.waiting_room.entries
    return frozenset(one.visit for one in entries if one.clinician_id == mine and one.state in _GOES_ON)


def follow(session: SessionPort, chats: ChatShelf) -> Unsubscribe:
    """Have the chats of visits that are over, or somebody else's, forgotten."""

    def changed(snapshot: SessionSnapshot) -> None:
        visits = going_on(snapshot)
        if visits is not None:
            chats.keep(visits)

    return session.on_change(changed)
