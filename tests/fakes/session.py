"""A session without a server: implements ``SessionPort`` for tests of the UI and of the composition root.

Its switches are attributes: what ``admit`` raises, whether sign-in needs trust first, who is told of signals.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from carena_desktop.session.chat_model import ChatState, ChatView
from carena_desktop.session.model import (
    AuthorityOffer,
    SessionProblem,
    SessionSnapshot,
    SessionState,
    SiteWord,
    StaffAccount,
    WaitingEntry,
    WaitingRoom,
)
from carena_desktop.session.orders import Order, expected
from carena_desktop.session.ports import CommandRefusedError, OwnPresence, Unsubscribe
from carena_protocol.errors import ErrorCode
from carena_protocol.limits import FIRST_ROOM
from carena_protocol.messages import IceServer, Presence, Role, VisitState
from carena_protocol.peer import AnySignal
from carena_protocol.rows import Details
from tests.fakes.staff import FakeStaff

if TYPE_CHECKING:
    import asyncio


ACCOUNT = StaffAccount(id="u1", username="alex", display_name="Dr Alex Example", role=Role.CLINICIAN)


def entry(number: int, **changes: object) -> WaitingEntry:
    """A patient in the waiting room; ``number`` makes name, visit id and arrival differ."""
    base = WaitingEntry(
        visit=f"visit-{number}",
        version=1,
        state=VisitState.ARRIVED,
        presence=Presence.CONNECTED,
        name=f"Test Patient {number}",
        birth_date="1980-01-01",
        reason=f"Reason {number}",
        checked_in_at_ms=1_800_000_000_000 + number * 60_000,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # a test names real fields


class FakeSignaling:
    """Implements ``VisitSignaling``: what is sent is in ``sent``, what the other party says is given to ``receive``."""

    def __init__(self) -> None:
        self.sent: list[AnySignal] = []
        self.servers: list[IceServer] = []
        self.relay_only = False
        self.hurried = 0
        self.refusal: ErrorCode | None = None
        self.refused = 0
        """How often ``refusal`` was given."""
        self._signals: list[Callable[[AnySignal], None]] = []
        self._peers: list[Callable[[bool], None]] = []

    async def send(self, signal: AnySignal) -> None:
        """Keep the signal, or refuse it."""
        if self.refusal is not None:
            self.refused += 1
            raise CommandRefusedError(self.refusal)
        self.sent.append(signal)

    def on_signal(self, callback: Callable[[AnySignal], None]) -> Unsubscribe:
        """Subscribe."""
        self._signals.append(callback)
        return lambda: self._signals.remove(callback)

    def on_peer(self, callback: Callable[[bool], None]) -> Unsubscribe:
        """Subscribe."""
        self._peers.append(callback)
        return lambda: self._peers.remove(callback)

    async def ice_servers(self) -> tuple[list[IceServer], bool, float]:
        """Return what the test set."""
        return self.servers, self.relay_only, 600.0

    def hurry(self, *, is_stale: bool = False) -> None:  # noqa: ARG002 - the port's
        """Note it."""
        self.hurried += 1

    def receive(self, signal: AnySignal) -> None:
        """The other party says ``signal``."""
        for callback in tuple(self._signals):
            callback(signal)

    def peer(self, *, present: bool) -> None:
        """The other party comes or goes."""
        for callback in tuple(self._peers):
            callback(present)


class FakeChats:
    """Implements ``ChatPort``; what was asked of it is in the session's ``calls``."""

    def __init__(self, session: "FakeSession") -> None:
        self._session = session

    async def open(self, visit: str) -> None:
        """Show an open chat, or refuse it."""
        self._session._command("chat open", visit)
        self.show(ChatView(visit, ChatState.OPEN, present=True))

    async def close(self, visit: str) -> None:
        """Show it closed."""
        self._session.calls.append(("chat close", visit))

    def say(self, visit: str, text: str) -> None:
        """Keep the line."""
        self._session.calls.append(("say", visit, text))

    async def compared(self, visit: str, *, same: bool) -> None:
        """Note it."""
        self._session._command("compared", visit, "same" if same else "other")

    def read(self, visit: str) -> None:
        """Nothing is unread any more."""
        self._session.calls.append(("read", visit))

    def show(self, *views: ChatView) -> None:
        """Publish these chats."""
        self._session.publish(chats=views)


class FakeSession:
    """Implements ``SessionPort``; ``calls`` lists what was asked of it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.offer: AuthorityOffer | None = None
        """Set: the next sign-in needs trust first."""
        self.problem: SessionProblem | None = None
        """Set: the next sign-in fails with it."""
        self.refusal: CommandRefusedError | None = None
        """Set: commands are refused with it."""
        self.orders: list[Order] = []
        self.gate: asyncio.Event | None = None
        """Set: orders wait for it."""
        self.known: dict[str, Details] = {}
        self.link = "https://clinic.test/visit#0123456789abcdef"
        self.word: SiteWord | None = None
        self.staff = FakeStaff()
        self.channels: dict[str, FakeSignaling] = {}
        self.chats = FakeChats(self)
        self._snapshot = SessionSnapshot()
        self._callbacks: list[Callable[[SessionSnapshot], None]] = []

    @property
    def snapshot(self) -> SessionSnapshot:
        """The current snapshot."""
        return self._snapshot

    def publish(self, **changes: object) -> None:
        """Change fields of the snapshot and tell everyone."""
        self._snapshot = replace(self._snapshot, **changes)  # type: ignore[arg-type]  # a test names real fields
        for callback in tuple(self._callbacks):
            callback(self._snapshot)

    def show(self, *entries: WaitingEntry) -> None:
        """Put these patients into the waiting room."""
        room = self._snapshot.waiting_room
        self.publish(waiting_room=replace(room, version=room.version + 1, clinic="Test Clinic", entries=entries))

    def on_change(self, callback: Callable[[SessionSnapshot], None]) -> Unsubscribe:
        """Subscribe."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    async def restore(self, server: str) -> None:
        """Restore nothing."""
        self.calls.append(("restore", server))

    async def sign_in(self, server: str, username: str, password: str, code: str = "") -> None:
        """Succeed, offer an authority, or fail, as set."""
        self.calls.append(("sign_in", server, username, password, *([code] if code else [])))
        if self.problem is not None:
            self.publish(state=SessionState.SIGNED_OUT, server=server, problem=self.problem)
        elif self.offer is not None:
            self.publish(state=SessionState.TRUST_REQUIRED, server=server, authority=self.offer)
        else:
            self.publish(state=SessionState.ONLINE, server=server, account=ACCOUNT, problem=None)

    async def answer_trust(self, *, accept: bool) -> None:
        """Go on, or back."""
        self.calls.append(("answer_trust", str(accept)))
        if accept:
            self.publish(state=SessionState.ONLINE, account=ACCOUNT, authority=None)
        else:
            self.publish(state=SessionState.SIGNED_OUT, authority=None)

    async def enrolled(self) -> None:
        """Go on."""
        self.calls.append(("enrolled",))
        self.publish(state=SessionState.ONLINE, account=ACCOUNT)

    async def sign_out(self) -> None:
        """Forget the account."""
        self.calls.append(("sign_out",))
        self.publish(state=SessionState.SIGNED_OUT, account=None, waiting_room=WaitingRoom())

    async def admit(self, visit: str) -> None:
        """Put the visit in progress with the account signed in."""
        self._command("admit", visit)
        self._change(visit, VisitState.IN_VISIT)

    async def finish(self, visit: str) -> None:
        """Remove the visit."""
        self._command("finish", visit)
        room = self._snapshot.waiting_room
        self.show(*(one for one in room.entries if one.visit != visit))

    async def order(self, order: Order) -> int:
        """Do what is expected of the order, or refuse it, after ``gate`` opens."""
        self.orders.append(order)
        self.calls.append(("order", order.verb.value, order.visit))
        if self.gate is not None:
            await self.gate.wait()
        if self.refusal is not None:
            raise self.refusal
        room = self._snapshot.waiting_room
        one = next((one for one in room.entries if one.visit == order.visit), None)
        if one is None and order.visit in {gone.visit for gone in room.gone}:
            return order.version + 1
        if one is None:
            raise CommandRefusedError(ErrorCode.NOT_FOUND)
        after = expected(one, order, ACCOUNT, one.checked_in_at_ms + 60_000) or one
        after = replace(after, version=one.version + 1)
        self.show(*(after if each is one else each for each in room.entries))
        return after.version

    async def details(self, visit: str) -> Details:
        """Return what the test set, or refuse."""
        self.calls.append(("details", visit))
        if visit not in self.known:
            raise CommandRefusedError(ErrorCode.NOT_FOUND)
        return self.known[visit]

    async def set_presence(self, presence: OwnPresence) -> None:
        """Remember it."""
        self._command("presence", presence)

    async def create_visit_link(self, *, reusable: bool, room: str = FIRST_ROOM) -> str:
        """Return the link set."""
        self._command("create_visit_link", str(reusable), room)
        return self.link

    async def site_word(self) -> SiteWord | None:
        """Return the word set."""
        return self.word

    def signaling(self, visit: str) -> FakeSignaling:
        """Return the visit's relay, the same one each time."""
        return self.channels.setdefault(visit, FakeSignaling())

    async def aclose(self) -> None:
        """Only counts."""
        self.calls.append(("aclose",))

    def _command(self, *call: str) -> None:
        self.calls.append(call)
        if self.refusal is not None:
            raise self.refusal

    def _change(self, visit: str, state: VisitState) -> None:
        room = self._snapshot.waiting_room
        self.show(
            *(
                replace(
                    one,
                    state=state,
                    version=one.version + 1,
                    admitted_at_ms=one.checked_in_at_ms + 60_000,
                    clinician_id=ACCOUNT.id,
                    clinician_name=ACCOUNT.display_name,
                )
                if one.visit == visit
                else one
                for one in room.entries
            )
        )
