"""What can happen to a session, and what can have to be done about it: the vocabulary of ``session.machine``.

Results of steps carry the number of the attempt that asked for them. No event holds a secret.
"""

from dataclasses import dataclass
from typing import TypeAlias

from carena_desktop.session.backoff import Backoff
from carena_desktop.session.chat_model import ChatView
from carena_desktop.session.model import (
    AuthorityOffer,
    EmergencyTold,
    KeyringState,
    SessionProblem,
    StaffAccount,
    WaitingRoom,
)

# -- events -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignInAsked:
    """A person asks to sign in at ``server`` (an origin, or what was typed where that is no address)."""

    server: str


@dataclass(frozen=True, slots=True)
class RestoreAsked:
    """The program starts and looks for the session kept in the keyring."""

    server: str


@dataclass(frozen=True, slots=True)
class TrustFound:
    """The server's certificate verifies."""

    attempt: int


@dataclass(frozen=True, slots=True)
class AuthorityFound:
    """The server's certificate verifies under an authority that nobody has accepted yet."""

    attempt: int
    offer: AuthorityOffer


@dataclass(frozen=True, slots=True)
class TrustAnswered:
    """The person looked at the fingerprint."""

    accept: bool


@dataclass(frozen=True, slots=True)
class SignInFailed:
    """Trust, sign-in or restoring failed; ``authority`` is the foreign one, where that is the problem."""

    attempt: int
    problem: SessionProblem
    authority: AuthorityOffer | None = None


@dataclass(frozen=True, slots=True)
class NothingKept:
    """There is no session to restore; not a problem."""

    attempt: int


@dataclass(frozen=True, slots=True)
class TokensGranted:
    """The server knows the account."""

    attempt: int
    account: StaffAccount


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The second factor that was wanted is set up."""


@dataclass(frozen=True, slots=True)
class Welcomed:
    """Signaling is up."""

    attempt: int
    clock_offset_ms: int
    backoff: Backoff


@dataclass(frozen=True, slots=True)
class ConnectionSteady:
    """Signaling has been up for a while: the next trouble is a new one."""

    attempt: int


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """Signaling is down, or could not be brought up, and may come back."""

    attempt: int
    problem: SessionProblem | None = None
    not_before_s: float | None = None


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The session can't go on without the person; ``keep_token`` when the refresh token may still be good."""

    attempt: int
    problem: SessionProblem
    keep_token: bool = False


@dataclass(frozen=True, slots=True)
class RetryDue:
    """The wait is over, the machine woke up, or the network came back."""

    attempt: int


@dataclass(frozen=True, slots=True)
class RetryCountdown:
    """So many seconds remain until the next attempt."""

    attempt: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """The waiting room has a new version."""

    attempt: int
    room: WaitingRoom


@dataclass(frozen=True, slots=True)
class ChatsChanged:
    """A waiting chat has another view."""

    attempt: int
    chats: tuple[ChatView, ...]


@dataclass(frozen=True, slots=True)
class EmergencyCame:
    """The server tells an administrator of an emergency access."""

    attempt: int
    told: EmergencyTold


@dataclass(frozen=True, slots=True)
class KeyringReported:
    """What the OS keyring did."""

    keyring: KeyringState


@dataclass(frozen=True, slots=True)
class SignOutAsked:
    """The person signs out."""


SessionEvent: TypeAlias = (
    SignInAsked
    | Enrolled
    | RestoreAsked
    | TrustFound
    | AuthorityFound
    | TrustAnswered
    | SignInFailed
    | NothingKept
    | TokensGranted
    | Welcomed
    | ConnectionSteady
    | ConnectionLost
    | SessionEnded
    | RetryDue
    | RetryCountdown
    | RoomChanged
    | ChatsChanged
    | EmergencyCame
    | KeyringReported
    | SignOutAsked
)

# -- effects ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EstablishTrust:
    """Find out whether the server is who it says."""

    attempt: int


@dataclass(frozen=True, slots=True)
class PinAuthority:
    """Keep the accepted authority; then ``TrustFound``."""

    attempt: int
    offer: AuthorityOffer


@dataclass(frozen=True, slots=True)
class ObtainTokens:
    """Sign in with the password given, or refresh with the token kept."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Connect:
    """Bring signaling up."""

    attempt: int


@dataclass(frozen=True, slots=True)
class WaitToRetry:
    """Say ``RetryDue`` after ``delay_s``."""

    attempt: int
    delay_s: float


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Stop whatever the attempt is doing and close its connection."""


@dataclass(frozen=True, slots=True)
class ForgetTokens:
    """Drop the tokens; ``revoke``: tell the server, ``keyring``: delete the stored one too."""

    revoke: bool
    keyring: bool


SessionEffect: TypeAlias = (
    EstablishTrust | PinAuthority | ObtainTokens | Connect | WaitToRetry | Disconnect | ForgetTokens
)
