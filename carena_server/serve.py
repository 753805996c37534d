"""Runs a server until it is told to stop, and stops it gracefully: not ready, drain, close, exit."""

import asyncio
import contextlib
import json
import logging
import os
import random
import signal
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn

from carena_protocol import limits
from carena_server import app
from carena_server import settings as config
from carena_server.authority import Identity
from carena_server.clock import SYSTEM_CLOCK
from carena_server.data import DataDirectory
from carena_server.listener import BoundedWebSocketProtocol, DeadlineHttpProtocol, Listener
from carena_server.settings import Settings

_log = logging.getLogger(__name__)
_PING_EVERY_S: Final = 15.0
_PONG_WITHIN_S: Final = 8.0
_FRAME_SLACK_BYTES: Final = 8 * 1024
"""Frames a little above the protocol's limit get its error; larger ones are cut off while they arrive."""
_GRACEFUL_S: Final = 8
_DRAIN_S: Final = 1.0


def run(data: DataDirectory, settings: Settings, ready_file: Path | None) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError, DataError, AuthorityError, OSError."""
    host, port = config.listen_address(settings.listen)
    data.prepare()
    _raise_file_limit()
    identity = data.identity(settings, host, SYSTEM_CLOCK.wall_ms())
    listening = _bind(host, port)
    shown_host = f"[{host}]" if ":" in host else host
    url = (settings.public_url or "").rstrip("/") or f"https://{shown_host}:{listening.getsockname()[1]}"
    running = app.build(data, settings, identity.authority, SYSTEM_CLOCK)
    listener = DrainingListener(_uvicorn_config(running, identity), running, ready_file, url, identity.fingerprint)
    loop_factory = listener.config.get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner, _signals_of(listener):
        runner.run(listener.serve(sockets=[listening]))


class DrainingListener(Listener):
    """A listener that says when it is ready, and tells its clients before it goes."""

    def __init__(
        self, uv: uvicorn.Config, running: app.Running, ready_file: Path | None, url: str, fingerprint: str | None
    ) -> None:
        super().__init__(uv)
        self._running = running
        self._ready_file = ready_file
        self._url = url
        self._fingerprint = fingerprint

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if self._ready_file is not None:
            ready = {"url": self._url, "fingerprint": self._fingerprint, "pid": os.getpid()}
            temporary = self._ready_file.with_name(self._ready_file.name + ".new")
            temporary.write_text(json.dumps(ready) + "\n", "utf-8")
            temporary.replace(self._ready_file)
        print(f"Carena server at {self._url}", flush=True)  # noqa: T201 - for the person who starts it - the operator's terminal
        if self._fingerprint is not None:
            print(f"Certificate authority (SHA-256 of its public key): {self._fingerprint}", flush=True)  # noqa: T201 - for the person who starts it
        _log.info("ready")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop being ready, send everyone away with a time to come back, then stop."""
        _log.info("draining")
        self._running.draining.set()
        spread_ms = 20 * sum(1 for _ in self._running.service.hub)
        self._running.service.drain(lambda: random.randint(0, spread_ms))  # noqa: S311 - spreads load, guards nothing
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_S):
                while any(isinstance(c, BoundedWebSocketProtocol) for c in self.server_state.connections):  # noqa: ASYNC110 - uvicorn keeps a set and tells nobody about its changes
                    await asyncio.sleep(0.02)
        await super().shutdown(sockets)
        _log.info("stopped")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are handled by ``run``, which does not raise them again after a graceful stop."""
        yield


def tls_context(identity: Identity) -> ssl.SSLContext:
    """Return the server's TLS: 1.2 or later, forward secret AEAD only, no renegotiation, no compression."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(identity.certificate, identity.key)
    return context


def _uvicorn_config(running: app.Running, identity: Identity) -> uvicorn.Config:
    return uvicorn.Config(
        running.asgi,
        http=DeadlineHttpProtocol,
        ws=BoundedWebSocketProtocol,
        ws_max_size=limits.MAX_MESSAGE_BYTES + _FRAME_SLACK_BYTES,
        ws_ping_interval=_PING_EVERY_S,
        ws_ping_timeout=_PONG_WITHIN_S,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_GRACEFUL_S,
        ssl_context_factory=lambda _config, _default: tls_context(identity),
    )


def _raise_file_limit() -> None:
    """Let the process hold as many connections as the system allows it to ask for."""
    try:
        import resource  # noqa: PLC0415 - exists on POSIX only
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


@contextlib.contextmanager
def _signals_of(listener: Listener) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        listener.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
