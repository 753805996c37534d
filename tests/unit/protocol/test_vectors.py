"""The golden messages mean the same to Python as to the portal, which loads the same files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from carena_protocol import codec, peer
from carena_protocol.messages import CLIENT_TYPES, SERVER_TYPES
from carena_protocol.peer import PeerMessageError

FOLDER = Path(codec.__file__).parent / "vectors"
FRAMES = ("client", "server", "signals", "control")
VECTORS: list[dict[str, Any]] = [v for name in FRAMES for v in json.loads((FOLDER / f"{name}.json").read_text("utf-8"))]
DECODERS: dict[str, Callable[[str], Any]] = {
    "client": codec.decode_client,
    "server": codec.decode_server,
    "signal": lambda frame: peer.decode_signal(frame.encode()),
    "control": lambda frame: peer.decode_control(frame.encode()),
}


def _id(vector: dict[str, Any]) -> str:
    return f"{vector['direction']}: {vector['name']}"


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["ok"]], ids=_id)
def test_valid_vector_survives_a_round_trip(vector: dict[str, Any]) -> None:
    """A valid golden frame decodes, and encodes to a frame of the same meaning."""
    message = DECODERS[vector["direction"]](vector["frame"])
    encoded = msgspec.json.encode(message)
    assert {**vector["message"], **json.loads(encoded)} == json.loads(encoded)
    assert DECODERS[vector["direction"]](encoded.decode()) == message


@pytest.mark.parametrize("vector", [v for v in VECTORS if not v["ok"]], ids=_id)
def test_invalid_vector_has_its_defined_error(vector: dict[str, Any]) -> None:
    """An invalid golden frame is refused with the code that the vector names."""
    with pytest.raises((codec.ProtocolError, PeerMessageError)) as caught:
        DECODERS[vector["direction"]](vector["frame"])
    assert isinstance(caught.value, codec.ProtocolError | PeerMessageError)
    assert caught.value.code == vector["error"]


def test_every_message_type_has_a_valid_vector() -> None:
    """No type can be added without a golden message."""
    tagged = {(v["direction"], v["message"].get("type") or v["message"].get("t")) for v in VECTORS if v["ok"]}
    signals = {("signal", t.__struct_config__.tag) for t in peer.Signal.__subclasses__()}
    controls = {("control", t.__struct_config__.tag) for t in peer.Control.__subclasses__()}
    wanted = {("client", t) for t in CLIENT_TYPES} | {("server", t) for t in SERVER_TYPES} | signals | controls
    assert wanted <= tagged
