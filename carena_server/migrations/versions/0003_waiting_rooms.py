"""Several rooms, triage, owners, the second factor, sessions with a name, emergency access."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns; what was there stays as it is, in the first room."""
    _rooms()
    _accounts()
    _visits()
    op.create_index("ix_audit_subject", "audit", ["subject"], unique=False)


def downgrade() -> None:
    """Refuse: the finer rows have no place in the older schema. See docs/admin/upgrade.md."""
    raise NotImplementedError("the schema goes forward only: restore the backup made before the upgrade")


def _rooms() -> None:
    op.add_column("clinic", sa.Column("directory_version", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "room",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("name", name=op.f("uq_room_name")),
    )
    op.execute("INSERT INTO room (id, name, settings, created_at) VALUES ('main', 'Waiting room', '{}', 0)")
    op.create_table(
        "account_room",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_room_account_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_account_room_room_id")),
        sa.PrimaryKeyConstraint("account_id", "room_id", name=op.f("pk_account_room")),
    )


def _accounts() -> None:
    op.add_column("account", sa.Column("totp_secret", sa.String(length=200), nullable=True))
    op.add_column("account", sa.Column("totp_pending", sa.String(length=200), nullable=True))
    op.add_column("account", sa.Column("totp_step", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_emergency_access_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
    )
    op.create_index(op.f("ix_emergency_access_account_id"), "emergency_access", ["account_id"], unique=False)
    op.add_column("token_family", sa.Column("device", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("token_family", sa.Column("address", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("token_family", sa.Column("last_used_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE token_family SET last_used_at = created_at")


def _visits() -> None:

    op.add_column("visit_link", sa.Column("room_id", sa.String(length=32), nullable=False, server_default="main"))
    for column in (
        sa.Column("room_id", sa.String(length=32), nullable=False, server_default="main"),
        sa.Column("state_since", sa.BigInteger(), nullable=True),
        sa.Column("clinician_since", sa.BigInteger(), nullable=True),
        sa.Column("returns_to", sa.String(length=16), nullable=True),
        sa.Column("acuity", sa.Integer(), nullable=True),
        sa.Column("triaged_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("away_by", sa.String(length=16), nullable=True),
        sa.Column("away_until", sa.BigInteger(), nullable=True),
        sa.Column("recalled_at", sa.BigInteger(), nullable=True),
        sa.Column("recall_until", sa.BigInteger(), nullable=True),
        sa.Column("arrival", sa.Text(), nullable=True),
        sa.Column("triage", sa.Text(), nullable=True),
        sa.Column("readiness", sa.Text(), nullable=True),
        sa.Column("identity", sa.Text(), nullable=True),
        sa.Column("chat", sa.String(length=16), nullable=False, server_default="none"),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column("text_until", sa.BigInteger(), nullable=True),
    ):
        op.add_column("visit", column)
    op.execute("UPDATE visit SET state_since = COALESCE(closed_at, admitted_at, checked_in_at)")
    op.execute("UPDATE visit SET clinician_since = admitted_at")
    op.create_index(op.f("ix_visit_text_until"), "visit", ["text_until"], unique=False)
    op.create_index("ix_visit_link_closed", "visit", ["link_id", "closed_at"], unique=False)
    op.create_table(
        "undo",
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_undo_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_undo")),
    )
