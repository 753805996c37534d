"""The tables, as the code sees them. Migrations make them; a test holds the two together.

Patient text stands in the columns of ``visit`` that ``PATIENT_TEXT`` names, and nowhere else but for a note that was
just replaced: in ``undo`` until the visit's next change, an hour at most.
"""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CLINIC_ID: Final = "main"
"""One clinic per server, with any number of rooms; the key is there so that more can follow."""

clinic = Table(
    "clinic",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("queue_version", BigInteger, nullable=False),
    Column("directory_version", BigInteger, nullable=False, server_default="0"),
)
"""``directory_version`` grows with every change to accounts, rooms and emergency access, whoever makes it."""

room = Table(
    "room",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("settings", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
"""``settings``: ``carena_protocol.rows.Room`` as JSON, without what stands in columns."""

account = Table(
    "account",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("display_name", String(120), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(256), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("totp_secret", String(200)),
    Column("totp_pending", String(200)),
    Column("totp_step", BigInteger, nullable=False, server_default="0"),
)
"""Secrets of authenticators are sealed with a key beside the database; ``totp_step`` is the last step a code was of."""

account_room = Table(
    "account_room",
    METADATA,
    Column("account_id", String(32), ForeignKey("account.id"), primary_key=True),
    Column("room_id", String(32), ForeignKey("room.id"), primary_key=True),
)
"""Which rooms somebody serves; no line: all of them."""

recovery_code = Table(
    "recovery_code",
    METADATA,
    Column("account_id", String(32), ForeignKey("account.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),
)

emergency_access = Table(
    "emergency_access",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account_id", String(32), ForeignKey("account.id"), nullable=False, index=True),
    Column("reason", String(500), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
)

token_family = Table(
    "token_family",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account_id", String(32), ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("device", String(80), nullable=False, server_default=""),
    Column("address", String(64), nullable=False, server_default=""),
    Column("last_used_at", BigInteger, nullable=False, server_default="0"),
)

refresh_token = Table(
    "refresh_token",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("family_id", String(32), ForeignKey("token_family.id"), nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
    Column("successor", String(64)),
    Column("superseded", Boolean, nullable=False),
)

access_token = Table(
    "access_token",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("family_id", String(32), ForeignKey("token_family.id"), nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

visit_link = Table(
    "visit_link",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("reusable", Boolean, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
    Column("created_by", String(32), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("room_id", String(32), nullable=False, server_default="main"),
)

visit = Table(
    "visit",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("clinic_id", String(32), ForeignKey("clinic.id"), nullable=False),
    Column("link_id", String(32), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("presence", String(16), nullable=False),
    Column("grace_until", BigInteger),
    Column("name", String(120)),
    Column("birth_date", String(10)),
    Column("reason", String(500)),
    Column("consent_version", String(32), nullable=False),
    Column("checked_in_at", BigInteger, nullable=False),
    Column("admitted_at", BigInteger),
    Column("clinician_id", String(32)),
    Column("clinician_name", String(120)),
    Column("clinician_key", String(32)),
    Column("left_reason", String(16)),
    Column("closed_at", BigInteger),
    Column("room_id", String(32), nullable=False, server_default="main"),
    Column("state_since", BigInteger),
    Column("clinician_since", BigInteger),
    Column("returns_to", String(16)),
    Column("acuity", Integer),
    Column("triaged_at", BigInteger),
    Column("note", String(500)),
    Column("away_by", String(16)),
    Column("away_until", BigInteger),
    Column("recalled_at", BigInteger),
    Column("recall_until", BigInteger),
    Column("arrival", Text),
    Column("triage", Text),
    Column("readiness", Text),
    Column("identity", Text),
    Column("chat", String(16), nullable=False, server_default="none"),
    Column("outcome", String(16)),
    Column("merged_into", String(32)),
    Column("text_until", BigInteger, index=True),
    Index("ix_visit_clinic_state", "clinic_id", "state"),
    Index("ix_visit_link_closed", "link_id", "closed_at"),
    Index("ix_visit_closed_at", "closed_at"),
)
"""``text_until``: when the text of a closed visit goes, where the site keeps it for a moment."""

PATIENT_TEXT: Final = ("name", "birth_date", "reason", "note", "arrival", "triage", "readiness", "identity")

undo = Table(
    "undo",
    METADATA,
    Column("visit_id", String(32), ForeignKey("visit.id"), primary_key=True),
    Column("actor", String(32), nullable=False),
    Column("action", String(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("before", Text, nullable=False),
)
"""How a visit stood before its last change; of text only the note that the change replaced."""

visit_session = Table(
    "visit_session",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("visit_id", String(32), ForeignKey("visit.id"), nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

queue_event = Table(
    "queue_event",
    METADATA,
    Column("clinic_id", String(32), ForeignKey("clinic.id"), primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("visit_id", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
)

command = Table(
    "command",
    METADATA,
    Column("actor", String(32), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("visit_id", String(32), nullable=False),
    Column("action", String(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
)
"""Commands carried out: an actor's key names one, whatever connection repeats it."""

audit = Table(
    "audit",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("detail", String(128), nullable=False),
    Column("mac", String(64), nullable=False),
    Index("ix_audit_subject", "subject"),
)
