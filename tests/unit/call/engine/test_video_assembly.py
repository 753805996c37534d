"""Packets become frames whatever is lost on the way, and what is asked for again stays within a budget."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.engine.video_assembly import (
    KEY_REQUEST_PERIOD_S,
    MAX_SPAN,
    MAX_TRIES,
    NackList,
    VideoAssembler,
    VideoPacket,
    WholeFrame,
    unwrap,
)

START = 65_500


def stream(frames: int, packets: int = 3, keys: frozenset[int] = frozenset({0})) -> list[VideoPacket]:
    """Frames of some packets each, thirty a second, with numbers that wrap."""
    return [
        VideoPacket(
            number=(START + frame * packets + part) & 0xFFFF,
            timestamp=frame * 3000,
            marker=part == packets - 1,
            starts_key_frame=part == 0 and frame in keys,
            data=bytes([frame & 0xFF, part]),
        )
        for frame in range(frames)
        for part in range(packets)
    ]


def times(frames: Sequence[WholeFrame]) -> list[int]:
    """Which frames came out."""
    return [frame.timestamp // 3000 for frame in frames]


def run(assembler: VideoAssembler, packets: list[VideoPacket], now: float = 0.0) -> list[int]:
    """Everything that comes out for what goes in at one moment."""
    return [number for packet in packets for number in times([*assembler.add(packet, now)])]


def test_a_frame_comes_out_with_its_last_packet() -> None:
    """In order, whole, without waiting for the next frame."""
    assembler, seen = VideoAssembler(), []
    for packet in stream(40):
        frames = assembler.add(packet, 0.0)
        assert bool(frames) == packet.marker
        seen += frames
    assert times([*seen]) == list(range(40))
    assert seen[7].data == bytes([7, 0, 7, 1, 7, 2])


def test_a_sender_without_markers_is_served() -> None:
    """The next frame's first packet ends this one."""
    packets = [VideoPacket(n, n * 3000, marker=False, starts_key_frame=n == 0, data=b"x") for n in range(5)]
    assert run(VideoAssembler(), packets) == [0, 1, 2, 3]


def test_a_filled_hole_releases_everything_behind_it() -> None:
    """Frames that waited behind a late packet come out at once, in order."""
    packets = stream(6)
    assembler = VideoAssembler()
    late = packets.pop(7)
    assert run(assembler, packets) == [0, 1]
    assert run(assembler, [late]) == [2, 3, 4, 5]


def test_a_hole_is_given_up_after_its_patience() -> None:
    """Then a key frame is asked for, what refers to the hole is not shown, and the key frame is."""
    packets = stream(30, keys=frozenset({0, 20}))
    assembler = VideoAssembler()
    del packets[7]
    assert run(assembler, packets[: 18 * 3], 1.0) == [0, 1]
    assert not assembler.wants_key(1.0)
    assert assembler.check(1.0 + assembler.patience) == []
    assert not assembler.wants_key(1.0 + assembler.patience)
    assert assembler.check(1.01 + assembler.patience) == []
    assert assembler.given_up == 1
    assert assembler.wants_key(1.3)
    assert not assembler.wants_key(1.3 + KEY_REQUEST_PERIOD_S / 2)
    assert assembler.wants_key(1.31 + KEY_REQUEST_PERIOD_S)
    assert run(assembler, packets[18 * 3 :], 2.0) == list(range(20, 30))
    assert not assembler.wants_key(9.0)


def test_a_key_frame_that_is_there_ends_the_wait() -> None:
    """When one is whole behind the hole nothing is asked for."""
    packets = stream(30, keys=frozenset({0, 20}))
    assembler = VideoAssembler()
    del packets[7]
    assert run(assembler, packets, 1.0) == [0, 1]
    assert times([*assembler.check(2.0)]) == list(range(20, 30))
    assert not assembler.wants_key(3.0)


def test_a_broken_key_frame_is_given_up_too() -> None:
    """A key frame with a hole of its own does not hold up the next one."""
    packets = stream(30, keys=frozenset({0, 10, 20}))
    lost = {7, 31}
    assembler = VideoAssembler()
    assert run(assembler, [packet for n, packet in enumerate(packets) if n not in lost], 1.0) == [0, 1]
    assert assembler.check(2.0) == []
    assert not assembler.wants_key(2.0)
    assert times([*assembler.check(3.0)]) == list(range(20, 30))


def test_a_stream_that_does_not_begin_with_a_key_frame_asks_for_one() -> None:
    """Joining in the middle shows nothing that can't be decoded."""
    assembler = VideoAssembler()
    assert run(assembler, stream(10, keys=frozenset())) == []
    assert assembler.wants_key(0.0)


def test_a_decoder_that_failed_goes_on_with_a_key_frame() -> None:
    """After ``lose`` only a key frame comes out, even one that is arriving."""
    packets = stream(20, keys=frozenset({0, 10}))
    assembler = VideoAssembler()
    assert run(assembler, packets[:15]) == [0, 1, 2, 3, 4]
    assembler.lose()
    assert assembler.wants_key(0.0)
    assert run(assembler, packets[15:31]) == []
    assert not assembler.wants_key(9.0)
    assert run(assembler, packets[31:]) == list(range(10, 20))


def test_a_long_outage_begins_anew() -> None:
    """A jump beyond the span is no hole: what is old is dropped, and a key frame is asked for."""
    packets = stream(600, keys=frozenset({0, 510}))
    assembler = VideoAssembler()
    assert run(assembler, packets[:9]) == [0, 1, 2]
    assert run(assembler, packets[MAX_SPAN + 100 : MAX_SPAN + 130]) == []
    assert assembler.wants_key(0.0)
    assert run(assembler, packets[1530:]) == list(range(510, 600))


@given(st.integers(0, 2**32), st.floats(0, 0.3), st.integers(0, 12))
def test_any_loss_and_disorder_give_growing_frames(seed: int, loss: float, disorder: int) -> None:
    """Whatever is lost, doubled and reordered: each frame is whole, each at most once, in order; memory is bounded."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable disorder
    packets = stream(120, keys=frozenset(range(0, 120, 12)))
    sent = [(n + chance.uniform(0, disorder), packet) for n, packet in enumerate(packets) if chance.random() >= loss]
    sent += [(n + 5, packet) for n, packet in sent if chance.random() < 0.05]
    assembler, seen, now = VideoAssembler(), [], 0.0
    for _, packet in sorted(sent, key=lambda one: one[0]):
        now += 0.011
        seen += assembler.check(now) + assembler.add(packet, now)
        assert len(assembler._packets) <= MAX_SPAN + 1
    numbers = times([*seen])
    assert numbers == sorted(set(numbers))
    assert all(frame.data == bytes(b for part in range(3) for b in (number, part))
               for frame, number in zip(seen, numbers, strict=True))  # fmt: skip
    if loss == 0 and disorder == 0:
        assert numbers == list(range(120))


@given(st.integers(0, 0xFFFF), st.integers(-40_000, 10**7))
def test_unwrapping_is_the_nearest(number: int, near: int) -> None:
    """Same lowest bits, at most half a circle away."""
    whole = unwrap(number, near)
    assert whole & 0xFFFF == number
    assert -0x8000 <= whole - near < 0x8000


def test_a_gap_is_asked_for_at_once_and_again_each_round_trip() -> None:
    """Asked when noticed, not again before an answer could be here, and no more once it came."""
    nacks = NackList()
    for number in (10, 13):
        nacks.arrived(number, 0.0)
    assert nacks.due(0.0) == [11, 12]
    assert nacks.due(0.01) == []
    nacks.arrived(11, 0.04)
    assert nacks.round_trip == pytest.approx(0.04)
    assert nacks.due(0.06) == [12]
    nacks.arrived(12, 0.1)
    assert nacks.due(1.0) == []


def test_asking_ends() -> None:
    """After some tries a packet is not asked for any more."""
    nacks = NackList()
    nacks.arrived(0, 0.0)
    nacks.arrived(2, 0.0)
    assert sum(len(nacks.due(float(tick))) for tick in range(100)) == MAX_TRIES


def test_asking_stays_within_the_budget() -> None:
    """Half the packets lost for a minute: not more is asked for than a third of what arrives, after the first burst."""
    nacks, arrived = NackList(), 0
    for number in range(0, 6000, 2):
        nacks.arrived(number & 0xFFFF, number * 0.01)
        arrived += 1
        nacks.due(number * 0.01)
    assert nacks.asked <= 80 + 0.3 * arrived


def test_what_was_given_up_is_not_asked_for() -> None:
    """Packets of frames that nobody waits for are forgotten."""
    nacks = NackList()
    nacks.arrived(65_530, 0.0)
    nacks.arrived(4, 0.0)
    nacks.forget_before(2)
    assert nacks.due(0.0) == [2, 3]


def test_patience_follows_the_round_trip() -> None:
    """A long way is given more time, within limits."""
    assembler = VideoAssembler()
    patience = []
    for round_trip in (None, 0.001, 0.1, 5.0):
        assembler.adapt(round_trip)
        patience.append(assembler.patience)
    assert patience == [0.2, 0.2, 0.4, 0.8]
