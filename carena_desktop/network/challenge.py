"""How a proxy wants to be signed in to: ``Proxy-Authenticate`` (RFC 9110 section 11.7.1), read. Pure.

Only Basic is spoken. Where a proxy does not offer it, nobody is asked for a password, and none is sent in the clear.
"""

import re
from collections.abc import Iterable
from typing import Final

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER: Final = re.compile(rb"(?im)^proxy-authenticate[ \t]*:[ \t]*([^\r\n]*)\r?$")


def schemes(values: Iterable[str]) -> frozenset[str]:
    """Return the names of the schemes in the header's values, in lower case."""
    found = set()
    for value in values:
        for part in _QUOTED.sub('""', value).split(","):
            # "Basic realm=..." and "NTLM" name a scheme; 'charset="UTF-8"' belongs to the one before.
            name = part.strip().partition(" ")[0]
            if _TOKEN.fullmatch(name):
                found.add(name.lower())
    return frozenset(found)


def wants_password(values: Iterable[str]) -> bool:
    """Whether a name and password would do; so it is too where the proxy does not say what it wants."""
    offered = schemes(values)
    return not offered or "basic" in offered


def values_of(head: bytes) -> list[str]:
    """Return the header's values in the head of an answer."""
    return [value.decode("latin-1") for value in _HEADER.findall(head)]
