"""The estimate finds what a path carries, in a simulated path with a queue, and stays there."""

import heapq
from dataclasses import dataclass, field

import numpy as np
import pytest

from carena_desktop.call.engine.bandwidth import MIN_KBPS, BandwidthEstimate, Pacer, SentPacket

REPORT_S = 0.05
PACKET = 1000


@dataclass
class Path:
    """A bottleneck with a queue of 300 ms, a delay each way, jitter and random loss."""

    kbps: float
    loss: float = 0.0
    jitter_s: float = 0.0
    delay_s: float = 0.02
    queue_s: float = 0.3
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))
    free_at: float = 0.0
    offered: int = 0

    def send(self, size: int, now: float) -> float | None:
        """Return when a packet arrives, None when it is lost."""
        self.offered += size
        start = max(now, self.free_at)
        if start - now > self.queue_s or self.rng.random() < self.loss:
            return None
        self.free_at = start + size * 8 / self.kbps / 1000
        return self.free_at + self.delay_s + self.rng.uniform(0, self.jitter_s)


@dataclass
class Call:
    """A sender that follows the estimate, with reports every 50 ms."""

    path: Path
    estimate: BandwidthEstimate
    wants_kbps: float = 10_000
    now: float = 0.0
    number: int = 0
    flying: list[tuple[float, int, SentPacket]] = field(default_factory=list)
    offered_kbps: float = 0.0

    def run(self, seconds: float) -> "Call":
        """Let time pass; ``offered_kbps`` is what was sent meanwhile."""
        before, end = self.path.offered, self.now + seconds
        report_at = self.now + REPORT_S
        while self.now < end:
            rate = min(self.estimate.kbps, self.wants_kbps)
            self.now += PACKET * 8 / rate / 1000
            arrived = self.path.send(PACKET, self.now)
            told = (arrived if arrived is not None else self.now + 0.3) + self.path.delay_s
            heapq.heappush(self.flying, (told, self.number, SentPacket(self.now, PACKET, arrived)))
            self.number += 1
            if self.now >= report_at:
                report_at = self.now + REPORT_S
                told_now = []
                while self.flying and self.flying[0][0] <= self.now:
                    told_now.append(heapq.heappop(self.flying)[2])
                if told_now:
                    self.estimate.report(sorted(told_now, key=lambda one: one.sent), self.now)
        self.offered_kbps = (self.path.offered - before) * 8 / seconds / 1000
        return self


@pytest.mark.parametrize("capacity", [150, 250, 500, 1000, 2000])
def test_a_narrow_path_is_filled_and_not_flooded(capacity: int) -> None:
    """From a start of 800 kbit/s: after twenty seconds at most 1.15 of the capacity is sent, and at least 0.7."""
    call = Call(Path(capacity), BandwidthEstimate(800, 2500)).run(20)
    for _ in range(5):
        call.run(10)
        assert 0.7 * capacity <= call.offered_kbps <= 1.15 * capacity


def test_a_wide_path_is_used_soon() -> None:
    """Where 20 Mbit/s fit the ceiling is reached within ten seconds."""
    call = Call(Path(20_000), BandwidthEstimate(800, 2500)).run(10)
    assert call.estimate.kbps == 2500


def test_jitter_is_not_congestion() -> None:
    """Packets that come 30 ms sooner or later do not bring the rate down."""
    call = Call(Path(20_000, jitter_s=0.03), BandwidthEstimate(800, 2500)).run(30)
    assert call.estimate.kbps > 800


@pytest.mark.parametrize("loss", [0.01, 0.03, 0.05])
def test_a_little_loss_is_not_congestion(loss: float) -> None:
    """Random loss that repetitions make good for leaves the rate where it was or higher."""
    call = Call(Path(20_000, loss=loss), BandwidthEstimate(800, 2500)).run(30)
    assert call.estimate.kbps >= 800
    assert abs(call.estimate.loss - loss) < 0.03


def test_heavy_loss_lowers_the_rate() -> None:
    """A third of the packets lost means that less must be sent."""
    call = Call(Path(20_000, loss=0.33), BandwidthEstimate(2000, 2500)).run(20)
    assert call.estimate.kbps < 1000


def test_a_path_that_becomes_narrow_and_wide_again_is_followed() -> None:
    """2 Mbit/s, then 300 kbit/s, then 2 Mbit/s: down within five seconds, up again within thirty."""
    path = Path(2000)
    call = Call(path, BandwidthEstimate(800, 2500)).run(15)
    path.kbps = 300
    call.run(5)
    assert call.run(10).offered_kbps <= 1.2 * 300
    path.kbps = 2000
    call.run(30)
    assert call.run(5).offered_kbps >= 1200


def test_little_to_send_does_not_bring_the_rate_down() -> None:
    """A still picture needs 100 kbit/s: what was known of the path stays known."""
    call = Call(Path(20_000), BandwidthEstimate(800, 2500), wants_kbps=100).run(30)
    assert call.estimate.kbps == 800


def test_silence_halves_once_and_reports_bring_it_back() -> None:
    """An outage costs half the rate, however long it is, and the path is found anew."""
    call = Call(Path(2000), BandwidthEstimate(800, 2500)).run(15)
    before = call.estimate.kbps
    for _ in range(20):
        call.estimate.silent()
    assert call.estimate.kbps == pytest.approx(before / 2)
    assert call.run(10).estimate.kbps > 0.8 * before


def test_it_stays_within_its_bounds() -> None:
    """Nonsense of a clock or a report leaves the rate between floor and ceiling."""
    estimate = BandwidthEstimate(800, 2500)
    rng = np.random.default_rng(3)
    for _ in range(2000):
        packets = [
            SentPacket(float(rng.uniform(0, 100)), 1200, None if rng.random() < 0.3 else float(rng.uniform(-1e6, 1e6)))
            for _ in range(int(rng.integers(1, 30)))
        ]
        estimate.report(packets, float(rng.uniform(0, 1000)))
        assert MIN_KBPS <= estimate.kbps <= 2500


def test_the_pacer_spreads_a_large_picture() -> None:
    """60 kB at 1 Mbit/s leave at twice that rate: the last packet waits about a fifth of a second."""
    pacer, now = Pacer(), 0.0
    for _ in range(50):
        now += pacer.delay(1200, 1000, now)
    assert 0.18 <= now <= 0.22


def test_the_pacer_sends_an_ordinary_picture_at_once() -> None:
    """A thirtieth of a second's worth of packets leaves in one go: spread, the receiver would hold each picture."""
    pacer = Pacer()
    assert sum(pacer.delay(1160, 2600, frame / 30) for frame in range(300) for _ in range(9)) == 0.0


def test_the_pacer_lets_small_pictures_pass() -> None:
    """A picture of four packets leaves at once, thirty times a second."""
    pacer = Pacer()
    assert sum(pacer.delay(1000, 1000, frame / 30) for frame in range(300) for _ in range(4)) == 0.0
