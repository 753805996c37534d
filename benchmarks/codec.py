"""What validating a signaling frame costs, against the standard library's json with the same checks by hand.

The peer does what a server without msgspec would have to do: parse, then check every field's presence, type, length
and alphabet, and refuse unknown ones. A relayed SDP is the frame there are most bytes of; a snapshot of 50 rows the
one with the most fields.
"""

import json
import platform
import re
from collections.abc import Iterable
from typing import Any, Final

from benchmarks.row import Row, paired
from carena_protocol import codec, limits, messages
from carena_protocol.messages import Presence, QueueEntry, QueueSnapshot, VisitState

_IDENTIFIER: Final = re.compile(r"^[A-Za-z0-9_-]{1,32}$")
_DATE: Final = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_CALLS: Final = 400
_TARGET: Final = "no slower than by hand"
_ENTRY_FIELDS: Final = {
    "visit", "version", "state", "presence", "name", "birth_date", "reason", "checked_in_at", "admitted_at",
    "clinician_id", "clinician_name",
}  # fmt: skip


class RefusedError(ValueError):
    """The hand-written validation found something."""


def need(condition: object) -> None:
    """Refuse the frame unless ``condition``."""
    if not condition:
        raise RefusedError


def text(value: object, longest: int) -> str:
    """Check a text field."""
    need(isinstance(value, str) and 1 <= len(value) <= longest)
    return str(value)


def count(value: object) -> int:
    """Check a counter."""
    need(isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53)
    assert isinstance(value, int)  # noqa: S101 - for the type checker
    return value


def identifier(value: object) -> None:
    """Check an identifier."""
    need(isinstance(value, str) and _IDENTIFIER.match(value))


def parse(raw: bytes, kinds: frozenset[str]) -> dict[str, Any]:
    """Parse a frame and check its envelope."""
    need(len(raw) <= limits.MAX_MESSAGE_BYTES)
    frame = json.loads(raw)
    need(isinstance(frame, dict) and frame.get("v") == 1 and frame.get("type") in kinds)
    return dict(frame)


_CLIENT_KINDS: Final = frozenset(messages.CLIENT_TYPES)
_SERVER_KINDS: Final = frozenset(messages.SERVER_TYPES)


def by_hand_admit(raw: bytes) -> dict[str, Any]:
    """Validate an admit command."""
    frame = parse(raw, _CLIENT_KINDS)
    need(not set(frame) - {"v", "type", "id", "ack", "visit", "version"})
    identifier(frame["id"])
    identifier(frame["visit"])
    count(frame.get("ack", 0))
    need(count(frame["version"]) >= 1)
    return frame


def by_hand_relay(raw: bytes) -> dict[str, Any]:
    """Validate a relay command."""
    frame = parse(raw, _CLIENT_KINDS)
    need(not set(frame) - {"v", "type", "id", "ack", "visit", "data"})
    identifier(frame["id"])
    identifier(frame["visit"])
    count(frame.get("ack", 0))
    need(len(json.dumps(frame["data"])) <= limits.MAX_SDP_BYTES)
    return frame


def by_hand_snapshot(raw: bytes) -> dict[str, Any]:
    """Validate a queue snapshot."""
    frame = parse(raw, _SERVER_KINDS)
    count(frame["queue_version"])
    text(frame["clinic"], 200)
    for entry in frame["entries"]:
        need(isinstance(entry, dict) and not set(entry) - _ENTRY_FIELDS)
        identifier(entry["visit"])
        need(count(entry["version"]) >= 1)
        VisitState(entry["state"])
        Presence(entry["presence"])
        text(entry["name"], limits.MAX_NAME_CHARS)
        need(_DATE.match(text(entry["birth_date"], 10)))
        text(entry["reason"], limits.MAX_REASON_CHARS)
        count(entry["checked_in_at"])
        if entry.get("admitted_at") is not None:
            count(entry["admitted_at"])
    return frame


def snapshot() -> bytes:
    """Return a snapshot of 50 waiting patients."""
    entries = [
        QueueEntry(
            visit=f"visit{n:04d}",
            version=n + 1,
            state=VisitState.ARRIVED,
            presence=Presence.CONNECTED,
            name=f"Test Patient {n}",
            birth_date="1980-02-03",
            reason="Follow-up of a test reason",
            checked_in_at=1_790_000_000_000 + n,
        )
        for n in range(50)
    ]
    return codec.encode(QueueSnapshot(seq=1, queue_version=70, clinic="Test Clinic", entries=entries))


def rows() -> Iterable[Row]:
    """Measure each frame with both decoders."""
    admit = b'{"v":1,"type":"visit.admit","id":"c2","ack":7,"visit":"vAbCdEfGhIjKlMnOpQrStUv","version":12}'
    sdp = "v=0\r\n" + "a=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host\r\n" * 70
    data = {"t": "offer", "leg": 1, "instance": "i1", "sdp": sdp}
    relay = json.dumps({"v": 1, "type": "relay", "id": "c3", "ack": 7, "visit": "v1", "data": data}).encode()
    peer = f"json of Python {platform.python_version()} and checks by hand"
    cases = (
        (f"decode admit ({len(admit)} B)", lambda: codec.decode_client(admit), lambda: by_hand_admit(admit)),
        (f"decode relay ({len(relay)} B)", lambda: codec.decode_client(relay), lambda: by_hand_relay(relay)),
        (
            f"decode snapshot of 50 ({len(raw := snapshot())} B)",
            lambda: codec.decode_server(raw),
            lambda: by_hand_snapshot(raw),
        ),
    )
    for what, ours, by_hand in cases:
        mine, theirs = paired(ours, by_hand, _CALLS)
        yield Row(what, mine, "µs", theirs, peer, _TARGET, mine <= theirs)
