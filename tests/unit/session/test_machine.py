"""The session's machine moves as drawn: playbooks for the paths, a state machine of random events for the rest."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from carena_desktop.session.backoff import Backoff
from carena_desktop.session.events import (
    AuthorityFound,
    Connect,
    ConnectionLost,
    ConnectionSteady,
    Disconnect,
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
from carena_desktop.session.machine import SessionMachine
from carena_desktop.session.model import (
    AuthorityOffer,
    KeyringState,
    LocalProblem,
    SessionProblem,
    SessionSnapshot,
    SessionState,
    StaffAccount,
    WaitingRoom,
)
from carena_protocol.errors import ErrorCode

SERVER = "https://clinic.test"
OFFER = AuthorityOffer(server=SERVER, fingerprint="ab" * 32)
ACCOUNT = StaffAccount(id="u1", username="alex", display_name="Dr Alex")
WRONG = SessionProblem(ErrorCode.WRONG_CREDENTIALS)
AWAY = SessionProblem(LocalProblem.SERVER_UNREACHABLE)
ROOM = WaitingRoom(version=3, clinic="Test Clinic")
POLICY = Backoff(base_s=1.0, cap_s=8.0)


def playbook(machine: SessionMachine, *steps: tuple[SessionEvent, list[SessionEffect]]) -> None:
    """Feed each event and compare its effects."""
    for event, effects in steps:
        assert list(machine.handle(event)) == effects, event


def online() -> SessionMachine:
    """A machine that is online; its attempt is 1 and every roll is a half."""
    machine = SessionMachine(lambda: 0.5)
    playbook(
        machine,
        (SignInAsked(SERVER), [Disconnect(), EstablishTrust(1)]),
        (TrustFound(1), [ObtainTokens(1)]),
        (TokensGranted(1, ACCOUNT), [Connect(1)]),
        (Welcomed(1, 250, POLICY), []),
    )
    return machine


def test_sign_in_to_online() -> None:
    """Known server, good password: online, with account and clock offset."""
    assert online().snapshot == SessionSnapshot(
        state=SessionState.ONLINE, server=SERVER, account=ACCOUNT, clock_offset_ms=250
    )


def test_first_contact_is_asked_and_pinned() -> None:
    """An unknown authority stops the sign-in until the person accepts; it is pinned before tokens are asked for."""
    machine = SessionMachine(lambda: 0.5)
    playbook(machine, (SignInAsked(SERVER), [Disconnect(), EstablishTrust(1)]), (AuthorityFound(1, OFFER), []))
    assert machine.snapshot == SessionSnapshot(state=SessionState.TRUST_REQUIRED, server=SERVER, authority=OFFER)
    playbook(
        machine,
        (TrustFound(1), []),
        (TrustAnswered(accept=True), [PinAuthority(1, OFFER)]),
        (TrustFound(1), [ObtainTokens(1)]),
    )
    assert machine.snapshot.authority is None


def test_refused_trust_goes_back() -> None:
    """Refusing the authority ends the attempt; a late result of it changes nothing."""
    machine = SessionMachine(lambda: 0.5)
    playbook(
        machine,
        (SignInAsked(SERVER), [Disconnect(), EstablishTrust(1)]),
        (AuthorityFound(1, OFFER), []),
        (TrustAnswered(accept=False), [Disconnect(), ForgetTokens(revoke=False, keyring=False)]),
        (TrustFound(1), []),
        (TrustAnswered(accept=True), []),
    )
    assert machine.snapshot == SessionSnapshot(server=SERVER)


def test_a_refused_password_is_shown_until_the_next_try() -> None:
    """The problem stays in the snapshot and is gone with the next attempt."""
    machine = SessionMachine(lambda: 0.5)
    machine.handle(SignInAsked(SERVER))
    machine.handle(TrustFound(1))
    assert list(machine.handle(SignInFailed(1, WRONG))) == [Disconnect(), ForgetTokens(revoke=False, keyring=False)]
    assert machine.snapshot == SessionSnapshot(server=SERVER, problem=WRONG)
    machine.handle(SignInAsked(SERVER))
    assert machine.snapshot.problem is None


def test_a_foreign_authority_is_shown_and_can_not_be_accepted() -> None:
    """With a pinned authority another one is a problem with both fingerprints; an answer means nothing."""
    changed = AuthorityOffer(server=SERVER, fingerprint="cd" * 32, expected="ab" * 32)
    problem = SessionProblem(LocalProblem.AUTHORITY_CHANGED)
    machine = SessionMachine(lambda: 0.5)
    machine.handle(SignInAsked(SERVER))
    machine.handle(SignInFailed(1, problem, changed))
    assert machine.snapshot == SessionSnapshot(server=SERVER, problem=problem, authority=changed)
    assert list(machine.handle(TrustAnswered(accept=True))) == []


def test_nothing_kept_is_no_problem() -> None:
    """A restore that finds nothing leads to the sign-in page without a word."""
    machine = SessionMachine(lambda: 0.5)
    machine.handle(RestoreAsked(SERVER))
    machine.handle(TrustFound(1))
    machine.handle(NothingKept(1))
    assert machine.snapshot == SessionSnapshot(server=SERVER)


def test_reconnects_wait_longer_and_start_over_after_success() -> None:
    """Delays follow the policy of the welcome, with jitter; the count starts over once the session has held a while."""
    machine = online()
    delays: list[float] = []
    for _ in range(6):
        (wait,) = machine.handle(ConnectionLost(1, AWAY))
        assert isinstance(wait, WaitToRetry)
        delays.append(wait.delay_s)
        assert machine.snapshot.retry_in_s == wait.delay_s
        assert list(machine.handle(RetryDue(1))) == [Connect(1)]
        assert machine.snapshot.retry_in_s is None
    assert delays == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]
    machine.handle(Welcomed(1, 0, POLICY))
    assert list(machine.handle(ConnectionLost(1))) == [WaitToRetry(1, 4.0)]  # it flaps
    machine.handle(RetryDue(1))
    machine.handle(Welcomed(1, 0, POLICY))
    machine.handle(ConnectionSteady(1))
    assert list(machine.handle(ConnectionLost(1))) == [WaitToRetry(1, 0.5)]


def test_the_server_may_ask_for_more_patience() -> None:
    """Retry-After is a floor under the jitter."""
    assert list(online().handle(ConnectionLost(1, None, 30.0))) == [WaitToRetry(1, 30.5)]


def test_the_waiting_room_stays_while_away() -> None:
    """Rows are kept during an outage and gone after sign-out."""
    machine = online()
    machine.handle(RoomChanged(1, ROOM))
    machine.handle(ConnectionLost(1, AWAY))
    assert machine.snapshot == SessionSnapshot(
        state=SessionState.RECONNECTING,
        server=SERVER,
        account=ACCOUNT,
        problem=AWAY,
        retry_in_s=0.5,
        clock_offset_ms=250,
        waiting_room=ROOM,
    )
    machine.handle(SignOutAsked())
    assert machine.snapshot == SessionSnapshot(server=SERVER)


@pytest.mark.parametrize("keep", [True, False])
def test_an_ended_session_says_why(keep: bool) -> None:
    """The problem is shown; the token goes where it is worthless."""
    machine = online()
    problem = SessionProblem(ErrorCode.TOKEN_REUSED)
    assert list(machine.handle(SessionEnded(1, problem, keep))) == [
        Disconnect(),
        ForgetTokens(revoke=False, keyring=not keep),
    ]
    assert machine.snapshot == SessionSnapshot(server=SERVER, problem=problem)


def test_signing_out_revokes() -> None:
    """From online, sign-out tells the server and empties the keyring."""
    machine = online()
    machine.handle(KeyringReported(KeyringState.STORED))
    assert list(machine.handle(SignOutAsked())) == [Disconnect(), ForgetTokens(revoke=True, keyring=True)]
    assert machine.snapshot == SessionSnapshot(server=SERVER)


def test_signed_in_people_do_not_sign_in() -> None:
    """A second sign-in while a session is up changes nothing."""
    machine = online()
    before = machine.snapshot
    assert list(machine.handle(SignInAsked("https://other.test"))) == []
    assert machine.snapshot == before


STEPS = st.sampled_from(
    [
        TrustFound,
        lambda n: AuthorityFound(n, OFFER),
        lambda n: SignInFailed(n, WRONG),
        NothingKept,
        lambda n: TokensGranted(n, ACCOUNT),
        lambda n: Welcomed(n, 0, POLICY),
        lambda n: ConnectionLost(n, AWAY),
        lambda n: ConnectionLost(n, None, 5.0),
        ConnectionSteady,
        lambda n: SessionEnded(n, WRONG),
        RetryDue,
        lambda n: RetryCountdown(n, 1.0),
        lambda n: RoomChanged(n, ROOM),
    ]
)


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens in whatever order, the snapshot stays consistent and stale results change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.machine = SessionMachine(lambda: 0.25)
        self.connecting = 0
        self.waiting = 0

    def feed(self, event: SessionEvent) -> None:
        """Feed one event and keep count of what is asked for."""
        for effect in self.machine.handle(event):
            match effect:
                case Disconnect():
                    self.connecting = self.waiting = 0
                case Connect():
                    self.connecting += 1
                    self.waiting = 0
                case WaitToRetry():
                    self.waiting += 1
                    self.connecting = 0
                case _:
                    pass

    @rule(server=st.sampled_from([SERVER, "https://other.test"]), restore=st.booleans())
    def begin(self, server: str, *, restore: bool) -> None:
        """A person signs in, or the program starts."""
        self.feed(RestoreAsked(server) if restore else SignInAsked(server))

    @rule(accept=st.booleans())
    def answer(self, *, accept: bool) -> None:
        """The person answers, asked or not."""
        self.feed(TrustAnswered(accept))

    @rule()
    def sign_out(self) -> None:
        """The person signs out."""
        self.feed(SignOutAsked())
        assert self.machine.snapshot.state is SessionState.SIGNED_OUT

    @rule(step=STEPS)
    def current(self, step: object) -> None:
        """A result of the current attempt."""
        self.feed(step(self.machine.attempt))  # type: ignore[operator]  # one of STEPS

    @rule(step=STEPS, age=st.integers(1, 3))
    def stale(self, step: object, age: int) -> None:
        """A result of an attempt given up changes nothing and asks for nothing."""
        before = self.machine.snapshot
        assert list(self.machine.handle(step(self.machine.attempt - age))) == []  # type: ignore[operator]  # one of STEPS
        assert self.machine.snapshot == before

    @rule(state=st.sampled_from(KeyringState))
    def keyring(self, state: KeyringState) -> None:
        """The keyring reports at any time."""
        self.feed(KeyringReported(state))

    @invariant()
    def consistent(self) -> None:
        """What the fields say fits the state."""
        snapshot = self.machine.snapshot
        signed_in = snapshot.state in {SessionState.CONNECTING, SessionState.ONLINE, SessionState.RECONNECTING}
        assert signed_in == (snapshot.account is not None)
        assert signed_in or snapshot.waiting_room == WaitingRoom()
        assert snapshot.retry_in_s is None or snapshot.state is SessionState.RECONNECTING
        assert snapshot.state is not SessionState.TRUST_REQUIRED or snapshot.authority is not None
        assert snapshot.state is not SessionState.ONLINE or snapshot.problem is None

    @invariant()
    def one_at_a_time(self) -> None:
        """Never two connections, never a wait beside one, and something under way wherever it has to be."""
        assert self.connecting + self.waiting <= 1
        state = self.machine.snapshot.state
        if state in {SessionState.CONNECTING, SessionState.RECONNECTING, SessionState.ONLINE}:
            assert self.connecting + self.waiting == 1


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=200, stateful_step_count=30)
