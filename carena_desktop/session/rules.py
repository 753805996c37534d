"""What the organization allows a session: plain values, so that the session knows nothing of where they come from."""

from collections.abc import Callable
from dataclasses import dataclass

from carena_desktop.session.address import ServerAddress


@dataclass(frozen=True, slots=True)
class SiteRules:
    """The rules of one start of the program.

    Attributes:
        servers: Origins that may be connected to; None for any.
        authorities: SHA-256 fingerprints (64 lower-case hex digits) of the public keys of the authorities that servers
            may have; None leaves it to the system's trust store and the person.
        second_factor: An account without a one-time code has to set one up before it goes on.
    """

    servers: tuple[str, ...] | None = None
    authorities: tuple[str, ...] | None = None
    second_factor: bool = False

    def allows(self, server: ServerAddress) -> bool:
        """Whether a server may be connected to."""
        return self.servers is None or server.origin in self.servers


def _no() -> bool:
    return False


def _yes() -> bool:
    return True


def _nobody(_callback: Callable[[], None]) -> None:
    """They never change."""


@dataclass(frozen=True, slots=True)
class LiveRules:
    """The rules that the signed-in server can still tighten: asked at each use.

    Attributes:
        relay_only: Calls use the relay even where the server would allow direct paths.
        keep_signed_in: The keyring may keep the sign-in.
        on_change: Takes who wants to be told when the answers change.
    """

    relay_only: Callable[[], bool] = _no
    keep_signed_in: Callable[[], bool] = _yes
    on_change: Callable[[Callable[[], None]], object] = _nobody


NO_RULES = SiteRules()
