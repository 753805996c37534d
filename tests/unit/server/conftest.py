"""A migrated database per test, copied from one that is made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from carena_server.store.audit_log import AuditLog
from carena_server.store.database import make_engine
from carena_server.store.migrate import upgrade

KEY = b"k" * 32


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty database of the current schema; copy it, never open it."""
    path = tmp_path_factory.mktemp("template") / "carena.db"
    engine = make_engine(path)
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(template: Path, tmp_path: Path) -> Iterator[Engine]:
    """Return an engine on a database of this test's own."""
    path = tmp_path / "carena.db"
    shutil.copy(template, path)
    engine = make_engine(path)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Return a connection inside a transaction that is undone afterwards."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        if transaction.is_active:
            transaction.rollback()


@pytest.fixture
def log() -> AuditLog:
    """Return an audit log with a key of the tests."""
    return AuditLog(KEY)
