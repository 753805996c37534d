"""Who is gone is looked up by when: an index for it."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_visit_closed_at", "visit", ["closed_at"], unique=False)


def downgrade() -> None:
    """Refuse, as every step does. See docs/admin/upgrade.md."""
    raise NotImplementedError("the schema goes forward only: restore the backup made before the upgrade")
