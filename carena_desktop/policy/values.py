"""Reads a policy's value out of what a source says, whatever the source is made of.

Pure; nothing here raises but ``MalformedError``, which never quotes the value.
"""

import re
from collections.abc import Iterable

from carena_desktop.policy.table import Kind, Policy, Value
from carena_desktop.session.address import parse_address
from carena_desktop.session.failures import SessionError

MAX_ITEMS = 256
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})
_HEX = re.compile(r"[0-9a-f]{64}")


class MalformedError(ValueError):
    """A value that isn't one of the policy's kind; the text says what is wanted."""


def read(policy: Policy, raw: object) -> Value:
    """Return the value; raises MalformedError.

    Args:
        policy: Which.
        raw: A JSON or property list value, or what the registry, the environment or a command line has: 0 and 1 are
            switches, a string may be a list separated by blanks, commas or semicolons.
    """
    match policy.kind:
        case Kind.SWITCH:
            return _switch(raw)
        case Kind.CHOICE:
            if isinstance(raw, str) and raw.lower() in policy.choices:
                return raw.lower()
            raise MalformedError(f"one of {', '.join(policy.choices)} is wanted")
        case Kind.SERVER:
            return _server(raw)
        case Kind.SERVERS:
            return tuple(dict.fromkeys(_server(item) for item in _items(raw)))
        case Kind.FINGERPRINTS:
            return tuple(dict.fromkeys(_fingerprint(item) for item in _items(raw)))


def stricter(policy: Policy, one: Value, other: Value) -> Value:
    """Return the stricter of two values of a policy of safety: of lists, what both name."""
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, tuple) and isinstance(other, tuple):
        return tuple(item for item in one if item in other)
    if policy.kind is Kind.CHOICE:
        return max(one, other, key=lambda value: policy.choices.index(str(value)))
    return policy.strictest if policy.strictest in {one, other} else one


def _switch(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int) and raw in {0, 1}:
        return raw == 1
    if isinstance(raw, str) and raw.strip().lower() in _TRUE | _FALSE:
        return raw.strip().lower() in _TRUE
    raise MalformedError("true or false is wanted")


def _items(raw: object) -> Iterable[object]:
    if isinstance(raw, str):
        raw = [part for part in re.split(r"[\s,;]+", raw) if part]
    if not isinstance(raw, list | tuple) or len(raw) > MAX_ITEMS:
        raise MalformedError(f"a list of at most {MAX_ITEMS} is wanted")
    return raw


def _server(raw: object) -> str:
    if not isinstance(raw, str):
        raise MalformedError("an address https://HOST[:PORT] is wanted")
    try:
        return parse_address(raw).origin
    except SessionError:
        raise MalformedError("an address https://HOST[:PORT] is wanted") from None


def _fingerprint(raw: object) -> str:
    if isinstance(raw, str) and _HEX.fullmatch(found := raw.lower().replace(":", "").replace(" ", "")):
        return found
    raise MalformedError("fingerprints of 64 hex digits are wanted")
