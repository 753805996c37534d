"""What the session needs from the world: HTTPS, a websocket, a place for trust and one for a secret.

Adapters (``http``, ``transport``, ``trust_store``, ``credentials``) and the fakes of the tests implement these. Every
failure is a ``failures.SessionError`` with a code; no library's exception crosses these ports.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from carena_desktop.session.address import ServerAddress
from carena_desktop.session.model import KeyringState
from carena_protocol.rest import LinkResponse, PoliciesResponse, TicketResponse, TokenResponse, VersionResponse


class AuthApi(Protocol):
    """The HTTPS calls of ``carena_protocol.rest`` that staff need.

    ``context`` verifies the server. All raise SessionError.
    """

    async def login(
        self, server: ServerAddress, context: ssl.SSLContext, username: str, password: str, code: str = ""
    ) -> TokenResponse:
        """Trade username and password, and a code of the second factor where one is wanted, for tokens."""
        ...

    async def refresh(self, server: ServerAddress, context: ssl.SSLContext, refresh_token: str) -> TokenResponse:
        """Trade a refresh token for the next pair; the one shown is dead afterwards."""
        ...

    async def logout(self, server: ServerAddress, context: ssl.SSLContext, refresh_token: str) -> None:
        """End the token's family."""
        ...

    async def ticket(self, server: ServerAddress, context: ssl.SSLContext, access_token: str) -> TicketResponse:
        """Return a single-use ticket for the websocket."""
        ...

    async def visit_link(
        self, server: ServerAddress, context: ssl.SSLContext, access_token: str, *, reusable: bool, room: str
    ) -> LinkResponse:
        """Make a visit link into a room."""
        ...

    async def version(self, server: ServerAddress, context: ssl.SSLContext, access_token: str) -> VersionResponse:
        """Return which version of the desktop the site wants."""
        ...

    async def policies(self, server: ServerAddress, context: ssl.SSLContext, access_token: str) -> PoliciesResponse:
        """Return the policies that the site sets."""
        ...

    async def ask(  # noqa: PLR0917 - positional, like the parts of an HTTP request
        self, server: ServerAddress, context: ssl.SSLContext, method: str, path: str, body: bytes, access_token: str
    ) -> bytes:
        """Send a JSON body and return the answer's."""
        ...

    async def authority_unverified(self, server: ServerAddress) -> bytes | None:
        """Return what the server gives out as its authority, over a connection that nothing vouches for.

        PEM, at most 16 KiB, or None where the server has none. Proves nothing by itself.
        """
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


class Handshake(Protocol):
    """Tries a TLS handshake and nothing else."""

    async def verify(self, server: ServerAddress, context: ssl.SSLContext) -> None:
        """Return when the server's certificate verifies under ``context``; raise SessionError."""
        ...


class ConnectionEndedError(Exception):
    """The websocket is gone. ``code`` is the close code, None when the network went without one."""

    def __init__(self, code: int | None) -> None:
        super().__init__("" if code is None else str(code))
        self.code = code


class SignalingConnection(Protocol):
    """One open websocket."""

    async def send(self, frame: bytes) -> None:
        """Send a text frame; raises ConnectionEndedError."""
        ...

    async def receive(self) -> str | bytes:
        """Return the next frame; raises ConnectionEndedError."""
        ...

    async def close(self, code: int = 1000) -> None:
        """Close within a bound; never raises."""
        ...


class SignalingTransport(Protocol):
    """Opens websockets."""

    async def connect(self, server: ServerAddress, context: ssl.SSLContext) -> SignalingConnection:
        """Open a connection that speaks ``carena.v1``; raises SessionError."""
        ...


@dataclass(frozen=True, slots=True)
class CredentialKey:
    """Whose refresh token: one per server and account."""

    server: str
    username: str = field(repr=False)


class CredentialStore(Protocol):
    """The OS keyring. No call blocks the loop, none takes longer than its limit, none raises."""

    async def save(self, key: CredentialKey, secret: str) -> KeyringState:
        """Store ``secret``; anything but STORED means that it is in memory only."""
        ...

    async def load(self, key: CredentialKey) -> tuple[KeyringState, str | None]:
        """Return the secret, if there is one and it can be read."""
        ...

    async def delete(self, key: CredentialKey) -> KeyringState:
        """Delete the secret; UNKNOWN when nothing is there any more."""
        ...

    def on_late(self, callback: Callable[[KeyringState], None]) -> None:
        """Call ``callback``, on the event loop, with the state of calls that end after their limit."""
        ...

    def close(self) -> None:
        """Accept no more calls and do not wait for those under way."""
        ...


class TrustStore(Protocol):
    """Pinned authorities, one per server."""

    def load(self, server: ServerAddress) -> bytes | None:
        """Return the pinned PEM; raises SessionError when there is one that can't be read (never "no pin")."""
        ...

    def save(self, server: ServerAddress, pem: bytes) -> None:
        """Pin an authority, atomically; raises SessionError where that fails."""
        ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """Which session to look for in the keyring at the next start; no secret."""

    server: str
    username: str = field(repr=False)


class Memory(Protocol):
    """Where ``Remembered`` is kept."""

    def load(self) -> Remembered | None:
        """Return it, or None when there is none or it can't be read."""
        ...

    def save(self, remembered: Remembered | None) -> None:
        """Replace or remove it; a failure is logged, as it costs a convenience only."""
        ...
