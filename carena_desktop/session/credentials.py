"""The refresh token in the operating system's keyring. The only module that imports keyring.

The backend is chosen here, from a fixed list, and instantiated directly: neither a configuration file, an environment
variable nor a stray plug-in can put a plain-text file in its place. Where none of them works the token stays in memory
and the state says so; there is no file to fall back to.

Keyring calls take milliseconds or, when the system asks the person for a password, minutes. They run one after the
other in a daemon thread (so that a newer token is never overwritten by an older, delayed one), each with a limit for
the waiting side. A call that outlasts its limit goes on in the background and reports its outcome late; it can't hold
up the program's end. keyring itself is imported in that thread: the window does not wait for it.
"""

import asyncio
import concurrent.futures
import contextlib
import logging
import queue
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from carena_desktop.identity import APP_ID
from carena_desktop.session.model import KeyringState
from carena_desktop.session.world import CredentialKey
from carena_desktop.tasks import describe_error

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_log = logging.getLogger(__name__)

SAVE_LIMIT_S: Final = 5.0
LOAD_LIMIT_S: Final = 30.0
MAX_SECRET_CHARS: Final = 1280
"""Windows keeps 2560 bytes of UTF-16 per credential (jaraco/keyring#355)."""
_MAX_WAITING: Final = 16


def system_backend() -> "KeyringBackend | None":
    """Return this system's keyring, or None: Windows Credential Manager, macOS Keychain, Secret Service or KWallet."""
    for candidate in _candidates():
        try:
            if candidate.priority > 0:
                return candidate()
        except Exception as error:  # noqa: BLE001 - each backend says "not here" by an exception of its own kind
            _log.debug("keyring %s is not usable: %s", candidate.__module__, describe_error(error))
    return None


def _candidates() -> "list[type[KeyringBackend]]":
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring  # noqa: PLC0415 - one platform's module

        return [WinVaultKeyring]
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring  # noqa: PLC0415 - one platform's module

        return [Keyring]
    from keyring.backends import SecretService, kwallet  # noqa: PLC0415 - one platform's modules

    return [SecretService.Keyring, kwallet.DBusKeyring]


class KeyringCredentials:
    """Implements ``world.CredentialStore``.

    Args:
        backend: Finds the keyring; called in the worker thread, as it talks to D-Bus.
        on_late: Called on the event loop with the state when a call ends after its limit.
        save_limit_s: How long ``save`` and ``delete`` wait.
        load_limit_s: How long ``load`` waits; longer, as the person may be typing the keyring's password.
    """

    def __init__(
        self,
        *,
        backend: "Callable[[], KeyringBackend | None]" = system_backend,
        on_late: Callable[[KeyringState], None] | None = None,
        save_limit_s: float = SAVE_LIMIT_S,
        load_limit_s: float = LOAD_LIMIT_S,
    ) -> None:
        self._find = backend
        self._on_late = on_late
        self._save_limit_s = save_limit_s
        self._load_limit_s = load_limit_s
        self._worker: _Worker | None = None

    def on_late(self, callback: Callable[[KeyringState], None]) -> None:
        """Set who hears of calls that end after their limit."""
        self._on_late = callback

    async def save(self, key: CredentialKey, secret: str) -> KeyringState:
        """Store ``secret``; anything but STORED means that it is in memory only."""
        if len(secret) > MAX_SECRET_CHARS:
            return KeyringState.FAILED
        state, _ = await self._run(lambda backend: _save(backend, key, secret), self._save_limit_s)
        return state

    async def load(self, key: CredentialKey) -> tuple[KeyringState, str | None]:
        """Return the secret, if there is one and it can be read."""
        return await self._run(lambda backend: _load(backend, key), self._load_limit_s)

    async def delete(self, key: CredentialKey) -> KeyringState:
        """Delete the secret; UNKNOWN when nothing is there any more."""
        state, _ = await self._run(lambda backend: _delete(backend, key), self._save_limit_s)
        return state

    def close(self) -> None:
        """Let the worker end after what it is doing; does not wait."""
        if self._worker is not None:
            self._worker.close()

    async def _run(self, job: "_Job", limit_s: float) -> "_Outcome":
        if self._worker is None:
            self._worker = _Worker(self._find)
        try:
            future = self._worker.submit(job)
        except queue.Full:
            return KeyringState.LOCKED, None  # everything waits behind a prompt that nobody answers
        waiting = asyncio.wrap_future(future)
        done, _ = await asyncio.wait({waiting}, timeout=limit_s)
        if done:
            return waiting.result()
        waiting.add_done_callback(self._late)
        return KeyringState.LOCKED, None

    def _late(self, waiting: "asyncio.Future[_Outcome]") -> None:
        if not waiting.cancelled() and self._on_late is not None:
            self._on_late(waiting.result()[0])


_Outcome = tuple[KeyringState, str | None]
_Job = Callable[["KeyringBackend"], _Outcome]


def _save(backend: "KeyringBackend", key: CredentialKey, secret: str) -> _Outcome:
    backend.set_password(APP_ID, _account(key), secret)
    return KeyringState.STORED, None


def _load(backend: "KeyringBackend", key: CredentialKey) -> _Outcome:
    secret = backend.get_password(APP_ID, _account(key))
    return (KeyringState.UNKNOWN, None) if secret is None else (KeyringState.STORED, secret)


def _delete(backend: "KeyringBackend", key: CredentialKey) -> _Outcome:
    from keyring.errors import PasswordDeleteError  # noqa: PLC0415 - see the module's docstring

    try:
        backend.delete_password(APP_ID, _account(key))
    except PasswordDeleteError:
        # Some backends raise it for "was not there", some for "could not".
        if backend.get_password(APP_ID, _account(key)) is not None:
            return KeyringState.FAILED, None
    return KeyringState.UNKNOWN, None


def _account(key: CredentialKey) -> str:
    return f"{key.server} {key.username}"


class _Worker:
    """A daemon thread that does one keyring call after the other."""

    def __init__(self, find: "Callable[[], KeyringBackend | None]") -> None:
        self._find = find
        self._backend: KeyringBackend | None = None
        self._closing = False
        self._jobs: queue.Queue[tuple[_Job, concurrent.futures.Future[_Outcome]] | None] = queue.Queue(_MAX_WAITING)
        threading.Thread(target=self._work, name="carena-keyring", daemon=True).start()

    def submit(self, job: "_Job") -> "concurrent.futures.Future[_Outcome]":
        """Queue a call; raises queue.Full."""
        future: concurrent.futures.Future[_Outcome] = concurrent.futures.Future()
        self._jobs.put_nowait((job, future))
        return future

    def close(self) -> None:
        """End after the calls already queued."""
        self._closing = True
        with contextlib.suppress(queue.Full):  # then the thread sees the flag after the calls that fill it
            self._jobs.put_nowait(None)

    def _work(self) -> None:
        while (item := self._jobs.get()) is not None:
            job, future = item
            outcome = self._call(job)
            try:
                future.set_result(outcome)
            except RuntimeError:
                return  # the loop that asked is closed
            if self._closing and self._jobs.empty():
                return

    def _call(self, job: "_Job") -> _Outcome:
        from keyring.errors import InitError, KeyringLocked, NoKeyringError  # noqa: PLC0415 - see the module's docstring

        try:
            if self._backend is None:
                self._backend = self._find()
            if self._backend is None:
                return KeyringState.ABSENT, None
            return job(self._backend)
        except NoKeyringError:
            state = KeyringState.ABSENT
        except (KeyringLocked, InitError):
            state = KeyringState.LOCKED
        except Exception as error:  # noqa: BLE001 - D-Bus, win32 and Security.framework raise what they like
            _log.warning("the keyring failed: %s", describe_error(error))
            state = KeyringState.FAILED
        return state, None
