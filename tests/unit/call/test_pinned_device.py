"""Whose device a visit is with: another one is held until its code was compared, and what it said waits until then."""

from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.files.gate import MOST_MESSAGES, FileGate
from carena_desktop.call.pinned_device import MOST_LINES, HeldLines, PinnedDevice, PinnedDevices
from carena_protocol.files import FileCancel, Piece
from carena_protocol.peer import Chat

KEY = "0" * 32


def line(number: int) -> Chat:
    """Return a line of chat."""
    return Chat(id=f"line-{number}", text=f"words {number}", sent_at=number)


@given(st.lists(st.sampled_from([b"one", b"two", b"three", None]), max_size=30))
def test_a_device_is_held_until_its_own_code_is_compared(steps: list[bytes | None]) -> None:
    """Whatever comes and goes: held is exactly who is neither the first nor the one compared last."""
    pin, mine, now = PinnedDevice(), b"", b""
    for step in steps:
        if step is None:
            assert pin.compared() is (now != mine)
            mine = now
        else:
            pin.met(step)
            mine, now = mine or step, step
        assert pin.is_held is (now != mine)
        assert pin.device == now


@given(st.lists(st.tuples(st.sampled_from([b"mine", b"two", b"three"]), st.integers(0, 5)), max_size=40))
def test_lines_of_a_held_device_are_released_once_and_of_no_other(said: list[tuple[bytes, int]]) -> None:
    """After the comparison each line of that device counts once, in order; what another one wrote counts never."""
    pin = PinnedDevice()
    pin.met(b"mine")
    held = HeldLines(pin)
    waiting: dict[tuple[bytes, int], None] = {}
    for device, number in said:
        pin.met(device)
        assert held.takes(line(number)) is (device != b"mine")
        if device != b"mine":
            waiting.setdefault((device, number))
    now = pin.device
    pin.compared()
    assert held.released() == tuple(line(number) for device, number in waiting if device == now != b"mine")
    assert held.released() == ()
    assert not held.takes(line(9))


def test_what_waits_has_bounds() -> None:
    """Another device can't fill the memory: what is too much is dropped, and comes again with the next leg."""
    pin = PinnedDevice()
    pin.met(b"mine")
    pin.met(b"other")
    held, gate = HeldLines(pin), FileGate()
    gate.hold(held=True, leg=1)
    for number in range(3 * MOST_LINES):
        assert held.takes(line(number))
        assert gate.takes(1, FileCancel(id=KEY))
    pin.compared()
    assert len(held.released()) == MOST_LINES
    assert len(gate.hold(held=False, leg=1)) == MOST_MESSAGES


def test_a_gate_passes_what_waited_on_the_leg_in_use_and_no_piece() -> None:
    """Messages of a leg that is gone come again with the next; pieces of what nobody accepted are not kept."""
    gate = FileGate()
    assert not gate.takes(1, FileCancel(id=KEY))
    assert gate.hold(held=True, leg=1) == ()
    for leg in (1, 2):
        assert gate.takes(leg, FileCancel(id=str(leg) * 32))
    assert gate.takes(2, Piece(KEY, 0, b"x"))
    gate.closed(1)
    assert gate.hold(held=False, leg=2) == (FileCancel(id="2" * 32),)
    assert not gate.takes(2, FileCancel(id=KEY))


def test_a_visit_s_device_outlives_its_calls_and_not_the_visit() -> None:
    """A second call of the same visit knows whose device it was; a visit that is over is forgotten."""
    devices = PinnedDevices()
    devices.of("v1").met(b"mine")
    devices.of("v1").met(b"other")
    devices.keep(("v1",))
    assert devices.of("v1").is_held
    devices.keep(())
    devices.of("v1").met(b"other")
    assert not devices.of("v1").is_held
