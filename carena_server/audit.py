"""The audit log's chain: each entry's MAC covers the entry and the MAC before it. Pure.

What verification finds: an entry edited, removed, added or moved anywhere, and the end cut off, as far as an anchor
(a newer head written down elsewhere) knows that it was there. What it can't find: whoever has the key and the
database can write another history that verifies; and a database restored together with its anchor from an older copy
looks like that older time. Writing the head down outside the machine closes both.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

GENESIS: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to whom, by identifiers only: no patient text, no name, no secret."""

    seq: int
    at: int
    actor: str
    action: str
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry: its number (0 before the first) and MAC."""

    seq: int
    mac: str


@dataclass(frozen=True, slots=True)
class Sound:
    """The chain holds; ``head`` is worth writing down elsewhere."""

    entries: int
    head: Head


@dataclass(frozen=True, slots=True)
class Broken:
    """The chain does not hold from entry ``seq`` on."""

    seq: int
    problem: str


def link(key: bytes, previous: str, entry: AuditEntry) -> str:
    """Return the MAC of ``entry`` after the entry with MAC ``previous``: HMAC-SHA256, hex."""
    # A JSON list is unambiguous: no two different entries have the same bytes.
    fields = [previous, entry.seq, entry.at, entry.actor, entry.action, entry.subject, entry.detail]
    body = json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def verify(key: bytes, entries: Iterable[tuple[AuditEntry, str]], anchors: Iterable[Head] = ()) -> Sound | Broken:
    """Check entries in the order of their numbers against the chain and against heads known from before."""
    expected = {anchor.seq: anchor.mac for anchor in anchors if anchor.seq > 0}
    head = Head(0, GENESIS)
    for entry, mac in entries:
        if entry.seq != head.seq + 1:
            return Broken(head.seq + 1, f"missing: the next entry is {entry.seq}")
        if not hmac.compare_digest(link(key, head.mac, entry), mac):
            return Broken(entry.seq, "altered, or not written with this key")
        if entry.seq in expected and not hmac.compare_digest(expected.pop(entry.seq), mac):
            return Broken(entry.seq, "differs from the anchor")
        head = Head(entry.seq, mac)
    if expected:
        return Broken(head.seq + 1, f"cut off: entry {max(expected)} was there before")
    return Sound(head.seq, head)
