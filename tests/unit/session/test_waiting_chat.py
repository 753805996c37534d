"""The waiting chat's machine against a page: keys agreed, lines sealed, nothing lost and nothing twice."""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.session.chat_machine import ChatMachine
from carena_desktop.session.chat_model import ChatSecurity, ChatState, LineState
from carena_desktop.session.chat_trust import ChatTrust, one_key
from carena_protocol import waiting_chat
from carena_protocol.e2ee import post_quantum
from carena_protocol.e2ee.agreement import AgreementError, LinkUse
from carena_protocol.e2ee.link_secret import hint_of
from carena_protocol.peer import PeerMessageError
from carena_protocol.waiting_chat import AnyChatMessage, ChatCipher, Close, Line, Open, Sealed
from tests.fakes.patient_page import PatientPage

TRUST = one_key()


class Pair:
    """A desktop's machine and a page, and the relay between them."""

    def __init__(self, trust: ChatTrust = TRUST, page: PatientPage | None = None) -> None:
        self.wire: list[AnyChatMessage] = []
        self.page = page or PatientPage("v1")
        ids = itertools.count(1)
        self.machine = ChatMachine("v1", trust, lambda: f"id-{next(ids)}", self.wire.append, lambda: 5)

    def pump(self) -> None:
        """Deliver everything, both ways, through its bytes."""
        while self.wire or self.page.outbox:
            while self.wire:
                self.page.take(waiting_chat.decode(waiting_chat.encode(self.wire.pop(0))))
            while self.page.outbox:
                self.machine.take(waiting_chat.decode(waiting_chat.encode(self.page.outbox.pop(0))))

    @property
    def texts(self) -> list[str]:
        """What the desktop shows."""
        return [line.text for line in self.machine.view.lines]


@pytest.fixture
def pair() -> Pair:
    """A chat that is open."""
    made = Pair()
    made.machine.open_asked()
    made.pump()
    assert made.machine.view.state is ChatState.OPEN
    return made


def test_lines_go_both_ways_and_say_so(pair: Pair) -> None:
    """A line is shown on the other side and confirmed; one from the patient is unread until looked at."""
    pair.machine.say("How are you?")
    pair.pump()
    assert pair.page.lines == ["How are you?"]
    assert pair.machine.view.lines[0].state is LineState.DELIVERED
    pair.page.say("Better", "p1")
    pair.pump()
    assert pair.texts == ["How are you?", "Better"]
    assert pair.machine.view.unread == 1
    assert pair.page.received == ["p1"]
    pair.machine.read()
    assert pair.machine.view.unread == 0


def test_a_line_waits_for_the_keys() -> None:
    """What is written before the other side is proved is sent when it is, once."""
    pair = Pair()
    pair.machine.open_asked()
    pair.machine.say("Early")
    assert not any(isinstance(message, Sealed) for message in pair.wire)
    pair.pump()
    assert pair.page.lines == ["Early"]


def test_codes_that_agree_are_remembered_for_the_device() -> None:
    """What two people compared holds in this chat, in its next opening and for whoever asks by the same two keys."""
    pinned: dict[bytes, int] = {}
    key = TRUST.device()
    trust = ChatTrust(lambda: key, verified=pinned.get, remember=lambda device: pinned.update({device: 5}))
    pair = Pair(trust)
    pair.machine.compared(same=True)
    assert pinned == {}
    pair.machine.open_asked()
    pair.pump()
    assert security(pair).verified_at_ms is None
    pair.machine.compared(same=True)
    assert security(pair).verified_at_ms == 5
    assert pinned == {pair.machine.device: 5}
    pair.page.reload()
    pair.machine.say("Once more")
    pair.pump()
    assert security(pair).verified_at_ms == 5
    stranger = Pair(trust, PatientPage("v1"))
    stranger.machine.open_asked()
    stranger.pump()
    assert security(stranger).verified_at_ms is None


def test_codes_that_differ_end_the_chat(pair: Pair) -> None:
    """Nothing more is sealed in that opening, and nothing is remembered."""
    pair.machine.compared(same=False)
    assert pair.machine.view.state is ChatState.UNSAFE
    assert isinstance(pair.wire[-1], Close)
    pair.machine.say("Not sent")
    assert not any(isinstance(message, Sealed) for message in pair.wire)


def security(pair: Pair) -> ChatSecurity:
    """What is true of the keys now."""
    found = pair.machine.view.security
    assert found is not None
    return found


def test_a_page_loaded_anew_gets_what_it_did_not_confirm(pair: Pair) -> None:
    """The page says that it lost the chat; another opening brings the line again, and nothing shows twice here."""
    pair.page.say("Before", "p1")
    pair.pump()
    pair.page.reload()
    pair.machine.say("Are you there?")
    pair.pump()
    assert pair.page.lines == ["Are you there?"]
    assert pair.texts == ["Before", "Are you there?"]
    assert pair.machine.view.lines[1].state is LineState.DELIVERED


def test_a_page_that_comes_back_is_asked_anew(pair: Pair) -> None:
    """When the page's connection returns, the chat is opened again with other keys."""
    pair.machine.peer(present=False, taken_over=False)
    assert not pair.machine.view.present
    pair.machine.peer(present=True, taken_over=False)
    assert isinstance(pair.wire[0], Open)
    pair.pump()
    assert pair.machine.view.state is ChatState.OPEN


def test_a_colleague_takes_over(pair: Pair) -> None:
    """Nothing more is sent, the lines stay to be read, and it can be opened again."""
    pair.machine.peer(present=False, taken_over=True)
    assert pair.machine.view.state is ChatState.TAKEN_OVER
    pair.machine.say("Too late")
    assert pair.wire == []
    pair.machine.open_asked()
    pair.pump()
    assert pair.page.lines == ["Too late"]


def test_a_hello_of_another_device_or_call_is_unsafe() -> None:
    """A hello made for another opening ends the chat: it is closed on both sides and nothing is sealed."""
    pair, other = Pair(), Pair()
    pair.machine.open_asked()
    other.machine.open_asked()
    other.page.visit = "another visit"
    other.page.take(other.wire.pop(0))
    pair.machine.say("Secret")
    pair.machine.take(other.page.outbox[0])
    assert pair.machine.view.state is ChatState.UNSAFE
    assert isinstance(pair.wire[-1], Close)
    assert not any(isinstance(message, Sealed) for message in pair.wire)


def test_a_wrong_proof_is_unsafe() -> None:
    """Who did not agree on the same is not written to."""
    pair = Pair()
    pair.machine.open_asked()
    pair.page.take(pair.wire.pop(0))
    pair.machine.take(pair.page.outbox.pop(0))
    pair.machine.take(waiting_chat.Proof(chat="id-1", mac="A" * 43 + "="))
    assert pair.machine.view.state is ChatState.UNSAFE


def test_closing_tells_the_page(pair: Pair) -> None:
    """A chat that a person closes says so, and what comes afterwards is dropped."""
    pair.machine.close_asked()
    assert isinstance(pair.wire[-1], Close)
    pair.page.say("Hello?", "p9")
    pair.machine.take(pair.page.outbox.pop())
    assert pair.texts == []
    assert pair.machine.dropped == 1


def test_a_sealed_line_opens_once_in_order_and_untouched() -> None:
    """Repeated, reordered and changed ciphertexts are refused, and so is one of the other direction."""
    root = bytes(32)
    desktop, page = ChatCipher(root, "v/waiting/c", "C>P"), ChatCipher(root, "v/waiting/c", "P>C")
    sealed = [Sealed(chat="c", n=n, c=c) for n, c in (desktop.seal(Line(id="a", text="x", sent_at=1)) for _ in "12")]
    assert isinstance(page.open(sealed[1]), Line)
    for bad in (sealed[0], sealed[1], Sealed(chat="c", n=9, c=sealed[1].c), Sealed(chat="c", n=9, c="!" * 24)):
        with pytest.raises(AgreementError):
            page.open(bad)
    with pytest.raises(AgreementError):
        desktop.open(sealed[1])


@pytest.mark.parametrize(
    "hostile",
    [b"", b"{}", b"[]", b"\xff", b'{"t":"open"}', b'{"t":"line","chat":"c"}', b'{"t":"lost","chat":"' + b"x" * 99],
)
def test_what_is_no_message_is_refused(hostile: bytes) -> None:
    """Nothing that a page may send passes for a message when it is none."""
    with pytest.raises(PeerMessageError):
        waiting_chat.decode(hostile)


def test_what_is_too_large_is_not_parsed() -> None:
    """More than the relay takes is refused by its size."""
    with pytest.raises(PeerMessageError):
        waiting_chat.decode(b" " * 30_000)


def _drop(pair: Pair, _number: int) -> None:
    pair.wire.clear()
    pair.page.outbox.clear()


def _come_back(pair: Pair, _number: int) -> None:
    pair.machine.peer(present=False, taken_over=False)
    pair.machine.peer(present=True, taken_over=False)


_ACTS: dict[str, Callable[[Pair, int], None]] = {
    "say": lambda pair, number: pair.machine.say(f"line {number}"),
    "reload": lambda pair, _number: pair.page.reload(),
    "drop": _drop,
    "back": _come_back,
    "pump": lambda pair, _number: pair.pump(),
}


@given(st.lists(st.sampled_from(sorted(_ACTS)), max_size=25))
def test_every_line_arrives_whatever_happens(acts: list[str]) -> None:
    """Lines lost on the way or by a page loaded anew arrive after the page comes back, each once."""
    pair = Pair()
    pair.machine.open_asked()
    pair.pump()
    for number, act in enumerate(acts):
        _ACTS[act](pair, number)
    pair.machine.peer(present=False, taken_over=False)
    pair.machine.peer(present=True, taken_over=False)
    pair.pump()
    assert all(line.state is LineState.DELIVERED for line in pair.machine.view.lines)
    assert len(pair.page.lines) == len(set(pair.page.lines))
    assert set(pair.page.lines) <= set(pair.texts)


def test_lines_never_print(pair: Pair) -> None:
    """No representation holds a line."""
    pair.machine.say("Private matter")
    assert "Private" not in repr(pair.machine.view)
    assert "Private" not in repr(pair.machine.view.lines)


def opened(trust: ChatTrust, page: PatientPage) -> ChatSecurity:
    """Open a chat; return what is said of its keys."""
    made = Pair(trust, page)
    made.machine.open_asked()
    made.pump()
    found = made.machine.view.security
    assert found is not None
    return found


@pytest.mark.parametrize("can_kem", [False, None])
def test_both_ends_show_the_same_code(can_kem: bool | None) -> None:
    """Pictures and digits are the page's; with a page that has ML-KEM it is part of the keys."""
    page = PatientPage("v1", can_kem=can_kem)
    found = opened(TRUST, page)
    assert page.agreed_on is not None
    code = page.agreed_on.safety_code
    assert (found.symbols, found.digits) == (code.symbols, code.digits)
    assert found.is_post_quantum == page.agreed_on.is_post_quantum == (can_kem is None and post_quantum.is_available())
    assert code.digits not in repr(found)


def test_the_links_secret_is_part_of_the_keys() -> None:
    """A link made here protects; one made elsewhere is said not to."""
    secret = b"s" * 16
    here = ChatTrust(TRUST.device, link_of=lambda hint: secret if hint == hint_of(secret) else b"")
    assert opened(here, PatientPage("v1", link=secret)).link is LinkUse.USED
    assert opened(TRUST, PatientPage("v1", link=secret)).link is LinkUse.UNKNOWN_TO_DESKTOP
    assert opened(here, PatientPage("v1")).link is LinkUse.ABSENT


def test_a_device_that_was_compared_in_a_visit_is_known() -> None:
    """Its date is said; another device in the same chat is said, and going back to the first proves nothing."""
    page = PatientPage("v1")
    known = page.device
    trust = ChatTrust(TRUST.device, verified=lambda device: 77 if device == known else None)
    made = Pair(trust, page)
    made.machine.open_asked()
    made.pump()
    assert made.machine.view.security is not None
    assert (made.machine.view.security.verified_at_ms, made.machine.view.security.changed) == (77, False)
    first = page._device
    page.other_browser()
    made.machine.peer(present=False, taken_over=False)
    assert made.machine.view.security is not None
    made.machine.peer(present=True, taken_over=False)
    assert made.machine.view.security is None
    made.pump()
    assert made.machine.view.security is not None
    assert (made.machine.view.security.verified_at_ms, made.machine.view.security.changed) == (None, True)
    page._device = first
    made.machine.peer(present=False, taken_over=False)
    made.machine.peer(present=True, taken_over=False)
    made.pump()
    assert made.machine.view.security is not None
    assert made.machine.view.security.changed
    made.machine.over()
    assert made.machine.view.security is None


def test_the_patients_page_is_asked_with_the_kept_key() -> None:
    """The key that signs is the one the trust returns when the chat is opened, not when it was made."""
    keys = [TRUST.device()]
    page = PatientPage("v1")
    made = Pair(ChatTrust(lambda: keys[-1]), page)
    keys.append(one_key().device())
    made.machine.open_asked()
    made.pump()
    assert page.peer_device == keys[-1].public_key().public_bytes_raw()
