"""``carena://visit/<id>[?server=HOST[:PORT]]``: what a link from outside may say, and nothing else. Pure.

A link names a visit by its opaque id. It never carries a token or a name; where one is in it, the link is refused as a
whole. Whether its server may be used at all is decided elsewhere, and a person is asked in any case.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from carena_desktop.session.address import parse_address
from carena_desktop.session.failures import SessionError

SCHEME: Final = "carena"
MAX_CHARS: Final = 400
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class VisitAddress:
    """A visit that somebody wants to see; ``server`` is an origin, "" for the one in use."""

    visit: str
    server: str = ""


def parse_visit_address(text: str) -> VisitAddress:
    """Read a link; raises ValueError, which does not quote it."""
    if len(text) > MAX_CHARS or not text.isascii() or not text.isprintable():
        raise ValueError("not a visit's address")
    try:
        parts = urlsplit(text.strip())
        asked = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), max_num_fields=1)
    except ValueError:
        raise ValueError("not a visit's address") from None
    visit = parts.path.removeprefix("/").removesuffix("/")
    if parts.scheme != SCHEME or parts.netloc != "visit" or parts.fragment or not _ID.fullmatch(visit):
        raise ValueError("not a visit's address")
    if not asked:
        return VisitAddress(visit)
    (name, value) = asked[0]
    try:
        if name != "server":
            raise ValueError("not a visit's address")
        return VisitAddress(visit, parse_address(value).origin)
    except SessionError:
        raise ValueError("not a visit's address") from None
