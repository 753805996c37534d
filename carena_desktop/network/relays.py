"""Which hosts behind TURN addresses are reached over TLS, and so may need a proxy. Pure."""

import re
from collections.abc import Iterable
from typing import Final

TLS_PORT: Final = 5349
_ADDRESS: Final = re.compile(r"turns:(\[[0-9A-Fa-f:]+\]|[^:?\[\]]+)(?::([0-9]{1,5}))?(?:\?transport=tcp)?")


def tls_relays(urls: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return host and port of every ``turns:`` address (RFC 7065); other addresses and nonsense are left out."""
    found = []
    for url in urls:
        match = _ADDRESS.fullmatch(url)
        if match is not None:
            found.append((match.group(1).strip("[]"), int(match.group(2) or TLS_PORT)))
    return tuple(dict.fromkeys(found))
