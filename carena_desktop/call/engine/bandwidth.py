"""How much the path to the other party carries, estimated from its feedback on our packets. Sans-IO, pure.

Google congestion control: a growing delay between groups of packets means a queue is filling, long before anything is
lost; the rate falls below what arrived and then climbs again. Loss alone lowers the rate only when it is heavy.

Sources: draft-ietf-rmcat-gcc-02; Carlucci et al., "Analysis and Design of the Google Congestion Control for Web
Real-Time Communication", MMSys 2016. Times are seconds; rates kbit/s.
"""

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

MIN_KBPS: Final = 50.0
_GROUP_S: Final = 0.005
"""Packets that left within this are one group."""
_WINDOW: Final = 20
"""Groups the slope is fitted to."""
_SMOOTHING: Final = 0.9
_GAIN: Final = 4.0
_MAX_DELTAS: Final = 60
_OVERUSE_S: Final = 0.010
_K_UP: Final = 0.0087
_K_DOWN: Final = 0.039
_THRESHOLD_MS: Final = (6.0, 12.5, 600.0)
_BACK_OFF: Final = 0.85
_GROWTH_PER_S: Final = 1.08
_START_GROWTH_PER_S: Final = 1.6
"""Until the first congestion: a call should not need a quarter of a minute to become sharp."""
_HEADROOM: Final = 1.5
"""The rate is not raised beyond this multiple of what arrives: nothing is known up there."""
_ACKED_WINDOW_S: Final = 0.5
_LOSS_HIGH: Final = 0.10
_LOSS_LOW: Final = 0.02
_LOSS_MIN_PACKETS: Final = 20
_BURST_S: Final = 0.040


@dataclass(frozen=True, slots=True)
class SentPacket:
    """A packet the feedback speaks of; ``arrived`` is None when it was lost, else by the other party's clock."""

    sent: float
    size: int
    arrived: float | None


class _Usage(Enum):
    NORMAL = auto()
    OVER = auto()
    UNDER = auto()


class DelayTrend:
    """Whether the queue on the path is filling, from the spacing of packet groups (section 5.3 and MMSys 2016)."""

    def __init__(self) -> None:
        self._group: tuple[float, float, float] | None = None  # first sent, last sent, last arrived
        self._before: tuple[float, float] | None = None
        self._accumulated = 0.0
        self._smoothed = 0.0
        self._count = 0
        self._points: deque[tuple[float, float]] = deque(maxlen=_WINDOW)
        self._first_arrival: float | None = None
        self._threshold = _THRESHOLD_MS[1]
        self._updated: float | None = None
        self._over_for = 0.0
        self._last_trend = 0.0
        self.usage = _Usage.NORMAL

    def packet(self, sent: float, arrived: float) -> None:
        """Take a packet that arrived, in the order of sending."""
        if self._group is None:
            self._group = (sent, sent, arrived)
            return
        first, _, latest = self._group
        if sent - first <= _GROUP_S:
            self._group = (first, sent, max(latest, arrived))
            return
        self._close_group()
        self._group = (sent, sent, arrived)

    def _close_group(self) -> None:
        if self._group is None:
            return
        _, sent, arrived = self._group
        if self._before is not None:
            sent_delta, arrived_delta = sent - self._before[0], arrived - self._before[1]
            if sent_delta > 0 and arrived_delta > -1.0:
                self._delta((arrived_delta - sent_delta) * 1000, arrived, sent_delta)
        self._before = (sent, arrived)

    def _delta(self, growth_ms: float, arrived: float, elapsed: float) -> None:
        if self._first_arrival is None:
            self._first_arrival = arrived
        self._count = min(self._count + 1, _MAX_DELTAS)
        self._accumulated += growth_ms
        self._smoothed = _SMOOTHING * self._smoothed + (1 - _SMOOTHING) * self._accumulated
        self._points.append(((arrived - self._first_arrival) * 1000, self._smoothed))
        trend = self._last_trend
        if len(self._points) == _WINDOW:
            trend = _slope(self._points)
        self._judge(trend, elapsed, arrived)

    def _judge(self, trend: float, elapsed: float, now: float) -> None:
        scaled = min(self._count, _MAX_DELTAS) * trend * _GAIN
        if scaled > self._threshold:
            self._over_for += elapsed
            if self._over_for > _OVERUSE_S and trend >= self._last_trend:
                self.usage = _Usage.OVER
        else:
            self._over_for = 0.0
            self.usage = _Usage.UNDER if scaled < -self._threshold else _Usage.NORMAL
        self._last_trend = trend
        self._adapt(scaled, now)

    def _adapt(self, scaled: float, now: float) -> None:
        """Let the threshold follow the path's own noise, but not sudden spikes."""
        before, self._updated = self._updated, now
        if before is None or abs(scaled) > self._threshold + 15:
            return
        rate = _K_DOWN if abs(scaled) < self._threshold else _K_UP
        step = rate * (abs(scaled) - self._threshold) * min((now - before) * 1000, 100)
        self._threshold = min(_THRESHOLD_MS[2], max(_THRESHOLD_MS[0], self._threshold + step))


def _slope(points: "deque[tuple[float, float]]") -> float:
    """Least squares."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


class BandwidthEstimate:
    """The rate that the path carries, between ``MIN_KBPS`` and ``ceiling``.

    Args:
        start_kbps: The first guess.
        ceiling_kbps: Never more.
    """

    def __init__(self, start_kbps: float, ceiling_kbps: float) -> None:
        self.kbps = start_kbps
        self.loss = 0.0
        """Fraction of the packets of the last reports that were lost."""
        self._ceiling = ceiling_kbps
        self._trend = DelayTrend()
        self._acked: deque[tuple[float, int]] = deque()
        self._loss_seen = 0
        self._loss_total = 0
        self._updated: float | None = None
        self._backed_off_at = float("-inf")
        self._capacity: float | None = None
        self._is_silent = False

    @property
    def acked_kbps(self) -> float | None:
        """What arrived lately; None before anything did."""
        if len(self._acked) < 2:  # noqa: PLR2004 - a rate needs two moments
            return None
        seconds = max(self._acked[-1][0] - self._acked[0][0], 0.05)
        return sum(size for _, size in self._acked) * 8 / seconds / 1000

    def report(self, packets: list[SentPacket], now: float) -> None:
        """Take one feedback report, its packets in the order of sending."""
        self._is_silent = False
        for packet in packets:
            if packet.arrived is not None:
                self._trend.packet(packet.sent, packet.arrived)
                self._acked.append((packet.arrived, packet.size))
        while self._acked and self._acked[-1][0] - self._acked[0][0] > _ACKED_WINDOW_S:
            self._acked.popleft()
        self._count_loss(packets)
        elapsed = min(1.0, now - self._updated) if self._updated is not None else 0.0
        self._updated = now
        acked = self.acked_kbps
        if self._trend.usage is _Usage.OVER:
            self._back_off(acked, now)
        elif self._trend.usage is _Usage.NORMAL:
            self._grow(acked, elapsed)
        self.kbps = min(self._ceiling, max(MIN_KBPS, self.kbps))

    def silent(self) -> None:
        """Packets left and no report came: send half of what was known until one comes, then find out anew."""
        if not self._is_silent:
            self._is_silent = True
            self.kbps = max(MIN_KBPS, self.kbps * 0.5)
            self._capacity = None
            self._trend = DelayTrend()
            self._acked.clear()

    def _back_off(self, acked: float | None, now: float) -> None:
        if now - self._backed_off_at < 0.2:  # noqa: PLR2004 - a report of the effect takes that long
            return
        self._backed_off_at = now
        if acked is not None:
            self._capacity = acked if self._capacity is None else 0.8 * self._capacity + 0.2 * acked
            self.kbps = min(self.kbps, max(MIN_KBPS, _BACK_OFF * acked))

    def _grow(self, acked: float | None, elapsed: float) -> None:
        if self.loss > _LOSS_LOW and self._capacity is not None:
            return
        if acked is None or self.kbps > _HEADROOM * acked + 20:
            return  # nothing is known about higher rates; what was known stays
        if self._capacity is None:
            self.kbps *= _START_GROWTH_PER_S**elapsed
        elif abs(self.kbps - self._capacity) < 0.15 * self._capacity:
            self.kbps += 40 * elapsed  # near what congested last time: carefully
        else:
            self.kbps *= _GROWTH_PER_S**elapsed

    def _count_loss(self, packets: list[SentPacket]) -> None:
        self._loss_total += len(packets)
        self._loss_seen += sum(packet.arrived is None for packet in packets)
        if self._loss_total < _LOSS_MIN_PACKETS:
            return
        fraction = self._loss_seen / self._loss_total
        self._loss_seen = self._loss_total = 0
        self.loss += 0.3 * (fraction - self.loss)
        if self.loss > _LOSS_HIGH and not math.isclose(self.kbps, MIN_KBPS):
            self.kbps *= 1 - 0.2 * (self.loss - _LOSS_HIGH) - 0.02


class Pacer:
    """Spreads the packets of a large picture: a token bucket that is filled at a multiple of the estimate.

    What the bucket's rate carries in 40 ms leaves at once, as in libwebrtc: a receiver waits for the last packet of
    each picture, and one that is spread over 7 ms makes Chromium hold every picture 24 ms longer (measured).
    """

    def __init__(self, burst_bytes: int = 6000, factor: float = 2.0) -> None:
        self._burst = burst_bytes
        self._factor = factor
        self._debt = 0.0
        self._at: float | None = None

    def delay(self, size: int, kbps: float, now: float) -> float:
        """Note a packet of ``size`` bytes; return the seconds to wait before it leaves."""
        rate = self._factor * kbps * 125  # bytes a second
        if self._at is not None:
            self._debt = max(0.0, self._debt - (now - self._at) * rate)
        self._at = now
        wait = max(0.0, self._debt - max(self._burst, _BURST_S * rate)) / rate
        self._debt += size
        return wait
