"""This workstation's device key: Ed25519, made once, kept where the operating system keeps secrets.

It signs the hello of every call, so that a patient's page can tell this workstation from another one. Where nothing can
be kept, a key for this run of the program does: calls are as safe, but nobody recognises the workstation tomorrow.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_protocol.e2ee.agreement import AgreementError, b64, unb64

_log = logging.getLogger(__name__)

KEY_BYTES: Final = 32


class DeviceKey:
    """The key, from the first moment on; ``restore`` exchanges it for the kept one.

    Args:
        load: Returns what is kept, as text, or None.
        save: Keeps it; returns whether it could be kept.
    """

    def __init__(
        self,
        load: Callable[[], Awaitable[str | None]] | None = None,
        save: Callable[[str], Awaitable[bool]] | None = None,
    ) -> None:
        self._load = load
        self._save = save
        self._restored = load is None
        self._lock = asyncio.Lock()
        self.private = Ed25519PrivateKey.generate()
        self.is_kept = False

    async def restore(self) -> None:
        """Take the kept key, or keep this one; does it once and raises nothing."""
        async with self._lock:  # a chat and a visit may both be the first to need it
            if not self._restored and self._load is not None and self._save is not None:
                self._restored = True
                await self._take_kept(self._load, self._save)

    async def _take_kept(
        self, load: Callable[[], Awaitable[str | None]], save: Callable[[str], Awaitable[bool]]
    ) -> None:
        kept = await load()
        if kept is not None:
            try:
                self.private = Ed25519PrivateKey.from_private_bytes(unb64(kept, KEY_BYTES))
            except AgreementError:
                _log.warning("the kept device key is none: another one is made")
            else:
                self.is_kept = True
                return
        self.is_kept = await save(b64(self.private.private_bytes_raw()))
        if not self.is_kept:
            _log.info("the device key is kept in memory only")
