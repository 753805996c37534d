"""The call machine and the safety of its legs: nothing before the proof, and a stop for good when it fails."""

from typing import NoReturn

import pytest

from carena_desktop.call.inputs import CodesCompared
from carena_desktop.call.model import CallState, EndReason, Verification
from carena_desktop.call.ports import ApplyAnswer, CloseLeg, ControlOpened, LegChanged, LegState, SetCapture
from carena_protocol.e2ee.agreement import AgreementError
from carena_protocol.peer import Answer, Chat, MediaState, Ready, Unsafe
from tests.fakes.guard import CONFIRM, HELLO
from tests.unit.call.playbook import Playbook, commands, said, signals


def lines(book: Playbook) -> list[str]:
    """Which lines of the chat are shown."""
    return [line.id for line in book.snapshot.chat]


def test_nothing_counts_before_the_proof() -> None:
    """Until both proved the same agreement no word is taken or said, and the older leg goes on."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    leg = book.offer()
    book.signal(Answer(leg=leg, sdp="a", hello=HELLO))
    opened = book.tell(LegChanged(leg, LegState.CONNECTED), ControlOpened(leg))
    assert said(opened) == []
    assert said(book.say(leg, Chat(id="early", text="Hello", sent_at=1))) == []
    assert lines(book) == []
    assert book.snapshot.security.verification is Verification.NONE
    assert MediaState(camera=False, microphone="off") in said(book.say(leg, CONFIRM))
    book.say(leg, Chat(id="late", text="Hello", sent_at=1))
    assert lines(book) == ["late"]
    assert book.snapshot.security.verification is Verification.UNVERIFIED


@pytest.mark.parametrize("what", ["their page", "the codes", "the answer"])
def test_an_unsafe_call_stops_for_good(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed agreement, on either side or found by comparing codes, ends the call: no leg, no device, no way on."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    leg = book.offer()
    if what == "the answer":

        def refuse(_hello: object, _sdp: str) -> NoReturn:
            raise AgreementError("fingerprint")

        monkeypatch.setattr(book.guards[leg], "answered", refuse)
        effects = book.signal(Answer(leg=leg, sdp="a", hello=HELLO))
        assert Unsafe(leg=leg) in signals(effects)
        assert not any(isinstance(command, ApplyAnswer) for command in commands(effects))
    else:
        book.connect(leg)
        effects = book.signal(Unsafe(leg=leg)) if what == "their page" else book.tell(CodesCompared(same=False))
    assert (book.snapshot.state, book.snapshot.end_reason) == (CallState.ENDED, EndReason.UNSAFE)
    assert CloseLeg(leg) in commands(effects)
    last = commands(effects)[-1]
    assert isinstance(last, SetCapture)
    assert (last.camera, last.microphone, last.shared) == (False, False, "")
    assert book.signal(Ready(instance="page-2")) == []


def test_codes_that_match_make_the_call_verified() -> None:
    """What was compared stays verified on the next leg with the same device, and is void with another one."""
    book = Playbook()
    book.active()
    book.tell(CodesCompared(same=True))
    assert book.snapshot.security.verification is Verification.VERIFIED
    book.signal(Ready(instance="page-2"))
    book.connect(book.offer())
    assert book.snapshot.security.verification is Verification.VERIFIED
    book.signal(Ready(instance="page-3"))
    leg = book.offer()
    book.guards[leg].device = b"another"
    book.connect(leg)
    assert book.snapshot.security.verification is Verification.CHANGED


def test_the_word_unsafe_counts_after_its_leg_is_gone() -> None:
    """The page closes the leg and says so through the relay: whichever comes first, the call is over."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    leg = book.offer()
    book.connect(leg)
    book.tell(LegChanged(leg, LegState.FAILED))
    assert book.snapshot.state is CallState.RECONNECTING
    book.signal(Unsafe(leg=leg + 7))
    assert book.snapshot.state is CallState.RECONNECTING
    book.signal(Unsafe(leg=leg))
    assert (book.snapshot.state, book.snapshot.end_reason) == (CallState.ENDED, EndReason.UNSAFE)
