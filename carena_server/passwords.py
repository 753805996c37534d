"""Argon2id off the event loop: two threads, a bounded queue, and the same work for users who don't exist.

argon2-cffi releases the GIL, so two threads keep the loop's stalls under 20 ms where inline hashing stalled it for
seconds. It may not know accounts, and never keeps a password.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import argon2

from carena_server.settings import PasswordSettings

_THREADS: Final = 2
_MAX_WAITING: Final = 16


class BusyError(Exception):
    """Too many sign-ins at once; try again shortly."""


class PasswordHasher:
    """Hashes and verifies. ``hash_now`` is for the command line; the server uses the coroutines."""

    def __init__(self, settings: PasswordSettings) -> None:
        self._hasher = argon2.PasswordHasher(
            time_cost=settings.time_cost,
            memory_cost=max(settings.memory_kib, 8 * settings.parallelism),
            parallelism=settings.parallelism,
        )
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._waiting = 0
        self._dummy: str | None = None

    def hash_now(self, password: str) -> str:
        """Return the encoded hash; blocks for the configured cost."""
        return self._hasher.hash(password)

    async def hash(self, password: str) -> str:
        """Return the encoded hash, made off the loop. Raises BusyError when the queue is full."""
        if self._waiting >= _MAX_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._hasher.hash, password)
        finally:
            self._waiting -= 1

    async def verify(self, encoded: str | None, password: str) -> tuple[bool, str | None]:
        """Check a password; ``encoded`` is None for an unknown user and costs the same.

        Returns whether it is right, and a new hash to store where the configured cost has changed.
        Raises BusyError when the queue is full.
        """
        if self._waiting >= _MAX_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, self._verify_now, encoded, password)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads once they have nothing to do."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _verify_now(self, encoded: str | None, password: str) -> tuple[bool, str | None]:
        if encoded is None:
            if self._dummy is None:
                self._dummy = self._hasher.hash(secrets.token_urlsafe(16))
            self._matches(self._dummy, password)
            return False, None
        if not self._matches(encoded, password):
            return False, None
        return True, self._hasher.hash(password) if self._hasher.check_needs_rehash(encoded) else None

    def _matches(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except argon2.exceptions.VerifyMismatchError:
            return False
        except (argon2.exceptions.InvalidHashError, argon2.exceptions.VerificationError):
            return False
