"""The data directory: which file is where, made with the right permissions, migrated before use."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from carena_server.authority import Identity, host_names, local_identity, write_private
from carena_server.settings import Settings
from carena_server.store.database import make_engine
from carena_server.store.migrate import upgrade


class DataError(RuntimeError):
    """The directory can't be used; the text says why."""


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """``carena.db``, ``audit.key``, ``audit.anchor`` and ``tls/``."""

    path: Path

    @property
    def database(self) -> Path:
        """The database file."""
        return self.path / "carena.db"

    @property
    def audit_anchor(self) -> Path:
        """Where the end of the audit chain is written down now and then."""
        return self.path / "audit.anchor"

    def prepare(self) -> None:
        """Make the directory, its key and its database, or bring them up to date. Raises DataError."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{self.path}: {error.strerror}") from None
        key = self.path / "audit.key"
        if not key.exists():
            if self.database.exists():
                raise DataError(f"{key} is missing: the audit log can't be continued without it")
            write_private(key, secrets.token_hex(32).encode())
        if not self.database.exists():
            self.database.touch(mode=0o600)
        engine = self.engine()
        try:
            upgrade(engine)
        finally:
            engine.dispose()

    def engine(self) -> Engine:
        """Return a new engine on the database."""
        return make_engine(self.database)

    def audit_key(self) -> bytes:
        """Return the key of the audit chain. Raises DataError."""
        try:
            return bytes.fromhex((self.path / "audit.key").read_text("ascii").strip())
        except (OSError, ValueError):
            raise DataError(f"{self.path / 'audit.key'} can't be read") from None

    def identity(self, settings: Settings, host: str, now_ms: int) -> Identity:
        """Return the site's certificate, or one of the local authority. Raises AuthorityError."""
        tls = settings.tls
        if tls.certificate is not None and tls.key is not None:
            return Identity(Path(tls.certificate), Path(tls.key), None, None)
        return local_identity(self.path / "tls", [*host_names(), host, *tls.names], now_ms)
