"""Bodies of the HTTPS interface: sign-in, tokens, visit links and check-in.

Tokens travel in bodies, in the Authorization header or in a ``__Host-`` cookie, never in a URL.

    POST /api/v1/login          LoginRequest    -> TokenResponse      | Problem
    POST /api/v1/token/refresh  RefreshRequest  -> TokenResponse      | Problem
    POST /api/v1/logout         RefreshRequest  -> 204
    POST /api/v1/ws-ticket      (bearer or visit cookie) -> TicketResponse | Problem
    POST /api/v1/visit-links    LinkRequest (bearer)     -> LinkResponse   | Problem
    GET  /api/v1/portal         -> PortalInfo
    POST /api/v1/portal         ArrivalRequest  -> ArrivalInfo        | Problem (link_invalid)
    POST /api/v1/check-in       CheckInRequest  -> CheckInResponse, sets the visit cookie | Problem
    GET  /api/v1/visit          (visit cookie)  -> CheckInResponse | Problem
    GET  /api/v1/version        (bearer)        -> VersionResponse | Problem
    GET  /api/v1/policies       (bearer)        -> PoliciesResponse | Problem
    GET  /api/v1/check          -> CheckResponse, for a computer's self-test; needs no account
    GET  /api/v1/authority.pem  -> the local certificate authority, when the server runs one, else 404
    GET  /api/v1/probe?bytes=N -> N bytes of noise; POST takes bytes: the page measures its connection
    GET  /healthz, /readyz
    WS   /ws                    subprotocol carena.v1
    GET  /visit                 the portal; the link is /visit#<secret>
"""

from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType, field

from carena_protocol import limits
from carena_protocol.envelope import (
    BirthDate,
    CallBack,
    Count,
    EpochMilliseconds,
    Identifier,
    Language,
    Location,
    PersonName,
    Role,
    Secret,
    Unprintable,
)
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.rows import ArrivalFields, RedFlag
from carena_protocol.staff_rest import Code, Password, SecondFactor

Username: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._@-]+$")]
Version: TypeAlias = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9]+(\.[0-9]+){0,3}([-+.a-z0-9]*)$")]
RelayAddress: TypeAlias = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^(stun|turns?):")]
PolicyValue: TypeAlias = bool | int | str | list[str]


class LoginRequest(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Username and password, once per sign-in; with the code where the answer was ``second_factor_required``.

    ``device`` names the workstation, so that a person knows it again in the list of sessions.
    """

    username: Username
    password: Password
    code: Code | UnsetType = UNSET
    device: Annotated[str, Meta(max_length=80)] = ""


class StaffUser(Unprintable, frozen=True, kw_only=True):
    """The account behind a staff session."""

    id: Identifier
    username: str
    display_name: str
    role: Role


class TokenResponse(Unprintable, frozen=True, kw_only=True):
    """A new pair; the refresh token shown for it is dead from now on (RFC 9700 section 4.14)."""

    access_token: Secret
    access_expires_in_s: Count
    refresh_token: Secret
    user: StaffUser
    second_factor: SecondFactor = SecondFactor.NONE


class RefreshRequest(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Trade a refresh token for the next pair, or end its family (logout)."""

    refresh_token: Secret


class TicketResponse(Unprintable, frozen=True, kw_only=True):
    """A single-use ticket for ``Hello`` or ``Renew``, valid for ``expires_in_s``."""

    ticket: Secret
    expires_in_s: Count


class LinkRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask for a visit link; ``reusable`` links let several patients check in, one visit each."""

    reusable: bool = False
    room: Identifier = limits.FIRST_ROOM
    expires_in_s: Annotated[int, Meta(ge=60, le=366 * 86400)] = 86400


class LinkResponse(Unprintable, frozen=True, kw_only=True):
    """The link's secret half (128 random bits) goes into the fragment: ``https://host/visit#<secret>``."""

    link: Identifier
    secret: Secret
    expires_in_s: Count


class Consent(Struct, frozen=True, kw_only=True):
    """The text a patient agrees to, and its version (first 16 hex digits of its SHA-256)."""

    version: str
    text: str


class PortalInfo(Struct, frozen=True, kw_only=True):
    """What the portal shows before check-in."""

    clinic: str
    consent: Consent


class ArrivalRequest(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask what the room behind a link wants to know."""

    secret: Secret


class ArrivalInfo(Struct, frozen=True, kw_only=True):
    """The check-in of one room. ``returning``: this link's patient was here before and keeps the place."""

    clinic: str
    room: str
    consent: Consent
    fields: ArrivalFields
    is_open: bool
    closed_text: str = ""
    closed_texts: dict[str, str] = field(default_factory=dict)
    """By language; ``closed_text`` is the one for all others."""
    opens_at: EpochMilliseconds | None = None
    returning: bool = False
    consents: dict[str, Consent] = field(default_factory=dict)
    """By language; ``consent`` is the one for all others."""
    emergency: dict[str, str] = field(default_factory=dict)
    """What to do in an emergency, by language; empty: the page's own sentence."""


class CheckInRequest(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A patient arrives. ``consent_version`` names the text that was shown and ticked."""

    secret: Secret
    name: PersonName
    birth_date: BirthDate
    reason: Annotated[str, Meta(max_length=limits.MAX_REASON_CHARS)] = ""
    consent_version: Annotated[str, Meta(min_length=1, max_length=32)]
    language: Language | UnsetType = UNSET
    interpreter: bool = False
    red_flags: Annotated[tuple[RedFlag, ...], Meta(max_length=16)] = ()
    call_back: CallBack | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    answers: Annotated[dict[Identifier, Annotated[str, Meta(max_length=200)]], Meta(max_length=8)] = field(
        default_factory=dict
    )
    """To the room's own fields, by key."""


class CheckInResponse(Unprintable, frozen=True, kw_only=True):
    """The visit of this browser; the session itself is in the cookie."""

    visit: Identifier
    name: PersonName


class VersionResponse(Struct, frozen=True, kw_only=True):
    """What runs here, and which version of the desktop the site wants; told to staff who are signed in."""

    server: Version
    desktop: Version


class PoliciesResponse(Struct, frozen=True, kw_only=True):
    """What the site sets for its desktops, by the names of the desktop's own table; the server does not judge it."""

    locked: dict[str, PolicyValue] = {}
    default: dict[str, PolicyValue] = {}


class CheckResponse(Struct, frozen=True, kw_only=True):
    """What a computer needs to find out whether a visit would work: the time and the relays' addresses, no secret."""

    now_ms: int
    relays: Annotated[tuple[RelayAddress, ...], Meta(max_length=16)] = ()


class Problem(Struct, frozen=True, kw_only=True):
    """Body of every refused request."""

    code: ErrorCode
    reason: RefusalReason | UnsetType = UNSET
    retryable: bool = False
    retry_after_s: Count | UnsetType = UNSET
