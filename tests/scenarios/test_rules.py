"""What the organization allows a session, and that nothing goes past it."""

import hashlib
from collections.abc import AsyncIterator, Callable

import pytest

from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.session.model import KeyringState, LocalProblem, SessionProblem, SessionState
from carena_desktop.session.rules import LiveRules, SiteRules
from carena_protocol.staff_rest import SecondFactor
from tests.fakes.certificates import Authority
from tests.fakes.transport import FakeService
from tests.scenarios.conftest import PASSWORD, SERVER, Desktop

OTHER = "https://other.test"


@pytest.fixture
async def start(backend: FakeService) -> AsyncIterator[Callable[[SiteRules], Desktop]]:
    """Start a desktop under rules; each is closed at the end."""
    started: list[Desktop] = []

    def begin(rules: SiteRules) -> Desktop:
        started.append(Desktop(backend, rules=rules))
        return started[-1]

    yield begin
    for desktop in started:
        await desktop.service.aclose()


@pytest.mark.parametrize("servers", [(OTHER,), ()])
async def test_no_other_server_is_connected_to(
    start: Callable[[SiteRules], Desktop], backend: FakeService, servers: tuple[str, ...]
) -> None:
    """A server that the policy does not name is refused before a byte is sent to it."""
    desktop = start(SiteRules(servers=servers))
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.SERVER_NOT_ALLOWED)
    assert backend.calls == []


async def test_a_named_server_is_used(start: Callable[[SiteRules], Desktop]) -> None:
    """However its address is typed, the server that the policy names is allowed."""
    desktop = start(SiteRules(servers=(OTHER, SERVER)))
    await desktop.service.sign_in("Clinic.Test:443", "alex", PASSWORD)
    assert desktop.snapshot.state is SessionState.ONLINE


async def test_a_named_authority_is_trusted_without_a_question(
    start: Callable[[SiteRules], Desktop], backend: FakeService
) -> None:
    """Where the policy names the authority nobody compares fingerprints, and nothing is pinned for the user."""
    authority = Authority()
    backend.authority = authority.pem
    desktop = start(SiteRules(authorities=(hashlib.sha256(authority.spki).hexdigest(),)))
    desktop.handshake.trusted_by_system = False
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.state is SessionState.ONLINE
    assert desktop.store.pins == {}


@pytest.mark.parametrize("trusted_by_system", [True, False])
async def test_every_other_authority_is_refused(
    start: Callable[[SiteRules], Desktop], backend: FakeService, *, trusted_by_system: bool
) -> None:
    """Neither the system's trust store nor an earlier yes of the user helps an authority that nobody named."""
    authority = Authority()
    backend.authority = authority.pem
    desktop = start(SiteRules(authorities=("ab" * 32,)))
    desktop.handshake.trusted_by_system = trusted_by_system
    desktop.store.pins[SERVER] = authority.pem
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.AUTHORITY_CHANGED)
    assert "login" not in backend.calls


async def test_a_server_without_an_authority_is_refused(
    start: Callable[[SiteRules], Desktop], backend: FakeService
) -> None:
    """With authorities named, a certificate that the system trusts is not enough."""
    backend.authority = None
    desktop = start(SiteRules(authorities=("ab" * 32,)))
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.CERTIFICATE_REFUSED)
    assert "login" not in backend.calls


@pytest.mark.parametrize(
    ("required", "factor", "state"),
    [
        (True, SecondFactor.NONE, SessionState.ENROLLING),
        (True, SecondFactor.ACTIVE, SessionState.ONLINE),
        (False, SecondFactor.NONE, SessionState.ONLINE),
        (False, SecondFactor.ENROLMENT_REQUIRED, SessionState.ENROLLING),
    ],
)
async def test_a_second_factor_can_be_required(
    start: Callable[[SiteRules], Desktop],
    backend: FakeService,
    required: bool,
    factor: SecondFactor,
    state: SessionState,
) -> None:
    """Where policy or server want one, an account without it gets no further than setting it up."""
    backend.factor_state = factor
    desktop = start(SiteRules(second_factor=required))
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.state is state
    assert "login" in backend.calls
    if state is SessionState.ENROLLING:
        assert "ticket" not in backend.calls
        await desktop.service.enrolled()
        await desktop.until(lambda snapshot: snapshot.state is SessionState.ONLINE)


async def test_a_server_can_forbid_to_stay_signed_in(backend: FakeService) -> None:
    """What the keyring had is taken back, nothing new is kept, the session goes on, and ends with the program."""
    policies = PolicyDesk()
    live = LiveRules(
        keep_signed_in=lambda: policies.policies.switch("KeepSignedIn"),
        on_change=lambda callback: policies.on_change(lambda _: callback()),
    )
    desktop = Desktop(backend, live=live)
    await desktop.sign_in()
    assert desktop.keyring.secrets
    policies.server_says(SERVER, {"KeepSignedIn": False}, {})
    await desktop.until(lambda snapshot: snapshot.keyring is KeyringState.UNKNOWN)
    assert desktop.keyring.secrets == {}
    kept = len(desktop.keyring.history)
    await desktop.refresh_now()
    assert desktop.snapshot.state is SessionState.ONLINE
    assert (desktop.keyring.secrets, len(desktop.keyring.history)) == ({}, kept)
    await desktop.restart()
    await desktop.service.restore("")
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    await desktop.service.aclose()


async def test_where_nothing_may_be_kept_an_older_sign_in_is_taken_back(backend: FakeService) -> None:
    """The keyring has a sign-in from before the policy: it is not used, and gone; one by hand is kept nowhere."""
    may_keep = True
    desktop = Desktop(backend, live=LiveRules(keep_signed_in=lambda: may_keep))
    await desktop.sign_in()
    assert desktop.keyring.secrets
    may_keep = False
    await desktop.restart()
    await desktop.service.restore("")
    assert (desktop.snapshot.state, desktop.keyring.secrets) == (SessionState.SIGNED_OUT, {})
    await desktop.sign_in()
    assert (desktop.snapshot.state, desktop.keyring.secrets) == (SessionState.ONLINE, {})
    await desktop.service.aclose()
