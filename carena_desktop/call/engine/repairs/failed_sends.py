"""Count the datagrams that this machine could not send: aioice 0.13 is told and keeps it to itself.

After an interface has gone every send fails at once, half a minute before consent runs out.
"""

from aioice.ice import StunProtocol
from aiortc import RTCIceTransport

_NAME = "carena_failed_sends"


def install() -> None:
    """Count from now on, in every connection."""
    heard = StunProtocol.error_received

    def counted(self: StunProtocol, exc: Exception) -> None:
        setattr(self.receiver, _NAME, getattr(self.receiver, _NAME, 0) + 1)
        heard(self, exc)

    if heard.__name__ != counted.__name__:
        StunProtocol.error_received = counted  # type: ignore[method-assign]  # the repair


def count(transport: RTCIceTransport) -> int:
    """Return how many datagrams of a transport could not be sent so far."""
    return int(getattr(transport._connection, _NAME, 0))  # noqa: SLF001 - the repair
