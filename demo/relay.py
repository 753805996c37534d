"""A TURN relay of our own: coturn on loopback, with a secret that exists for this run only."""

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from demo.processes import program, running, wait_until

_CONFIGURATION: Final = """\
listening-ip=127.0.0.1
relay-ip=127.0.0.1
listening-port={port}
min-port=42000
max-port=48999
realm=carena
use-auth-secret
static-auth-secret={secret}
allow-loopback-peers
fingerprint
{tls}
no-dtls
no-cli
no-rfc5780
no-multicast-peers
userdb={folder}/turn.sqlite
pidfile={folder}/turnserver.pid
log-file=stdout
simple-log
verbose
"""


START_S: Final = 30.0
"""It makes its database first, a sync to the disk for each table."""
_TRIES: Final = 100


@dataclass(frozen=True, slots=True)
class Relay:
    """Where the relay listens, and the file with the secret it shares with the server."""

    url: str
    secret_file: Path
    log: Path = field(repr=False)
    tls_port: int = 0
    """Where it listens for TLS, 0 where it does not."""
    more_urls: tuple[str, ...] = ()
    """Other ways to it."""

    @property
    def allocations(self) -> int:
        """How many relayed addresses were given out so far, from the relay's own log."""
        return self.log.read_text(encoding="utf-8", errors="replace").count("ALLOCATE processed, success")


def free_port() -> int:
    """Return a port on loopback that nobody uses for TCP or UDP.

    coturn listens on both, and goes on without the one that it can't have: a connection that ended a moment ago still
    holds its port.
    """
    for _ in range(_TRIES):
        with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            stream.bind(("127.0.0.1", 0))
            port = int(stream.getsockname()[1])
            try:
                datagrams.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free for TCP and UDP")


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def relay(folder: Path, certificate: tuple[Path, Path] | None = None) -> Iterator[Relay]:
    """Run coturn for the length of the block; raises MissingProgramError without it.

    Args:
        folder: For its files.
        certificate: Certificate and key, for TLS on a second port.
    """
    executable = program("turnserver")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    secret = secrets.token_urlsafe(32)
    secret_file = folder / "turn-secret"
    configuration = folder / "turnserver.conf"
    for path in (secret_file, configuration):
        path.touch(mode=0o600)
    secret_file.write_text(secret, encoding="ascii")
    tls_port = free_port() if certificate is not None else 0
    tls = "no-tls"
    if certificate is not None:
        tls = f"tls-listening-port={tls_port}\ncert={certificate[0]}\npkey={certificate[1]}"
    text = _CONFIGURATION.format(port=port, secret=secret, folder=folder, tls=tls)
    configuration.write_text(text, encoding="ascii")
    log = folder / "turnserver.log"
    with running([executable, "-c", configuration], log=log) as process:
        wait_until(lambda: _accepts(port), START_S, "coturn", process)
        yield Relay(f"turn:127.0.0.1:{port}?transport=udp", secret_file, log, tls_port)
