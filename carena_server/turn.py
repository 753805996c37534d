"""Time-limited TURN credentials that coturn checks without asking us (``use-auth-secret``).

Username ``<unix time of expiry>:<visit>``, password ``base64(HMAC-SHA1(secret, username))``, as in
draft-uberti-behave-turn-rest-00 section 2.2. The username names the visit, never a person.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from carena_protocol.messages import IceServer


def credentials(secret: bytes, visit: str, *, now_ms: int, ttl_s: int) -> tuple[str, str]:
    """Return username and password, valid for ``ttl_s`` seconds."""
    username = f"{now_ms // 1000 + ttl_s}:{visit}"
    mac = hmac.new(secret, username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(mac).decode()


def ice_servers(
    *, stun: Sequence[str], turn: Sequence[str], secret: bytes | None, visit: str, now_ms: int, ttl_s: int
) -> list[IceServer]:
    """Return the entries for ``RTCConfiguration.iceServers`` of one party of ``visit``."""
    servers = [IceServer(urls=list(stun))] if stun else []
    if turn and secret is not None:
        username, password = credentials(secret, visit, now_ms=now_ms, ttl_s=ttl_s)
        servers.append(IceServer(urls=list(turn), username=username, credential=password))
    return servers
