"""Transport-wide feedback is what the draft says: a reader of our own gets back what was noted."""

import contextlib
import struct

import pytest
from aiortc import RTCPeerConnection
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.engine import transport_feedback
from carena_desktop.call.engine.repairs import transport_cc
from carena_desktop.call.engine.transport_feedback import ArrivalLog

TICK_US = 250


def read(report: bytes) -> tuple[int, dict[int, int]]:
    """Return the report's count, and sequence number to microseconds, as a browser reads it (section 3.1)."""
    flags, kind, words = struct.unpack("!BBH", report[:4])
    assert (flags & 0x1F, kind, 4 * (words + 1)) == (15, 205, len(report))
    if flags & 0x20:
        report = report[: -report[-1]]
    first, total = struct.unpack("!HH", report[12:16])
    (word,) = struct.unpack("!L", report[16:20])
    at = 20
    symbols: list[int] = []
    while len(symbols) < total:
        (chunk,) = struct.unpack("!H", report[at : at + 2])
        at += 2
        if chunk >> 15 == 0:
            symbols += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        else:
            assert chunk >> 14 == 3
            symbols += [chunk >> (12 - 2 * place) & 3 for place in range(7)]
    now, arrivals = (word >> 8) * 64_000, {}
    for offset, symbol in enumerate(symbols[:total]):
        if symbol == 1:
            now += report[at] * TICK_US
            at += 1
        elif symbol == 2:
            now += struct.unpack("!h", report[at : at + 2])[0] * TICK_US
            at += 2
        if symbol:
            arrivals[(first + offset) & 0xFFFF] = now
    assert at == len(report)
    return word & 0xFF, arrivals


@given(
    start=st.integers(0, 0xFFFF),
    began=st.integers(0, 10**9),
    steps=st.lists(st.tuples(st.integers(1, 30), st.integers(0, 200_000)), min_size=1, max_size=60),
)
def test_what_arrived_is_told(start: int, began: int, steps: list[tuple[int, int]]) -> None:
    """Any gaps, any pauses below 8 s, around the end of the numbers: each arrival is within half a tick."""
    log, number, now, noted = ArrivalLog(1), start, began, {}
    for ahead, pause in steps:
        number, now = number + ahead, now + pause
        if number - start - steps[0][0] >= transport_feedback.MAX_SPAN:
            break
        log.arrived(number & 0xFFFF, 7, now)
        noted[number & 0xFFFF] = now
    report = log.take()
    assert report is not None
    _, told = read(report)
    assert told.keys() == noted.keys()
    assert all(abs(told[one] - noted[one]) <= TICK_US / 2 for one in noted)


def test_out_of_order_arrivals_have_negative_steps() -> None:
    """A packet that overtook another is told with both times right."""
    log = ArrivalLog(1)
    for number, at in ((10, 1_000_000), (12, 1_010_000), (11, 1_020_000)):
        log.arrived(number, 7, at)
    report = log.take()
    assert report is not None
    assert read(report)[1] == {10: 1_000_000, 11: 1_020_000, 12: 1_010_000}


def test_reports_are_numbered_and_do_not_repeat() -> None:
    """Each report counts one up and tells what came since the last; nothing new is no report."""
    log = ArrivalLog(1)
    counts = []
    for number in range(300):
        log.arrived(number, 7, number * 1000)
        report = log.take()
        assert report is not None
        count, told = read(report)
        counts.append(count)
        assert list(told) == [number]
    assert counts == [n % 256 for n in range(300)]
    assert log.take() is None


def test_a_second_copy_does_not_change_the_first() -> None:
    """A duplicated packet keeps the time of its first arrival."""
    log = ArrivalLog(1)
    log.arrived(5, 7, 64_000)
    log.arrived(5, 7, 128_000)
    report = log.take()
    assert report is not None
    assert read(report)[1] == {5: 64_000}


def test_a_wild_jump_costs_no_memory() -> None:
    """Numbers half a circle apart make one small report, not one of 32,768 symbols."""
    log = ArrivalLog(1)
    for number in (0, 30_000, 60_000):
        log.arrived(number, 7, 64_000)
    report = log.take()
    assert report is not None
    assert len(report) < 100


@pytest.fixture
async def connection() -> RTCPeerConnection:
    """A peer connection, closed by the test."""
    return RTCPeerConnection()


async def test_it_is_offered_once_for_video(connection: RTCPeerConnection) -> None:
    """After any number of installs the offer names the extension and the feedback once, for video alone."""
    transport_cc.install()
    transport_cc.install()
    connection.addTransceiver("audio")
    connection.addTransceiver("video")
    offer = (await connection.createOffer()).sdp
    audio, video = offer.split("m=video")
    assert transport_cc.URI not in audio
    assert video.count(transport_cc.URI) == 1
    assert "transport-cc" in video
    await connection.close()


@given(st.dictionaries(st.integers(0, 900), st.integers(0, 3_000_000), min_size=1, max_size=120))
def test_our_reader_reads_what_we_write(arrivals: dict[int, int]) -> None:
    """Every arrival and every gap comes back, within half a tick."""
    report = transport_feedback.encode(1, 2, 3, arrivals)
    told = transport_feedback.decode(report).arrivals
    assert [number for number, _ in told] == list(range(min(arrivals), max(arrivals) + 1))
    for number, at in told:
        assert (at is None) == (number not in arrivals)
        assert at is None or abs(at - arrivals[number]) <= TICK_US / 2


@given(st.binary(max_size=120))
def test_nonsense_is_an_error(data: bytes) -> None:
    """Whatever the other party sends is read or refused with ValueError."""
    for read_it in (transport_feedback.decode, transport_feedback.split):
        with contextlib.suppress(ValueError):
            read_it(data)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=8))
def test_a_damaged_report_is_read_or_refused(place: int, damage: bytes) -> None:
    """One that was true but for some bytes does no harm either, and says nothing of more packets than fit a report."""
    report = bytearray(transport_feedback.encode(1, 2, 3, {n: n * 5000 for n in range(0, 300, 2)}))
    place %= len(report)
    report[place : place + len(damage)] = damage
    with contextlib.suppress(ValueError):
        assert len(transport_feedback.decode(bytes(report)).arrivals) <= 0xFFFF


def test_one_bit_symbols_are_read() -> None:
    """The third kind of chunk, which we never write: fourteen packets, every other one arrived."""
    body = struct.pack("!LLHHL", 1, 2, 100, 14, 7 << 8) + struct.pack("!H", 0x8000 | 0b10101010101010)
    body += bytes([4] * 7)
    body += bytes(-len(body) % 4)
    report = struct.pack("!BBH", 0x80 | 15, 205, len(body) // 4) + body
    told = transport_feedback.decode(report).arrivals
    assert told[:4] == ((100, 7 * 64_000 + 1000), (101, None), (102, 7 * 64_000 + 2000), (103, None))


def test_reports_are_taken_out_of_a_compound() -> None:
    """What stands beside a report reaches aiortc unchanged."""
    report = transport_feedback.encode(1, 2, 3, {5: 64_000})
    other = struct.pack("!BBHL", 0x80, 201, 1, 9)
    assert transport_feedback.split(other + report + other) == ([report], other + other)
