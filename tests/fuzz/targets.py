"""Everything that reads what a stranger wrote, with good inputs to begin from and what it may answer.

A target returns for an input that it takes and raises one of its own errors for any other. Whatever else comes out of
it is a finding. Where a good answer can be checked (it can be written down and read again, nothing was opened that was
not sealed), the target checks it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_desktop.call.engine import answer_check, wire
from carena_desktop.call.engine.answer_check import AnswerError
from carena_desktop.call.engine.wire import WireError
from carena_desktop.call.files import name as file_name
from carena_desktop.call.files import sniff
from carena_desktop.call.ports import ControlReceived, LegChanged, LegState, OfferMade
from carena_protocol import codec, files, peer
from carena_protocol.codec import ProtocolError
from carena_protocol.e2ee import link_secret, renewal, sframe
from carena_protocol.e2ee.agreement import AgreementError, Clinician, SignedHello, check_hello, fingerprint_of
from carena_protocol.e2ee.patient import PatientSecurity
from carena_protocol.e2ee.sframe import Opener, Sealer, SealError, shim, shim_size
from carena_protocol.peer import PeerMessageError
from carena_protocol.rest import CheckInRequest, LoginRequest

VECTORS = Path(peer.__file__).parent / "vectors"
PRINT = ":".join(["AB"] * 32)
MIDS = ("0", "1", "2")


@dataclass(frozen=True)
class Target:
    """``run`` may raise ``errors`` and nothing else."""

    name: str
    seeds: tuple[bytes, ...]
    run: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]


def _frames(name: str) -> tuple[bytes, ...]:
    vectors: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return tuple(vector["frame"].encode("utf-8", "surrogatepass") for vector in vectors)


def _answer() -> bytes:
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2"]
    for mid, (kind, codec_name) in enumerate((("audio", "opus/48000/2"), ("video", "VP8/90000"), ("application", ""))):
        how = "UDP/TLS/RTP/SAVPF 96" if codec_name else "UDP/DTLS/SCTP webrtc-datachannel"
        lines += [f"m={kind} 9 {how}", f"a=mid:{mid}", "a=ice-ufrag:abcd", "a=ice-pwd:" + "p" * 24]
        lines += [f"a=fingerprint:sha-256 {PRINT}", "a=setup:active", "a=candidate:1 1 udp 1 10.0.0.1 5 typ host"]
        lines += [f"a=rtpmap:96 {codec_name}", "a=rtcp-mux"] if codec_name else ["a=sctp-port:5000"]
    return ("\r\n".join(lines) + "\r\n").encode()


def _signal(data: bytes) -> None:
    message = peer.decode_signal(data)
    assert peer.decode_signal(peer.encode(message)) == message


def _control(data: bytes) -> None:
    message = peer.decode_control(data)
    assert peer.decode_control(peer.encode(message)) == message


def _record(data: bytes) -> None:
    message = files.decode(data)
    assert files.decode(files.encode(message)) == message


def _sdp(data: bytes) -> None:
    checked = answer_check.check(data.decode("utf-8", "replace"), MIDS)
    fingerprint_of(checked.sdp)
    assert len(checked.sdp) < 4 * len(data) + 4096 * 3


def _name(data: bytes) -> None:
    cleaned = file_name.clean(data.decode("utf-8", "replace"))
    assert cleaned
    assert file_name.clean(cleaned) == cleaned
    assert not set("/\\\x00") & set(cleaned)
    assert len(cleaned) <= file_name.MAX_CHARS
    assert cleaned not in {".", ".."}


class _Hello:
    """Signed hellos of a patient: whatever is changed in one is refused."""

    def __init__(self) -> None:
        device = Ed25519PrivateKey.generate()
        offer = f"a=fingerprint:sha-256 {PRINT}\r\n"
        clinician = Clinician(device, "v/i/1", PRINT)
        made = [
            PatientSecurity(device, "v/i/1", clinician.commit, offer, link, can_kem=can_kem).hello(offer)
            for link, can_kem in ((b"", True), (bytes(16), True), (b"", False))
        ]
        self.seeds = tuple(hello.h.encode() for hello in made)
        self._signature = {hello.h.encode(): hello.s for hello in made}
        self._any = made[0].s

    def run(self, data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        check_hello(SignedHello(text, self._signature.get(data, self._any)), "P", "v/i/1", PRINT)
        assert data in self.seeds, "a hello that nobody signed was believed"


class _Frames:
    """Sealed pictures and sound: nothing is opened that was not sealed, and nothing twice."""

    def __init__(self) -> None:
        sealers = [Sealer("C>P", "video"), Sealer("C>P", "video")]
        for epoch, sealer in enumerate(sealers, 1):
            sealer.install(epoch, bytes([epoch] * 16))
        plain = [bytes([0x31, *range(60)]), bytes([0x10, *range(200)]), b""]
        self.seeds = tuple(sealer.seal(frame, shim(frame)) for sealer in sealers for frame in plain for _ in range(12))
        self._sealed = set(self.seeds)
        self._opener = Opener("C>P", "video", lambda: 0.0)
        for epoch in (1, 2):
            self._opener.install(epoch, bytes([epoch] * 16))

    def run(self, data: bytes) -> None:
        size = shim_size(data)
        key, counter, length = sframe.decode_header(data[size:])
        assert length <= 17
        assert max(key, counter) < 1 << 64
        self._opener.open(data, size)
        assert data in self._sealed, "a frame that nobody sealed was opened"
        self._sealed.remove(data)


def _unwrap(data: bytes) -> None:
    renewal.unwrap(bytes(32), "P>C", 7, data.decode("latin-1"))


def _link(data: bytes) -> None:
    server, ours = link_secret.split(data.decode("utf-8", "replace"))
    assert len(ours) in {0, link_secret.SECRET_BYTES}
    assert "." not in server


def targets() -> list[Target]:
    """Make them all; each has its own state."""
    hello, frames = _Hello(), _Frames()
    sdp = _answer()
    events = (OfferMade(1, "v=0"), LegChanged(1, LegState.CONNECTED), ControlReceived(1, b"{}"))
    body = msgspec.json.encode(
        CheckInRequest(secret="s" * 22, name="Test", birth_date="1984-06-21", reason="Test", consent_version="1")
    )
    json_errors = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # what the server's API answers as 400
    wrapped = renewal.wrap(bytes(32), "P>C", 7, bytes(32), bytes(12)).encode()
    offer = files.FileOffer(id="0" * 32, name="photo.jpg", size=5, sha256="A" * 43 + "=")
    records = tuple(
        files.encode(said)
        for said in (offer, files.FileAccept(id="0" * 32, start=0), files.Piece("0" * 32, 0, b"data"))
    )
    return [
        Target("signal of a peer", _frames("signals"), _signal, (PeerMessageError,)),
        Target("control of a peer", _frames("control"), _control, (PeerMessageError,)),
        Target("record of a file", records, _record, (PeerMessageError,)),
        Target("client's frame", _frames("client"), codec.decode_client, (ProtocolError,)),
        Target("server's frame", _frames("server"), codec.decode_server, (ProtocolError,)),
        Target("check-in", (body,), lambda data: msgspec.json.decode(data, type=CheckInRequest), json_errors),
        Target(
            "sign-in",
            (b'{"username":"demo","password":"secret"}',),
            lambda data: msgspec.json.decode(data, type=LoginRequest),
            json_errors,
        ),
        Target("signed hello", hello.seeds, hello.run, (AgreementError,)),
        Target("answer's SDP", (sdp, sdp.replace(b"\r\n", b"\n")), _sdp, (AnswerError, AgreementError)),
        Target("sealed frame", frames.seeds, frames.run, (SealError,)),
        Target("wrapped keys", (wrapped,), _unwrap, (AgreementError,)),
        Target("media process", tuple(wire.encode(event) for event in events), wire.decode_event, (WireError,)),
        Target("file name", (b"photo.jpg", "Ünïcödé نص.pdf".encode(), b"../../CON.exe"), _name, ()),
        Target("file content", (b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"RIFF0000WEBP", b"<svg>"), sniff.sniff, ()),
        Target("visit link", (b"serverpart0123456789ab." + b"A" * 22,), _link, ()),
    ]  # fmt: skip
