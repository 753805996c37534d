"""What staff ask for about visits: sends orders with the version that was seen, and judges what comes back.

A row's version also moves when only the patient's connection did. Such a conflict is not the person's: the order is
sent again for the new version, as long as the row is what was seen.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, Protocol

from msgspec import UNSET

from carena_desktop.session import waiting_room
from carena_desktop.session.commands import Reply, new_id
from carena_desktop.session.model import StaffAccount, WaitingEntry, WaitingRoom
from carena_desktop.session.orders import Order, Verb, still_as_seen, to_message
from carena_desktop.session.ports import CommandRefusedError, OwnPresence
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import ClientMessage, Error, Ok
from carena_protocol.news import VisitDetails
from carena_protocol.rows import Details, VisitState
from carena_protocol.verbs import DetailsRequest, SetPresence
from carena_protocol.visit import WAITING_STATES

_TRIES: Final = 3
_TAKEN: Final = frozenset({ErrorCode.CONFLICT, ErrorCode.ALREADY_ADMITTED, ErrorCode.ALREADY_CLAIMED})


class Ask(Protocol):
    """Sends a command and returns its reply; raises CommandRefusedError."""

    def __call__(self, message: ClientMessage) -> Awaitable[Reply]:
        """See ``CommandDesk.ask``."""
        ...


class QueueDesk:
    """The verbs of one signed-in account.

    Args:
        account: Who asks.
        room: Returns the waiting room as it is known now.
        ask: Sends a command.
    """

    def __init__(self, account: StaffAccount, room: Callable[[], WaitingRoom], ask: Ask) -> None:
        self._account = account
        self._room = room
        self._ask = ask

    async def order(self, order: Order) -> int:
        """Carry out an order; return the row's new version, 0 where it is gone. Raises CommandRefusedError."""
        seen = self._find(order.visit)
        version = order.version
        for _ in range(_TRIES):
            reply = await self._ask(to_message(replace(order, version=version), new_id()))
            if not isinstance(reply, Error):
                return _version(reply)
            current = _row(reply)
            same = current is not None and seen is not None and still_as_seen(seen, current)
            if current is None or not same or current.version == version or reply.code is not ErrorCode.CONFLICT:
                raise refusal(reply, current)
            version = current.version
        raise CommandRefusedError(ErrorCode.CONFLICT)

    async def admit(self, visit: str) -> None:
        """Take the patient, resume a visit of ours, or go on with one; raises CommandRefusedError."""
        entry = self._find(visit)
        if entry is None:
            raise CommandRefusedError(ErrorCode.NOT_FOUND)
        mine = entry.clinician_id == self._account.id
        if entry.state is VisitState.IN_VISIT and mine:
            return
        if entry.state in {VisitState.ON_HOLD, VisitState.STEPPED_AWAY} and mine:
            await self.order(Order(Verb.RESUME, visit, entry.version))
            return
        version = entry.version
        for _ in range(_TRIES):
            reply = await self._ask(to_message(Order(Verb.ADMIT, visit, version), new_id()))
            if not isinstance(reply, Error):
                return
            current = _row(reply)
            if current is None or current.version == version:
                raise refusal(reply, current)
            if current.state is VisitState.IN_VISIT and current.clinician_id == self._account.id:
                return  # carried out before, and the reply was lost
            if current.state not in WAITING_STATES or (
                current.state is VisitState.CLAIMED and current.clinician_id != self._account.id
            ):
                raise refusal(reply, current)
            version = current.version  # the row changed, the patient still waits: presence, for example
        raise CommandRefusedError(ErrorCode.CONFLICT)

    async def finish(self, visit: str) -> None:
        """Finish the visit; one that is gone already is finished. Raises CommandRefusedError."""
        entry = self._find(visit)
        if entry is None:
            return
        version = entry.version
        for _ in range(_TRIES):
            reply = await self._ask(to_message(Order(Verb.FINISH, visit, version), new_id()))
            if not isinstance(reply, Error) or reply.code is ErrorCode.NOT_FOUND:
                return
            current = _row(reply)
            if current is None or current.version == version or current.state is not VisitState.IN_VISIT:
                raise refusal(reply, current)
            version = current.version
        raise CommandRefusedError(ErrorCode.CONFLICT)

    async def details(self, visit: str) -> Details:
        """Return all that is known about a visit, which the server notes; raises CommandRefusedError."""
        reply = await self._ask(DetailsRequest(id=new_id(), visit=visit))
        if isinstance(reply, VisitDetails):
            return reply.details
        raise refusal(reply, None) if isinstance(reply, Error) else CommandRefusedError(ErrorCode.INTERNAL)

    async def set_presence(self, presence: OwnPresence) -> None:
        """Say whether one can be reached; raises CommandRefusedError."""
        reply = await self._ask(SetPresence(id=new_id(), presence=presence))
        if isinstance(reply, Error):
            raise refusal(reply, None)

    def _find(self, visit: str) -> WaitingEntry | None:
        return waiting_room.find(self._room(), visit)


def refusal(error: Error, current: WaitingEntry | None) -> CommandRefusedError:
    """Return the refusal that an error is, with who won and when, where somebody did."""
    reason = None if error.reason is UNSET else error.reason
    held = current is not None and current.clinician_id is not None and error.code in _TAKEN
    if current is None or not held:
        return CommandRefusedError(error.code, reason=reason)
    return CommandRefusedError(
        error.code, current.clinician_name, reason=reason, taken_at_ms=current.clinician_since_ms
    )


def _version(reply: Reply) -> int:
    return reply.version if isinstance(reply, Ok) and isinstance(reply.version, int) else 0


def _row(error: Error) -> WaitingEntry | None:
    return None if error.entry is UNSET else waiting_room.to_entry(error.entry)
