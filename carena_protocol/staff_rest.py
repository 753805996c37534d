"""Bodies of the HTTPS interface that staff use for their own account; all with the access token as bearer.

    POST /api/v1/password                       PasswordChange  -> 204                | Problem
    POST /api/v1/unlock                         PasswordProof   -> 204                | Problem
    GET  /api/v1/second-factor                                  -> SecondFactorStatus
    POST /api/v1/second-factor/enrol            PasswordProof   -> Enrolment          | Problem
    POST /api/v1/second-factor/confirm          CodeProof       -> RecoveryCodes      | Problem
    POST /api/v1/second-factor/recovery-codes   FullProof       -> RecoveryCodes      | Problem
    POST /api/v1/second-factor/disable          FullProof       -> 204                | Problem
    GET  /api/v1/sessions                                       -> SessionList
    POST /api/v1/sessions/revoke                SessionChoice   -> 204                | Problem
    POST /api/v1/sessions/revoke-others                         -> 204
    GET  /api/v1/emergency                                      -> EmergencyStatus
    POST /api/v1/emergency                      EmergencyWish   -> EmergencyStatus    | Problem
    POST /api/v1/emergency/end                                  -> 204

Second factor: RFC 6238 with SHA-1, 6 digits, 30 s, one step of drift either way; a code counts once. While a required
one is not set up, only ``second-factor`` and ``password`` are served; everything else is ``enrolment_required``.
"""

from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from carena_protocol.envelope import Count, EpochMilliseconds, Identifier, Unprintable

Password: TypeAlias = Annotated[str, Meta(min_length=1, max_length=256)]
Code: TypeAlias = Annotated[str, Meta(min_length=6, max_length=24, pattern=r"^[A-Za-z0-9 -]+$")]
"""Six digits of the authenticator, or a recovery code as it was shown (case, blanks and dashes don't matter)."""


class SecondFactor(StrEnum):
    """Whether an account has a second factor."""

    NONE = "none"
    ACTIVE = "active"
    ENROLMENT_REQUIRED = "enrolment_required"
    """The site requires one of this role, and it is not set up yet."""


class PasswordChange(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Replace one's password; other sessions of the account end. NIST SP 800-63B: length and a blocklist, no more."""

    current: Password
    new: Password


class PasswordProof(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The person at the screen is still the one who signed in."""

    password: Password


class CodeProof(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of the authenticator that is being set up."""

    code: Code


class FullProof(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both factors."""

    password: Password
    code: Code


class SecondFactorStatus(Struct, frozen=True, kw_only=True):
    """One's second factor. ``required``: the site requires it of the role."""

    state: SecondFactor
    required: bool
    recovery_codes_left: Count = 0


class Enrolment(Unprintable, frozen=True, kw_only=True):
    """What an authenticator needs; shown once, counts after ``confirm``. ``uri`` is for a QR code (``otpauth://``)."""

    secret: str
    """Base32, without padding."""
    uri: str


class RecoveryCodes(Unprintable, frozen=True, kw_only=True):
    """Ten codes for the day the authenticator is lost; each counts once, and the ones before are dead."""

    codes: tuple[str, ...]


class SessionInfo(Unprintable, frozen=True, kw_only=True):
    """A signed-in session. ``user`` and ``user_name`` only in the administrator's list."""

    id: Identifier
    device: str
    address: str
    created_at: EpochMilliseconds
    last_used_at: EpochMilliseconds
    connected: bool = False
    current: bool = False
    user: Identifier | None = None
    user_name: str | None = None


class SessionList(Unprintable, frozen=True, kw_only=True):
    """Sessions that can still be used, newest first."""

    sessions: tuple[SessionInfo, ...]


class SessionChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One session."""

    session: Identifier


class EmergencyWish(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Emergency access: see every room's queue for a while. Administrators are alerted; the reason is kept."""

    reason: Annotated[str, Meta(min_length=10, max_length=500)]
    minutes: Annotated[int, Meta(ge=5, le=240)] = 60


class EmergencyStatus(Struct, frozen=True, kw_only=True):
    """Whether one has emergency access, and until when."""

    until: EpochMilliseconds | None = None
