"""Error codes and close codes shared by server, desktop and portal.

A code says what happened and whether the same request may be tried again; the words a person reads are chosen (and
translated) where they are shown.
"""

from enum import IntEnum, StrEnum
from typing import Final


class ErrorCode(StrEnum):
    """Every failure that crosses the wire."""

    MALFORMED = "malformed"
    UNSUPPORTED_VERSION = "unsupported_version"
    UNKNOWN_TYPE = "unknown_type"
    INVALID = "invalid"
    TOO_LARGE = "too_large"
    WRONG_STATE = "wrong_state"
    BAD_ACK = "bad_ack"
    OUT_OF_ORDER = "out_of_order"
    RATE_LIMITED = "rate_limited"
    UNAUTHENTICATED = "unauthenticated"
    WRONG_CREDENTIALS = "wrong_credentials"
    THROTTLED = "throttled"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - a code, no secret
    TOKEN_REUSED = "token_reused"  # noqa: S105 - a code, no secret
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    ALREADY_ADMITTED = "already_admitted"
    ALREADY_CLAIMED = "already_claimed"
    GONE = "gone"
    PEER_UNREACHABLE = "peer_unreachable"
    CONSENT_REQUIRED = "consent_required"
    LINK_INVALID = "link_invalid"
    ROOM_CLOSED = "room_closed"
    SECOND_FACTOR_REQUIRED = "second_factor_required"
    WRONG_CODE = "wrong_code"
    ENROLMENT_REQUIRED = "enrolment_required"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - a code, no secret
    PASSWORD_BLOCKED = "password_blocked"  # noqa: S105 - a code, no secret
    BUSY = "busy"
    INTERNAL = "internal"


class RefusalReason(StrEnum):
    """Why something was refused, more closely than the code says."""

    ROLE = "role"
    """The role may not do this at all."""
    NOT_YOURS = "not_yours"
    """Only who has claimed or admitted the patient may."""
    OTHER_ROOM = "other_room"
    """The account does not serve this room."""
    STATE = "state"
    """The verb does not exist from the visit's state."""
    VERSION = "version"
    """The row changed since it was seen."""
    CLAIMED_BY_OTHER = "claimed_by_other"
    IN_VISIT_WITH_OTHER = "in_visit_with_other"
    PATIENT_PRESENT = "patient_present"
    """A patient who is there can't be a no-show."""
    TOO_LATE = "too_late"
    """The time for it is over, or the text it needs is deleted."""
    NOT_LAST_CHANGE = "not_last_change"
    """Only one's own last change can be taken back."""
    UNKNOWN_USER = "unknown_user"
    UNKNOWN_ROOM = "unknown_room"
    NOT_OPEN = "not_open"
    """No waiting chat is open between the two."""
    POLICY = "policy"
    """The site requires it otherwise."""


RETRYABLE: Final = frozenset(
    {
        ErrorCode.RATE_LIMITED,
        ErrorCode.THROTTLED,
        ErrorCode.PEER_UNREACHABLE,
        ErrorCode.BUSY,
        ErrorCode.INTERNAL,
    }
)
"""Codes after which the unchanged request may succeed later."""


class CloseCode(IntEnum):
    """WebSocket close codes (RFC 6455 section 7.4.2, private range).

    4400-4499: the client reconnects (after the delay the code implies). 4500-4999: it must not reconnect by itself.
    """

    PROTOCOL_ERROR = 4400
    SLOW_CONSUMER = 4408
    DRAIN = 4412
    RATE_LIMITED = 4429
    AUTHENTICATION = 4501
    FORBIDDEN = 4503
    SUPERSEDED = 4509
    VERSION = 4510
    VISIT_OVER = 4511

    @property
    def may_reconnect(self) -> bool:
        """Whether a client should come back by itself."""
        return self < 4500  # noqa: PLR2004 - the boundary this enum documents
