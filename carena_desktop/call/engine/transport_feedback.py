"""Transport-wide feedback: when each packet of a sender arrived, written and read. Sans-IO; only bytes and numbers.

A browser estimates what the path carries from these reports. Without them Chromium sends us 0.57 Mbit/s where it sends
another Chromium 2.5 (measured), and less on a busy machine.

Source: draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
"""

import struct
from dataclasses import dataclass
from typing import Final

RTPFB: Final = 205
"""RTCP payload type, RFC 4585."""
FORMAT: Final = 15
MAX_SPAN: Final = 1024
"""Packets one report covers at most; older gaps are not worth telling."""
_TICK_US: Final = 250
_REFERENCE_US: Final = 64_000
_HALF: Final = 0x8000
_NOT_RECEIVED, _SMALL, _LARGE = 0, 1, 2
_MAX_RUN: Final = 8191
_VECTOR: Final = 7
"""Symbols of two bits in one chunk of 16."""


class ArrivalLog:
    """Arrivals since the last report. Times are microseconds of any steady clock.

    Args:
        ssrc: Ours, as the sender of reports.
    """

    def __init__(self, ssrc: int) -> None:
        self._ssrc = ssrc
        self._count = 0
        self._newest: int | None = None
        self._arrivals: dict[int, int] = {}
        self._media = 0

    def arrived(self, sequence: int, media_ssrc: int, at_us: int) -> None:
        """Note a packet's transport-wide sequence number (16 bits) and when it came; the first copy counts."""
        if self._newest is None:
            self._newest = sequence
        ahead = ((sequence - self._newest + _HALF) & 0xFFFF) - _HALF
        unwrapped = self._newest + ahead
        self._newest = max(self._newest, unwrapped)
        self._media = media_ssrc
        self._arrivals.setdefault(unwrapped, at_us)

    def take(self) -> bytes | None:
        """Return the report on everything since the last one, None when nothing came."""
        arrivals, self._arrivals = self._arrivals, {}
        if not arrivals:
            return None
        last = max(arrivals)
        kept = {number: at for number, at in arrivals.items() if last - number < MAX_SPAN}
        report = encode(self._ssrc, self._media, self._count, kept)
        self._count = (self._count + 1) & 0xFF
        return report


def encode(ssrc: int, media_ssrc: int, count: int, arrivals: dict[int, int]) -> bytes:
    """Return the RTCP packet.

    Args:
        ssrc: Of the one who reports.
        media_ssrc: Of the stream that is reported on.
        count: Number of this report, modulo 256.
        arrivals: Unwrapped sequence number to microseconds; not empty, at most ``MAX_SPAN`` apart.
    """
    first, last = min(arrivals), max(arrivals)
    reference = arrivals[first] // _REFERENCE_US
    symbols, deltas = _deltas(arrivals, range(first, last + 1), reference * _REFERENCE_US)
    body = struct.pack("!LLHH", ssrc, media_ssrc, first & 0xFFFF, len(symbols))
    body += struct.pack("!L", ((reference & 0xFFFFFF) << 8) | (count & 0xFF))
    body += _chunks(symbols) + deltas
    padding = -len(body) % 4
    if padding:
        body += bytes(padding - 1) + bytes([padding])
    flags = 0x80 | (0x20 if padding else 0) | FORMAT
    return struct.pack("!BBH", flags, RTPFB, len(body) // 4) + body


def _deltas(arrivals: dict[int, int], numbers: range, reference_us: int) -> tuple[list[int], bytes]:
    symbols: list[int] = []
    deltas = bytearray()
    told = reference_us
    for number in numbers:
        at = arrivals.get(number)
        if at is None:
            symbols.append(_NOT_RECEIVED)
            continue
        delta = round((at - told) / _TICK_US)
        if 0 <= delta <= 0xFF:  # noqa: PLR2004 - one byte
            symbols.append(_SMALL)
            deltas.append(delta)
        else:
            delta = max(-_HALF, min(_HALF - 1, delta))
            symbols.append(_LARGE)
            deltas += struct.pack("!h", delta)
        told += delta * _TICK_US  # what the reader will add up: rounding does not pile up
    return symbols, bytes(deltas)


def _chunks(symbols: list[int]) -> bytes:
    """Run-length chunks for runs, vectors of two-bit symbols for the rest (sections 3.1.3 and 3.1.4)."""
    chunks = bytearray()
    at = 0
    while at < len(symbols):
        end = at
        while end < len(symbols) and symbols[end] == symbols[at] and end - at < _MAX_RUN:
            end += 1
        if end - at >= _VECTOR or end == len(symbols):
            chunks += struct.pack("!H", (symbols[at] << 13) | (end - at))
            at = end
            continue
        vector = 0xC000
        for place, symbol in enumerate(symbols[at : at + _VECTOR]):
            vector |= symbol << (12 - 2 * place)
        chunks += struct.pack("!H", vector)
        at += _VECTOR
    return bytes(chunks)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was read: 16-bit sequence numbers in order, each with microseconds of the reporter or None."""

    arrivals: tuple[tuple[int, int | None], ...]


def split(compound: bytes) -> tuple[list[bytes], bytes]:
    """Return the reports of a compound RTCP packet and the rest of it, in order; raises ValueError when malformed."""
    reports, rest, at = [], b"", 0
    while at < len(compound):
        if len(compound) < at + 4:
            raise ValueError("truncated")
        flags, kind, words = struct.unpack_from("!BBH", compound, at)
        end = at + 4 * (words + 1)
        if end > len(compound):
            raise ValueError("truncated")
        if kind == RTPFB and flags & 0x1F == FORMAT:
            reports.append(compound[at:end])
        else:
            rest += compound[at:end]
        at = end
    return reports, rest


def decode(report: bytes) -> Report:
    """Read one report; raises ValueError when it is malformed."""
    try:
        return _decode(report)
    except (struct.error, IndexError):
        raise ValueError("truncated") from None


def _decode(report: bytes) -> Report:
    body = report
    if report[0] & 0x20:
        padding = report[-1]
        if not 0 < padding <= len(report) - 20:
            raise ValueError("padding")
        body = report[:-padding]
    first, total = struct.unpack_from("!HH", body, 12)
    (word,) = struct.unpack_from("!L", body, 16)
    symbols: list[int] = []
    at = 20
    while len(symbols) < total:
        (chunk,) = struct.unpack_from("!H", body, at)
        at += 2
        found = _symbols(chunk, total - len(symbols))
        if not found:
            raise ValueError("empty run")
        symbols += found
    now = (word >> 8) * _REFERENCE_US
    arrivals: list[tuple[int, int | None]] = []
    for place, symbol in enumerate(symbols):
        delta = None
        if symbol == _SMALL:
            delta = body[at]
            at += 1
        elif symbol == _LARGE:
            (delta,) = struct.unpack_from("!h", body, at)
            at += 2
        elif symbol != _NOT_RECEIVED:
            raise ValueError("reserved symbol")
        now += (delta or 0) * _TICK_US
        arrivals.append(((first + place) & 0xFFFF, None if delta is None else now))
    return Report(tuple(arrivals))


def _symbols(chunk: int, wanted: int) -> list[int]:
    if chunk >> 15 == 0:  # a run
        return [chunk >> 13 & 3] * min(chunk & 0x1FFF, wanted)
    if chunk >> 14 == 3:  # noqa: PLR2004 - seven symbols of two bits
        found = [chunk >> (12 - 2 * place) & 3 for place in range(_VECTOR)]
    else:
        found = [chunk >> (13 - place) & 1 for place in range(2 * _VECTOR)]
    return found[:wanted]
