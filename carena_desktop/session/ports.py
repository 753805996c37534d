"""What the session gives to the UI. What it needs from the world is in ``carena_desktop.session.world``."""

from collections.abc import Callable
from typing import Literal, Protocol, TypeAlias

from carena_desktop.session.model import SessionSnapshot, SiteWord
from carena_desktop.session.orders import Order
from carena_desktop.session.staff_port import StaffPort
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.limits import FIRST_ROOM
from carena_protocol.messages import IceServer
from carena_protocol.peer import AnySignal
from carena_protocol.rows import Details

Unsubscribe = Callable[[], None]
OwnPresence: TypeAlias = Literal["available", "busy", "away"]


class CommandRefusedError(Exception):
    """The server refused a command; ``code`` and ``reason`` say why, ``taken_by`` who won, where someone did."""

    def __init__(
        self,
        code: ErrorCode,
        taken_by: str | None = None,
        *,
        reason: RefusalReason | None = None,
        taken_at_ms: int | None = None,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.taken_by = taken_by
        self.reason = reason
        self.taken_at_ms = taken_at_ms


class SessionPort(Protocol):
    """The session as the UI and the composition root use it. Every method is called on the event loop's thread."""

    @property
    def snapshot(self) -> SessionSnapshot:
        """The current snapshot."""
        ...

    @property
    def staff(self) -> StaffPort:
        """The account of whoever is signed in."""
        ...

    def on_change(self, callback: Callable[[SessionSnapshot], None]) -> Unsubscribe:
        """Call ``callback`` with every new snapshot; return the function that stops it."""
        ...

    async def restore(self, server: str) -> None:
        """Continue the session kept in the keyring, if there is one; never raises for its absence."""
        ...

    async def sign_in(self, server: str, username: str, password: str, code: str = "") -> None:
        """Sign in; the outcome is in the snapshot (online, trust_required, enrolling, or signed_out with a problem).

        ``code`` is of the second factor, after a first try ended with ``second_factor_required``.
        """
        ...

    async def answer_trust(self, *, accept: bool) -> None:
        """Accept or refuse the authority offered in the snapshot; accepting pins it and goes on signing in."""
        ...

    async def enrolled(self) -> None:
        """Go on signing in: the second factor that was wanted is set up."""
        ...

    async def sign_out(self) -> None:
        """End the session here and at the server, and delete the token from the keyring."""
        ...

    async def admit(self, visit: str) -> None:
        """Take the patient; raises CommandRefusedError."""
        ...

    async def finish(self, visit: str) -> None:
        """Finish the visit; raises CommandRefusedError."""
        ...

    async def order(self, order: Order) -> int:
        """Carry out an order of staff; return the row's version, 0 where it is gone. Raises CommandRefusedError."""
        ...

    async def details(self, visit: str) -> Details:
        """Return all that is known about a visit; raises CommandRefusedError."""
        ...

    async def set_presence(self, presence: OwnPresence) -> None:
        """Say whether one can be reached; raises CommandRefusedError."""
        ...

    @property
    def chats(self) -> "ChatPort":
        """The chats with patients who wait; raises CommandRefusedError when nobody is signed in."""
        ...

    async def create_visit_link(self, *, reusable: bool, room: str = FIRST_ROOM) -> str:
        """Return the URL of a new visit link into a room; raises CommandRefusedError."""
        ...

    async def site_word(self) -> SiteWord | None:
        """Return what the signed-in server says about versions and policies, None where it does not answer that."""
        ...

    def signaling(self, visit: str) -> "VisitSignaling":
        """Return the relay of one admitted visit."""
        ...

    async def aclose(self) -> None:
        """Disconnect and end every task; keeps the keyring."""
        ...


class ChatPort(Protocol):
    """Writing with patients who wait; what is written and read stands in the snapshot's ``chats``."""

    async def open(self, visit: str) -> None:
        """Open the chat with a patient, in place of a colleague's; raises CommandRefusedError."""
        ...

    async def close(self, visit: str) -> None:
        """Close a chat; raises CommandRefusedError."""
        ...

    def say(self, visit: str, text: str) -> None:
        """Write a line to a patient whose chat was opened."""
        ...

    def read(self, visit: str) -> None:
        """The lines of a chat are looked at."""
        ...

    async def compared(self, visit: str, *, same: bool) -> None:
        """The codes of an open chat were compared; other ones end it. Raises CommandRefusedError."""
        ...


class VisitSignaling(Protocol):
    """Structurally the ``SignalingChannel`` of ``carena_desktop.call.ports`` (siblings never import each other)."""

    async def send(self, signal: AnySignal) -> None:
        """Hand a signal to the other party; raises CommandRefusedError, ``peer_unreachable`` among others."""
        ...

    def on_signal(self, callback: Callable[[AnySignal], None]) -> Unsubscribe:
        """Call ``callback`` with every valid signal of the other party, in order, no duplicates."""
        ...

    def on_peer(self, callback: Callable[[bool], None]) -> Unsubscribe:
        """Call ``callback`` when the other party's presence at the service changes."""
        ...

    async def ice_servers(self) -> tuple[list[IceServer], bool, float]:
        """Return fresh ICE servers, whether only relayed paths are allowed, and how many seconds they are good for."""
        ...

    def hurry(self, *, is_stale: bool = False) -> None:
        """Find out at once whether the service is reachable, and if not, come back to it as soon as it is.

        ``is_stale`` says that the network changed: a connection over it is made anew without asking.
        """
        ...
