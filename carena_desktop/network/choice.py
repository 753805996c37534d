"""What the policy ``Proxy`` can say, and what a proxy is. Pure.

system                          as the operating system does
direct                          none
http://HOST:PORT                one proxy for everything
pac+https://HOST/proxy.pac      as a configuration script says (also pac+http, pac+file)
"""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

MAX_TEXT: Final = 2000
_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_SCRIPT_SCHEMES: Final = frozenset({"http", "https", "file"})


class Mode(StrEnum):
    """Where the answer comes from."""

    SYSTEM = "system"
    DIRECT = "direct"
    FIXED = "fixed"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy that connects through (RFC 9110 section 9.3.6, CONNECT)."""

    host: str
    port: int

    @property
    def authority(self) -> str:
        """``host:port``, IPv6 in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ProxyChoice:
    """One value of the policy; ``text`` is its normal form."""

    mode: Mode
    proxy: Proxy | None = None
    script: str = ""

    @property
    def text(self) -> str:
        """The value as the policy has it."""
        if self.mode is Mode.FIXED and self.proxy is not None:
            return f"http://{self.proxy.authority}"
        return f"pac+{self.script}" if self.mode is Mode.SCRIPT else self.mode.value


def parse_choice(text: str) -> ProxyChoice:
    """Return what a value of the policy says; raises ValueError, which never quotes the value.

    A user name and password in the address are refused: they would stand readable in a policy.
    """
    text = text.strip()
    if len(text) > MAX_TEXT or any(char.isspace() for char in text):
        raise ValueError("too long, or with blanks")
    if text in {Mode.SYSTEM, Mode.DIRECT}:
        return ProxyChoice(Mode(text))
    if text.startswith("pac+"):
        script = text.removeprefix("pac+")
        parts = urlsplit(script)
        if parts.scheme not in _SCRIPT_SCHEMES or "@" in parts.netloc or not (parts.netloc or parts.path):
            raise ValueError("no address of a script")
        return ProxyChoice(Mode.SCRIPT, script=script)
    return ProxyChoice(Mode.FIXED, proxy=parse_proxy(text))


def parse_proxy(text: str) -> Proxy:
    """Read ``http://HOST[:PORT]`` or ``HOST:PORT``; raises ValueError.

    A TLS proxy (``https://``) and SOCKS are not spoken.
    """
    scheme, separator, rest = text.partition("://")
    if separator and scheme.lower() != "http":
        raise ValueError("only http:// proxies are spoken")
    parts = urlsplit(f"//{rest if separator else text}")
    try:
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        raise ValueError("no port") from None
    if parts.username is not None or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("more than host and port")
    try:
        host = ipaddress.ip_address(host).compressed
    except ValueError:
        if not _NAME.fullmatch(host):
            raise ValueError("no host") from None
    return Proxy(host, port)


def is_local(host: str) -> bool:
    """Whether a host is this computer, which no proxy can reach."""
    if host.rstrip(".").lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
