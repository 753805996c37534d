"""A server that sets no policies and wants no other version."""

import ssl
from typing import TYPE_CHECKING

from carena_desktop.session.address import ServerAddress
from carena_protocol.rest import PoliciesResponse, VersionResponse
from carena_protocol.staff_rest import SecondFactor

if TYPE_CHECKING:
    from carena_desktop.session.failures import SessionError


class SiteAnswers:
    """Part of ``world.AuthApi``; ``asked`` lists what was asked through ``ask``."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes, str]] = []
        self.ask_answer = b""
        self.second_factor = ""
        """Set: sign-in wants this code."""
        self.factor_state = SecondFactor.NONE
        self.ask_refusals: list[SessionError] = []
        """Raised one by one before anything is answered."""

    async def ask(
        self, _server: ServerAddress, _context: ssl.SSLContext, method: str, path: str, body: bytes, access_token: str
    ) -> bytes:
        """Keep the request; refuse it when the test says so."""
        self.asked.append((method, path, body, access_token))
        if self.ask_refusals:
            raise self.ask_refusals.pop(0)
        return self.ask_answer

    async def version(self, _server: ServerAddress, _context: ssl.SSLContext, _access_token: str) -> VersionResponse:
        """Tell the version."""
        return VersionResponse(server="1.0.0", desktop="1.0.0")

    async def policies(self, _server: ServerAddress, _context: ssl.SSLContext, _access_token: str) -> PoliciesResponse:
        """Set nothing."""
        return PoliciesResponse()
