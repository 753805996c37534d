"""Another device in a visit: picture and sound go on, all else waits until the codes were compared."""

import pytest

from carena_desktop.call.inputs import ChatWritten, CodesCompared, HoldFiles, PersonEnded, ShareWanted
from carena_desktop.call.machine import CallMachine
from carena_desktop.call.model import CallState, Delivery, EndReason, Verification
from carena_desktop.call.mute import DeviceChoice
from carena_desktop.call.pinned_device import PinnedDevice
from carena_desktop.call.ports import CloseLeg, SetCapture
from carena_protocol.peer import Chat, ChatReceived, Heartbeat, HeartbeatSeen, MediaState, Ready, RenewWanted, Standing
from tests.unit.call.playbook import LONG, Playbook, commands, said, standings

THEIRS = Chat(id="theirs", text="Hello", sent_at=1)


def with_pin(pin: PinnedDevice) -> Playbook:
    """Return a playbook of a later call of a visit."""
    book = Playbook()
    choice = DeviceChoice("cam", "mic")
    book.machine = CallMachine(choice, book._guard, lambda _key: 5, engine_up=True, periods=LONG, pin=pin)
    return book


def reload(book: Playbook, instance: str, device: bytes) -> int:
    """The page is loaded anew in a browser with this key; return the leg."""
    book.signal(Ready(instance=instance, screens=True))
    leg = book.offer()
    book.guards[leg].device = device
    book.connect(leg)
    return leg


def lines(book: Playbook) -> list[tuple[str, Delivery]]:
    """Return what the chat shows."""
    return [(line.id, line.delivery) for line in book.snapshot.chat]


def test_another_device_in_mid_call_is_held_until_the_codes_match() -> None:
    """No line goes to it or counts from it before; afterwards each counts once, and it is the visit's device."""
    book = Playbook()
    book.active()
    book.tell(ChatWritten("before", "For the first device"))
    held_at = len(book.effects)
    leg = reload(book, "page-2", b"another")
    effects = book.effects[held_at:]
    assert HoldFiles(held=True) in effects
    assert not any(isinstance(message, Chat) for message in said(effects))
    assert standings(effects)[-1].held
    assert book.snapshot.security.verification is Verification.CHANGED
    assert book.snapshot.state is CallState.ACTIVE
    assert MediaState(camera=False, microphone="off") in said(effects)

    assert said(book.tell(ChatWritten("mine", "Hello"))) == []
    for _ in range(2):
        assert said(book.say(leg, THEIRS)) == []
    book.say(leg, ChatReceived(id="before"))
    assert lines(book) == [("before", Delivery.SENDING), ("mine", Delivery.SENDING)]
    assert said(book.say(leg, Heartbeat(n=1))) == [HeartbeatSeen(n=1)]

    effects = book.tell(CodesCompared(same=True))
    assert HoldFiles(held=False) in effects
    assert [getattr(message, "id", "") for message in said(effects)] == ["theirs", "before", "mine"]
    assert not standings(effects)[-1].held
    assert standings(effects)[-1].verified_at is not None
    assert book.snapshot.security.verification is Verification.VERIFIED
    assert said(book.say(leg, THEIRS)) == [ChatReceived(id="theirs")]
    assert lines(book)[2:] == [("theirs", Delivery.RECEIVED)]
    assert reload(book, "page-3", b"another") == 3
    assert book.snapshot.security.verification is Verification.VERIFIED


def test_the_visit_s_own_device_that_returns_is_not_held() -> None:
    """A link opened in another browser by mistake: back in the first one all goes on, without what the other wrote."""
    book = Playbook()
    book.active()
    leg = reload(book, "page-2", b"another")
    book.say(leg, THEIRS)
    before = len(book.effects)
    reload(book, "page-3", b"patient")
    assert HoldFiles(held=False) in book.effects[before:]
    assert book.snapshot.security.verification is Verification.UNVERIFIED
    book.tell(CodesCompared(same=True))
    assert lines(book) == []


def test_a_later_call_of_the_visit_with_another_device_is_held_from_its_first_leg() -> None:
    """Also when that device was verified in some other visit: that says nothing about this patient."""
    pin = PinnedDevice()
    pin.met(b"patient")
    book = with_pin(pin)
    book.begin()
    reload(book, "page-1", b"another")
    assert book.snapshot.security.verification is Verification.CHANGED
    assert HoldFiles(held=True) in book.effects
    assert book.snapshot.security.verified_at_ms is None


def test_a_shared_screen_ends_with_another_device_and_can_t_begin() -> None:
    """What the clinician showed to one device is not shown to the next, until it is compared and chosen anew."""
    book = Playbook()
    book.begin()
    reload(book, "page-1", b"patient")
    book.tell(ShareWanted("screen-1"))
    reload(book, "page-2", b"another")
    last = [command for command in commands(book.effects) if isinstance(command, SetCapture)][-1]
    assert (last.shared, book.snapshot.share_problem) == ("", "held")
    assert (last.camera, last.microphone) == (True, True)
    book.tell(ShareWanted("screen-1"))
    assert book.snapshot.intent.shared == ""
    book.tell(CodesCompared(same=True), ShareWanted("screen-1"))
    assert book.snapshot.intent.shared == "screen-1"


def test_the_screen_of_another_device_is_not_shown_before_its_code_is_compared() -> None:
    """It may share, which shows nothing; once the codes match the screen that it still shares is there."""
    book = Playbook()
    book.active()
    leg = reload(book, "page-2", b"another")
    book.say(leg, MediaState(camera=True, microphone="live", sharing=True))
    assert not book.snapshot.peer_screen
    book.tell(CodesCompared(same=True))
    assert book.snapshot.peer_screen


@pytest.mark.parametrize("way", ["codes differ", "ended"])
def test_a_visit_with_another_device_can_be_stopped(way: str) -> None:
    """Codes that differ are a stop for good, and the visit can be ended; nothing of what waited counts."""
    book = Playbook()
    book.active()
    leg = reload(book, "page-2", b"another")
    book.say(leg, THEIRS)
    effects = book.tell(CodesCompared(same=False) if way == "codes differ" else PersonEnded())
    reason = EndReason.UNSAFE if way == "codes differ" else EndReason.LOCAL
    assert (book.snapshot.state, book.snapshot.end_reason) == (CallState.ENDED, reason)
    assert CloseLeg(leg) in commands(effects)
    assert lines(book) == []


def test_the_page_is_told_how_the_keys_stand_with_each_change() -> None:
    """With a leg, with a renewal and with a comparison: once each, as times from now; from a page it means nothing."""
    book = Playbook()
    book.active()
    [first] = standings(book.effects)
    assert (first.held, first.verified_at, first.keys_in) == (False, None, None)
    assert first.leg_in is not None
    assert standings(book.wait(2.5)) == []
    [told] = standings(book.tell(CodesCompared(same=True)))
    assert told.verified_at == book.epoch_ms + 2500
    assert book.say(1, Standing(held=True)) == []
    assert said(book.say(1, RenewWanted())) == []
