"""A member of staff's desktop without a window, on the real server: the queue's verbs and the waiting chat."""

import base64
import itertools
import json
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

from carena_protocol.client import ClientMachine, ClientState, Delivered, Replied
from carena_protocol.e2ee.agreement import Clinician, SignedHello
from carena_protocol.e2ee.primitives import b64, expand
from carena_protocol.messages import (
    ClientInfo,
    ClientMessage,
    Error,
    QueueDelta,
    QueueEntry,
    QueueSnapshot,
    QueueSubscribe,
)
from carena_protocol.news import ChatRelayed
from carena_protocol.verbs import ChatClose, ChatOpen, ChatRelay, StaffVerb
from demo.clinic import Account, Clinic

WITHIN_S = 20.0
TRIES = 5

_V = TypeVar("_V", bound=StaffVerb)


class Desk:
    """One signed-in session; reads what comes whenever it waits for something."""

    def __init__(self, place: Clinic, account: Account) -> None:
        self._context = ssl.create_default_context(cafile=str(place.authority))
        self._url = place.url
        self._numbers = itertools.count(1)
        self.machine = ClientMachine(ClientInfo(name="carena-test", version="1"))
        self.entries: dict[str, QueueEntry] = {}
        self.relayed: list[dict[str, Any]] = []
        self._replies: dict[str, Any] = {}
        tokens = self._post("login", {"username": account.username, "password": account.password})
        self.account = str(tokens["user"]["id"])
        ticket = self._post("ws-ticket", {}, tokens["access_token"])["ticket"]
        address = place.url.replace("https://", "wss://") + "/ws"
        opening = connect(address, ssl=self._context, subprotocols=[Subprotocol("carena.v1")])
        self._stack = ExitStack()
        self._socket: ClientConnection = self._stack.enter_context(opening)
        self._socket.send(self.machine.hello(self.new_id(), ticket).decode())
        self.until(lambda: self.machine.state is ClientState.UP)
        self._send(QueueSubscribe(id=self.new_id()))

    def new_id(self) -> str:
        """Return an id for a command."""
        return f"desk-{next(self._numbers)}"

    def _post(self, path: str, body: object, token: str = "") -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - https, our own server
            f"{self._url}/api/v1/{path}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})},
        )
        with urllib.request.urlopen(request, context=self._context, timeout=WITHIN_S) as answer:  # noqa: S310 - the same
            decoded: dict[str, Any] = json.load(answer)
        return decoded

    def ask(self, message: ClientMessage) -> None:
        """Send a command; raises AssertionError when it is refused."""
        refused = self._refusal(message)
        assert refused is None, f"{message.__struct_config__.tag}: {refused}"

    def verb(self, kind: type[_V], name: str, **fields: Any) -> None:
        """Do something to the visit of a patient; again when the page changed the row meanwhile."""
        refused: str | None = "never tried"
        for _ in range(TRIES):
            self.pump(0.0)
            entry = self.entry(name)
            refused = self._refusal(kind(id=self.new_id(), visit=entry.visit, version=entry.version, **fields))
            if refused != "conflict version":
                break
        assert refused is None, f"{kind.__struct_config__.tag}: {refused}"

    def _refusal(self, message: ClientMessage) -> str | None:
        """Send a command and return why it was refused, or None."""
        self._send(message)
        self.until(lambda: message.id in self._replies)
        reply = self._replies[message.id]
        return f"{reply.code} {reply.reason}" if isinstance(reply, Error) else None

    def _send(self, message: ClientMessage) -> None:
        frame = self.machine.submit(message)
        assert frame is not None
        self._socket.send(frame.decode())

    def entry(self, name: str, where: Callable[[QueueEntry], bool] = lambda _entry: True) -> QueueEntry:
        """Wait for a patient's row and return it."""

        def found() -> QueueEntry | None:
            return next((e for e in self.entries.values() if e.name == name and where(e)), None)

        self.until(lambda: found() is not None)
        entry = found()
        assert entry is not None
        return entry

    def until(self, condition: Callable[[], bool]) -> None:
        """Read until something that arrived makes the condition true."""
        deadline = time.monotonic() + WITHIN_S
        self.pump(0.0)
        while not condition():
            assert time.monotonic() < deadline, "nothing came that was waited for"
            self.pump(0.2)

    def pump(self, seconds: float) -> None:
        """Read what is there."""
        try:
            while True:
                self._take(self._socket.recv(timeout=seconds))
                seconds = 0.0
        except TimeoutError:
            return

    def _take(self, frame: str | bytes) -> None:
        for event in self.machine.receive(frame):
            match event:
                case Replied(message_id, reply):
                    self._replies[message_id] = reply
                case Delivered(QueueSnapshot() as snapshot):
                    self.entries = {entry.visit: entry for entry in snapshot.entries}
                case Delivered(QueueDelta() as delta):
                    self.entries.pop(delta.visit, None)
                    if isinstance(delta.entry, QueueEntry):
                        self.entries[delta.visit] = delta.entry
                case Delivered(ChatRelayed() as relayed):
                    self.relayed.append(json.loads(bytes(relayed.data)))
                case _:
                    pass
        if self.machine.ack_due and (ack := self.machine.acknowledge(self.new_id())) is not None:
            self._socket.send(ack.decode())

    def close(self) -> None:
        """Sign out without a word."""
        self._stack.close()


class Talk:
    """The desktop's end of a waiting chat, written anew from its specification."""

    def __init__(self, desk: Desk, name: str) -> None:
        self._desk = desk
        self._visit = desk.entry(name).visit
        self._chat = f"chat-{time.monotonic_ns()}"
        self._call = f"{self._visit}/waiting/{self._chat}"
        self._sent = self._taken = self._read = 0
        side = Clinician(Ed25519PrivateKey.generate(), self._call, "waiting")
        desk.ask(ChatOpen(id=desk.new_id(), visit=self._visit))
        self._send(t="open", commit=side.commit)
        theirs = self._next("hello")["hello"]
        agreed = side.answered(SignedHello(theirs["h"], theirs["s"]), "waiting")
        beside = {"ct": b64(side.ciphertext)} if side.ciphertext else {}
        self._send(t="reveal", hello={"h": side.hello.text, "s": side.hello.signature, **beside})
        assert self._next("proof")["mac"] == b64(agreed.confirmation("P"))
        self._send(t="proof", mac=b64(agreed.confirmation("C")))
        root = bytes(agreed.root())
        self._out, self._in = (AESGCM(expand(root, f"carena/waiting/{way}", 16)) for way in ("C>P", "P>C"))

    def say(self, text: str) -> str:
        """Send a line; return its id."""
        self._sent += 1
        line = f"line-{self._sent}"
        self._seal(t="line", id=line, text=text, sent_at=1)
        return line

    def hear(self) -> dict[str, Any]:
        """Wait for what the patient's page sealed next, and acknowledge it when it is a line."""
        sealed = self._next("sealed")
        context = f"{self._call}|P>C|{sealed['n']}".encode()
        plain = self._in.decrypt(sealed["n"].to_bytes(12, "big"), base64.b64decode(sealed["c"]), context)
        content: dict[str, Any] = json.loads(plain)
        if content["t"] == "line":
            self._seal(t="received", id=content["id"])
        return content

    def close(self) -> None:
        """End the chat."""
        self._send(t="close")
        self._desk.ask(ChatClose(id=self._desk.new_id(), visit=self._visit))

    def _seal(self, **content: object) -> None:
        self._taken += 1
        context = f"{self._call}|C>P|{self._taken}".encode()
        sealed = self._out.encrypt(self._taken.to_bytes(12, "big"), json.dumps(content).encode(), context)
        self._send(t="sealed", n=self._taken, c=b64(sealed))

    def _send(self, **data: object) -> None:
        raw = msgspec.Raw(json.dumps({"chat": self._chat, **data}).encode())
        self._desk.ask(ChatRelay(id=self._desk.new_id(), visit=self._visit, data=raw))

    def _next(self, kind: str) -> dict[str, Any]:
        """Return the next message of this chat, which has to be of a kind."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            found[:] = [data for data in self._desk.relayed if data["chat"] == self._chat][self._read :]
            return bool(found)

        self._desk.until(look)
        self._read += 1
        assert found[0]["t"] == kind, found[0]["t"]
        return found[0]


@contextmanager
def desk(place: Clinic, account: Account | None = None) -> Iterator[Desk]:
    """Sign somebody in for the length of the block."""
    session = Desk(place, account or place.clinician)
    try:
        yield session
    finally:
        session.close()
