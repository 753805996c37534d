"""One waiting chat as a machine: sans-IO, events in, messages out, one immutable view.

    closed ----open_asked------------------> opening                   / Open
    opening ---hello, checked--------------> opening                   / RevealBack
    opening ---proof, checked--------------> open                      / Proof, lines not received yet
    opening, open ---lost, page came back--> opening (another chat)    / Open
    opening ---a check fails---------------> unsafe                    / Close   nothing more is sent in this opening
    open ------the codes differ------------> unsafe                    / Close
    any ---a colleague opened--------------> taken_over
    any ---close_asked, the visit begins---> closed                    / Close

Keys are made anew for each opening; the lines go on. Nothing here writes or logs a line.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from carena_desktop.session.chat_model import ChatLine, ChatSecurity, ChatState, ChatView, LineState
from carena_desktop.session.chat_trust import ChatTrust
from carena_protocol.e2ee.agreement import AgreementError, Clinician, LinkUse, SignedHello
from carena_protocol.e2ee.primitives import b64, unb64
from carena_protocol.peer import KeyHello
from carena_protocol.waiting_chat import (
    MARK,
    MAX_LINE_CHARS,
    AnyChatMessage,
    ChatCipher,
    Close,
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

if TYPE_CHECKING:
    from carena_protocol.e2ee.key_schedule import Agreed

MAX_LINES: Final = 500
_PROOF_BYTES: Final = 32


class ChatMachine:
    """The desktop's end of the chat of one visit.

    Args:
        visit: Whose.
        trust: This workstation's device key, and whom it knows.
        new_id: Makes random identifiers.
        send: Takes messages, in order.
        now_ms: Local time.
    """

    def __init__(
        self,
        visit: str,
        trust: ChatTrust,
        new_id: Callable[[], str],
        send: Callable[[AnyChatMessage], None],
        now_ms: Callable[[], int],
    ) -> None:
        self._trust = trust
        self._new_id = new_id
        self._send = send
        self._now_ms = now_ms
        self._chat = ""
        self._clinician: Clinician | None = None
        self._agreed: Agreed | None = None
        self._cipher: ChatCipher | None = None
        self.view = ChatView(visit)
        self._changed = False
        self.device = b""
        """The patient's device key, once it is proved; empty before."""
        self.dropped = 0
        """Messages that were none, or did not open."""

    def open_asked(self) -> None:
        """A person opens the chat; one that is open stays."""
        if self.view.state in {ChatState.CLOSED, ChatState.TAKEN_OVER, ChatState.UNSAFE}:
            self._begin()

    def close_asked(self) -> None:
        """A person closes it, or nobody is signed in any more."""
        if self.view.state in {ChatState.OPENING, ChatState.OPEN}:
            self._send(Close(chat=self._chat))
        self._end(ChatState.CLOSED)

    def peer(self, *, present: bool, taken_over: bool) -> None:
        """The server says who is at the other end."""
        if taken_over:
            self._end(ChatState.TAKEN_OVER)
            return
        came = present and not self.view.present
        self.view = replace(self.view, present=present)
        if came and self.view.state in {ChatState.OPENING, ChatState.OPEN}:
            self._begin()

    def over(self) -> None:
        """The server ended the chat: the visit began, or is over."""
        self._end(ChatState.CLOSED)

    def say(self, text: str) -> None:
        """Write a line; it waits where the chat is not open yet."""
        words = text.strip()[:MAX_LINE_CHARS]
        if not words:
            return
        line = ChatLine(self._new_id(), words, self._now_ms(), mine=True, state=LineState.SENDING)
        self._keep((*self.view.lines, line))
        self._seal(Line(id=line.id, text=line.text, sent_at=line.at_ms))

    def read(self) -> None:
        """Somebody looks at the lines now."""
        self.view = replace(self.view, unread=0)

    def compared(self, *, same: bool) -> None:
        """Two people compared their codes: the same ones verify the device, others end the chat."""
        security = self.view.security
        if self.view.state is not ChatState.OPEN or security is None:
            return
        if not same:
            self._send(Close(chat=self._chat))
            self._end(ChatState.UNSAFE)
            return
        self._changed = False
        self._trust.remember(self.device)
        self.view = replace(self.view, security=replace(security, verified_at_ms=self._now_ms(), changed=False))

    def take(self, message: AnyChatMessage) -> None:
        """Take what was relayed; what belongs to another opening or state is dropped."""
        if message.chat != self._chat or self.view.state not in {ChatState.OPENING, ChatState.OPEN}:
            self.dropped += 1
            return
        try:
            self._take(message)
        except AgreementError:
            self.dropped += 1
            if self.view.state is ChatState.OPENING:
                self._send(Close(chat=self._chat))
                self._end(ChatState.UNSAFE)

    def _take(self, message: AnyChatMessage) -> None:
        match message:
            case HelloBack(hello=hello):
                self._greeted(hello)
            case Proof(mac=mac):
                self._proved(mac)
            case Sealed():
                self._unsealed(message)
            case Lost():
                self._begin()
            case Open() | RevealBack() | Close():
                self.dropped += 1  # the desktop's own words

    def _begin(self) -> None:
        self._chat = self._new_id()
        call = call_of(self.view.visit, self._chat)
        self._clinician = Clinician(self._trust.device(), call, MARK, self._trust.link_of)
        self._agreed = self._cipher = None
        self.view = replace(self.view, state=ChatState.OPENING, security=None)
        self._send(Open(chat=self._chat, commit=self._clinician.commit))

    def _end(self, state: ChatState) -> None:
        self._clinician = self._agreed = self._cipher = None
        self.view = replace(self.view, state=state, security=None)

    def _greeted(self, hello: KeyHello) -> None:
        if self._clinician is None or self._agreed is not None:
            raise AgreementError("twice")
        self._agreed = self._clinician.answered(SignedHello(hello.h, hello.s), MARK)
        own, ciphertext = self._clinician.hello, self._clinician.ciphertext
        reveal = KeyHello(
            h=own.text,
            s=own.signature,
            ct=b64(ciphertext) if ciphertext else None,
            link=self._clinician.link is LinkUse.USED,
        )
        self._send(RevealBack(chat=self._chat, hello=reveal))

    def _proved(self, mac: str) -> None:
        if self._agreed is None or self._clinician is None or self._cipher is not None:
            raise AgreementError("out of turn")
        self._agreed.check("P", unb64(mac, _PROOF_BYTES))
        security = self._secured(self._agreed, self._clinician)
        root = bytes(self._agreed.root())
        self._cipher = ChatCipher(root, call_of(self.view.visit, self._chat), "C>P")
        self.view = replace(self.view, state=ChatState.OPEN, present=True, security=security)
        self._send(Proof(chat=self._chat, mac=b64(self._agreed.confirmation("C"))))
        self._agreed.wipe()
        for line in self.view.lines:
            if line.mine and line.state is LineState.SENDING:
                self._seal(Line(id=line.id, text=line.text, sent_at=line.at_ms))

    def _secured(self, agreed: "Agreed", clinician: Clinician) -> ChatSecurity:
        before, self.device = self.device, clinician.peer.device if clinician.peer is not None else b""
        self._changed = self._changed or before not in {b"", self.device}  # going back proves nothing
        code = agreed.safety_code
        return ChatSecurity(
            code.symbols,
            code.names,
            code.digits,
            agreed.is_post_quantum,
            clinician.link,
            None if self._changed else self._trust.verified(self.device),
            self._changed,
        )

    def _unsealed(self, sealed: Sealed) -> None:
        if self._cipher is None:
            raise AgreementError("too early")
        content = self._cipher.open(sealed)
        if isinstance(content, Received):
            self._keep(
                tuple(
                    replace(line, state=LineState.DELIVERED) if line.mine and line.id == content.id else line
                    for line in self.view.lines
                )
            )
            return
        known = any(line.id == content.id and not line.mine for line in self.view.lines)
        if not known:
            line = ChatLine(content.id, content.text, self._now_ms(), mine=False, state=LineState.RECEIVED)
            self._keep((*self.view.lines, line))
            self.view = replace(self.view, unread=self.view.unread + 1)
        self._seal(Received(id=content.id))

    def _seal(self, content: Line | Received) -> None:
        if self._cipher is not None:
            n, c = self._cipher.seal(content)
            self._send(Sealed(chat=self._chat, n=n, c=c))

    def _keep(self, lines: tuple[ChatLine, ...]) -> None:
        self.view = replace(self.view, lines=lines[-MAX_LINES:])
