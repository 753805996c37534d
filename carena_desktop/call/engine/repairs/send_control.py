"""Send no more than the path carries: transport-wide numbers on video packets, the estimate from the feedback, a pacer.

aiortc 1.16 obeys REMB and nothing else, sends a picture's packets in one burst, and can't read transport-wide feedback:
it takes the whole compound for malformed. Here each video packet gets a number as it is serialised, the feedback is
taken out of the RTCP before aiortc reads the rest, and video waits its turn at the transport; sound and control pass.

The numbers, the estimate and the pacer are the transport's: camera and screen share them, and ``division`` says how
much each may send.

A party that does not send feedback (another aiortc) sends REMB: that is obeyed by the encoder as before.
"""

import asyncio
from collections import OrderedDict
from typing import Final

from aiortc import RTCRtpSender
from aiortc.rtcrtpparameters import RTCRtpParameters
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap

from carena_desktop.call.engine import transport_feedback
from carena_desktop.call.engine.bandwidth import BandwidthEstimate, Pacer, SentPacket
from carena_desktop.call.engine.division import Shares, divide
from carena_desktop.call.engine.repairs.live_vp8 import MAX_KBPS, START_KBPS, LiveVp8Encoder
from carena_desktop.call.engine.repairs.playout_delay import PlayoutDelay
from carena_desktop.call.engine.repairs.transport_cc import URI
from carena_desktop.call.engine.video_assembly import unwrap
from carena_desktop.clock import Clock

AUDIO_KBPS: Final = 60
"""What is kept free for sound, headers included."""
SILENCE_S: Final = 1.0
"""Without a report for this long, while packets leave, the path is taken to be gone or full."""
CHECK_PERIOD_S: Final = 0.2
PAUSE_S: Final = 0.2
"""Without a packet that leaves nothing is owed: a camera that was stopped is not reported on."""
FIRST_S: Final = 3.0
"""A screen that has just begun has to become sharp: what it uses says nothing yet."""
MAX_HISTORY: Final = 4096
_SSRC: Final = slice(8, 12)


class SendControl:
    """Stands in video senders that have sent nothing yet. Methods are called on the loop.

    Args:
        sender: Of the camera's picture; its transport is the one that all media share.
        encoder: Of it; follows its share of the estimate.
        clock: The time.
    """

    def __init__(self, sender: RTCRtpSender, encoder: LiveVp8Encoder, clock: Clock) -> None:
        self._camera = encoder
        self._screen: LiveVp8Encoder | None = None
        self._sends = {"camera": True, "screen": False}
        self._screen_began = float("-inf")
        self._clock = clock
        self._media: set[bytes] = set()
        self._repeats: set[bytes] = set()
        self._turn = asyncio.Lock()
        self._estimate = BandwidthEstimate(START_KBPS, MAX_KBPS + AUDIO_KBPS)
        self._pacer = Pacer()
        self._number = 0
        self._sent: OrderedDict[int, tuple[float, int]] = OrderedDict()
        self._reported_at: float | None = None
        self._reports = 0
        self._owed_since: float | None = None
        self._left_at = float("-inf")
        self._arrival_base = 0
        transport = sender.transport
        self._send = transport._send_rtp  # noqa: SLF001 - the repair
        self._handle = transport._handle_rtcp_data  # noqa: SLF001 - the repair
        transport._send_rtp = self._paced  # type: ignore[method-assign]  # noqa: SLF001 - the repair
        transport._handle_rtcp_data = self._rtcp_arrived  # type: ignore[method-assign]  # noqa: SLF001 - the repair
        self._add(sender)

    def _add(self, sender: RTCRtpSender) -> None:
        self._media.add(sender._ssrc.to_bytes(4, "big"))  # noqa: SLF001 - the repair
        self._repeats.add(sender._rtx_ssrc.to_bytes(4, "big"))  # noqa: SLF001 - the repair
        sender._RTCRtpSender__rtp_header_extensions_map = _Numbered(self, PlayoutDelay(sender))  # type: ignore[attr-defined]  # noqa: SLF001 - the repair

    def add_screen(self, sender: RTCRtpSender, encoder: LiveVp8Encoder) -> None:
        """Stand in the sender of a shared screen as well, of the same transport."""
        self._screen = encoder
        self._add(sender)

    def set_sending(self, *, camera: bool, screen: bool) -> None:
        """Say which of the two is sent from now on: what is not has no share."""
        begins = screen and not self._sends["screen"]
        self._sends = {"camera": camera, "screen": screen}
        if begins and self._screen is not None:
            self._screen_began = self._clock.monotonic()
            self._screen.begin_at(self._shares().screen)  # legible at once, not step by step
        self._tell()

    def begin_at(self, kbps: float) -> None:
        """Begin with what another leg of the same call found that the path carries; before anything was sent."""
        self._estimate = BandwidthEstimate(min(kbps, MAX_KBPS + AUDIO_KBPS), MAX_KBPS + AUDIO_KBPS)
        shares = self._shares()
        self._camera.begin_at(shares.camera)
        if self._screen is not None and shares.screen:
            self._screen.begin_at(shares.screen)

    @property
    def estimate_kbps(self) -> float | None:
        """What the path carries, or None without feedback."""
        return None if self._reported_at is None else self._estimate.kbps

    @property
    def loss(self) -> float:
        """Fraction of our video packets that were lost lately."""
        return self._estimate.loss

    @property
    def reports(self) -> tuple[int, float | None]:
        """How many came, and since when one is owed for what leaves; None when none is, or nothing leaves."""
        pauses = self._clock.monotonic() - self._left_at > PAUSE_S
        return self._reports, None if pauses else self._owed_since

    async def run(self) -> None:
        """Notice when reports stay away; until cancelled."""
        while True:
            await asyncio.sleep(CHECK_PERIOD_S)
            now = self._clock.monotonic()
            waiting = self._reported_at is not None and now - self._reported_at > SILENCE_S
            if waiting and any(now - at > SILENCE_S for at, _ in self._sent.values()):
                self._estimate.silent()
                self._sent.clear()
                self._tell()

    def next_number(self) -> int:
        """Return the next transport-wide sequence number (16 bits)."""
        self._number += 1
        return self._number & 0xFFFF

    async def _paced(self, data: bytes) -> None:
        """Send a packet: video when it is its turn, repetitions and the rest at once."""
        ssrc = data[_SSRC]
        if data[1] & 0x7F in range(64, 96):  # RTCP, RFC 5761
            await self._send(data)
        elif ssrc in self._media:
            number = self._number
            async with self._turn:  # one after the other, in the order of their numbers
                wait = self._delay(len(data))
                if wait > 0.001:  # noqa: PLR2004 - shorter than a loop's sleep
                    await asyncio.sleep(wait)
                self._note(number, len(data))
                await self._send(data)
        else:
            if ssrc in self._repeats:
                self._delay(len(data))
                self._note(self._number, len(data))
            await self._send(data)

    def _delay(self, size: int) -> float:
        both = self._camera.target_bitrate + (self._screen.target_bitrate if self._screen is not None else 0)
        return self._pacer.delay(size, both / 1000 + AUDIO_KBPS, self._clock.monotonic())

    def _note(self, number: int, size: int) -> None:
        now = self._clock.monotonic()
        self._sent[number] = (now, size)
        if self._owed_since is None or now - self._left_at > PAUSE_S:
            self._owed_since = now
        self._left_at = now
        while len(self._sent) > MAX_HISTORY:
            self._sent.popitem(last=False)

    async def _rtcp_arrived(self, data: bytes) -> None:
        try:
            reports, rest = transport_feedback.split(data)
            for report in reports:
                self._report(transport_feedback.decode(report))
        except ValueError:
            return
        if rest:
            await self._handle(rest)

    def _report(self, report: transport_feedback.Report) -> None:
        now = self._clock.monotonic()
        self._reports += 1
        self._owed_since = None
        packets = []
        for number, arrived_us in report.arrivals:
            entry = self._sent.pop(unwrap(number, self._number), None)
            if entry is not None:
                arrived = None if arrived_us is None else arrived_us / 1_000_000
                packets.append(SentPacket(entry[0], entry[1], arrived))
        if not packets:
            return
        packets.sort(key=lambda packet: packet.sent)
        self._reported_at = now
        self._estimate.report(packets, now)
        self._tell()

    def _tell(self) -> None:
        shares, is_known = self._shares(), self._reported_at is not None
        for encoder, kbps in ((self._camera, shares.camera), (self._screen, shares.screen)):
            if encoder is not None:
                encoder.take_share(kbps, is_known=is_known)

    def _shares(self) -> Shares:
        is_new = self._clock.monotonic() - self._screen_began < FIRST_S
        used = float("inf") if is_new or self._screen is None else self._screen.wanted_kbps
        return divide(int(self._estimate.kbps) - AUDIO_KBPS, **self._sends, used=used)


class _Numbered(HeaderExtensionsMap):
    """aiortc's map, that gives each packet its number if the other party wants numbers, and says when to show it."""

    def __init__(self, control: SendControl, playout: PlayoutDelay) -> None:
        super().__init__()
        self._control = control
        self._playout = playout
        self._wanted = False

    def configure(self, parameters: RTCRtpParameters) -> None:
        """Take what was negotiated."""
        super().configure(parameters)
        self._playout.configure(parameters)
        self._wanted = any(extension.uri == URI for extension in parameters.headerExtensions)

    def set(self, values: HeaderExtensions) -> tuple[int, bytes]:
        """Return the extension's profile and bytes."""
        number = self._control.next_number()
        values.transport_sequence_number = number if self._wanted else None
        return self._playout.added(*super().set(values))
