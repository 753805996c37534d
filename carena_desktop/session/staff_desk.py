"""What a signed-in person does with the own account, by HTTPS: ``carena_protocol.staff_rest``.

Passwords and codes pass through and are not kept. Every failure is a SessionError; the server decides, this side only
asks.
"""

from collections.abc import Awaitable, Callable

import msgspec

Ask = Callable[[str, str, bytes], Awaitable[bytes]]
"""Method, path and JSON body to the answer's body, with the access token; raises SessionError."""


class StaffDesk:
    """Implements ``ports.StaffPort``."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def unlock(self, password: str) -> None:
        """Return when the password is the account's; raises SessionError."""
        await self._ask("POST", "/api/v1/unlock", msgspec.json.encode({"password": password}))
