"""The server's machines: a bounded stream per session, a strict greeting per connection."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carena_protocol import codec, limits
from carena_protocol.codec import ProtocolError
from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import Ack, ClientInfo, Hello, Ok, PeerPresence, Ping, Relayed
from carena_protocol.server import (
    CommandReceived,
    ConnectionState,
    HelloReceived,
    Refused,
    ServerConnection,
    SessionStream,
)

HELLO = codec.encode(Hello(id="h1", ticket="ticket-ticket-ticket", client=ClientInfo(name="carena-test", version="1")))
PING = codec.encode(Ping(id="p1"))


def push(stream: SessionStream, count: int) -> list[bytes]:
    """Push so many messages."""
    return [stream.push(PeerPresence(visit="v1", present=True)) for _ in range(count)]


def numbers(frames: list[bytes] | None) -> list[int] | None:
    """The sequence numbers of frames."""
    return None if frames is None else [json.loads(f)["seq"] for f in frames]


def up() -> ServerConnection:
    """A connection after its welcome."""
    connection = ServerConnection()
    connection.receive(HELLO)
    connection.welcomed()
    return connection


def refusal(connection: ServerConnection, frame: str | bytes) -> tuple[str, str, CloseCode | None]:
    """Feed a frame that must be refused; return code, re and close."""
    event = connection.receive(frame)
    assert isinstance(event, Refused)
    error = json.loads(event.frame)
    return error["code"], error["re"], event.close


def test_stream_numbers_from_one_without_gaps() -> None:
    """The first message of a session is 1, each next one more."""
    assert numbers(push(SessionStream("s"), 3)) == [1, 2, 3]


def test_acks_are_cumulative_and_free_the_ring() -> None:
    """An ack drops everything up to it, a late smaller ack changes nothing."""
    stream = SessionStream("s")
    push(stream, 5)
    stream.acked(3)
    assert stream.unacknowledged == 2
    stream.acked(1)
    assert numbers(stream.replay(3)) == [4, 5]


def test_ack_of_the_future_is_refused() -> None:
    """A number that was never sent is bad_ack."""
    stream = SessionStream("s")
    push(stream, 2)
    with pytest.raises(ProtocolError) as caught:
        stream.acked(3)
    assert caught.value.code is ErrorCode.BAD_ACK


def test_replay_refuses_what_it_does_not_have() -> None:
    """A claim before the acknowledged part, or beyond the end, can't be resumed."""
    stream = SessionStream("s")
    push(stream, 5)
    stream.acked(3)
    assert stream.replay(2) is None
    assert stream.replay(6) is None
    assert stream.replay(5) == []


def test_ring_is_bounded_in_messages() -> None:
    """A client that never acknowledges costs a bounded number of messages, and can't resume from before them."""
    stream = SessionStream("s")
    push(stream, limits.REPLAY_RING_MESSAGES + 10)
    assert stream.unacknowledged == limits.REPLAY_RING_MESSAGES
    assert stream.overflowed
    assert stream.replay(0) is None
    assert stream.replay(10) is not None


def test_ring_is_bounded_in_bytes() -> None:
    """Large messages fill the ring by size before they fill it by number."""
    stream = SessionStream("s")
    data = msgspec.Raw(b'"' + b"x" * 30_000 + b'"')
    for _ in range(20):
        stream.push(Relayed(visit="v1", id="a", data=data))
    assert stream.unacknowledged * 30_000 <= limits.REPLAY_RING_BYTES
    assert stream.overflowed


def test_replies_are_remembered_within_bounds() -> None:
    """A duplicate command finds its reply; the oldest reply goes when there are too many."""
    stream = SessionStream("s")
    for n in range(limits.REMEMBERED_REPLIES + 1):
        stream.remember(f"c{n}", b"%d" % n)
    assert stream.remembered("c0") is None
    assert stream.remembered("c1") == b"1"


def test_greeting_then_commands() -> None:
    """A hello is checked, then commands flow."""
    connection = ServerConnection()
    assert isinstance(connection.receive(HELLO), HelloReceived)
    connection.welcomed()
    assert connection.receive(PING) == CommandReceived(Ping(id="p1"))


def test_command_before_hello_is_refused_and_closed() -> None:
    """Nothing is carried out for an unknown speaker."""
    connection = ServerConnection()
    assert refusal(connection, PING) == ("wrong_state", "p1", CloseCode.PROTOCOL_ERROR)
    assert connection.state is ConnectionState.CLOSED
    assert refusal(connection, HELLO) == ("wrong_state", "", CloseCode.PROTOCOL_ERROR)


def test_command_while_the_hello_is_checked_is_refused() -> None:
    """A client that does not wait for the welcome is cut off."""
    connection = ServerConnection()
    connection.receive(HELLO)
    assert refusal(connection, PING) == ("wrong_state", "p1", CloseCode.PROTOCOL_ERROR)


def test_second_hello_is_refused() -> None:
    """A session can't change its speaker."""
    assert refusal(up(), HELLO) == ("wrong_state", "h1", CloseCode.PROTOCOL_ERROR)


def test_welcome_without_hello_is_a_bug_that_raises() -> None:
    """The adapter can't welcome what was never checked."""
    with pytest.raises(ProtocolError):
        ServerConnection().welcomed()


def test_large_first_frame_is_refused() -> None:
    """Before the hello only little may be sent."""
    frame = b" " * limits.MAX_HELLO_BYTES + HELLO
    assert refusal(ServerConnection(), frame) == ("too_large", "", CloseCode.PROTOCOL_ERROR)


@pytest.mark.parametrize(
    ("frame", "code", "close"),
    [
        ('{"v":1,"type":"zzz","id":"a"}', "unknown_type", None),
        ('{"v":1,"type":"ping","id":"a","x":1}', "invalid", None),
        ('{"v":2,"type":"ping","id":"a"}', "unsupported_version", CloseCode.VERSION),
        ("nonsense", "malformed", CloseCode.PROTOCOL_ERROR),
    ],
)
def test_bad_frames_of_an_established_session(frame: str, code: str, close: CloseCode | None) -> None:
    """A bad message is answered; bytes that are no message end the connection."""
    got = refusal(up(), frame)
    assert (got[0], got[2]) == (code, close)


def test_connection_survives_a_bad_message() -> None:
    """After an invalid message the next valid one is carried out."""
    connection = up()
    connection.receive('{"v":1,"type":"ping","id":"a","x":1}')
    assert isinstance(connection.receive(PING), CommandReceived)


def test_closed_connection_accepts_nothing() -> None:
    """What arrives after the close is refused."""
    connection = up()
    connection.closed()
    assert refusal(connection, PING)[0] == "wrong_state"


@given(st.lists(st.one_of(st.just("push"), st.integers(0, 60), st.tuples(st.just("replay"), st.integers(0, 60)))))
@settings(max_examples=300)
def test_stream_against_a_plain_list(steps: list[object]) -> None:
    """Whatever is pushed and acknowledged, a replay is exactly the tail that was sent, or None."""
    stream, sent, acked = SessionStream("s"), 0, 0
    for step in steps:
        if step == "push":
            stream.push(Ok(re="a"))
            sent += 1
        elif isinstance(step, int):
            if step <= sent:
                stream.acked(step)
                acked = max(acked, step)
        elif isinstance(step, tuple):
            last = step[1]
            expected = list(range(last + 1, sent + 1)) if acked <= last <= sent else None
            assert numbers(stream.replay(last)) == expected


def test_bare_ack_is_a_command_like_any_other() -> None:
    """The adapter sees acks and applies them to the stream."""
    assert up().receive(codec.encode(Ack(id="k", ack=3))) == CommandReceived(Ack(id="k", ack=3))
