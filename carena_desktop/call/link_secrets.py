"""The secrets of the visit links made on this workstation: known here and in the link, and nowhere else.

They are kept sealed under a key that comes from the device key, so that the file is worth nothing without the system's
keyring. Where the device key can't be kept they live as long as the program; a link whose secret is forgotten works as
well, and both ends say that its secret was not used.
"""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from carena_desktop.call.device_key import DeviceKey
from carena_desktop.private_file import write_private
from carena_desktop.tasks import describe_error
from carena_protocol.e2ee import link_secret
from carena_protocol.e2ee.primitives import b64, expand

_log = logging.getLogger(__name__)

KEEP_MS: Final = 31 * 86_400_000
MAX_SECRETS: Final = 2000
"""The oldest are forgotten first."""
_IV: Final = 12
_CONTEXT: Final = b"carena/links/v1"

_Secret = Annotated[bytes, msgspec.Meta(min_length=link_secret.SECRET_BYTES, max_length=link_secret.SECRET_BYTES)]


class LinkSecrets:
    """Makes and remembers them. A file that can't be read is as good as none; one that can't be written is logged.

    Args:
        path: The file, None to keep nothing.
        device: Its key seals the file.
        wall_ms: Milliseconds since the epoch.
    """

    def __init__(self, path: Path | None, device: DeviceKey, wall_ms: Callable[[], int]) -> None:
        self._path = path
        self._device = device
        self._wall_ms = wall_ms
        self._known: dict[bytes, tuple[bytes, int]] = {}
        self._read = path is None

    async def secure(self, url: str) -> str:
        """Return a visit link with a new secret behind the server's; raises ValueError for what is no visit link."""
        await self._device.restore()
        self._load()
        secret = link_secret.new()
        secured = link_secret.into(url, secret)
        self._known[link_secret.hint_of(secret)] = (secret, self._wall_ms())
        self._save()
        return secured

    def of(self, hint: bytes) -> bytes:
        """Return the secret that a patient's page names, b"" when it was not made here or is forgotten."""
        self._load()
        secret, made_at = self._known.get(hint, (b"", 0))
        return secret if self._is_kept(made_at) else b""

    def _is_kept(self, made_at: int) -> bool:
        return self._wall_ms() - made_at < KEEP_MS

    def _box(self) -> AESGCM:
        return AESGCM(expand(self._device.private.private_bytes_raw(), _CONTEXT.decode(), 16))

    def _load(self) -> None:
        if self._read or self._path is None or not self._device.is_kept:
            return
        self._read = True
        try:
            data = self._path.read_bytes()
            plain = self._box().decrypt(data[:_IV], data[_IV:], _CONTEXT)
            kept = msgspec.json.decode(plain, type=list[tuple[_Secret, int]])
        except FileNotFoundError:
            return
        except (OSError, ValueError, InvalidTag, msgspec.MsgspecError) as error:
            _log.warning("the secrets of earlier visit links are unknown: %s", describe_error(error))
            return
        self._known = {link_secret.hint_of(secret): (secret, at) for secret, at in kept} | self._known

    def _save(self) -> None:
        fresh = [(secret, at) for secret, at in self._known.values() if self._is_kept(at)][-MAX_SECRETS:]
        self._known = {link_secret.hint_of(secret): (secret, at) for secret, at in fresh}
        if self._path is None or not self._device.is_kept:
            return
        iv = link_secret.new()[:_IV]
        plain = json.dumps([(b64(secret), at) for secret, at in fresh]).encode()
        try:
            write_private(self._path, iv + self._box().encrypt(iv, plain, _CONTEXT))
        except OSError as error:
            _log.warning("a visit link's secret is not remembered: %s", describe_error(error))
