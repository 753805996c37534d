"""Alembic's entry: runs the steps on the connection it is given. There is no offline mode and no alembic.ini."""

from alembic import context

from carena_server.store.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
