"""A relay that keeps everything: stands before coturn and sees what a TURN server sees (RFC 8656, RFC 3550).

Between each client and the relay travel ChannelData messages and Send or Data indications; inside are the packets of
the two parties: STUN, DTLS and SRTP. Headers of SRTP are in clear, so whoever relays can read them, and so do we.
"""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

_DATA_ATTRIBUTE: Final = 0x0013
_MAX: Final = 65_535
OPUS: Final = 96
"""Our payload types: aiortc's, which the desktop offers."""
VIDEO: Final = (97, 98)


@dataclass(frozen=True)
class RtpPacket:
    """What is readable of one."""

    kind: int
    ssrc: int
    sequence: int
    extensions: tuple[int, ...]
    """Ids of the header extensions (RFC 8285)."""
    payload: bytes = field(repr=False)
    """Sealed."""


@dataclass
class Recording:
    """Everything that passed."""

    datagrams: list[bytes] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def rtp(self) -> list[RtpPacket]:
        """The RTP packets inside, in order."""
        with self.lock:
            inside = [packet for datagram in self.datagrams if (packet := relayed(datagram)) is not None]
        return [found for packet in inside if (found := parse_rtp(packet)) is not None]

    def everything(self) -> bytes:
        """All bytes, one behind the other."""
        with self.lock:
            return b"".join(self.datagrams)


def relayed(datagram: bytes) -> bytes | None:
    """The packet inside a ChannelData message or a Send or Data indication."""
    if len(datagram) >= 4 and 0x40 <= datagram[0] <= 0x4F:
        size = int.from_bytes(datagram[2:4], "big")
        return datagram[4 : 4 + size]
    if len(datagram) < 20 or datagram[4:8] != b"\x21\x12\xa4\x42":
        return None
    at = 20
    while at + 4 <= len(datagram):
        kind, size = int.from_bytes(datagram[at : at + 2], "big"), int.from_bytes(datagram[at + 2 : at + 4], "big")
        if kind == _DATA_ATTRIBUTE:
            return datagram[at + 4 : at + 4 + size]
        at += 4 + size + (-size % 4)
    return None


def parse_rtp(packet: bytes) -> RtpPacket | None:
    """Read an RTP header; None for RTCP and everything else."""
    if len(packet) < 12 or packet[0] >> 6 != 2 or 64 <= packet[1] & 0x7F <= 95:  # RFC 5761 section 4
        return None
    at = 12 + 4 * (packet[0] & 15)
    found: list[int] = []
    if packet[0] & 0x10:
        profile, words = packet[at : at + 2], int.from_bytes(packet[at + 2 : at + 4], "big")
        body = packet[at + 4 : at + 4 + 4 * words]
        at += 4 + 4 * words
        found = _one_byte(body) if profile == b"\xbe\xde" else _two_byte(body)
    sequence, ssrc = int.from_bytes(packet[2:4], "big"), int.from_bytes(packet[8:12], "big")
    return RtpPacket(packet[1] & 0x7F, ssrc, sequence, tuple(found), packet[at:])


def _one_byte(body: bytes) -> list[int]:
    found, at = [], 0
    while at < len(body):
        if body[at] == 0:
            at += 1
            continue
        found.append(body[at] >> 4)
        at += 2 + (body[at] & 15)
    return found


def _two_byte(body: bytes) -> list[int]:
    found, at = [], 0
    while at + 1 < len(body):
        if body[at] == 0:
            at += 1
            continue
        found.append(body[at])
        at += 2 + body[at + 1]
    return found


@contextmanager
def recording(relay_port: int, port: int) -> Iterator[Recording]:
    """Stand before a relay on loopback: what comes to ``port`` goes to it, from one port for each client, and back."""
    kept, stop = Recording(), threading.Event()
    front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    front.bind(("127.0.0.1", port))
    clients: dict[tuple[str, int], socket.socket] = {}
    selector = selectors.DefaultSelector()
    selector.register(front, selectors.EVENT_READ, None)

    def keep(data: bytes) -> None:
        with kept.lock:
            kept.datagrams.append(data)

    def client_of(address: tuple[str, int]) -> socket.socket:
        if address not in clients:
            clients[address] = behind = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            behind.connect(("127.0.0.1", relay_port))
            selector.register(behind, selectors.EVENT_READ, address)
        return clients[address]

    def forward() -> None:
        while not stop.is_set():
            for key, _ in selector.select(0.1):
                if key.data is None:
                    data, address = front.recvfrom(_MAX)
                    keep(data)
                    client_of(address).send(data)
                else:
                    try:
                        data = clients[key.data].recv(_MAX)
                    except ConnectionError:  # the relay is gone
                        continue
                    keep(data)
                    front.sendto(data, key.data)

    thread = threading.Thread(target=forward, name="recording-relay")
    thread.start()
    try:
        yield kept
    finally:
        stop.set()
        thread.join()
        selector.close()
        for each in (front, *clients.values()):
            each.close()
