"""Sound and pictures taken as their datagrams come, and sent as they leave, without a task between.

aiortc 1.16 puts each datagram into a queue, wakes a task to take it out, and sends one through five coroutines. To take
350 a second was 7 % of the processor time of a call (measured), and next to nothing of it waits for anything. The
handshake and the data channel go the old way, in the order in which they came; what does wait is finished by a task.
"""

import logging
from collections.abc import Coroutine, Generator
from typing import Any, Final

import pylibsrtp
from aiortc import RTCDtlsTransport
from aiortc.clock import current_ms
from aiortc.rtcdtlstransport import State
from aiortc.rtp import is_rtcp

from carena_desktop.tasks import TaskScope, describe_error

_log = logging.getLogger(__name__)

COMPONENT: Final = 1
SRTP: Final = range(128, 192)
"""First bytes of RTP and RTCP, RFC 7983."""


def install(transport: RTCDtlsTransport, scope: TaskScope) -> None:
    """Take and send directly, in a transport that has done neither yet; ``scope`` owns what has to wait."""

    async def leave(data: bytes) -> None:
        send(transport, data)

    transport._send_rtp = leave  # type: ignore[method-assign]  # noqa: SLF001 - the repair
    connection = transport.transport._connection  # noqa: SLF001 - the repair
    queued = connection.data_received

    def data_received(data: bytes, component: int) -> None:
        is_media = bool(data) and data[0] in SRTP and transport._state is State.CONNECTED  # noqa: SLF001 - the repair
        if not is_media or connection._queue.qsize():  # noqa: SLF001 - what waits there came before
            queued(data, component)
            return
        try:
            _take(transport, data, scope)
        except Exception as error:  # noqa: BLE001 - as in aiortc's own loop: whatever it is, the connection is over
            if not isinstance(error, ConnectionError):
                _log.warning("a packet ended the connection: %s", describe_error(error))
            connection._queue.put_nowait(None)  # noqa: SLF001 - which its loop takes for the end

    connection.data_received = data_received  # type: ignore[method-assign]  # the repair


def _take(transport: RTCDtlsTransport, data: bytes, scope: TaskScope) -> None:
    """Do what ``RTCDtlsTransport._recv_next`` does with SRTP and SRTCP."""
    facts: Any = transport
    facts._RTCDtlsTransport__rx_bytes += len(data)  # noqa: SLF001 - counted as it counts
    facts._RTCDtlsTransport__rx_packets += 1  # noqa: SLF001 - counted as it counts
    handling: Coroutine[Any, Any, None]
    try:
        if is_rtcp(data):
            handling = transport._handle_rtcp_data(transport._rx_srtp.unprotect_rtcp(data))  # noqa: SLF001 - the repair
        else:
            clear = transport._rx_srtp.unprotect(data)  # noqa: SLF001 - the repair
            handling = transport._handle_rtp_data(clear, arrival_time_ms=current_ms())  # noqa: SLF001 - the repair
    except pylibsrtp.Error:
        return  # not from the other party, or a second copy
    try:
        waits_for = handling.send(None)
    except StopIteration:
        return
    scope.spawn(_Rest(handling, waits_for).wait(), name="rest-of-packet")


class _Rest:
    """What is left of a coroutine that was begun without a task and has to wait."""

    def __init__(self, begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._begun = begun
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        try:
            while True:
                try:
                    got = yield waits_for
                except BaseException as error:  # noqa: BLE001 - a cancellation, too, is the coroutine's
                    waits_for = self._begun.throw(error)
                else:
                    waits_for = self._begun.send(got)
        except StopIteration:
            return

    async def wait(self) -> None:
        """Finish it; a connection that has ended meanwhile needs it no more."""
        try:
            await self
        except ConnectionError:
            return


def send(transport: RTCDtlsTransport, data: bytes) -> None:
    """Protect and send a packet of RTP or RTCP as ``RTCDtlsTransport._send_rtp`` does; raises ConnectionError."""
    pair = transport.transport._connection._nominated.get(COMPONENT)  # noqa: SLF001 - the repair
    if transport._state is not State.CONNECTED or pair is None:  # noqa: SLF001 - the repair
        raise ConnectionError("not connected")
    session = transport._tx_srtp  # noqa: SLF001 - the repair
    sealed = session.protect_rtcp(data) if is_rtcp(data) else session.protect(data)
    pair.protocol.transport.sendto(sealed, pair.remote_addr)
    facts: Any = transport
    facts._RTCDtlsTransport__tx_bytes += len(sealed)  # noqa: SLF001 - counted as it counts
    facts._RTCDtlsTransport__tx_packets += 1  # noqa: SLF001 - counted as it counts
