"""The session as the UI uses it: feeds the machine, carries out its effects, publishes its snapshots.

Implements ``ports.SessionPort``. Everything runs on one event loop; keyring calls leave it inside their adapter. A
password lives from ``sign_in`` until the tokens are there or the attempt ends, and nowhere but here.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, assert_never

from carena_desktop.session import events
from carena_desktop.session.active import ActiveSession
from carena_desktop.session.address import ServerAddress, parse_address
from carena_desktop.session.failures import SessionError
from carena_desktop.session.link import Lost, Over
from carena_desktop.session.listeners import Listeners
from carena_desktop.session.liveness import SleepDetector
from carena_desktop.session.machine import SETTLED, SessionMachine
from carena_desktop.session.model import (
    KeyringState,
    LocalProblem,
    SessionProblem,
    SessionSnapshot,
    SessionState,
    SiteWord,
)
from carena_desktop.session.orders import Order
from carena_desktop.session.ports import ChatPort, CommandRefusedError, OwnPresence, Unsubscribe, VisitSignaling
from carena_desktop.session.staff_desk import StaffDesk
from carena_desktop.session.token_keeper import Site, TokenKeeper
from carena_desktop.session.trust import Changed, Offered, Trusted
from carena_desktop.session.wiring import World
from carena_desktop.tasks import TaskScope
from carena_protocol.errors import ErrorCode
from carena_protocol.limits import FIRST_ROOM
from carena_protocol.rows import Details

_log = logging.getLogger(__name__)
_SIGN_OUT_S: Final = 8.0
_CLOSE_S: Final = 1.4
_LAST_S: Final = 0.2


@dataclass(slots=True)
class _Attempt:
    """What one attempt to have a session knows; dropped as a whole when it ends."""

    typed: str
    username: str = field(repr=False)
    password: str | None = field(default=None, repr=False)
    """None once it was used, and when the session is restored from the keyring."""
    code: str = field(default="", repr=False)
    restoring: bool = False
    address: ServerAddress | None = None
    offered: Offered | None = None
    site: Site | None = None


class SessionService:
    """Implements ``ports.SessionPort``."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._machine = SessionMachine(world.roll)
        self._listeners: Listeners[SessionSnapshot] = Listeners("the session")
        self._steps = TaskScope("session", on_failure=self._step_failed)
        self._endings = TaskScope("session-end")
        self._attempt = _Attempt("", "")
        self._tokens = self._new_tokens()
        self._active: ActiveSession | None = None
        self._changed = asyncio.Event()
        self._staff = StaffDesk(self._ask_for_staff, self._sees_more)
        world.credentials.on_late(self._keyring_reported)
        world.live.on_change(self._rules_changed)

    @property
    def snapshot(self) -> SessionSnapshot:
        """The current snapshot."""
        return self._machine.snapshot

    @property
    def staff(self) -> StaffDesk:
        """The account of whoever is signed in."""
        return self._staff

    def on_change(self, callback: Callable[[SessionSnapshot], None]) -> Unsubscribe:
        """Call ``callback`` with every new snapshot; return the function that stops it."""
        return self._listeners.add(callback)

    async def restore(self, server: str) -> None:
        """Continue the session kept in the keyring; ``server`` "" means the last one.

        Loads what any sign-in needs in either case, for the window did without.
        """
        await self._world.prepare()
        remembered = self._world.memory.load()
        typed = server or (remembered.server if remembered is not None else "")
        if not typed or self.snapshot.state is not SessionState.SIGNED_OUT:
            return
        if remembered is None or remembered.server != _origin(typed):
            return
        self._attempt = _Attempt(typed, remembered.username, restoring=True)
        self._feed(events.RestoreAsked(remembered.server))
        await self._settled()

    async def sign_in(self, server: str, username: str, password: str, code: str = "") -> None:
        """Sign in; the outcome is in the snapshot."""
        if self.snapshot.state in {SessionState.CONNECTING, SessionState.ONLINE, SessionState.RECONNECTING}:
            return
        self._attempt = _Attempt(server, username, password, code)
        self._feed(events.SignInAsked(_origin(server) or server.strip()))
        await self._settled()

    async def answer_trust(self, *, accept: bool) -> None:
        """Accept or refuse the authority offered in the snapshot."""
        self._feed(events.TrustAnswered(accept))
        await self._settled()

    async def enrolled(self) -> None:
        """Go on signing in: the second factor that was wanted is set up."""
        self._feed(events.Enrolled())
        await self._settled()

    async def sign_out(self) -> None:
        """End the session here and at the server, and delete the token from the keyring."""
        self._feed(events.SignOutAsked())
        await self._endings.join(_SIGN_OUT_S)

    async def admit(self, visit: str) -> None:
        """Take the patient; raises CommandRefusedError."""
        await self._signed_in().queue.admit(visit)

    async def finish(self, visit: str) -> None:
        """Finish the visit; raises CommandRefusedError."""
        await self._signed_in().queue.finish(visit)

    async def order(self, order: Order) -> int:
        """Carry out an order of staff; see ``QueueDesk.order``."""
        return await self._signed_in().queue.order(order)

    async def details(self, visit: str) -> Details:
        """Return all that is known about a visit; raises CommandRefusedError."""
        return await self._signed_in().queue.details(visit)

    async def set_presence(self, presence: OwnPresence) -> None:
        """Say whether one can be reached; raises CommandRefusedError."""
        await self._signed_in().queue.set_presence(presence)

    @property
    def chats(self) -> ChatPort:
        """The chats with patients who wait; raises CommandRefusedError when nobody is signed in."""
        return self._signed_in().chats

    async def create_visit_link(self, *, reusable: bool, room: str = FIRST_ROOM) -> str:
        """Return the URL of a new visit link; raises CommandRefusedError."""
        return await self._signed_in().create_visit_link(reusable=reusable, room=room)

    async def site_word(self) -> SiteWord | None:
        """Return what the signed-in server says about versions and policies, None where it does not answer that."""
        try:
            return await self._signed_in().site_word()
        except (SessionError, CommandRefusedError):
            return None

    def signaling(self, visit: str) -> VisitSignaling:
        """Return the relay of one admitted visit; raises CommandRefusedError when nobody is signed in."""
        return self._signed_in().signaling(visit)

    async def aclose(self) -> None:
        """Disconnect and end every task; keeps the keyring. Takes less than two seconds, mostly much less."""
        if self._active is not None:
            self._active.end(ErrorCode.UNAUTHENTICATED)
        await asyncio.gather(
            self._steps.aclose(_CLOSE_S),
            self._tokens.aclose(),
            self._endings.join(_CLOSE_S),
        )
        if self._active is not None:
            await self._active.aclose()
        await self._endings.aclose(_LAST_S)
        await self._world.api.aclose()
        self._world.credentials.close()

    # -- the machine's hands --

    def _feed(self, event: events.SessionEvent) -> None:
        before = self._machine.snapshot
        effects = self._machine.handle(event)
        after = self._machine.snapshot
        if after.state is not before.state:
            _log.info("session %s -> %s%s", before.state, after.state, _because(after.problem))
        for effect in effects:
            self._carry_out(effect)
        if after != before:
            self._changed.set()
            self._changed = asyncio.Event()
            self._listeners.tell(self._machine.snapshot)

    def _carry_out(self, effect: events.SessionEffect) -> None:
        match effect:
            case events.EstablishTrust(attempt):
                self._step(attempt, self._establish_trust(attempt), "trust")
            case events.PinAuthority(attempt):
                self._step(attempt, self._pin(attempt), "pin")
            case events.ObtainTokens(attempt):
                self._step(attempt, self._obtain_tokens(attempt), "tokens")
            case events.Connect(attempt):
                self._step(attempt, self._connect(attempt), "connect")
            case events.WaitToRetry(attempt, delay_s):
                self._step(attempt, self._wait_to_retry(attempt, delay_s), "retry")
            case events.Disconnect():
                self._steps.cancel()
                if self._active is not None:
                    self._active.end(ErrorCode.UNAUTHENTICATED)
                self._active = None
            case events.ForgetTokens(revoke, keyring):
                tokens, self._tokens = self._tokens, self._new_tokens()
                self._attempt = _Attempt("", "")
                self._endings.spawn(_forget(tokens, revoke=revoke, keyring=keyring), name="forget")
            case _:
                assert_never(effect)

    def _step(self, attempt: int, work: Coroutine[Any, Any, None], name: str) -> None:
        async def guarded() -> None:
            try:
                await work
            except SessionError as error:
                self._feed(events.SignInFailed(attempt, error.problem))

        self._steps.spawn(guarded(), name=name)

    def _step_failed(self, _name: str, _error: BaseException) -> None:
        """A fault of ours (logged by the scope) must not leave the session standing between two states."""
        attempt, problem = self._machine.attempt, SessionProblem(ErrorCode.INTERNAL)
        if self.snapshot.state is SessionState.SIGNING_IN:
            self._feed(events.SignInFailed(attempt, problem))
        else:
            self._feed(events.ConnectionLost(attempt, problem))

    async def _establish_trust(self, attempt: int) -> None:
        current = self._attempt
        current.address = parse_address(current.typed)
        if not self._world.rules.allows(current.address):
            raise SessionError(LocalProblem.SERVER_NOT_ALLOWED)
        found = await self._world.trust.establish(current.address)
        match found:
            case Trusted(context, pinned):
                current.site = Site(current.address, context, pinned)
                self._feed(events.TrustFound(attempt))
            case Offered(offer):
                current.offered = found
                self._feed(events.AuthorityFound(attempt, offer))
            case Changed(offer):
                problem = SessionProblem(LocalProblem.AUTHORITY_CHANGED)
                self._feed(events.SignInFailed(attempt, problem, offer))

    async def _pin(self, attempt: int) -> None:
        current = self._attempt
        if current.address is None or current.offered is None:
            raise SessionError(LocalProblem.CERTIFICATE_REFUSED)
        trusted = self._world.trust.accept(current.address, current.offered)
        current.site = Site(current.address, trusted.context, trusted.pinned)
        self._feed(events.TrustFound(attempt))

    async def _obtain_tokens(self, attempt: int) -> None:
        current = self._attempt
        if current.site is None:
            raise SessionError(LocalProblem.CERTIFICATE_REFUSED)
        if current.restoring:
            account = await self._tokens.restore(current.site, current.username)
        else:
            password, current.password = current.password or "", None
            account = await self._tokens.sign_in(current.site, current.username, password, current.code)
        if account is None:
            self._feed(events.NothingKept(attempt))
            return
        self._active = ActiveSession(
            site=current.site,
            account=account,
            tokens=self._tokens,
            world=self._world,
            on_event=self._feed,
            attempt=attempt,
        )
        self._feed(events.TokensGranted(attempt, account))

    async def _connect(self, attempt: int) -> None:
        if self._active is None:
            return
        match await self._active.run_connection():
            case Lost(problem, not_before_s):
                self._feed(events.ConnectionLost(attempt, problem, not_before_s))
            case Over(problem, keep_token):
                self._feed(events.SessionEnded(attempt, problem, keep_token))

    async def _wait_to_retry(self, attempt: int, delay_s: float) -> None:
        """Count down in the snapshot; a machine that woke up tries at once."""
        clock, tick_s = self._world.clock, self._world.timing.tick_s
        due = clock.monotonic() + delay_s
        sleep = SleepDetector(clock.monotonic(), clock.wall_ms())
        shown = round(delay_s)
        while (left := due - clock.monotonic()) > 0 and not sleep.slept(clock.monotonic(), clock.wall_ms()):
            if round(left) != shown:
                shown = round(left)
                self._feed(events.RetryCountdown(attempt, left))
            await asyncio.sleep(min(tick_s, left))
        self._feed(events.RetryDue(attempt))

    # -- small things --

    def _new_tokens(self) -> TokenKeeper:
        world = self._world
        return TokenKeeper(
            world.api,
            world.credentials,
            world.memory,
            world.clock,
            self._keyring_reported,
            rules=world.rules,
            live=world.live,
        )

    def _keyring_reported(self, state: KeyringState) -> None:
        self._feed(events.KeyringReported(state))

    def _rules_changed(self) -> None:
        if not self._endings.closed:
            self._endings.spawn(self._tokens.rules_changed(), name="rules")

    async def _ask_for_staff(self, method: str, path: str, body: bytes) -> bytes:
        if self._active is None:
            raise SessionError(ErrorCode.UNAUTHENTICATED)
        return await self._active.ask_rest(method, path, body)

    def _sees_more(self) -> None:
        if self._active is not None:
            self._active.look_again()

    def _signed_in(self) -> ActiveSession:
        if self._active is None:
            raise CommandRefusedError(ErrorCode.UNAUTHENTICATED)
        return self._active

    async def _settled(self) -> None:
        while self.snapshot.state not in SETTLED:
            await self._changed.wait()


async def _forget(tokens: TokenKeeper, *, revoke: bool, keyring: bool) -> None:
    await tokens.forget(revoke=revoke, keyring=keyring)
    await tokens.aclose()


def _origin(typed: str) -> str:
    try:
        return parse_address(typed).origin
    except SessionError:
        return ""


def _because(problem: SessionProblem | None) -> str:
    return "" if problem is None else f" ({problem.code})"
