"""The part of a visit link that the server never sees: made by the workstation that makes the link.

    https://clinic.example/visit#<the server's part>.<our part>

A browser sends no fragment, the page sends the server its own part alone, and both ends mix ours into their keys: a
server that only relays can't stand in between, even before any code was compared. The page names the secret by a hint
in its signed hello; a desktop that does not know it says so, and both ends show that it was not used.

It is no secret from whoever carries the link: an e-mail provider can read it.
"""

import base64
import re
import secrets
from hashlib import sha256
from typing import Final

from carena_protocol.e2ee.primitives import AgreementError, parts, unb64

SECRET_BYTES: Final = 16
HINT_BYTES: Final = 9
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]{22}")


def new() -> bytes:
    """Return 128 random bits."""
    return secrets.token_bytes(SECRET_BYTES)


def hint_of(secret: bytes) -> bytes:
    """Return what names a secret without giving it away, 9 bytes; whoever knows the hint is no step nearer to it."""
    return sha256(parts(b"carena/link-hint/v1", secret)).digest()[:HINT_BYTES]


def into(url: str, secret: bytes) -> str:
    """Return a visit link with our part behind the server's; raises ValueError when it has no fragment yet."""
    head, separator, fragment = url.partition("#")
    if not separator or not fragment or "." in fragment:
        raise ValueError("not a visit link")
    return f"{head}#{fragment}.{base64.urlsafe_b64encode(secret).decode().rstrip('=')}"


def split(fragment: str) -> tuple[str, bytes]:
    """Return the server's part of a fragment and ours, b"" when there is none or what is there is none."""
    server, _, ours = fragment.partition(".")
    if not _TEXT.fullmatch(ours):
        return server, b""
    try:
        return server, unb64(ours.replace("-", "+").replace("_", "/") + "==", SECRET_BYTES)
    except AgreementError:
        return server, b""
