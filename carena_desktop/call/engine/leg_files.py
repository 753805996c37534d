"""The files channel of a leg: carries sealed records that this process can't open.

A channel of its own, so that a lost packet of a file holds up no heartbeat; it is made after everything else, like
every data channel here.
"""

from collections.abc import Callable
from typing import Final

from aiortc import RTCDataChannel, RTCPeerConnection

from carena_desktop.call.engine.flood import MessageBudget
from carena_desktop.call.files.channel import FilesOpened, FilesReceived
from carena_desktop.call.ports import EngineEvent
from carena_desktop.clock import Clock
from carena_protocol import limits
from carena_protocol.files import FILES_CHANNEL_LABEL

MAX_BUFFERED: Final = 1024 * 1024
RECORDS_PER_S: Final = 400.0
BURST: Final = 1200.0


class LegFiles:
    """One leg's.

    Args:
        pc: The connection; everything else is in it already.
        number: Of the leg.
        emit: Takes events.
        flooded: Called when the other party sends more than any honest one does.
    """

    def __init__(
        self,
        pc: RTCPeerConnection,
        number: int,
        emit: Callable[[EngineEvent], None],
        flooded: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._number = number
        self._emit = emit
        self._flooded = flooded
        self._budget = MessageBudget(clock, RECORDS_PER_S, BURST)
        self._channel: RTCDataChannel = pc.createDataChannel(FILES_CHANNEL_LABEL)
        self._channel.on("open", lambda: emit(FilesOpened(number)))
        self._channel.on("message", self._arrived)

    def send(self, record: bytes) -> None:
        """Send; dropped when the channel is not open or hopelessly behind: the other side asks for it again."""
        if self._channel.readyState == "open" and self._channel.bufferedAmount < MAX_BUFFERED:
            self._channel.send(record)

    def _arrived(self, record: str | bytes) -> None:
        if not self._budget.spend():
            self._flooded()
        elif isinstance(record, bytes) and len(record) <= limits.MAX_FILE_RECORD_BYTES:
            self._emit(FilesReceived(self._number, record))
