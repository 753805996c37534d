"""The life of a session as a machine: events in, effects out, one immutable snapshot.

    signed_out ----SignInAsked, RestoreAsked----> signing_in                         / EstablishTrust
    signing_in ----AuthorityFound---------------> trust_required
    signing_in ----TrustFound-------------------> signing_in                         / ObtainTokens
    signing_in ----SignInFailed, NothingKept----> signed_out
    signing_in ----TokensGranted----------------> connecting                         / Connect
    trust_required --TrustAnswered(yes)---------> signing_in                         / PinAuthority
    trust_required --TrustAnswered(no)----------> signed_out
    connecting, reconnecting --Welcomed---------> online
    connecting, online, reconnecting --ConnectionLost--> reconnecting                / WaitToRetry
    connecting, online, reconnecting --SessionEnded----> signed_out                  / Disconnect, ForgetTokens
    reconnecting --RetryDue---------------------> reconnecting                       / Connect
    any ----SignOutAsked------------------------> signed_out                         / Disconnect, ForgetTokens

It does no I/O, has no clock and holds no secret: passwords and tokens stay with the service. Results of steps carry the
number of the attempt that asked for them, and those of an attempt given up change nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, assert_never

from carena_desktop.session.backoff import Backoff
from carena_desktop.session.events import (
    AuthorityFound,
    ChatsChanged,
    Connect,
    ConnectionLost,
    ConnectionSteady,
    Disconnect,
    EmergencyCame,
    Enrolled,
    EstablishTrust,
    ForgetTokens,
    KeyringReported,
    NothingKept,
    ObtainTokens,
    PinAuthority,
    RestoreAsked,
    RetryCountdown,
    RetryDue,
    RoomChanged,
    SessionEffect,
    SessionEnded,
    SessionEvent,
    SignInAsked,
    SignInFailed,
    SignOutAsked,
    TokensGranted,
    TrustAnswered,
    TrustFound,
    WaitToRetry,
    Welcomed,
)
from carena_desktop.session.model import (
    AuthorityOffer,
    KeyringState,
    SessionProblem,
    SessionSnapshot,
    SessionState,
)

SETTLED: frozenset[SessionState] = frozenset(
    {
        SessionState.SIGNED_OUT,
        SessionState.TRUST_REQUIRED,
        SessionState.ENROLLING,
        SessionState.ONLINE,
        SessionState.RECONNECTING,
    }
)
"""States in which nothing moves without the world or the person."""

_ENTRANCE = frozenset({SessionState.SIGNED_OUT, SessionState.SIGNING_IN, SessionState.TRUST_REQUIRED})
_SIGNED_IN = frozenset({SessionState.CONNECTING, SessionState.ONLINE, SessionState.RECONNECTING})
_MOST_EMERGENCIES: Final = 50
_GOING_UP = frozenset({SessionState.CONNECTING, SessionState.RECONNECTING})


class SessionMachine:
    """One desktop's session, from start to end.

    Args:
        roll: Returns a uniform random number in [0, 1), for the jitter of reconnects.
    """

    def __init__(self, roll: Callable[[], float]) -> None:
        self._roll = roll
        self._snapshot = SessionSnapshot()
        self._attempt = 0
        self._failures = 0
        self._backoff = Backoff()

    @property
    def snapshot(self) -> SessionSnapshot:
        """Everything a page needs."""
        return self._snapshot

    @property
    def attempt(self) -> int:
        """Number of the current attempt to have a session; grows with every sign-in, restore and end."""
        return self._attempt

    def handle(self, event: SessionEvent) -> Sequence[SessionEffect]:
        """Take an event and return what has to be done about it, in order."""
        match event:
            case SignInAsked(server) | RestoreAsked(server):
                return self._begin(server)
            case TrustAnswered(accept):
                return self._trust_answered(accept=accept)
            case KeyringReported(keyring):
                self._change(keyring=keyring)
                return ()
            case SignOutAsked():
                return self._sign_out()
            case Enrolled():
                return self._enrolled()
            case _:
                return self._step(event) if event.attempt == self._attempt else ()

    def _step(  # noqa: PLR0911 - one return per kind of event
        self,
        event: TrustFound
        | AuthorityFound
        | SignInFailed
        | NothingKept
        | TokensGranted
        | Welcomed
        | ConnectionSteady
        | ConnectionLost
        | SessionEnded
        | RetryDue
        | RetryCountdown
        | RoomChanged
        | ChatsChanged
        | EmergencyCame,
    ) -> Sequence[SessionEffect]:
        match event:
            case TrustFound() | AuthorityFound() | SignInFailed() | NothingKept() | TokensGranted():
                return self._signing_in(event) if self._snapshot.state is SessionState.SIGNING_IN else ()
            case Welcomed():
                return self._welcomed(event)
            case ConnectionSteady():
                self._failures = 0
                return ()
            case ConnectionLost():
                return self._lost(event)
            case SessionEnded():
                return self._ended(event)
            case RetryDue():
                return self._retry_due()
            case RetryCountdown() | RoomChanged() | ChatsChanged() | EmergencyCame():
                return self._told(event)
            case _:
                assert_never(event)

    def _begin(self, server: str) -> Sequence[SessionEffect]:
        if self._snapshot.state not in _ENTRANCE:
            return ()  # one session at a time: sign out first
        self._attempt += 1
        self._failures = 0
        self._backoff = Backoff()
        self._snapshot = SessionSnapshot(state=SessionState.SIGNING_IN, server=server, keyring=KeyringState.UNKNOWN)
        return Disconnect(), EstablishTrust(self._attempt)

    def _signing_in(
        self, event: TrustFound | AuthorityFound | SignInFailed | NothingKept | TokensGranted
    ) -> Sequence[SessionEffect]:
        match event:
            case TrustFound():
                return (ObtainTokens(self._attempt),)
            case AuthorityFound(_, offer):
                self._change(state=SessionState.TRUST_REQUIRED, authority=offer)
                return ()
            case TokensGranted(_, account) if account.must_enrol:
                self._change(state=SessionState.ENROLLING, account=account)
                return ()
            case TokensGranted(_, account):
                self._change(state=SessionState.CONNECTING, account=account)
                return (Connect(self._attempt),)
            case SignInFailed(_, problem, authority):
                return self._out(problem, authority, ForgetTokens(revoke=False, keyring=False))
            case NothingKept():
                return self._out(None, None, ForgetTokens(revoke=False, keyring=False))
            case _:
                assert_never(event)

    def _enrolled(self) -> Sequence[SessionEffect]:
        account = self._snapshot.account
        if self._snapshot.state is not SessionState.ENROLLING or account is None:
            return ()
        self._change(state=SessionState.CONNECTING, account=replace(account, must_enrol=False))
        return (Connect(self._attempt),)

    def _trust_answered(self, *, accept: bool) -> Sequence[SessionEffect]:
        offer = self._snapshot.authority
        if self._snapshot.state is not SessionState.TRUST_REQUIRED or offer is None:
            return ()
        if not accept:
            return self._out(None, None, ForgetTokens(revoke=False, keyring=False))
        self._change(state=SessionState.SIGNING_IN, authority=None)
        return (PinAuthority(self._attempt, offer),)

    def _welcomed(self, event: Welcomed) -> Sequence[SessionEffect]:
        if self._snapshot.state not in _GOING_UP or self._snapshot.retry_in_s is not None:
            return ()  # nobody is connecting
        self._backoff = event.backoff
        self._change(state=SessionState.ONLINE, problem=None, retry_in_s=None, clock_offset_ms=event.clock_offset_ms)
        return ()

    def _lost(self, event: ConnectionLost) -> Sequence[SessionEffect]:
        if self._snapshot.state not in _SIGNED_IN or self._snapshot.retry_in_s is not None:
            return ()  # not signed in, or waiting already
        self._failures += 1
        delay = self._backoff.delay_s(self._failures, self._roll(), at_least_s=event.not_before_s)
        self._change(state=SessionState.RECONNECTING, problem=event.problem, retry_in_s=delay)
        return (WaitToRetry(self._attempt, delay),)

    def _told(self, event: RetryCountdown | RoomChanged | ChatsChanged | EmergencyCame) -> Sequence[SessionEffect]:
        """News that change what is shown, and nothing else."""
        match event:
            case RetryCountdown(_, seconds) if self._snapshot.retry_in_s is not None:
                self._change(retry_in_s=seconds)
            case RoomChanged(_, room) if self._snapshot.state in _SIGNED_IN:
                self._change(waiting_room=room)
            case ChatsChanged(_, chats) if self._snapshot.state in _SIGNED_IN:
                self._change(chats=chats)
            case EmergencyCame(_, told) if self._snapshot.state in _SIGNED_IN:
                self._change(emergencies=(*self._snapshot.emergencies, told)[-_MOST_EMERGENCIES:])
            case _:
                pass
        return ()

    def _retry_due(self) -> Sequence[SessionEffect]:
        if self._snapshot.state is not SessionState.RECONNECTING or self._snapshot.retry_in_s is None:
            return ()  # the attempt is under way
        self._change(retry_in_s=None)
        return (Connect(self._attempt),)

    def _ended(self, event: SessionEnded) -> Sequence[SessionEffect]:
        if self._snapshot.state not in _SIGNED_IN:
            return ()
        return self._out(event.problem, None, ForgetTokens(revoke=False, keyring=not event.keep_token))

    def _sign_out(self) -> Sequence[SessionEffect]:
        keyring = self._snapshot.keyring
        effects = self._out(None, None, ForgetTokens(revoke=True, keyring=True))
        self._change(keyring=KeyringState.UNKNOWN if keyring is KeyringState.STORED else keyring)
        return effects

    def _out(
        self, problem: SessionProblem | None, authority: AuthorityOffer | None, forget: ForgetTokens
    ) -> Sequence[SessionEffect]:
        self._attempt += 1  # whatever is under way is given up
        self._snapshot = SessionSnapshot(
            server=self._snapshot.server, problem=problem, authority=authority, keyring=self._snapshot.keyring
        )
        return Disconnect(), forget

    def _change(self, **changes: object) -> None:
        self._snapshot = replace(self._snapshot, **changes)  # type: ignore[arg-type]  # names are checked by replace
