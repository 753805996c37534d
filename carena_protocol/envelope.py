"""The envelopes of the signaling protocol, and the types of fields that many messages share.

No message prints its fields: they carry names, tokens and SDP, and a log line must not.
"""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from carena_protocol import limits
from carena_protocol.version import PROTOCOL_VERSION

Identifier: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.MAX_ID_CHARS, pattern=r"^[A-Za-z0-9_-]+$")]
Secret: TypeAlias = Annotated[str, Meta(min_length=16, max_length=limits.MAX_TOKEN_CHARS, pattern=r"^[A-Za-z0-9_-]+$")]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Version: TypeAlias = Annotated[int, Meta(ge=1, le=2**53 - 1)]
EpochMilliseconds: TypeAlias = Annotated[int, Meta(ge=0, le=2**53 - 1)]
PersonName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.MAX_NAME_CHARS)]
BirthDate: TypeAlias = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Reason: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.MAX_REASON_CHARS)]
Note: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.MAX_NOTE_CHARS)]
"""What staff write about a patient; deleted with the patient's own text."""
CallBack: TypeAlias = Annotated[str, Meta(min_length=3, max_length=40)]
"""A telephone number as a person writes it."""
Location: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
"""Where the patient is now, for emergency services."""
Language: TypeAlias = Annotated[str, Meta(min_length=2, max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
"""A language tag (BCP 47, RFC 5646)."""
Acuity: TypeAlias = Annotated[int, Meta(ge=1, le=5)]
"""1 resuscitation, 2 emergent, 3 urgent, 4 less urgent, 5 non-urgent. Set by a person, never by this program."""


class Unprintable(Struct, frozen=True, kw_only=True):
    """A struct whose ``repr`` names its type and nothing in it."""

    def __repr__(self) -> str:
        """Return the type name only: fields may be secrets or patient data."""
        return f"{type(self).__name__}(...)"


class Role(StrEnum):
    """Who a session speaks for."""

    CLINICIAN = "clinician"
    NURSE = "nurse"
    ADMINISTRATOR = "administrator"
    PATIENT = "patient"


class ClientMessage(Unprintable, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """Envelope of everything a client sends."""

    id: Identifier
    ack: Count = 0
    v: Literal[1] = PROTOCOL_VERSION


class ServerMessage(Unprintable, frozen=True, kw_only=True, tag_field="type"):
    """Envelope of everything the server sends. Clients ignore unknown fields, so that fields may be added."""

    seq: Count = 0
    re: str = ""
    v: Literal[1] = PROTOCOL_VERSION


class Header(Struct, frozen=True, kw_only=True):
    """The part of an envelope that is read before its type is known."""

    v: int
    type: str
    id: str | UnsetType = UNSET
