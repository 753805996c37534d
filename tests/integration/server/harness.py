"""The real server in a process of its own, and clients that speak to it over TLS."""

import asyncio
import contextlib
import http.client
import json
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import websockets
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from carena_protocol.client import ClientMachine, Delivered, Replied, Violation, Welcomed
from carena_protocol.messages import (
    ClientInfo,
    ClientMessage,
    Error,
    Ok,
    QueueSubscribe,
    ServerMessage,
    TurnServers,
    Welcome,
)
from carena_protocol.news import VisitDetails
from carena_protocol.version import SUBPROTOCOL

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "correct horse battery"
INFO = ClientInfo(name="carena-test", version="1")
COOKIE = "__Host-carena-visit"

_T = TypeVar("_T", bound=ServerMessage)
PATIENCE_S: Final = 30.0
CARENA: Final = Subprotocol(SUBPROTOCOL)
"""How long a test waits for what has to come: a busy machine takes its time, and waiting longer costs nothing else."""


@dataclass
class Answer:
    """An HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object."""
        decoded: dict[str, Any] = json.loads(self.body)
        return decoded

    @property
    def code(self) -> str:
        """The problem's code."""
        return str(self.json["code"])


class Server:
    """A carena-server that can be stopped, killed and started again on the same port."""

    def __init__(self, folder: Path, settings: str = "", template: "Server | None" = None) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "server.log"
        self._config = folder / "carena.toml"
        self._config.write_text(f"[passwords]\nmemory_kib = 64\ntime_cost = 1\n{settings}", "utf-8")
        self._process: subprocess.Popen[bytes] | None = None
        self._listen = "127.0.0.1:0"
        self._context: ssl.SSLContext | None = None
        self.url = ""
        self.fingerprint = ""
        if template is not None:
            shutil.copytree(template.data, self.data)

    def set_up(self) -> "Server":
        """Make the administrator and three accounts on the command line; all have ``PASSWORD``."""
        self.run("init", "--admin", "root", "--password-stdin")
        for user, role in (("ann", "clinician"), ("bob", "clinician"), ("nia", "nurse")):
            self.run("user", "add", user, "--role", role, "--name", f"Dr {user.title()}", "--password-stdin")
        return self

    def run(self, *words: str) -> str:
        """Run a command of the command line; a password it asks for is ``PASSWORD``."""
        done = subprocess.run(
            [*self._program(*words)],
            check=True,
            input=PASSWORD + "\n",
            capture_output=True,
            text=True,
            timeout=60,
            cwd=ROOT,
        )
        return done.stdout

    def start(self) -> "Server":
        """Serve; return when ready."""
        ready = self.folder / "ready.json"
        ready.unlink(missing_ok=True)
        command = [*self._program("serve"), "--listen", self._listen, "--ready-file", str(ready)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)
        deadline = time.monotonic() + 30
        while not ready.exists():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "the server did not get ready"
            time.sleep(0.02)
        told = json.loads(ready.read_text())
        self.url, self.fingerprint = told["url"], told["fingerprint"]
        self._listen = self.url.removeprefix("https://")
        return self

    def stop(self) -> int:
        """Stop gracefully and return the exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Stop as a power cut would."""
        self._end(signal.SIGKILL)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal and don't wait."""
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self, timeout: float) -> int:
        """Wait for the end."""
        assert self._process is not None
        return self._process.wait(timeout)

    def memory_kib(self) -> int:
        """Return the resident memory of the server."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    def uses(self, library: str) -> bool:
        """Whether the server has a compiled library loaded."""
        assert self._process is not None
        return library in Path(f"/proc/{self._process.pid}/maps").read_text()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def context(self) -> ssl.SSLContext:
        """Return what a desktop that pinned the authority uses."""
        if self._context is None:
            self._context = ssl.create_default_context(cafile=str(self.data / "tls" / "authority.pem"))
        return self._context

    def _program(self, *words: str) -> list[str]:
        common = ["--data", str(self.data), "--config", str(self._config)]
        return [sys.executable, "-W", "error", "-m", "carena_server", *words, *common]

    def _end(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(number)
        code = self._process.wait(20)
        self._process = None
        return code

    # -- HTTPS ------------------------------------------------------------------------------------------------------

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: dict[str, str] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> Answer:
        """Make one request on a connection of its own. ``body``: bytes as they are, anything else as JSON."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context or self.context())
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(headers or {})} if raw is not None else dict(headers or {})
        try:
            connection.request(method, path, raw, sent)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        """Post to the API."""
        return self.call("POST", f"/api/v1{path}", {} if body is None else body, headers=headers)

    def login(self, user: str = "ann", password: str = PASSWORD) -> Answer:
        """Sign in."""
        return self.post("/login", {"username": user, "password": password})

    def link(self, *, reusable: bool = True) -> str:
        """Return the secret of a new link, made over the API."""
        token = self.login().json["access_token"]
        return str(self.post("/visit-links", {"reusable": reusable}, Authorization=f"Bearer {token}").json["secret"])

    def arrival(self, link: str, name: str = "Test Patient", **changes: object) -> dict[str, object]:
        """Return the body of a check-in."""
        version = self.call("GET", "/api/v1/portal").json["consent"]["version"]
        body = {
            "secret": link,
            "name": name,
            "birth_date": "1980-01-02",
            "reason": "a cough",
            "consent_version": version,
        }
        return {**body, **changes}

    def check_in(self, secret: str, name: str = "Test Patient") -> tuple[str, str]:
        """Check in; return the visit and the cookie."""
        answer = self.post("/check-in", self.arrival(secret, name))
        assert answer.status == 200, answer.body
        return str(answer.json["visit"]), cookie_of(answer)


def cookie_of(answer: Answer) -> str:
    """Return the visit cookie's value from a response."""
    return answer.headers["set-cookie"].partition(";")[0].partition("=")[2]


class Peer:
    """One client of the websocket: the protocol's own machine on a real connection."""

    def __init__(self, server: Server, machine: ClientMachine | None = None) -> None:
        self.server = server
        self.machine = machine or ClientMachine(INFO)
        self.welcome: Welcome | None = None
        self.inbox: list[ServerMessage] = []
        self.replies: dict[str, Ok | Error | TurnServers | VisitDetails] = {}
        self.close_code: int | None = None
        self._ws: ClientConnection | None = None
        self._changed = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None
        self._ids = 0

    async def connect(self, ticket: str, **options: Any) -> "Peer":
        """Open a connection with a ticket and wait for the welcome."""
        url = self.server.url.replace("https", "wss") + "/ws"
        options = {"open_timeout": PATIENCE_S, **options}
        self._ws = await connect(url, ssl=self.server.context(), subprotocols=[CARENA], **options)
        self.close_code = None
        self.welcome = None
        await self._ws.send(self.machine.hello(self.next_id(), ticket).decode())
        self._reader = asyncio.get_running_loop().create_task(self._read(self._ws))
        await self.until(lambda: self.welcome is not None)
        return self

    def next_id(self) -> str:
        """Return an id for a command."""
        self._ids += 1
        return f"{id(self):x}-{self._ids}"[-32:]

    async def ask(self, message: ClientMessage) -> Ok | Error | TurnServers | VisitDetails:
        """Send a command and return its reply."""
        frame = self.machine.submit(message)
        assert frame is not None
        await self.send(frame.decode())
        await self.until(lambda: message.id in self.replies)
        return self.replies[message.id]

    async def send(self, frame: str | bytes) -> None:
        """Send a raw frame."""
        assert self._ws is not None
        await self._ws.send(frame)

    async def subscribe(self) -> None:
        """Subscribe to the queue."""
        assert isinstance(await self.ask(QueueSubscribe(id=self.next_id())), Ok)

    async def next(
        self, kind: type[_T], where: Callable[[_T], bool] = lambda _: True, seconds: float = PATIENCE_S
    ) -> _T:
        """Return the next message of a kind, and drop it and those before it of that kind."""
        found: list[_T] = []

        def look() -> bool:
            for index, message in enumerate(self.inbox):
                if isinstance(message, kind) and where(message):
                    found.append(message)
                    self.inbox = [m for i, m in enumerate(self.inbox) if i > index or not isinstance(m, kind)]
                    return True
            return False

        await self.until(look, seconds)
        return found[0]

    async def until(self, condition: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
        """Wait until something that arrived makes ``condition`` true."""
        met = False

        def done() -> bool:
            nonlocal met
            met = condition()
            return met or self.close_code is not None

        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(done)
        assert met, f"closed with {self.close_code}"

    async def closed(self, seconds: float = PATIENCE_S) -> int:
        """Wait for the end and return the close code."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: self.close_code is not None)
        assert self.close_code is not None
        return self.close_code

    async def drop(self) -> None:
        """Cut the connection without a word."""
        if self._ws is not None:
            self._ws.transport.abort()
            await self._ws.wait_closed()
            await self._finish()

    async def leave(self) -> None:
        """Close the connection."""
        if self._ws is not None:
            await self._ws.close()
            await self._finish()

    async def _finish(self) -> None:
        if self._reader is not None:
            await self._reader
        self.machine.connection_lost(self.close_code)
        self._ws = None

    async def _read(self, ws: ClientConnection) -> None:
        try:
            async for frame in ws:
                await self._take(frame, ws)
        except websockets.ConnectionClosed:
            pass
        async with self._changed:
            self.close_code = ws.close_code or 1006
            self._changed.notify_all()

    async def _take(self, frame: str | bytes, ws: ClientConnection) -> None:
        async with self._changed:
            for event in self.machine.receive(frame):
                match event:
                    case Welcomed(welcome, resend):
                        self.welcome = welcome
                        for pending in resend:
                            await ws.send(pending.decode())
                    case Replied(message_id, reply):
                        self.replies[message_id] = reply
                    case Delivered(message):
                        self.inbox.append(message)
                    case Violation(code):
                        self.inbox.append(Error(code=code))
                    case _:
                        pass
            if self.machine.ack_due and (ack := self.machine.acknowledge(self.next_id())) is not None:
                await ws.send(ack.decode())
            self._changed.notify_all()


@contextlib.asynccontextmanager
async def staff(server: Server, user: str = "ann") -> AsyncIterator[Peer]:
    """Sign in and connect a desktop."""
    peer = await Peer(server).connect(staff_ticket(server, server.login(user).json["access_token"]))
    try:
        yield peer
    finally:
        await peer.leave()


@contextlib.asynccontextmanager
async def patient(server: Server, cookie: str) -> AsyncIterator[Peer]:
    """Connect the page that has this cookie."""
    peer = await Peer(server).connect(patient_ticket(server, cookie))
    try:
        yield peer
    finally:
        await peer.leave()


def staff_ticket(server: Server, access_token: str) -> str:
    """Return a ticket for an access token."""
    answer = server.post("/ws-ticket", Authorization=f"Bearer {access_token}")
    assert answer.status == 200, answer.body
    return str(answer.json["ticket"])


def patient_ticket(server: Server, cookie: str) -> str:
    """Return a ticket for a cookie."""
    answer = server.post("/ws-ticket", Cookie=f"{COOKIE}={cookie}")
    assert answer.status == 200, answer.body
    return str(answer.json["ticket"])
