"""More lies, each against the program and against the program without its defence: SDP, frames, legs, devices."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from carena_desktop.call.engine import answer_check
from carena_desktop.call.engine.answer_check import AnswerError
from carena_desktop.call.inputs import ChatWritten, HoldFiles, ShareWanted
from carena_desktop.call.pinned_device import PinnedDevice
from carena_desktop.call.ports import SetCapture
from carena_desktop.call.safety import Safety
from carena_desktop.call.vouching import Vouching
from carena_protocol.e2ee import chain, renewal, sframe
from carena_protocol.e2ee.agreement import AgreementError
from carena_protocol.peer import (
    Answer,
    AnyControl,
    Chat,
    ChatReceived,
    LegFailed,
    MediaState,
    Offer,
    Ready,
    Rekey,
    Sealed,
    encode,
)
from tests.adversary.mutation import without
from tests.adversary.test_lying_server import forged
from tests.adversary.visit import PICTURE, media
from tests.fakes.guard import CONFIRM, HELLO, FakeGuard
from tests.unit.call.engine.test_answer_check import BAD, MIDS, text
from tests.unit.call.playbook import Playbook, commands, said

pytestmark = pytest.mark.adversary


@dataclass(frozen=True)
class Rule:
    """A way to lie in an SDP, and the line that refuses it."""

    lie: str
    function: str
    reason: str


RULES = (
    Rule("fingerprint of one section differs", "_check_security", "sections differ in their fingerprints"),
    Rule("two roles", "_check_security", "no DTLS role"),
    Rule("role undecided", "_check_security", "no DTLS role"),
    Rule("keys in SDP", "_check_security", "keys in the SDP"),
    Rule("audio level", "_check_sections", "audio level"),
    Rule("without encryption", "_check_sections", "protocol that was not offered"),
    Rule("G.711", "_check_sections", "codec that was not offered"),
    Rule("G.711 by its number", "_check_sections", "codec that was not offered"),
    Rule("H.264", "_check_sections", "codec that was not offered"),
    Rule("half a bundle", "_check_bundle", "not one bundle"),
    Rule("flood of candidates", "check", "too many candidates"),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.lie)
def test_an_answer_that_a_server_changed_is_refused(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each lie in the SDP ends the leg before it is applied, for the named reason; without that line it is applied."""
    with pytest.raises(AnswerError, match=rule.reason):
        answer_check.check(text(BAD[rule.lie]), MIDS)
    without(monkeypatch, answer_check, rule.function, rule.reason)
    assert answer_check.check(text(BAD[rule.lie]), MIDS).sdp


def test_a_frame_sent_back_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two defences: a key for each direction, and the direction in what is authenticated; without both it is shown."""
    end = media("C>P", "P>C")
    end.install("send", 1, bytes(16))
    end.install("receive", 1, bytes(range(16)))
    assert end.shows(end.send() or b"") is None
    same = media("C>P", "P>C")
    for use in ("send", "receive"):
        same.install(use, 1, bytes(16))
    assert same.shows(same.send() or b"") is None
    for half in (sframe.Sealer, sframe.Opener):
        honest: Callable[..., None] = half.__init__

        def blind(self: Any, _direction: str, *more: Any, honest: Callable[..., None] = honest) -> None:
            honest(self, "C>P", *more)

        monkeypatch.setattr(half, "__init__", blind)
    fooled = media("C>P", "P>C")
    for use in ("send", "receive"):
        fooled.install(use, 1, bytes(16))
    assert fooled.shows(fooled.send() or b"") == PICTURE


def test_a_message_that_comes_twice_would_end_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same question has the same answer; were another one drawn each time, a repetition would part the two."""
    honest = renewal.PatientRenewal.rekey

    def forgetful(self: renewal.PatientRenewal, message: Any) -> Any:
        self._ack = None
        return honest(self, message)

    def renewed() -> bool:
        desktop, page = renewal.ClinicianRenewal(bytearray(32)), renewal.PatientRenewal(bytearray(32))
        asked = desktop.begin()
        assert isinstance(asked, Rekey)
        answer = page.rekey(asked)
        page.rekey(asked)  # on a channel that was silent for a while both copies arrive
        assert answer is not None
        found = desktop.ack(answer)
        assert found is not None
        return page.fin(found[0]) is not None

    assert renewed()
    monkeypatch.setattr(renewal.PatientRenewal, "rekey", forgetful)
    with pytest.raises(AgreementError, match="wrapped keys"):
        renewed()


def vouched() -> Vouching:
    """A desktop with a safe leg, which vouches for the second."""
    here = Vouching()
    here.begun(1)
    here.safe(1, bytes([7] * 32))
    here.settled(1)
    here.begun(2)
    return here


def test_answers_of_a_leg_are_forged_without_the_defences(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain answer, one under a false MAC and the desktop's own words sent back: each works without what stops it."""
    answer = Answer(leg=2, sdp="v=0", hello=HELLO)
    failed = forged(encode(LegFailed(leg=2)).decode())
    ours = vouched().wrap(2, Offer(leg=2, instance="page", sdp="v=0", commit="c" * 43 + "="))
    assert isinstance(ours, Sealed)
    for lie in (answer, failed, ours):
        assert vouched().unwrap(lie) is None
    with monkeypatch.context() as patch:
        patch.setattr(Vouching, "is_vouched", lambda *_: False)
        assert vouched().unwrap(answer) == answer
    with monkeypatch.context() as patch:
        honest = chain.mac
        patch.setattr(chain, "mac", lambda resume, _role, *more: honest(resume, "C", *more))
        here = vouched()
        own = here.wrap(2, LegFailed(leg=2))
        assert isinstance(own, Sealed)
        assert here.unwrap(own) == LegFailed(leg=2)
    without(monkeypatch, chain.Chain, "open", "forged")
    assert vouched().unwrap(failed) == LegFailed(leg=2)


def another_device() -> Safety:
    """A call whose second leg, which the first vouches for, is proved by another device."""
    safety = Safety(FakeGuard, lambda _key: None)
    for leg in (1, 2):
        safety.offer("visit/page", leg, "v=0", "page")
        guard = safety._guards[leg]
        assert isinstance(guard, FakeGuard)
        guard.device = bytes([leg])
        safety.answered(leg, HELLO, "v=0")
        safety.opened(leg)
        safety.take(leg, encode(CONFIRM), 0.0)
    return safety


def test_another_device_in_the_middle_of_a_visit_is_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes over a leg needs the device that the visit began with; without that check the code would go on."""
    with pytest.raises(AgreementError, match="device"):
        another_device()
    without(monkeypatch, Safety, "_follow", "device")
    assert another_device().device == bytes([2])


def talk_of_another_device() -> tuple[list[AnyControl], list[str]]:
    """A page that comes back with another key: return what it is told besides media, and which of its lines count."""
    book = Playbook()
    book.active()
    book.tell(ChatWritten("ours", "For the patient alone"))
    before = len(book.effects)
    book.signal(Ready(instance="page-2"))
    leg = book.offer()
    book.guards[leg].device = b"another"
    book.connect(leg)
    book.say(leg, Chat(id="theirs", text="Please read", sent_at=1))
    told: list[AnyControl] = [message for message in said(book.effects[before:]) if not isinstance(message, MediaState)]
    return told, [line.id for line in book.snapshot.chat if not line.mine]


def test_another_device_in_a_visit_learns_nothing_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until its code is compared no line passes either way; with the rule taken out both do."""
    assert talk_of_another_device() == ([], [])
    monkeypatch.setattr(PinnedDevice, "is_held", False)
    told, counts = talk_of_another_device()
    assert [type(message) for message in told] == [Chat, ChatReceived]
    assert counts == ["theirs"]


def test_another_device_is_sent_no_file_and_shown_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate of files is closed and the shared screen ends with its first leg; with the rule taken out neither is."""

    def held() -> tuple[bool, str]:
        book = Playbook()
        book.active()
        book.tell(ShareWanted("screen"))
        book.signal(Ready(instance="page-2", screens=True))
        leg = book.offer()
        book.guards[leg].device = b"another"
        book.connect(leg)
        shared = [command.shared for command in commands(book.effects) if isinstance(command, SetCapture)]
        return HoldFiles(held=True) in book.effects, shared[-1]

    assert held() == (True, "")
    monkeypatch.setattr(PinnedDevice, "is_held", False)
    assert held() == (False, "screen")
