"""The keyring adapter: which backend, in which order, within which time, and never a file."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator

import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError, NoKeyringError

from carena_desktop.session import credentials
from carena_desktop.session.credentials import MAX_SECRET_CHARS, KeyringCredentials, system_backend
from carena_desktop.session.model import KeyringState
from carena_desktop.session.world import CredentialKey
from tests.fakes.keyring import MemoryKeyring

KEY = CredentialKey("https://clinic.test", "alex")
OTHER = CredentialKey("https://clinic.test:8443", "alex")


@pytest.fixture
def backend() -> MemoryKeyring:
    """A keyring in memory."""
    return MemoryKeyring()


@pytest.fixture
async def store(backend: MemoryKeyring) -> AsyncIterator[KeyringCredentials]:
    """The adapter on it, with little patience."""
    store = KeyringCredentials(backend=lambda: backend, save_limit_s=0.05, load_limit_s=0.05)
    yield store
    backend.prompt.set()
    store.close()


async def test_a_secret_makes_the_round_trip(store: KeyringCredentials) -> None:
    """Saved, loaded, replaced, deleted; keys of another server do not mix."""
    assert await store.load(KEY) == (KeyringState.UNKNOWN, None)
    assert await store.save(KEY, "one") is KeyringState.STORED
    assert await store.save(KEY, "two") is KeyringState.STORED
    assert await store.load(KEY) == (KeyringState.STORED, "two")
    assert await store.load(OTHER) == (KeyringState.UNKNOWN, None)
    assert await store.delete(KEY) is KeyringState.UNKNOWN
    assert await store.load(KEY) == (KeyringState.UNKNOWN, None)
    assert await store.delete(KEY) is KeyringState.UNKNOWN


async def test_calls_leave_the_loops_thread(store: KeyringCredentials, backend: MemoryKeyring) -> None:
    """No keyring call runs on the thread that paints."""
    threads: set[int] = set()
    original = backend.set_password

    def spy(service: str, username: str, password: str) -> None:
        threads.add(threading.get_ident())
        original(service, username, password)

    backend.set_password = spy  # type: ignore[method-assign]  # a spy
    await store.save(KEY, "one")
    assert threads
    assert threading.get_ident() not in threads


@pytest.mark.parametrize(("mood", "state"), [("locked", KeyringState.LOCKED), ("broken", KeyringState.FAILED)])
async def test_refusals_are_states(
    store: KeyringCredentials, backend: MemoryKeyring, mood: str, state: KeyringState
) -> None:
    """No call raises: a locked or failing keyring is a state."""
    setattr(backend, mood, True)
    assert await store.save(KEY, "one") is state
    assert await store.load(KEY) == (state, None)
    assert await store.delete(KEY) is state


@pytest.mark.parametrize(
    ("error", "state"), [(NoKeyringError(), KeyringState.ABSENT), (InitError("x"), KeyringState.LOCKED)]
)
async def test_the_librarys_errors_are_states(
    monkeypatch: pytest.MonkeyPatch, backend: MemoryKeyring, error: Exception, state: KeyringState
) -> None:
    """No keyring at all is ABSENT; a collection that could not be made (prompt dismissed) is LOCKED."""

    def fail(_service: str, _username: str) -> str | None:
        raise error

    monkeypatch.setattr(backend, "get_password", fail)
    store = KeyringCredentials(backend=lambda: backend)
    assert await store.load(KEY) == (state, None)
    store.close()


async def test_no_backend_is_absent() -> None:
    """Without a usable keyring every call says so, and the next call looks again."""
    looks: list[int] = []
    store = KeyringCredentials(backend=lambda: looks.append(1))
    assert await store.save(KEY, "one") is KeyringState.ABSENT
    assert await store.load(KEY) == (KeyringState.ABSENT, None)
    assert len(looks) == 2
    store.close()


async def test_too_long_for_windows_is_refused_everywhere(store: KeyringCredentials, backend: MemoryKeyring) -> None:
    """What one platform can't keep no platform gets."""
    assert await store.save(KEY, "x" * MAX_SECRET_CHARS) is KeyringState.STORED
    assert await store.save(KEY, "x" * (MAX_SECRET_CHARS + 1)) is KeyringState.FAILED
    assert len(backend.history) == 1


async def test_a_prompt_does_not_block_and_order_is_kept(store: KeyringCredentials, backend: MemoryKeyring) -> None:
    """Calls behind an unanswered prompt return LOCKED in time; answered late, the newest secret is the one stored."""
    late: list[KeyringState] = []
    all_late = asyncio.Event()

    def heard(state: KeyringState) -> None:
        late.append(state)
        if len(late) == 3:
            all_late.set()

    store.on_late(heard)
    backend.prompt.clear()
    assert await store.save(KEY, "old") is KeyringState.LOCKED
    assert await store.save(KEY, "new") is KeyringState.LOCKED
    assert await store.load(KEY) == (KeyringState.LOCKED, None)
    backend.prompt.set()
    async with asyncio.timeout(5):
        await all_late.wait()
    assert late == [KeyringState.STORED] * 3
    assert backend.history == ["old", "new"]
    assert await store.load(KEY) == (KeyringState.STORED, "new")


async def test_waiting_calls_are_bounded(backend: MemoryKeyring) -> None:
    """Behind a prompt that nobody answers a fixed number of calls wait; the rest are refused at once."""
    store = KeyringCredentials(backend=lambda: backend, save_limit_s=0.001)
    backend.prompt.clear()
    states = [await store.save(KEY, f"secret-{number}") for number in range(40)]
    assert set(states) == {KeyringState.LOCKED}
    backend.prompt.set()
    store.close()


def test_a_stuck_prompt_does_not_hold_up_the_end() -> None:
    """The worker is a daemon: the loop, and with it the program, ends while a call is stuck."""
    backend = MemoryKeyring()
    backend.prompt.clear()
    before = set(threading.enumerate())

    async def use() -> None:
        store = KeyringCredentials(backend=lambda: backend, save_limit_s=0.01)
        assert await store.save(KEY, "one") is KeyringState.LOCKED
        store.close()

    asyncio.run(use())
    workers = [thread for thread in set(threading.enumerate()) - before if thread.name == "carena-keyring"]
    assert len(workers) == 1
    assert all(thread.daemon for thread in workers)
    backend.prompt.set()
    for thread in workers:
        thread.join(5)
        assert not thread.is_alive()


def test_the_choice_can_not_be_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor a plug-in of higher priority decides; only listed backends are looked at."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    keyring.set_keyring(keyring.backends.null.Keyring())

    class Plaintext(MemoryKeyring):
        priority = 99

    assert Plaintext in KeyringBackend._classes
    chosen = system_backend()
    assert chosen is None or type(chosen) in credentials._candidates()
    keyring.set_keyring(keyring.backends.fail.Keyring())


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux", "freebsd14"])
def test_candidates_are_the_systems_own(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """Per platform: Credential Manager, Keychain, Secret Service or KWallet, and nothing that writes a file."""
    monkeypatch.setattr(sys, "platform", platform)
    if platform == "darwin":
        pytest.importorskip("keyring.backends.macOS", reason="its module needs Security.framework to import")
    modules = {candidate.__module__ for candidate in credentials._candidates()}
    allowed = {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
    }
    assert modules
    assert modules <= allowed
