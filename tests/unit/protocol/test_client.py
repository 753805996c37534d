"""The client's machine: remembers commands, keeps the order, and knows what a broken server looks like."""

import json
from typing import Any

import pytest

from carena_protocol import codec
from carena_protocol.client import (
    ClientMachine,
    ClientState,
    Delivered,
    DrainAnnounced,
    PongReceived,
    Replied,
    Violation,
    Welcomed,
)
from carena_protocol.codec import ProtocolError
from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import (
    Admit,
    ClientInfo,
    Drain,
    Error,
    Ok,
    PeerPresence,
    Ping,
    Pong,
    Principal,
    RetryPolicy,
    Role,
    ServerMessage,
    Welcome,
)

TICKET = "ticket-ticket-ticket"
INFO = ClientInfo(name="carena-test", version="1")


def welcome(re: str = "h1", *, resumed: bool = False, claim: str = "token-token-token-1") -> bytes:
    """A welcome frame."""
    return codec.encode(
        Welcome(
            re=re,
            sid="s1",
            resume_token=claim,
            resumed=resumed,
            principal=Principal(id="u1", role=Role.CLINICIAN, display_name="Dr Test"),
            server_time=0,
            authorised_for_ms=1000,
            retry=RetryPolicy(base_ms=500, cap_ms=20000),
        )
    )


def frame(message: ServerMessage) -> bytes:
    """The bytes of a server message."""
    return codec.encode(message)


def presence(seq: int) -> bytes:
    """A stream message with a number."""
    return frame(PeerPresence(seq=seq, visit="v1", present=True))


@pytest.fixture
def up() -> ClientMachine:
    """A machine whose session is up."""
    machine = ClientMachine(INFO)
    machine.hello("h1", TICKET)
    assert isinstance(machine.receive(welcome())[0], Welcomed)
    return machine


def test_first_hello_has_no_claim() -> None:
    """A new session does not pretend to resume one."""
    hello = json.loads(ClientMachine(INFO).hello("h1", TICKET))
    assert "resume" not in hello
    assert (hello["type"], hello["id"], hello["ticket"]) == ("hello", "h1", TICKET)


def test_second_hello_claims_the_session(up: ClientMachine) -> None:
    """After a reconnect the hello names the session, the newest token and the last message seen."""
    up.receive(presence(1))
    up.connection_lost(1006)
    hello = json.loads(up.hello("h2", TICKET))
    assert hello["resume"] == {"sid": "s1", "token": "token-token-token-1", "last_seq": 1}
    up.receive(welcome("h2", resumed=True, claim="token-token-token-2"))
    up.connection_lost(1006)
    assert json.loads(up.hello("h3", TICKET))["resume"]["token"] == "token-token-token-2"


def test_abandoned_stream_is_not_claimed(up: ClientMachine) -> None:
    """After a frame that nobody can read the next hello begins a new session, and the commands are kept."""
    up.submit(Admit(id="a1", visit="v1", version=1))
    up.abandon_stream()
    up.connection_lost(1006)
    assert "resume" not in json.loads(up.hello("h2", TICKET))
    (event,) = up.receive(welcome("h2"))
    assert isinstance(event, Welcomed)
    assert [json.loads(f)["id"] for f in event.resend] == ["a1"]


def test_command_before_the_welcome_waits_for_it() -> None:
    """A command made while disconnected is sent, unchanged, after the welcome."""
    machine = ClientMachine(INFO)
    assert machine.submit(Admit(id="a1", visit="v1", version=1)) is None
    machine.hello("h1", TICKET)
    (event,) = machine.receive(welcome())
    assert isinstance(event, Welcomed)
    assert [json.loads(f)["id"] for f in event.resend] == ["a1"]


def test_unanswered_commands_are_resent_in_order_with_their_ids(up: ClientMachine) -> None:
    """A reconnect repeats what has no reply, oldest first, and not what has."""
    for n in range(3):
        up.submit(Admit(id=f"a{n}", visit="v1", version=1))
    up.receive(frame(Ok(seq=1, re="a1")))
    up.connection_lost(None)
    up.hello("h2", TICKET)
    (event,) = up.receive(welcome("h2", resumed=True))
    assert isinstance(event, Welcomed)
    assert [json.loads(f)["id"] for f in event.resend] == ["a0", "a2"]
    assert [json.loads(f)["ack"] for f in event.resend] == [1, 1]


def test_reply_is_delivered_once(up: ClientMachine) -> None:
    """The same reply again, as after an overlapping replay, is silent."""
    up.submit(Admit(id="a1", visit="v1", version=1))
    assert up.receive(frame(Ok(seq=1, re="a1"))) == [Replied("a1", Ok(seq=1, re="a1"))]
    assert up.receive(frame(Ok(seq=1, re="a1"))) == []
    assert up.receive(frame(Ok(seq=2, re="a1"))) == []
    assert up.pending == ()


def test_forgotten_command_is_neither_resent_nor_answered(up: ClientMachine) -> None:
    """Giving up on a command is final on this side."""
    up.submit(Admit(id="a1", visit="v1", version=1))
    up.forget("a1")
    assert up.receive(frame(Ok(seq=1, re="a1"))) == []
    assert up.pending == ()


def test_same_id_twice_is_an_error(up: ClientMachine) -> None:
    """An id can't name two unanswered commands."""
    up.submit(Admit(id="a1", visit="v1", version=1))
    with pytest.raises(ProtocolError) as caught:
        up.submit(Admit(id="a1", visit="v2", version=1))
    assert caught.value.code is ErrorCode.WRONG_STATE


def test_pings_are_not_remembered(up: ClientMachine) -> None:
    """A liveness probe is worth nothing later."""
    assert up.submit(Ping(id="p1")) is not None
    assert up.pending == ()
    assert up.receive(frame(Pong(re="p1"))) == [PongReceived()]


def test_messages_arrive_once_and_in_order(up: ClientMachine) -> None:
    """A duplicate is dropped, a gap is a violation, and the ack follows what arrived."""
    assert [type(e) for e in up.receive(presence(1))] == [Delivered]
    assert up.receive(presence(1)) == []
    assert up.ack == 1
    assert up.receive(presence(3)) == [Violation(ErrorCode.OUT_OF_ORDER)]
    assert up.ack == 1


def test_unnumbered_stream_message_is_a_violation(up: ClientMachine) -> None:
    """Only errors may stand outside the stream."""
    assert up.receive(presence(0)) == [Violation(ErrorCode.OUT_OF_ORDER)]


def test_unnumbered_error_answers_its_command(up: ClientMachine) -> None:
    """An error about an unreadable frame still reaches the caller."""
    up.submit(Admit(id="a1", visit="v1", version=1))
    (event,) = up.receive(frame(Error(re="a1", code=ErrorCode.INVALID)))
    assert isinstance(event, Replied)


def test_new_session_starts_counting_again(up: ClientMachine) -> None:
    """When the server could not resume, message 1 is the next one."""
    for n in range(1, 5):
        up.receive(presence(n))
    up.connection_lost(1006)
    up.hello("h2", TICKET)
    up.receive(welcome("h2", resumed=False))
    assert [type(e) for e in up.receive(presence(1))] == [Delivered]


def test_resumed_session_goes_on_counting(up: ClientMachine) -> None:
    """After a resume the replayed overlap is dropped and the next message delivered."""
    up.receive(presence(1))
    up.connection_lost(1006)
    up.hello("h2", TICKET)
    up.receive(welcome("h2", resumed=True))
    assert up.receive(presence(1)) == []
    assert [type(e) for e in up.receive(presence(2))] == [Delivered]


def test_resume_out_of_nothing_is_a_violation() -> None:
    """A server that resumes a session nobody claimed is confused."""
    machine = ClientMachine(INFO)
    machine.hello("h1", TICKET)
    assert machine.receive(welcome(resumed=True)) == [Violation(ErrorCode.OUT_OF_ORDER)]


@pytest.mark.parametrize("data", [presence(1), frame(Pong()), welcome("other")])
def test_only_the_welcome_may_answer_the_hello(data: bytes) -> None:
    """Anything else during the greeting is a violation."""
    machine = ClientMachine(INFO)
    machine.hello("h1", TICKET)
    assert machine.receive(data) == [Violation(ErrorCode.WRONG_STATE)]


def test_refused_hello_is_not_retried() -> None:
    """A refused ticket closes with a code that does not reconnect by itself."""
    machine = ClientMachine(INFO)
    machine.hello("h1", TICKET)
    (event,) = machine.receive(frame(Error(re="h1", code=ErrorCode.UNAUTHENTICATED)))
    assert event == Violation(ErrorCode.UNAUTHENTICATED, CloseCode.AUTHENTICATION)


def test_frames_after_the_end_are_violations(up: ClientMachine) -> None:
    """A frame that arrives on a lost connection is not believed."""
    up.connection_lost(1006)
    assert up.receive(presence(1)) == [Violation(ErrorCode.WRONG_STATE)]
    assert up.state is ClientState.DOWN


@pytest.mark.parametrize("data", [b"{", '{"v":9,"type":"ok"}', '{"v":1,"type":"zzz"}', '{"v":1,"type":"ok","seq":-1}'])
def test_broken_frames_are_violations(up: ClientMachine, data: Any) -> None:
    """A frame that is no message closes the connection with a defined code."""
    (event,) = up.receive(data)
    assert isinstance(event, Violation)


def test_second_welcome_is_a_violation(up: ClientMachine) -> None:
    """A session is welcomed once per connection."""
    assert up.receive(welcome()) == [Violation(ErrorCode.WRONG_STATE)]


def test_drain_is_announced(up: ClientMachine) -> None:
    """A stopping server's delay reaches the caller."""
    assert up.receive(frame(Drain(after_ms=700))) == [DrainAnnounced(700)]


def test_ack_becomes_due_and_is_cumulative(up: ClientMachine) -> None:
    """Sixteen unacknowledged messages are worth a bare ack; after it nothing is due."""
    for n in range(1, 17):
        assert not up.ack_due
        up.receive(presence(n))
    assert up.ack_due
    sent = up.acknowledge("k1")
    assert sent is not None
    assert json.loads(sent)["ack"] == 16
    assert not up.ack_due
    assert up.acknowledge("k2") is None


def test_commands_carry_the_ack(up: ClientMachine) -> None:
    """A command saves the bare ack."""
    up.receive(presence(1))
    sent = up.submit(Admit(id="a1", visit="v1", version=1))
    assert sent is not None
    assert json.loads(sent)["ack"] == 1
    assert up.acknowledge("k1") is None


def test_second_hello_while_up_is_an_error(up: ClientMachine) -> None:
    """One connection greets once."""
    with pytest.raises(ProtocolError):
        up.hello("h2", TICKET)


@pytest.mark.parametrize(
    ("code", "again"),
    [(None, True), (1000, True), (1006, True), (1012, True), (1002, False), (1008, False), (4999, False)]
    + [(int(c), c < 4500) for c in CloseCode],
)
def test_reconnects_only_where_the_close_code_allows(up: ClientMachine, code: int | None, again: bool) -> None:
    """Terminal close codes and unknown ones end the session; the rest come back."""
    assert up.connection_lost(code) is again
