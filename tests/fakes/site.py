"""A server that sets no policies and wants no other version."""

import ssl

from carena_desktop.session.address import ServerAddress
from carena_protocol.rest import PoliciesResponse, VersionResponse


class SiteAnswers:
    """Part of ``world.AuthApi``."""

    async def version(self, _server: ServerAddress, _context: ssl.SSLContext, _access_token: str) -> VersionResponse:
        """Tell the version."""
        return VersionResponse(server="1.0.0", desktop="1.0.0")

    async def policies(self, _server: ServerAddress, _context: ssl.SSLContext, _access_token: str) -> PoliciesResponse:
        """Set nothing."""
        return PoliciesResponse()
