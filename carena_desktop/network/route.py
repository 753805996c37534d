"""Where a connection goes first: to the host itself, or to a proxy. What scripts and systems say, read. Pure."""

import base64
from dataclasses import dataclass, field

from carena_desktop.network.choice import Proxy, parse_proxy

MAX_CANDIDATES = 8

Candidates = tuple[Proxy | None, ...]
"""Ways in the order in which they are to be tried; None is the direct one."""


@dataclass(frozen=True, slots=True)
class ProxyLogin:
    """A person's name and password at a proxy."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        """The value of ``Proxy-Authorization`` (RFC 7617, Basic)."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Route:
    """How to reach one host; ``proxy`` None is directly."""

    proxy: Proxy | None = None
    authorization: str = field(default="", repr=False)
    """The value of ``Proxy-Authorization``, "" for none."""


DIRECT = Route()


def parse_answer(answer: str) -> Candidates:
    """Read what ``FindProxyForURL`` answered: ``PROXY host:port; DIRECT`` and the like.

    Kinds that are not spoken (SOCKS, HTTPS) and nonsense are left out; nothing usable means direct.
    """
    found: list[Proxy | None] = []
    for part in answer.split(";")[:MAX_CANDIDATES]:
        kind, _, address = part.strip().partition(" ")
        if kind.upper() == "DIRECT":
            found.append(None)
        elif kind.upper() in {"PROXY", "HTTP"}:
            try:
                found.append(parse_proxy(address.strip()))
            except ValueError:
                continue
    return tuple(dict.fromkeys(found)) or (None,)
