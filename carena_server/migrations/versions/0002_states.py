"""Visits that wait have arrived: the states of the waiting room are finer now."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the one state that is gone."""
    op.execute("UPDATE visit SET state = 'arrived' WHERE state = 'waiting'")


def downgrade() -> None:
    """Refuse: the finer states have no name in the older schema. See docs/admin/upgrade.md."""
    raise NotImplementedError("the schema goes forward only: restore the backup made before the upgrade")
