"""The patient's page of a waiting chat in Python, for tests: the portal's own is JavaScript."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_protocol.e2ee.agreement import Agreed, Patient, SignedHello, b64, unb64
from carena_protocol.e2ee.post_quantum import CIPHERTEXT_BYTES
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

    def __init__(self, visit: str, *, link: bytes = b"", can_kem: bool | None = None) -> None:
        self.visit = visit
        self.link = link
        self.can_kem = can_kem
        self.agreed_on: Agreed | None = None
        """What the last proved opening agreed on."""
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

    @property
    def device(self) -> bytes:
        """The public key of this browser."""
        return self._device.public_key().public_bytes_raw()

    @property
    def peer_device(self) -> bytes:
        """The desktop's device key, as its hello proved it."""
        peer = self._patient.peer if self._patient is not None else None
        return peer.device if peer is not None else b""

    def other_browser(self) -> None:
        """The visit goes on in another browser."""
        self._device = Ed25519PrivateKey.generate()
        self.reload()

    def take(self, message: AnyChatMessage) -> None:
        """Take what the desktop sent."""
        if isinstance(message, Open):
            self._chat = message.chat
            self._cipher = None
            self._patient = Patient(
                self._device,
                call_of(self.visit, message.chat),
                message.commit,
                MARK,
                MARK,
                link=self.link,
                can_kem=self.can_kem,
            )
            hello = self._patient.hello
            self.outbox.append(HelloBack(chat=self._chat, hello=KeyHello(h=hello.text, s=hello.signature)))
        elif message.chat != self._chat:
            self.outbox.append(Lost(chat=message.chat))
        elif isinstance(message, RevealBack) and self._patient is not None:
            said = message.hello
            ciphertext = unb64(said.ct, CIPHERTEXT_BYTES) if said.ct else b""
            self._agreed = self._patient.revealed(SignedHello(said.h, said.s), ciphertext, uses_link=said.link)
            self.outbox.append(Proof(chat=self._chat, mac=b64(self._agreed.confirmation("P"))))
        elif isinstance(message, Proof) and self._agreed is not None:
            self._agreed.check("C", unb64(message.mac, 32))
            self.agreed_on = self._agreed
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
