"""Reads a policy's value out of what a source says, whatever the source is made of.

Pure; nothing here raises but ``MalformedError``, which never quotes the value.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from carena_desktop.network.choice import parse_choice
from carena_desktop.policy.kinds import Kind, Policy, Value
from carena_desktop.session.address import parse_address
from carena_desktop.session.failures import SessionError

MAX_ITEMS = 256
MAX_NAME = 200
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
    return _READERS[policy.kind](policy, raw)


def stricter(policy: Policy, one: Value, other: Value) -> Value:
    """Return the stricter of two values of a policy of safety: of lists, what both name."""
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, tuple) and isinstance(other, tuple):
        return tuple(item for item in one if item in other)
    if policy.kind is Kind.CHOICE:
        return max(one, other, key=lambda value: policy.choices.index(str(value)))
    if policy.kind is Kind.NUMBER and isinstance(one, int) and isinstance(other, int):
        return min(one, other)
    return policy.strictest if policy.strictest in {one, other} else one


def _switch(_policy: Policy, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int) and raw in {0, 1}:
        return raw == 1
    if isinstance(raw, str) and raw.strip().lower() in _TRUE | _FALSE:
        return raw.strip().lower() in _TRUE
    raise MalformedError("true or false is wanted")


def _number(policy: Policy, raw: object) -> int:
    found = int(raw) if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,9}", raw.strip()) else raw
    if isinstance(found, int) and not isinstance(found, bool) and policy.minimum <= found <= policy.maximum:
        return found
    raise MalformedError(f"a whole number from {policy.minimum} to {policy.maximum} is wanted")


def _choice(policy: Policy, raw: object) -> str:
    if isinstance(raw, str):
        for choice in policy.choices:
            if choice.lower() == raw.strip().lower():
                return choice
    raise MalformedError(f"one of {', '.join(policy.choices)} is wanted")


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


def _names(raw: object) -> Iterable[object]:
    """Names have blanks in them: a string is a list separated by semicolons."""
    return _items([part.strip() for part in raw.split(";") if part.strip()] if isinstance(raw, str) else raw)


def _name(raw: object) -> str:
    if isinstance(raw, str) and 0 < len(raw) <= MAX_NAME and raw.isprintable():
        return raw
    raise MalformedError(f"names of at most {MAX_NAME} characters are wanted")


def _proxy(_policy: Policy, raw: object) -> str:
    try:
        return parse_choice(raw if isinstance(raw, str) else "").text
    except ValueError:
        raise MalformedError("system, direct, http://HOST:PORT or pac+ADDRESS is wanted, without a password") from None


def _listed(item: Callable[[object], str]) -> Callable[[Policy, object], Value]:
    return lambda _policy, raw: tuple(dict.fromkeys(item(one) for one in _items(raw)))


_READERS: Final[Mapping[Kind, Callable[[Policy, object], Value]]] = {
    Kind.SWITCH: _switch,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.CHOICES: lambda policy, raw: tuple(dict.fromkeys(_choice(policy, item) for item in _items(raw))),
    Kind.SERVER: lambda _policy, raw: _server(raw),
    Kind.SERVERS: _listed(_server),
    Kind.FINGERPRINTS: _listed(_fingerprint),
    Kind.NAMES: lambda _policy, raw: tuple(dict.fromkeys(_name(item) for item in _names(raw))),
    Kind.PROXY: _proxy,
}
