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
    """Rename it back; only for a database without the finer states."""
    op.execute("UPDATE visit SET state = 'waiting' WHERE state = 'arrived'")
