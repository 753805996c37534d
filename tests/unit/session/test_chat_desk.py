"""The waiting chats between session and relay: in order, again when the page was away, forgotten with the row."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Raw

from carena_desktop.session.chat_desk import ChatDesk
from carena_desktop.session.chat_model import ChatState, LineState
from carena_desktop.session.chat_trust import ChatTrust
from carena_desktop.session.commands import Reply
from carena_desktop.session.model import WaitingRoom
from carena_desktop.session.ports import CommandRefusedError
from carena_protocol import waiting_chat
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import ClientMessage, Error, Ok, VisitState
from carena_protocol.news import ChatPeer, ChatRelayed
from carena_protocol.verbs import ChatClose, ChatOpen, ChatRelay
from tests.fakes.clock import FakeClock
from tests.fakes.patient_page import PatientPage
from tests.fakes.session import entry

KEY = Ed25519PrivateKey.generate()


class Relay:
    """The server's part: hands on what is relayed, while the page is there."""

    def __init__(self) -> None:
        self.page = PatientPage("visit-1")
        self.here = True
        self.refusal: Error | None = None
        self.asked: list[ClientMessage] = []
        self.changes = 0
        self.desk = ChatDesk(ChatTrust(lambda: KEY, self._prepare), self._ask, FakeClock(), self._changed)
        self._number = 0
        self.prepared = 0

    async def _prepare(self) -> None:
        self.prepared += 1

    def _changed(self) -> None:
        self.changes += 1

    async def _ask(self, message: ClientMessage) -> Reply:
        self.asked.append(message)
        if self.refusal is not None:
            return self.refusal
        if isinstance(message, ChatRelay):
            if not self.here:
                return Error(code=ErrorCode.PEER_UNREACHABLE, retryable=True, retry_after_ms=1)
            self.page.take(waiting_chat.decode(bytes(message.data)))
            self.answer()
        return Ok()

    def answer(self) -> None:
        """Deliver what the page says."""
        while self.page.outbox:
            self._number += 1
            data = Raw(waiting_chat.encode(self.page.outbox.pop(0)))
            self.desk.deliver(ChatRelayed(visit="visit-1", id=f"r{self._number}", data=data))

    async def until(self, state: ChatState) -> None:
        """Wait until the chat is there."""
        async with asyncio.timeout(10):
            while not self.desk.views or self.desk.views[0].state is not state:  # noqa: ASYNC110 - no event for it
                await asyncio.sleep(0)

    async def delivered(self) -> None:
        """Wait until every line reached the page."""
        async with asyncio.timeout(10):
            while any(line.state is LineState.SENDING for line in self.desk.views[0].lines):  # noqa: ASYNC110 - no event for it
                await asyncio.sleep(0.01)


@pytest.fixture
async def relay() -> AsyncIterator[Relay]:
    """A relay whose desk ends with the test."""
    made = Relay()
    yield made
    made.desk.end()
    await made.desk.aclose(1)


async def test_a_chat_is_opened_and_lines_go_in_order(relay: Relay) -> None:
    """Opening asks the server first; lines arrive in the order in which they were written."""
    await relay.desk.open("visit-1")
    assert isinstance(relay.asked[0], ChatOpen)
    await relay.until(ChatState.OPEN)
    for number in range(5):
        relay.desk.say("visit-1", f"line {number}")
    await relay.delivered()
    assert relay.page.lines == [f"line {number}" for number in range(5)]


async def test_a_refused_opening_shows_no_chat(relay: Relay) -> None:
    """Where the server says no, nothing is begun."""
    relay.refusal = Error(code=ErrorCode.FORBIDDEN)
    with pytest.raises(CommandRefusedError):
        await relay.desk.open("visit-1")
    assert relay.desk.views == ()


async def test_lines_wait_for_a_page_that_was_away(relay: Relay) -> None:
    """While the page is away nothing is lost; when it is back the chat is opened anew and the line arrives, once."""
    await relay.desk.open("visit-1")
    await relay.until(ChatState.OPEN)
    relay.here = False
    relay.desk.deliver(ChatPeer(visit="visit-1", present=False))
    relay.desk.say("visit-1", "Are you there?")
    await asyncio.sleep(0)
    relay.here = True
    relay.page.reload()
    relay.desk.deliver(ChatPeer(visit="visit-1", present=True))
    await relay.delivered()
    assert relay.page.lines == ["Are you there?"]


async def test_a_message_that_came_twice_counts_once(relay: Relay) -> None:
    """A replay after a reconnect shows no line twice."""
    await relay.desk.open("visit-1")
    await relay.until(ChatState.OPEN)
    relay.page.say("Hello", "p1")
    data = Raw(waiting_chat.encode(relay.page.outbox.pop(0)))
    for _ in range(2):
        relay.desk.deliver(ChatRelayed(visit="visit-1", id="same", data=data))
    assert [line.text for line in relay.desk.views[0].lines] == ["Hello"]
    assert relay.desk.views[0].unread == 1
    relay.desk.read("visit-1")
    assert relay.desk.views[0].unread == 0


async def test_noise_and_strangers_change_nothing(relay: Relay) -> None:
    """What is no message is dropped, and so is a message about a visit nobody opened here."""
    await relay.desk.open("visit-1")
    await relay.until(ChatState.OPEN)
    relay.desk.deliver(ChatRelayed(visit="visit-1", id="x", data=Raw(b'{"t":"nonsense"}')))
    relay.desk.deliver(ChatRelayed(visit="visit-2", id="y", data=Raw(b"{}")))
    relay.desk.deliver(ChatPeer(visit="visit-2", present=True))
    assert [view.visit for view in relay.desk.views] == ["visit-1"]
    assert relay.desk.views[0].state is ChatState.OPEN


async def test_a_chat_goes_with_its_row_and_ends_with_a_visit(relay: Relay) -> None:
    """When the visit begins the chat is over, and when the row is gone every line is forgotten."""
    await relay.desk.open("visit-1")
    await relay.until(ChatState.OPEN)
    relay.desk.follow(WaitingRoom(1, "Clinic", (entry(1, state=VisitState.IN_VISIT),)))
    assert relay.desk.views[0].state is ChatState.CLOSED
    relay.desk.follow(WaitingRoom(2, "Clinic", ()))
    assert relay.desk.views == ()


async def test_a_server_that_forgot_is_asked_again(relay: Relay) -> None:
    """After a restart of the server the chat that was open is opened again by itself."""
    await relay.desk.open("visit-1")
    await relay.until(ChatState.OPEN)
    asked = len(relay.asked)
    relay.desk.restarted()
    await relay.until(ChatState.OPEN)
    assert any(isinstance(message, ChatOpen) for message in relay.asked[asked:])


async def test_closing_tells_page_and_server(relay: Relay) -> None:
    """A chat that is closed is closed everywhere; closing it again asks nothing."""
    await relay.desk.open("visit-1")
    await relay.until(ChatState.OPEN)
    await relay.desk.close("visit-1")
    assert isinstance(relay.asked[-1], ChatClose | ChatRelay)
    assert any(isinstance(message, ChatClose) for message in relay.asked)
    asked = len([message for message in relay.asked if isinstance(message, ChatClose)])
    await relay.desk.close("visit-1")
    assert len([message for message in relay.asked if isinstance(message, ChatClose)]) == asked


async def test_the_kept_device_key_is_loaded_before_a_chat_opens(relay: Relay) -> None:
    """The first chat of a day signs with the key that patients' pages know, not with one for this run."""
    await relay.desk.open("visit-1")
    assert relay.prepared == 1
    assert isinstance(relay.asked[0], ChatOpen)


async def test_codes_that_differ_close_the_chat_at_the_server(relay: Relay) -> None:
    """The relay is given up; codes that match leave it open, and a chat nobody opened is no error."""
    await relay.desk.compared("nobody", same=True)
    await relay.desk.open("visit-1")
    await relay.until(ChatState.OPEN)
    await relay.desk.compared("visit-1", same=True)
    assert relay.desk.views[0].security is not None
    assert relay.desk.views[0].security.verified_at_ms is not None
    assert not any(isinstance(message, ChatClose) for message in relay.asked)
    await relay.desk.compared("visit-1", same=False)
    assert relay.desk.views[0].state is ChatState.UNSAFE
    assert isinstance(relay.asked[-1], ChatClose)
