"""The patient's page of a waiting chat in Python, for tests: the portal's own is JavaScript."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_protocol.e2ee.agreement import Agreed, Patient, SignedHello, b64, unb64
from carena_protocol.peer import KeyHello
from carena_protocol.waiting_chat import (
    MARK,
    AnyChatMessage,
    ChatCipher,
    HelloBack,
    Line,
    Lost,
    Open,
    Proof,
    Received,
    RevealBack,
    Sealed,
    call_of,
)


class PatientPage:
    """Answers as the page does; ``outbox`` is what it sends, ``lines`` what it shows."""

    def __init__(self, visit: str) -> None:
        self.visit = visit
        self.outbox: list[AnyChatMessage] = []
        self.lines: list[str] = []
        self.received: list[str] = []
        self._ids: set[str] = set()
        self._device = Ed25519PrivateKey.generate()
        self._forget()

    def _forget(self) -> None:
        self._chat = ""
        self._patient: Patient | None = None
        self._agreed: Agreed | None = None
        self._cipher: ChatCipher | None = None

    def reload(self) -> None:
        """Load the page anew: its memory is gone."""
        self.lines, self._ids = [], set()
        self._forget()

    def take(self, message: AnyChatMessage) -> None:
        """Take what the desktop sent."""
        if isinstance(message, Open):
            self._chat = message.chat
            self._cipher = None
            self._patient = Patient(
                self._device, call_of(self.visit, message.chat), message.commit, MARK, MARK, can_kem=False
            )
            hello = self._patient.hello
            self.outbox.append(HelloBack(chat=self._chat, hello=KeyHello(h=hello.text, s=hello.signature)))
        elif message.chat != self._chat:
            self.outbox.append(Lost(chat=message.chat))
        elif isinstance(message, RevealBack) and self._patient is not None:
            self._agreed = self._patient.revealed(SignedHello(message.hello.h, message.hello.s))
            self.outbox.append(Proof(chat=self._chat, mac=b64(self._agreed.confirmation("P"))))
        elif isinstance(message, Proof) and self._agreed is not None:
            self._agreed.check("C", unb64(message.mac, 32))
            self._cipher = ChatCipher(bytes(self._agreed.root()), call_of(self.visit, self._chat), "P>C")
        elif isinstance(message, Sealed) and self._cipher is not None:
            self._read(self._cipher.open(message))

    def say(self, text: str, line_id: str) -> None:
        """Write a line."""
        self._seal(Line(id=line_id, text=text, sent_at=1))

    def _read(self, content: Line | Received) -> None:
        if isinstance(content, Received):
            self.received.append(content.id)
            return
        if content.id not in self._ids:
            self._ids.add(content.id)
            self.lines.append(content.text)
        self._seal(Received(id=content.id))

    def _seal(self, content: Line | Received) -> None:
        assert self._cipher is not None
        n, c = self._cipher.seal(content)
        self.outbox.append(Sealed(chat=self._chat, n=n, c=c))
