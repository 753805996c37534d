"""Whatever bytes arrive, the codec returns a message or one of its defined errors."""

import contextlib
import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carena_protocol import codec, limits, peer
from carena_protocol.codec import ProtocolError
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import (
    CLIENT_TYPES,
    SERVER_TYPES,
    ClientInfo,
    Hello,
    Presence,
    QueueEntry,
    Relay,
    VisitState,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(["v", "type", "id", "ack", "seq", "re", "visit", "version", "ticket", "data", "entry", "code"])
TYPES = st.sampled_from([*CLIENT_TYPES, *SERVER_TYPES])


@given(st.binary(max_size=200))
@settings(max_examples=1000)
def test_random_bytes_have_a_defined_error(data: bytes) -> None:
    """Random bytes are malformed or invalid, and nothing else is raised."""
    for decode in (codec.decode_client, codec.decode_server):
        with contextlib.suppress(ProtocolError):
            decode(data)
    for peer_decode in (peer.decode_signal, peer.decode_control):
        with contextlib.suppress(peer.PeerMessageError):
            peer_decode(data)


@given(st.dictionaries(FIELDS, JSON, max_size=8), TYPES)
@settings(max_examples=1500)
def test_random_envelopes_have_a_defined_error(fields: dict[str, object], kind: str) -> None:
    """JSON that looks like a message decodes, or is refused with a code."""
    frame = json.dumps({**fields, "v": 1, "type": kind})
    for decode in (codec.decode_client, codec.decode_server):
        with contextlib.suppress(ProtocolError):
            decode(frame)


def test_deep_nesting_is_malformed() -> None:
    """A frame nested deeper than the parser's stack is refused, not a crash."""
    data = '{"v":1,"type":"relay","id":"a","visit":"v","data":' + "[" * 30000 + "]" * 30000 + "}"
    with pytest.raises(ProtocolError) as caught:
        codec.decode_client(data)
    assert caught.value.code is ErrorCode.MALFORMED


def test_lone_surrogate_is_refused() -> None:
    """Text that is no valid Unicode is refused."""
    with pytest.raises(ProtocolError) as caught:
        codec.decode_client('{"v":1,"type":"ping","id":"\ud800"}')
    assert caught.value.code in {ErrorCode.MALFORMED, ErrorCode.INVALID}


@pytest.mark.parametrize("decode", [codec.decode_client, codec.decode_server])
def test_oversize_frame_is_refused_before_parsing(decode: object) -> None:
    """A frame over the limit is too_large, whatever stands in it."""
    assert callable(decode)
    with pytest.raises(ProtocolError) as caught:
        decode(b"{" * (limits.MAX_MESSAGE_BYTES + 1))
    assert caught.value.code is ErrorCode.TOO_LARGE


def test_size_is_counted_in_bytes() -> None:
    """Multi-byte text can't slip past the limit."""
    with pytest.raises(ProtocolError) as caught:
        codec.decode_client("ü" * (limits.MAX_MESSAGE_BYTES // 2 + 1))
    assert caught.value.code is ErrorCode.TOO_LARGE


def test_large_relay_is_refused() -> None:
    """A relayed payload over the SDP limit is too_large and keeps the id for the reply."""
    frame = json.dumps({"v": 1, "type": "relay", "id": "r1", "visit": "v", "data": "x" * 40000})
    with pytest.raises(ProtocolError) as caught:
        codec.decode_client(frame)
    assert (caught.value.code, caught.value.re) == (ErrorCode.TOO_LARGE, "r1")


def test_relay_payload_is_not_rewritten() -> None:
    """The payload leaves as the bytes it came in: the server can't have an opinion on it."""
    payload = '{"b":1, "a": [1.0,  2e3], "a": 2}'
    message = codec.decode_client('{"v":1,"type":"relay","id":"r1","visit":"v","data":' + payload + "}")
    assert isinstance(message, Relay)
    assert bytes(message.data).decode() == payload


def test_error_echoes_only_a_valid_id() -> None:
    """An unreadable id is not reflected to the peer."""
    with pytest.raises(ProtocolError) as caught:
        codec.decode_client(json.dumps({"v": 1, "type": "nope", "id": "<script>"}))
    assert caught.value.re == ""


SECRET = "S3cretS3cretS3cret"


@pytest.mark.parametrize(
    "message",
    [
        Hello(id="a", ticket=SECRET, client=ClientInfo(name="carena-test", version="1")),
        peer.Chat(id="a", text=SECRET, sent_at=0),
        QueueEntry(
            visit="v", version=1, state=VisitState.ARRIVED, presence=Presence.CONNECTED, name=SECRET, birth_date=SECRET,
            reason=SECRET, checked_in_at=0,
        ),
    ],
)  # fmt: skip
def test_messages_do_not_print_their_fields(message: object) -> None:
    """Tokens, chat and patient data appear in no repr, str or format of a message."""
    assert SECRET not in f"{message!r} {message} {[message]}"


def test_errors_carry_no_content() -> None:
    """The exception of a refused frame holds nothing of the frame, chained exceptions included."""
    with pytest.raises(ProtocolError) as caught:
        codec.decode_client(json.dumps({"v": 1, "type": "hello", "id": "a", "ticket": SECRET, "bad": SECRET}))
    error: BaseException | None = caught.value
    assert error is not None
    assert SECRET not in repr(error)
    assert error.__suppress_context__


def test_messages_pickle() -> None:
    """Messages cross process boundaries unchanged."""
    server = peer.Offer(leg=1, instance="i", sdp="v=0", commit="c" * 44)
    assert pickle.loads(pickle.dumps(server)) == server  # noqa: S301 - our own bytes
