"""Brings a database to the current schema, at every start. Refuses one that is newer than this program."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine

_SCRIPTS: Final = Path(__file__).parent.parent / "migrations"


class SchemaTooNewError(RuntimeError):
    """The database was made by a newer version of the server."""


def upgrade(engine: Engine) -> str:
    """Run the missing steps in one transaction each and return the revision. Raises SchemaTooNewError."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        if current is not None:
            try:
                scripts.get_revision(current)
            except CommandError:
                raise SchemaTooNewError(
                    f"the database has revision {current}, which this program does not know"
                ) from None
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    newest = scripts.get_current_head()
    assert newest is not None  # noqa: S101 - there is a first step
    return newest
