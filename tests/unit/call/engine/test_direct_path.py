"""Packets taken as they come and sent as they leave: as aiortc would, in order, and without a task for each."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from aiortc import RTCDtlsTransport, RTCPeerConnection
from aiortc.rtcdtlstransport import State
from pylibsrtp import Policy, Session

from carena_desktop.call.engine.repairs import direct_path
from carena_desktop.tasks import TaskScope

KEY = bytes(range(30))
WHERE = ("192.0.2.1", 5000)


@dataclass
class Ends:
    """Our transport, connected, and the other party's half of SRTP."""

    transport: RTCDtlsTransport
    scope: TaskScope
    theirs: Session = field(default_factory=lambda: Session(Policy(KEY, Policy.SSRC_ANY_OUTBOUND)))
    opens: Session = field(default_factory=lambda: Session(Policy(KEY, Policy.SSRC_ANY_INBOUND)))
    rtp: list[int] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)
    left: list[tuple[bytes, tuple[str, int]]] = field(default_factory=list)

    @property
    def connection(self) -> Any:
        """Of ICE."""
        return self.transport.transport._connection

    def come(self, data: bytes) -> None:
        """A datagram reaches us."""
        self.connection.data_received(data, 1)

    def queued(self) -> list[Any]:
        """Take what waits for aiortc's own loop."""
        queue = self.connection._queue
        return [queue.get_nowait() for _ in range(queue.qsize())]


def packet(number: int) -> bytes:
    """Return an RTP packet."""
    return bytes([0x80, 96]) + number.to_bytes(2, "big") + bytes(7) + b"\x01" + b"payload"


RTCP = bytes([0x80, 201, 0, 1, 0, 0, 0, 1])


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    """A transport that is connected, whose handlers note what they get."""
    connection = RTCPeerConnection()
    transport, scope = connection.addTransceiver("audio").sender.transport, TaskScope("leg-under-test")
    made = Ends(transport, scope)

    async def rtp(data: bytes, arrival_time_ms: int) -> None:
        assert arrival_time_ms > 0
        made.rtp.append(int.from_bytes(data[2:4], "big"))

    async def rtcp(data: bytes) -> None:
        made.rtcp.append(data)

    transport._handle_rtp_data = rtp  # type: ignore[method-assign]  # what is behind it has tests of its own
    transport._handle_rtcp_data = rtcp  # type: ignore[method-assign]  # what is behind it has tests of its own
    transport._rx_srtp = Session(Policy(KEY, Policy.SSRC_ANY_INBOUND))
    transport._tx_srtp = Session(Policy(KEY, Policy.SSRC_ANY_OUTBOUND))
    transport._state = State.CONNECTED
    protocol = SimpleNamespace(transport=SimpleNamespace(sendto=lambda data, addr: made.left.append((data, addr))))
    made.connection._nominated[1] = SimpleNamespace(protocol=protocol, remote_addr=WHERE)
    direct_path.install(transport, scope)
    yield made
    made.connection._nominated.clear()
    transport._state = State.CLOSED
    await scope.aclose()
    await connection.close()


async def test_media_is_handled_before_the_next_datagram_is_read(ends: Ends) -> None:
    """Sound, pictures and reports reach their handlers at once, and are counted as aiortc counts."""
    ends.come(ends.theirs.protect(packet(7)))
    ends.come(ends.theirs.protect_rtcp(RTCP))
    assert (ends.rtp, ends.rtcp, ends.queued()) == ([7], [RTCP], [])
    facts = vars(ends.transport)
    assert facts["_RTCDtlsTransport__rx_packets"] == 2
    assert facts["_RTCDtlsTransport__rx_bytes"] == len(packet(7)) + 10 + len(RTCP) + 14


async def test_the_handshake_and_data_go_the_old_way(ends: Ends) -> None:
    """DTLS, and what comes before there are keys or after the end, waits in aiortc's queue."""
    ends.come(bytes([22, 254, 253]))
    assert ends.queued() == [(bytes([22, 254, 253]), 1)]
    ends.come(b"")
    assert ends.queued() == [(b"", 1)]
    for state in (State.CONNECTING, State.CLOSED):
        ends.transport._state = state
        ends.come(packet(1))
        assert ends.queued() == [(packet(1), 1)]
    assert ends.rtp == []


async def test_nothing_overtakes_what_waits(ends: Ends) -> None:
    """A packet that comes while another datagram waits is queued behind it."""
    ends.come(bytes([22, 254, 253]))
    sealed = ends.theirs.protect(packet(1))
    ends.come(sealed)
    assert (ends.rtp, [data for data, _ in ends.queued()]) == ([], [bytes([22, 254, 253]), sealed])


async def test_what_is_not_theirs_is_dropped(ends: Ends) -> None:
    """Noise, a packet with a bit changed and a second copy reach no handler, and the next one does."""
    good = ends.theirs.protect(packet(1))
    for data in (b"\x80", b"\x80\xc9", bytes([0x80, 96]) + bytes(40), good[:-1] + bytes([good[-1] ^ 1]), good, good):
        ends.come(data)
    ends.come(ends.theirs.protect(packet(2)))
    assert (ends.rtp, ends.queued()) == ([1, 2], [])


async def test_a_handler_that_waits_is_finished_by_a_task(ends: Ends) -> None:
    """It goes on where it waited; those that come meanwhile are not held up."""
    gate, finished = asyncio.Event(), []

    async def patient(data: bytes, arrival_time_ms: int) -> None:
        number = int.from_bytes(data[2:4], "big")
        if number == 1:
            await gate.wait()
            await asyncio.sleep(0)
        finished.append((number, arrival_time_ms > 0))

    ends.transport._handle_rtp_data = patient  # type: ignore[method-assign]  # a handler that waits
    for number in (1, 2):
        ends.come(ends.theirs.protect(packet(number)))
    assert [number for number, _ in finished] == [2]
    gate.set()
    await ends.scope.join(10)
    assert [number for number, _ in finished] == [2, 1]


async def test_a_handler_that_waits_ends_with_its_leg(ends: Ends) -> None:
    """Closing the leg cancels it inside, so that whatever it holds is given back."""
    given_back = []

    async def patient(data: bytes, arrival_time_ms: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_back.append((len(data), arrival_time_ms > 0))

    ends.transport._handle_rtp_data = patient  # type: ignore[method-assign]  # a handler that waits
    ends.come(ends.theirs.protect(packet(1)))
    await asyncio.sleep(0)
    await ends.scope.aclose()
    assert given_back == [(len(packet(1)), True)]


@pytest.mark.parametrize("error", [ConnectionError("gone"), RuntimeError("patient's name")])
async def test_a_handler_that_fails_ends_the_connection(
    ends: Ends, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """As in aiortc's own loop, which is given the end; what the error says is not in the log."""

    async def fail(data: bytes, arrival_time_ms: int) -> None:
        assert (data, arrival_time_ms) != (b"", 0)
        raise error

    ends.transport._handle_rtp_data = fail  # type: ignore[method-assign]  # a handler that fails
    with caplog.at_level(logging.DEBUG):
        ends.come(ends.theirs.protect(packet(1)))
    assert ends.queued() == [None]
    assert str(error) not in caplog.text
    assert ("RuntimeError" in caplog.text) == isinstance(error, RuntimeError)


async def test_what_leaves_is_protected_and_counted(ends: Ends) -> None:
    """RTP and RTCP go to the nominated address, readable to the other party alone."""
    await ends.transport._send_rtp(packet(3))
    await ends.transport._send_rtp(RTCP)
    (media, where), (report, _) = ends.left
    assert where == WHERE
    assert b"payload" not in media
    assert (ends.opens.unprotect(media), ends.opens.unprotect_rtcp(report)) == (packet(3), RTCP)
    facts = vars(ends.transport)
    assert facts["_RTCDtlsTransport__tx_packets"] == 2
    assert facts["_RTCDtlsTransport__tx_bytes"] == len(media) + len(report)


async def test_nothing_leaves_without_a_connection(ends: Ends) -> None:
    """Before the handshake, after the end and without a path it is an error, as from aiortc."""
    ends.transport._state = State.CLOSED
    with pytest.raises(ConnectionError):
        await ends.transport._send_rtp(packet(3))
    ends.transport._state = State.CONNECTED
    ends.connection._nominated.clear()
    with pytest.raises(ConnectionError):
        await ends.transport._send_rtp(packet(3))
    assert ends.left == []
