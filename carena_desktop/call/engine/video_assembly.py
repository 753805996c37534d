"""Puts the packets of a video stream together, asks again for lost ones, and knows when to wait no longer. Sans-IO.

A frame is given out with its last packet. A hole is asked for at once, again at each round trip, within a budget: on a
narrow link repetitions would only make it narrower. A hole that stays open longer than ``patience`` is given up: the
stream goes on with a key frame that is there already, or with the next one, which has to be asked for. Pictures in
between are not shown: they refer to what is missing.

Sources: RFC 7741 (VP8 over RTP), RFC 4585 sections 6.2.1 and 6.3.1 (NACK and PLI).
"""

from dataclasses import dataclass
from typing import Final

MAX_SPAN: Final = 1024
"""Packets between the oldest waited for and the newest; more is a sender that began anew or a long outage."""
MIN_PATIENCE_S: Final = 0.2
MAX_PATIENCE_S: Final = 0.8
KEY_REQUEST_PERIOD_S: Final = 0.5
MAX_TRIES: Final = 8
_FIRST_RETRY_S: Final = 0.06
_MIN_RETRY_S: Final = 0.02
_BUDGET_SHARE: Final = 0.3
"""Packets that may be asked for, per packet that arrived."""
_BUDGET_BURST: Final = 80.0
_HALF: Final = 0x8000


def unwrap(number: int, near: int) -> int:
    """Return the whole number with these lowest 16 bits that is nearest to ``near``."""
    return near + ((number - near + _HALF) & 0xFFFF) - _HALF


@dataclass(frozen=True, slots=True)
class VideoPacket:
    """What assembly needs to know of a packet; ``data`` is without the payload descriptor."""

    number: int
    timestamp: int
    marker: bool
    starts_key_frame: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class WholeFrame:
    """An encoded picture; ``timestamp`` in 1/90000 s as in its packets."""

    data: bytes
    timestamp: int


@dataclass(slots=True)
class _Missing:
    since: float
    asked: float | None = None
    tries: int = 0


class NackList:
    """Which packets are missing and when to ask for each again. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._missing: dict[int, _Missing] = {}
        self._newest: int | None = None
        self._budget = _BUDGET_BURST
        self.round_trip: float | None = None
        """Smoothed seconds from asking to arrival."""
        self.asked = 0
        """Packets asked for so far, repetitions included."""
        self.missed = 0
        """Packets that did not arrive in their turn."""

    def arrived(self, number: int, now: float) -> None:
        """Note a packet by its 16 bits."""
        self._budget = min(_BUDGET_BURST, self._budget + _BUDGET_SHARE)
        if self._newest is None:
            self._newest = number
            return
        whole = unwrap(number, self._newest)
        if whole > self._newest:
            if whole - self._newest > MAX_SPAN:
                self._missing.clear()
            else:
                self.missed += whole - self._newest - 1
                for lost in range(self._newest + 1, whole):
                    self._missing[lost] = _Missing(now)
            self._newest = whole
            return
        found = self._missing.pop(whole, None)
        if found is not None and found.tries == 1 and found.asked is not None:
            took = now - found.asked
            self.round_trip = took if self.round_trip is None else 0.8 * self.round_trip + 0.2 * took

    def due(self, now: float) -> list[int]:
        """Return the 16-bit numbers to ask for now, and count them as asked."""
        wait = _FIRST_RETRY_S if self.round_trip is None else max(_MIN_RETRY_S, 1.25 * self.round_trip)
        out = []
        for whole, missing in list(self._missing.items()):
            if missing.tries >= MAX_TRIES:
                del self._missing[whole]
            elif self._budget >= 1 and (missing.asked is None or now - missing.asked >= wait):
                self._budget -= 1
                missing.asked = now
                missing.tries += 1
                self.asked += 1
                out.append(whole & 0xFFFF)
        return out

    def forget_before(self, number: int) -> None:
        """Nothing before ``number`` (16 bits) is wanted any more."""
        if self._newest is not None:
            first = unwrap(number, self._newest)
            self._missing = {whole: missing for whole, missing in self._missing.items() if whole >= first}


class VideoAssembler:
    """The packets of one stream on their way to frames. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._packets: dict[int, VideoPacket] = {}
        self._next: int | None = None
        self._newest = 0
        self._hole_since: float | None = None
        self._needs_key = True
        self._key_asked = float("-inf")
        self.patience = MIN_PATIENCE_S
        """Seconds a hole may stay open."""
        self.given_up = 0
        """Holes that were not filled in time."""

    @property
    def first_wanted(self) -> int | None:
        """The 16-bit number of the oldest packet that is still of use."""
        return None if self._next is None else self._next & 0xFFFF

    def adapt(self, round_trip: float | None) -> None:
        """Wait for as long as a lost packet and its repetition may take."""
        if round_trip is not None:
            self.patience = min(MAX_PATIENCE_S, max(MIN_PATIENCE_S, 3 * round_trip + 0.1))

    def add(self, packet: VideoPacket, now: float) -> list[WholeFrame]:
        """Take a packet; return the frames that are complete now, in order."""
        if self._next is None:
            self._next = self._newest = packet.number
        whole = unwrap(packet.number, self._newest)
        if abs(whole - self._newest) > MAX_SPAN:
            self._start_anew(whole)
        if whole < self._next:
            return []  # too late, or a second copy
        self._newest = max(self._newest, whole)
        self._packets[whole] = packet
        return self._release(now)

    def check(self, now: float) -> list[WholeFrame]:
        """Give up a hole that has been open too long; return what can be shown without it."""
        if self._hole_since is None or now - self._hole_since <= self.patience:
            return []
        self.given_up += 1
        self.lose()
        if self._next is not None:
            self._packets.pop(self._next, None)  # if it began a key frame: that one will not be whole
        return self._release(now)

    def lose(self) -> None:
        """What comes next can't be decoded: go on with a key frame."""
        self._needs_key = True
        self._hole_since = None

    def wants_key(self, now: float) -> bool:
        """Whether to ask for a key frame now; counts as asked."""
        arriving = self._next in self._packets
        if self._next is None or not self._needs_key or arriving or now - self._key_asked < KEY_REQUEST_PERIOD_S:
            return False
        self._key_asked = now
        return True

    def _start_anew(self, whole: int) -> None:
        self._packets.clear()
        self._next = self._newest = whole
        self.lose()

    def _release(self, now: float) -> list[WholeFrame]:
        frames: list[WholeFrame] = []
        while not self._needs_key or self._jump_to_key():
            found = self._complete()
            if found is None or self._next is None:
                break
            end, timestamp = found
            data = b"".join(self._packets.pop(number).data for number in range(self._next, end))
            frames.append(WholeFrame(data, timestamp))
            self._next = end
            self._needs_key = False
            self._hole_since = None
        if not self._has_hole():
            self._hole_since = None
        elif self._hole_since is None:
            self._hole_since = now
        return frames

    def _jump_to_key(self) -> bool:
        """Go to the first key frame that is there; without one nothing that is there is of use."""
        starts = [whole for whole, packet in self._packets.items() if packet.starts_key_frame]
        first = min(starts, default=self._newest + 1)
        self._packets = {whole: packet for whole, packet in self._packets.items() if whole >= first}
        self._next = first
        return bool(starts)

    def _complete(self) -> tuple[int, int] | None:
        """Return the number after the next frame's last packet, and its timestamp; None while it is not whole."""
        at = self._next
        if at is None or (first := self._packets.get(at)) is None:
            return None
        while (packet := self._packets.get(at)) is not None:
            if packet.timestamp != first.timestamp:  # a sender that sets no markers
                return at, first.timestamp
            at += 1
            if packet.marker:
                return at, first.timestamp
        return None

    def _has_hole(self) -> bool:
        """Whether a packet is missing that later ones have overtaken."""
        if self._next is None:
            return False
        at = self._next
        while at in self._packets:
            at += 1
        return at <= self._newest
