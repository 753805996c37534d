"""Where received files wait until somebody saves them: encrypted, in files without a name, under keys in memory only.

A file's bytes are sealed piece by piece with a key of its own before they reach the disk (AES-256-GCM, the piece's
number as nonce). The temporary file has no name where the system allows that, and is gone when it is closed, however
the program ends; what a system without that left is swept away at the next start, and was unreadable in between.
"""

import hashlib
import os
import secrets
import tempfile
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from carena_desktop.call.files.sniff import HEAD_BYTES, Kind, sniff

PREFIX: Final = "carena-received-"
KEY_BITS: Final = 256


class VaultError(OSError):
    """A kept file can't be read back."""


class _Kept:
    """One file. ``read`` may run on another thread than ``append``, never at the same time."""

    def __init__(self, folder: Path | None) -> None:
        self._box = AESGCM(AESGCM.generate_key(KEY_BITS))
        # Closed by drop; unbuffered, for nothing of it should linger.
        self._file: IO[bytes] = tempfile.TemporaryFile(  # noqa: SIM115 - it outlives this call
            prefix=PREFIX, dir=folder, buffering=0
        )
        self._lengths: list[int] = []
        self._lock = threading.Lock()
        self.hash = hashlib.sha256()
        self.head = b""

    def append(self, data: bytes) -> None:
        self.hash.update(data)
        if len(self.head) < HEAD_BYTES:
            self.head = (self.head + data)[:HEAD_BYTES]
        sealed = self._box.encrypt(self._nonce(len(self._lengths)), data, None)
        with self._lock:
            self._file.seek(0, os.SEEK_END)
            view = memoryview(sealed)
            while view:
                view = view[self._file.write(view) :]
        self._lengths.append(len(sealed))

    def read(self) -> Iterator[bytes]:
        place = 0
        for number, length in enumerate(self._lengths):
            with self._lock:
                self._file.seek(place)
                sealed = self._file.read(length)
            place += length
            try:
                yield self._box.decrypt(self._nonce(number), sealed, None)
            except InvalidTag:
                raise VaultError("a kept file was changed") from None

    def close(self) -> None:
        self._file.close()

    @staticmethod
    def _nonce(number: int) -> bytes:
        return number.to_bytes(12, "big")


class Vault:
    """The received files of the visit.

    Args:
        folder: Of the user's own; None for the system's temporary one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: dict[str, _Kept] = {}

    def sweep(self) -> None:
        """Remove what an earlier run may have left; never raises."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in self._folder.glob(f"{PREFIX}*"):
                with suppress(OSError):  # Windows: another window of ours holds it
                    path.unlink()

    def append(self, file_id: str, data: bytes) -> None:
        """Keep the next bytes of a file; raises OSError when the disk won't take them."""
        kept = self._kept.get(file_id)
        if kept is None:
            if self._folder is not None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            kept = self._kept[file_id] = _Kept(self._folder)
        kept.append(data)

    def is_whole(self, file_id: str, sha256: str) -> bool:
        """Whether the file's hash is ``sha256``, base64."""
        kept = self._kept.get(file_id)
        return kept is not None and b64encode(kept.hash.digest()).decode() == sha256

    def kind(self, file_id: str) -> Kind:
        """What a file is, by its first bytes."""
        kept = self._kept.get(file_id)
        return Kind.UNKNOWN if kept is None else sniff(kept.head)

    def read(self, file_id: str) -> bytes:
        """Return a whole file; raises VaultError."""
        return b"".join(self._of(file_id).read())

    def save(self, file_id: str, target: Path) -> None:
        """Write a file to where the person wants it, whole or not at all; raises OSError."""
        pieces = self._of(file_id).read()
        beside = target.parent / f".{secrets.token_hex(8)}.part"  # its name says nothing
        try:
            with beside.open("xb") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise

    def drop(self, file_id: str) -> None:
        """Forget a file: its key and its bytes."""
        kept = self._kept.pop(file_id, None)
        if kept is not None:
            kept.close()

    def clear(self) -> None:
        """Forget every file."""
        for file_id in tuple(self._kept):
            self.drop(file_id)

    def _of(self, file_id: str) -> _Kept:
        kept = self._kept.get(file_id)
        if kept is None:
            raise VaultError("no such file")
        return kept
