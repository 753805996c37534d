"""Video packets get numbers, wait their turn, and the browser's feedback sets the encoder's rate."""

import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiortc import RTCPeerConnection, RTCRtpReceiver, RTCRtpSender
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpSendParameters
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap, RtpPacket

from carena_desktop.call.engine import transport_feedback
from carena_desktop.call.engine.bandwidth import Pacer
from carena_desktop.call.engine.repairs.live_vp8 import START_KBPS, LiveVp8Encoder
from carena_desktop.call.engine.repairs.send_control import AUDIO_KBPS, FIRST_S, SendControl
from carena_desktop.call.engine.repairs.transport_cc import EXTENSION_ID, URI, FeedbackReporter
from tests.fakes.clock import FakeClock


@dataclass
class Wire:
    """What stands around a video sender: its transport notes what leaves and what is handed on."""

    sender: RTCRtpSender
    receiver: RTCRtpReceiver
    clock: FakeClock
    encoder: LiveVp8Encoder
    control: SendControl
    left: list[bytes]
    handed_on: list[bytes]

    screen: RTCRtpSender
    screen_encoder: LiveVp8Encoder

    async def send(self, size: int = 1000, sender: RTCRtpSender | None = None) -> int | None:
        """One video packet as the sender would serialise and send it; return its number."""
        sender = sender or self.sender
        extensions = HeaderExtensions()
        vars(sender)["_RTCRtpSender__rtp_header_extensions_map"].set(extensions)
        header = struct.pack("!BBHLL", 0x80, 97, 1, 0, sender._ssrc)
        await sender.transport._send_rtp(header + bytes(size))
        return extensions.transport_sequence_number

    async def feedback(self, arrivals: dict[int, int]) -> None:
        """A report of the other party: transport-wide number to microseconds."""
        await self.sender.transport._handle_rtcp_data(transport_feedback.encode(1, 2, 0, arrivals))


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """A sender whose other party wants numbers."""
    connection = RTCPeerConnection()
    transceiver, beside = connection.addTransceiver("video"), connection.addTransceiver("video")
    sender, clock = transceiver.sender, FakeClock()
    left: list[bytes] = []
    handed_on: list[bytes] = []

    async def send(data: bytes) -> None:
        left.append(data)

    async def handle(data: bytes) -> None:
        handed_on.append(data)

    sender.transport._send_rtp = send  # type: ignore[method-assign]  # the wire
    sender.transport._handle_rtcp_data = handle  # type: ignore[method-assign]  # aiortc's share of what comes
    encoder = LiveVp8Encoder(clock)
    control = SendControl(sender, encoder, clock)
    control._pacer = Pacer(burst_bytes=10**9)  # the clock stands still while it waits
    screen_encoder = LiveVp8Encoder(clock, is_screen=True)
    control.add_screen(beside.sender, screen_encoder)
    for each in (sender, beside.sender):
        negotiate(each, URI)
    yield Wire(sender, transceiver.receiver, clock, encoder, control, left, handed_on, beside.sender, screen_encoder)
    await connection.close()


def negotiate(sender: RTCRtpSender, *uris: str) -> HeaderExtensionsMap:
    """Tell the sender's map what the other party wants."""
    extensions: HeaderExtensionsMap = vars(sender)["_RTCRtpSender__rtp_header_extensions_map"]
    wanted = [RTCRtpHeaderExtensionParameters(id=EXTENSION_ID, uri=uri) for uri in uris]
    extensions.configure(RTCRtpSendParameters(headerExtensions=wanted))
    return extensions


async def test_each_packet_has_the_next_number(wire: Wire) -> None:
    """Numbers grow by one, whatever the packet; the party that wants none gets none."""
    extensions = vars(wire.sender)["_RTCRtpSender__rtp_header_extensions_map"]
    numbers = []
    for _ in range(3):
        values = HeaderExtensions()
        extensions.set(values)
        numbers.append(values.transport_sequence_number)
    assert numbers == [1, 2, 3]
    values = HeaderExtensions()
    negotiate(wire.sender).set(values)
    assert values.transport_sequence_number is None


async def test_camera_and_screen_count_together(wire: Wire) -> None:
    """The numbers are the transport's: no two packets of the two senders have the same, and none is left out."""
    numbers = [await wire.send(sender=each) for each in (wire.sender, wire.screen, wire.screen, wire.sender)]
    assert numbers == [1, 2, 3, 4]


async def test_a_share_is_taken_from_one_estimate(wire: Wire) -> None:
    """The screen gets what makes it legible, the camera the rest: together what the camera had, and has again after."""
    wire.control.set_sending(camera=True, screen=False)
    whole = wire.encoder.target_bitrate
    wire.control.set_sending(camera=True, screen=True)
    assert wire.screen_encoder.target_bitrate + wire.encoder.target_bitrate == whole
    assert wire.screen_encoder.target_bitrate > wire.encoder.target_bitrate >= 100_000
    wire.clock.advance(FIRST_S)
    wire.control.set_sending(camera=True, screen=True)
    assert wire.screen_encoder.target_bitrate == 250_000  # it sent nothing: the rest is lent
    assert wire.screen_encoder.target_bitrate + wire.encoder.target_bitrate == whole
    wire.control.set_sending(camera=False, screen=True)
    assert (wire.screen_encoder.target_bitrate, wire.encoder.target_bitrate) == (whole, 0)
    wire.control.set_sending(camera=True, screen=False)
    assert (wire.screen_encoder.target_bitrate, wire.encoder.target_bitrate) == (0, whole)


@pytest.mark.parametrize("link_kbps", [250, 500, 1000])
async def test_both_together_send_no_more_than_the_link_carries(wire: Wire, link_kbps: int) -> None:
    """Camera and screen at full use over a narrow link: after ten seconds at most 1.2 times what it carries leaves."""
    wire.control.set_sending(camera=True, screen=True)
    wire.clock.advance(0.001)
    free_at, debt, arrivals, number, sizes = wire.clock.monotonic(), [0.0, 0.0], {}, 0, []
    for tick in range(3000):  # 30 s
        wire.clock.advance(0.01)
        for index, (sender, encoder) in enumerate(((wire.sender, wire.encoder), (wire.screen, wire.screen_encoder))):
            debt[index] += encoder.target_bitrate / 8 / 100
            while debt[index] >= 1000:
                debt[index] -= 1000
                number += 1
                await wire.send(988, sender)
                free_at = max(free_at, wire.clock.monotonic()) + 1000 * 8 / link_kbps / 1000
                arrivals[number] = int(free_at * 1_000_000)
                sizes.append((tick, 1000))
        if tick % 10 == 0:
            here = {n: at for n, at in arrivals.items() if at <= wire.clock.monotonic() * 1_000_000}
            if here:
                await wire.feedback(here)
                arrivals = {n: at for n, at in arrivals.items() if n not in here}
    sent = sum(size for tick, size in sizes if tick >= 1000) * 8 / 20 / 1000
    assert sent + AUDIO_KBPS <= 1.2 * link_kbps
    assert sent > 0.4 * (link_kbps - AUDIO_KBPS)


async def test_a_clear_path_raises_the_rate(wire: Wire) -> None:
    """Everything arrives evenly: the encoder may send more than at the start, and REMB is not asked any more."""
    arrivals: dict[int, int] = {}
    for number in range(1, 600):
        wire.clock.advance(0.008)
        await wire.send()
        arrivals[number] = int(wire.clock.monotonic() * 1_000_000) + 20_000
        if number % 8 == 0:
            await wire.feedback(arrivals)
            arrivals = {}
    assert wire.encoder.target_bitrate > 1.2 * START_KBPS * 1000
    assert wire.control.loss == 0
    wire.encoder.target_bitrate = 100_000
    assert wire.encoder.target_bitrate > START_KBPS * 1000


async def test_a_filling_queue_lowers_the_rate(wire: Wire) -> None:
    """Each packet takes longer than the one before: the encoder is told less than what arrives."""
    arrivals: dict[int, int] = {}
    arrival = 0.0
    for number in range(1, 400):
        wire.clock.advance(0.008)
        await wire.send()
        arrival = max(arrival, wire.clock.monotonic()) + 0.016  # 500 kbit/s
        arrivals[number] = int(arrival * 1_000_000)
        if number % 8 == 0:
            await wire.feedback(arrivals)
            arrivals = {}
    assert wire.encoder.target_bitrate <= 500_000 - AUDIO_KBPS * 1000


async def test_nothing_is_concluded_without_feedback(wire: Wire) -> None:
    """Before the first report there is no estimate, and the rate is that of the start."""
    await wire.send()
    assert wire.control.estimate_kbps is None
    assert wire.encoder.target_bitrate == START_KBPS * 1000


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x8f\xcd\x00\xff", b"\x8f\xcd\x00\x02" + bytes(8), bytes(40)])
async def test_nonsense_changes_nothing(wire: Wire, data: bytes) -> None:
    """Malformed feedback is dropped without an error, and the rate stays."""
    await wire.send()
    await wire.sender.transport._handle_rtcp_data(data)
    assert wire.encoder.target_bitrate == START_KBPS * 1000


async def test_reports_of_packets_never_sent_change_nothing(wire: Wire) -> None:
    """A party that speaks of invented packets is not believed."""
    await wire.feedback(dict.fromkeys(range(1000, 1500), 64_000))
    assert wire.control.estimate_kbps is None


async def test_other_rtcp_reaches_aiortc(wire: Wire) -> None:
    """What is no report goes on unchanged."""
    other = struct.pack("!BBHL", 0x80, 201, 1, 9)
    await wire.sender.transport._handle_rtcp_data(other)
    assert wire.handed_on == [other]


async def test_everything_leaves_in_order(wire: Wire) -> None:
    """Video, sound and RTCP all reach the wire; only video is counted."""
    sound = struct.pack("!BBHLL", 0x80, 96, 1, 0, 12345) + bytes(80)
    report = struct.pack("!BBHL", 0x80, 201, 1, wire.sender._ssrc)
    await wire.send()
    for other in (sound, report):
        await wire.sender.transport._send_rtp(other)
    assert [len(data) for data in wire.left] == [1012, len(sound), len(report)]


async def test_arrivals_are_noted_and_reported(wire: Wire) -> None:
    """What a receiver gets goes on to it without the send time that REMB would be made of, and into a report."""
    seen: list[RtpPacket] = []

    async def handle(packet: RtpPacket, arrival_time_ms: int) -> None:
        assert arrival_time_ms == 7
        seen.append(packet)

    wire.receiver._handle_rtp_packet = handle  # type: ignore[method-assign]  # what the receiver would get
    reporter = FeedbackReporter(wire.receiver, wire.clock)
    for number in (5, 6, 8):
        packet = RtpPacket(payload_type=97, sequence_number=number)
        packet.extensions.transport_sequence_number = number
        packet.extensions.abs_send_time = 99
        await wire.receiver._handle_rtp_packet(packet, arrival_time_ms=7)
        wire.clock.advance(0.01)
    assert [packet.extensions.abs_send_time for packet in seen] == [None] * 3
    report = reporter._log.take()
    assert report is not None
    told = transport_feedback.decode(report).arrivals
    assert [number for number, at in told if at is not None] == [5, 6, 8]


async def test_what_two_receivers_get_is_one_report(wire: Wire) -> None:
    """Camera's and screen's packets are numbered together: what one receiver got is not another one's loss."""
    connection = RTCPeerConnection()
    receivers = [connection.addTransceiver("video").receiver for _ in range(2)]
    for receiver in receivers:
        receiver._handle_rtp_packet = drop  # type: ignore[method-assign]  # only the reports matter
    reporter = FeedbackReporter(receivers[0], wire.clock)
    reporter.also(receivers[1])
    for number in range(1, 9):
        packet = RtpPacket(payload_type=97, sequence_number=number)
        packet.extensions.transport_sequence_number = number
        await receivers[number % 2]._handle_rtp_packet(packet, arrival_time_ms=7)
        wire.clock.advance(0.01)
    report = reporter._log.take()
    assert report is not None
    assert [at is None for _, at in transport_feedback.decode(report).arrivals] == [False] * 8
    await connection.close()


async def drop(packet: RtpPacket, arrival_time_ms: int) -> None:
    """A receiver that does nothing with what it gets."""


async def test_a_report_is_owed_for_what_leaves_and_for_nothing_else(wire: Wire) -> None:
    """From the first packet that none can have told of; not while nothing leaves, and anew after a pause."""
    assert wire.control.reports == (0, None)
    number = await wire.send()
    began = wire.clock.monotonic()
    wire.clock.advance(0.1)
    await wire.send()
    assert wire.control.reports == (0, began)
    assert number is not None
    await wire.feedback({number: 1000})
    assert wire.control.reports == (1, None)
    await wire.send()
    wire.clock.advance(5)
    assert wire.control.reports == (1, None)
    await wire.send()
    assert wire.control.reports == (1, wire.clock.monotonic())
