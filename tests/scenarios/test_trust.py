"""First contact, pinning, and an authority that changed."""

import hashlib

import pytest

from carena_desktop.session.model import LocalProblem, SessionProblem, SessionState
from carena_protocol.errors import ErrorCode
from tests.fakes.certificates import Authority
from tests.fakes.transport import FakeService
from tests.scenarios.conftest import PASSWORD, SERVER, Desktop


@pytest.fixture
def authority(desktop: Desktop, backend: FakeService) -> Authority:
    """The server's own authority; the system does not know it."""
    authority = Authority()
    desktop.handshake.trusted_by_system = False
    backend.authority = authority.pem
    return authority


async def test_an_unknown_authority_is_shown_and_pinned(
    desktop: Desktop, backend: FakeService, authority: Authority
) -> None:
    """Its fingerprint is offered, no credential is sent before acceptance, and the next sign-in does not ask again."""
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.state is SessionState.TRUST_REQUIRED
    offer = desktop.snapshot.authority
    assert offer is not None
    assert (offer.server, offer.expected) == (SERVER, None)
    assert offer.fingerprint == hashlib.sha256(authority.spki).hexdigest()
    assert backend.calls == ["authority"]

    await desktop.service.answer_trust(accept=True)
    assert desktop.snapshot.state is SessionState.ONLINE
    await desktop.service.sign_out()
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.state is SessionState.ONLINE
    assert backend.calls.count("authority") == 1


@pytest.mark.usefixtures("authority")
async def test_refusing_sends_and_keeps_nothing(desktop: Desktop, backend: FakeService) -> None:
    """A person who does not recognise the fingerprint is back at the start."""
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    await desktop.service.answer_trust(accept=False)
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.snapshot.authority is None
    assert desktop.store.pins == {}
    assert backend.calls == ["authority"]


@pytest.mark.usefixtures("authority")
async def test_a_changed_authority_is_a_hard_stop(desktop: Desktop, backend: FakeService) -> None:
    """Another authority than the pinned one is refused with both fingerprints, and accepting it is not possible."""
    pinned = Authority("Pinned")
    desktop.store.pins[SERVER] = pinned.pem
    backend.foreign_certificate = True
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    snapshot = desktop.snapshot
    assert snapshot.state is SessionState.SIGNED_OUT
    assert snapshot.problem == SessionProblem(LocalProblem.AUTHORITY_CHANGED)
    assert snapshot.authority is not None
    assert snapshot.authority.expected == hashlib.sha256(pinned.spki).hexdigest()
    assert snapshot.authority.fingerprint not in {"", snapshot.authority.expected}
    await desktop.service.answer_trust(accept=True)
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.store.pins == {SERVER: pinned.pem}
    assert "login" not in backend.calls


@pytest.mark.usefixtures("authority")
async def test_no_authority_to_offer_is_a_refusal(desktop: Desktop, backend: FakeService) -> None:
    """A server whose certificate nobody vouches for, and that shows no authority, is refused."""
    backend.authority = None
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.CERTIFICATE_REFUSED)


@pytest.mark.usefixtures("authority")
@pytest.mark.parametrize("offered", ["leaf", "bundle", "nonsense", "empty"])
async def test_what_is_no_authority_is_not_offered(desktop: Desktop, backend: FakeService, offered: str) -> None:
    """A certificate that may sign nothing, several at once, or no certificate: refused, not shown."""
    backend.authority = {
        "leaf": Authority(ca=False).pem,
        "bundle": Authority("One").pem + Authority("Two").pem,
        "nonsense": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "empty": b"",
    }[offered]
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.CERTIFICATE_REFUSED)


@pytest.mark.usefixtures("authority")
async def test_another_sign_in_replaces_the_question(desktop: Desktop) -> None:
    """Signing in elsewhere while the fingerprint is shown drops the question; an answer then means nothing."""
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    desktop.handshake.trusted_by_system = True
    await desktop.service.sign_in("https://public.test", "alex", "wrong")
    assert desktop.snapshot.problem == SessionProblem(ErrorCode.WRONG_CREDENTIALS)
    await desktop.service.answer_trust(accept=True)
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.store.pins == {}
