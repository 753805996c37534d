"""When tokens are renewed: pure arithmetic over the clock's seconds.

Access tokens live 5 minutes and are regenerated; each refresh rotates the refresh token (RFC 9700 section 4.14). The
rules here say when, ``carena_desktop.session.token_keeper`` does it.
"""

from dataclasses import dataclass, field
from typing import Final

from carena_desktop.session.model import LocalProblem
from carena_protocol.errors import ErrorCode

_MARGIN_S: Final = 30.0
_RENEW_MARGIN_S: Final = 60.0

ENDS_THE_SESSION: Final = frozenset(
    {
        ErrorCode.UNAUTHENTICATED,
        ErrorCode.WRONG_CREDENTIALS,
        ErrorCode.TOKEN_EXPIRED,
        ErrorCode.TOKEN_REUSED,
        ErrorCode.FORBIDDEN,
    }
)
"""Answers to a refresh after which the refresh token is worthless."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token and when it ends, on the clock's monotonic scale."""

    value: str = field(repr=False)
    granted_at: float
    lifetime_s: float

    def usable(self, now: float) -> bool:
        """Whether a request made now will still be accepted; false some time before the end."""
        return now < self.granted_at + self.lifetime_s - min(_MARGIN_S, self.lifetime_s / 4)


def renew_after_s(authorised_for_s: float) -> float:
    """Seconds after the welcome at which ``Renew`` is due: a minute before the end, or half-time when that is short."""
    return max(authorised_for_s - _RENEW_MARGIN_S, authorised_for_s / 2)


def ends_the_session(code: ErrorCode | LocalProblem) -> bool:
    """Whether a refused refresh means that the person has to sign in again."""
    return code in ENDS_THE_SESSION
