"""The server address as a person types it, and as everything else uses it. Pure: it looks nothing up."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import LocalProblem

HTTPS_PORT: Final = 443
_MAX_PORT: Final = 65535
_MAX_TYPED: Final = 300
_MAX_HOST: Final = 253
_LABEL: Final = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server is; ``host`` is lower-case ASCII (punycode for other scripts) or an IP address."""

    host: str
    port: int = HTTPS_PORT

    @property
    def authority(self) -> str:
        """``host`` or ``host:port``, IPv6 in brackets (RFC 3986 section 3.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS_PORT else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """``https://`` and the authority: the form shown, stored and compared."""
        return f"https://{self.authority}"

    @property
    def websocket_url(self) -> str:
        """Where signaling is."""
        return f"wss://{self.authority}/ws"


def parse_address(typed: str) -> ServerAddress:
    """Read ``host``, ``host:port`` or ``https://host[:port][/]``.

    Raises:
        SessionError: ``address_invalid`` for anything else: another scheme (http among them, which is never used), a
            user, path, query or fragment, an impossible host or port.
    """
    text = typed.strip()
    if not text or len(text) > _MAX_TYPED:
        raise _invalid()
    scheme, separator, rest = text.partition("://")
    if separator:
        if scheme.lower() != "https":
            raise _invalid()
        text = rest
    text = text.removesuffix("/")
    if re.search(r"[\s/\\?#@%\x00-\x1f]", text):
        raise _invalid()
    host, port = _split_port(text)
    return ServerAddress(_host(host), port)


def _split_port(text: str) -> tuple[str, int]:
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or ":" not in host or (rest and not rest.startswith(":")):
            raise _invalid()
        return host, _port(rest[1:]) if rest else HTTPS_PORT
    host, colon, digits = text.partition(":")
    return host, _port(digits) if colon else HTTPS_PORT


def _port(digits: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", digits) or not 0 < int(digits) <= _MAX_PORT:
        raise _invalid()
    return int(digits)


def _host(host: str) -> str:
    try:
        return ipaddress.ip_address(host).compressed
    except ValueError:
        pass
    try:
        name = host.removesuffix(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _invalid() from None
    labels = name.split(".")
    if len(name) > _MAX_HOST or not all(_LABEL.match(label) for label in labels) or labels[-1].isdigit():
        raise _invalid()  # a last label of digits is a mistyped IPv4 address
    return name


def _invalid() -> SessionError:
    return SessionError(LocalProblem.ADDRESS_INVALID)
