"""The life of the tokens: rotated, kept before they are used, restored, refused, forgotten."""

import pytest

from carena_desktop.session.model import KeyringState, LocalProblem, SessionProblem, SessionState
from carena_protocol.errors import ErrorCode
from tests.fakes.transport import FakeService
from tests.scenarios.conftest import SERVER, Desktop


def _kept(desktop: Desktop) -> str | None:
    secrets = list(desktop.keyring.secrets.values())
    assert len(secrets) <= 1
    return secrets[0] if secrets else None


async def test_a_session_is_restored(desktop: Desktop, backend: FakeService) -> None:
    """A restarted program goes on without a password, and the rotated token is in the keyring."""
    await desktop.sign_in()
    before = _kept(desktop)
    await desktop.restart()
    await desktop.service.restore("")
    assert desktop.snapshot.state is SessionState.ONLINE
    assert desktop.snapshot.account is not None
    assert desktop.snapshot.account.username == "alex"
    assert _kept(desktop) not in {None, before}
    assert backend.calls.count("login") == 1


async def test_nothing_to_restore_is_no_problem(desktop: Desktop, backend: FakeService) -> None:
    """Without a remembered session nothing is asked of anybody."""
    await desktop.service.restore(SERVER)
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.snapshot.problem is None
    assert backend.calls == []


async def test_another_server_is_not_restored(desktop: Desktop, backend: FakeService) -> None:
    """A session of one clinic is never tried at another's server."""
    await desktop.sign_in()
    await desktop.restart()
    calls = len(backend.calls)
    await desktop.service.restore("https://other.test")
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert backend.calls[calls:] == []


async def test_restoring_while_the_server_is_away_keeps_the_token(desktop: Desktop, backend: FakeService) -> None:
    """An unreachable server is said, and the next start can still restore."""
    await desktop.sign_in()
    await desktop.restart()
    backend.unreachable = True
    await desktop.service.restore("")
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.SERVER_UNREACHABLE)
    backend.unreachable = False
    await desktop.service.restore("")
    assert desktop.snapshot.state is SessionState.ONLINE


async def test_access_tokens_are_regenerated(desktop: Desktop, backend: FakeService) -> None:
    """During twenty minutes online the authorisation is renewed with fresh tokens, and the connection stays."""
    await desktop.sign_in()
    await desktop.pass_time(1200, step_s=4)
    assert desktop.snapshot.state is SessionState.ONLINE
    assert backend.calls.count("refresh") >= 2
    assert backend.calls.count("connect") == 1
    assert backend.seen_refresh_tokens == list(dict.fromkeys(backend.seen_refresh_tokens))  # no old one was shown


async def test_a_new_token_is_kept_before_it_is_used(desktop: Desktop, backend: FakeService) -> None:
    """Whatever refresh token the service sees, the keyring had it first."""
    await desktop.sign_in()
    for _ in range(3):
        await desktop.refresh_now()
    assert len(backend.seen_refresh_tokens) == 3
    assert desktop.keyring.history[:3] == backend.seen_refresh_tokens


async def test_a_lost_answer_to_a_refresh_is_repeated(desktop: Desktop, backend: FakeService) -> None:
    """When the rotated token never arrived the old one is shown again and the session goes on."""
    await desktop.sign_in()
    backend.lose_next_refresh = True
    backend.expire_access_tokens()
    backend.drop()
    await desktop.back_online()
    assert backend.seen_refresh_tokens[0] == backend.seen_refresh_tokens[1]
    assert SessionState.SIGNED_OUT not in desktop.states


async def test_a_revoked_family_ends_the_session(desktop: Desktop, backend: FakeService) -> None:
    """A refused refresh token signs out with its code and leaves nothing in the keyring."""
    await desktop.sign_in()
    backend.revoke("alex")
    backend.expire_access_tokens()
    backend.drop()
    await desktop.until(lambda s: s.state is SessionState.RECONNECTING)
    await desktop.pass_time(2)
    snapshot = await desktop.until(lambda s: s.state is SessionState.SIGNED_OUT)
    assert snapshot.problem == SessionProblem(ErrorCode.TOKEN_EXPIRED)
    await desktop.restart()
    assert _kept(desktop) is None


async def test_a_stolen_token_ends_both_sessions(desktop: Desktop, other: Desktop) -> None:
    """Two programs with one token: the reuse is noticed and the second is told to sign in."""
    await desktop.sign_in()
    other.keyring.secrets = dict(desktop.keyring.secrets)
    other.memory.value = desktop.memory.value
    await desktop.refresh_now()
    await desktop.refresh_now()
    await other.service.restore("")
    assert other.snapshot.state is SessionState.SIGNED_OUT
    assert other.snapshot.problem == SessionProblem(ErrorCode.TOKEN_REUSED)
    assert _kept(other) is None
    assert other.memory.value is None


async def test_signing_out_forgets_everything(desktop: Desktop, backend: FakeService) -> None:
    """Sign-out ends the family at the service, empties the keyring and clears the patients from the snapshot."""
    backend.arrive("Test Patient")
    await desktop.sign_in()
    await desktop.service.sign_out()
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.snapshot.waiting_room.entries == ()
    assert desktop.snapshot.account is None
    assert _kept(desktop) is None
    assert "logout" in backend.calls
    assert desktop.memory.value is None


async def test_signing_out_works_offline(desktop: Desktop, backend: FakeService) -> None:
    """Without the server the person is signed out here all the same."""
    await desktop.sign_in()
    backend.unreachable = True
    backend.drop()
    await desktop.until(lambda s: s.state is SessionState.RECONNECTING)
    await desktop.service.sign_out()
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert _kept(desktop) is None


@pytest.mark.parametrize(("mood", "state"), [("locked", KeyringState.LOCKED), ("broken", KeyringState.FAILED)])
async def test_a_keyring_that_refuses_leaves_the_token_in_memory(
    desktop: Desktop, backend: FakeService, mood: str, state: KeyringState
) -> None:
    """Locked or failing: it is said, the session works, and renewing it works too."""
    setattr(desktop.keyring, mood, True)
    await desktop.sign_in()
    assert desktop.snapshot.keyring is state
    await desktop.refresh_now()
    assert backend.calls.count("refresh") == 1
    assert _kept(desktop) is None


async def test_a_prompt_nobody_answers_does_not_hold_up(desktop: Desktop) -> None:
    """While the system asks for the keyring's password the session goes on; the late answer is told."""
    desktop.keyring.prompt.clear()
    await desktop.sign_in()
    assert desktop.snapshot.keyring is KeyringState.LOCKED
    desktop.keyring.prompt.set()
    await desktop.until(lambda s: s.keyring is KeyringState.STORED)
    assert _kept(desktop) is not None


async def test_a_locked_keyring_at_start_is_said(desktop: Desktop) -> None:
    """Restoring from a locked keyring leads to sign-in with the reason shown."""
    await desktop.sign_in()
    await desktop.restart()
    desktop.keyring.locked = True
    await desktop.service.restore("")
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.snapshot.keyring is KeyringState.LOCKED
    assert desktop.snapshot.problem is None
