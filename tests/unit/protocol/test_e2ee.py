"""The encryption of a visit: what the two agree on, and every lie that somebody in between could tell."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from carena_protocol.e2ee import post_quantum, sframe
from carena_protocol.e2ee.agreement import (
    Agreed,
    AgreementError,
    Clinician,
    LinkUse,
    Patient,
    SignedHello,
    fingerprint_of,
)
from carena_protocol.e2ee.renewal import ClinicianRenewal, PatientRenewal
from carena_protocol.e2ee.sframe import Opener, Sealer, SealError
from carena_protocol.peer import Rekey, RekeyAck, RekeyDone, RekeyFin
from scripts.e2ee_vectors import PATH, render

VECTORS: dict[str, Any] = json.loads((Path(sframe.__file__).parents[1] / "vectors" / "sframe.json").read_text("utf-8"))
MARK, OTHER = ":".join(["AA"] * 32), ":".join(["BB"] * 32)
KEY = bytes(range(16))


class Two:
    """A desktop and a patient, with whoever stands in between as the test likes."""

    def __init__(self) -> None:
        self.clinician = Clinician(Ed25519PrivateKey.generate(), "v/i/1", MARK)
        self.patient = Patient(Ed25519PrivateKey.generate(), "v/i/1", self.clinician.commit, OTHER, MARK)

    def agree(self) -> tuple[Agreed, Agreed]:
        """Let nobody stand in between; return what either has."""
        here = self.clinician.answered(self.patient.hello, OTHER)
        uses_link = self.clinician.link is LinkUse.USED
        return here, self.patient.revealed(self.clinician.hello, self.clinician.ciphertext, uses_link=uses_link)


def test_the_two_agree() -> None:
    """Both have the same code, believe each other's proof, and know each other's device."""
    here, there = Two().agree()
    assert here.safety_code == there.safety_code
    assert len(here.safety_code.names) == 4
    assert here.safety_code.digits.isdigit()
    here.check("P", there.confirmation("P"))
    there.check("C", here.confirmation("C"))
    with pytest.raises(AgreementError, match="confirmation"):
        here.check("P", there.confirmation("C"))  # reflected


@pytest.mark.parametrize(
    ("reason", "lie"),
    [
        ("fingerprint", lambda two: two.clinician.answered(two.patient.hello, MARK)),
        ("signature", lambda two: two.clinician.answered(_changed(two.patient.hello, '"v":2', '"v":3'), OTHER)),
        ("role", lambda two: two.clinician.answered(two.clinician.hello, MARK)),
        ("call", lambda two: two.clinician.answered(_of_call("v/i/2"), OTHER)),
        ("commitment", lambda two: two.patient.revealed(Two().clinician.hello)),
    ],
)
def test_every_lie_has_its_name(reason: str, lie: Callable[[Two], object]) -> None:
    """Another certificate, text, role, call or commitment is refused, each for its own reason."""
    with pytest.raises(AgreementError) as caught:
        lie(Two())
    assert caught.value.reason == reason


def test_nothing_said_after_the_hellos_moves_the_safety_code() -> None:
    """Could a ciphertext or the link move it, whoever stands in between would try until its two codes are equal."""
    codes = {
        Agreed("c", "p", bytes(32), ciphertext=ciphertext, quantum=quantum, link=link).safety_code
        for ciphertext, quantum, link in ((b"", b"", b""), (b"1", b"q", b""), (b"2", b"r", b""), (b"", b"", b"k" * 16))
    }
    assert len(codes) == 1


@pytest.mark.parametrize("public", [b"", b"\xff" * 1184, bytes(1183)])
def test_what_is_no_post_quantum_key_is_refused(public: bytes) -> None:
    """By the check of FIPS 203, as an AgreementError."""
    with pytest.raises(AgreementError):
        post_quantum.encapsulate(public)


def test_whoever_stands_in_between_gets_another_code() -> None:
    """With keys of one's own towards each side the codes differ, and neither proof is believed by the other."""
    two, middle = Two(), Ed25519PrivateKey.generate()
    towards_clinician = Patient(middle, "v/i/1", two.clinician.commit, OTHER, MARK)
    towards_patient = Clinician(middle, "v/i/1", MARK)
    patient = Patient(Ed25519PrivateKey.generate(), "v/i/1", towards_patient.commit, OTHER, MARK)
    here = two.clinician.answered(towards_clinician.hello, OTHER)
    towards_patient.answered(patient.hello, OTHER)
    there = patient.revealed(towards_patient.hello, towards_patient.ciphertext)
    assert here.safety_code != there.safety_code
    with pytest.raises(AgreementError):
        here.check("P", there.confirmation("P"))


@given(st.text(max_size=200), st.text(max_size=100))
def test_no_text_is_taken_for_a_hello(text: str, signature: str) -> None:
    """Whatever is not a signed hello is an AgreementError, never another one."""
    with pytest.raises(AgreementError):
        Two().clinician.answered(SignedHello(text, signature), OTHER)


@given(st.text(max_size=300))
def test_no_sdp_gives_half_a_fingerprint(text: str) -> None:
    """An SDP has exactly one SHA-256 fingerprint, or is refused."""
    with pytest.raises(AgreementError):
        fingerprint_of(text.replace("fingerprint", ""))


def test_keys_are_renewed_and_never_repeat() -> None:
    """Each epoch gives both sides the same new keys; a message of another epoch answers nothing."""
    ours, theirs = Two().agree()
    here, there = ClinicianRenewal(ours.root()), PatientRenewal(theirs.root())
    seen: set[bytes] = set()
    for epoch in (1, 2, 3):
        question = here.begin()
        assert here.begin() == question  # it is late: the same words again
        assert isinstance(question, Rekey)
        ack = there.rekey(question)
        assert ack is not None
        assert there.rekey(question) == ack
        answer = here.ack(ack)
        assert answer is not None
        fin, receive = answer
        assert here.ack(ack) is None
        assert here.begin() == fin
        outcome = there.fin(fin)
        assert outcome is not None
        done, (theirs_receive, theirs_send) = outcome
        assert there.fin(fin) == (done, ())
        assert there.rekey(question) is None
        send = here.done(done)
        assert send is not None
        assert here.done(done) is None
        assert replace(receive, use="send") == theirs_send
        assert replace(send, use="receive") == theirs_receive
        keys = {key for each in (receive, send) for key in (each.audio, each.video, each.screen, each.files)}
        assert len(keys) == 8
        assert not keys & seen
        seen |= keys
        assert here.epoch == there.epoch == epoch


def test_wrapped_keys_of_somebody_else_are_refused() -> None:
    """A wrap, a point or a hash that is not the other party's ends the renewal."""
    here, there = ClinicianRenewal(bytearray(32)), PatientRenewal(bytearray(32))
    question = here.begin()
    assert isinstance(question, Rekey)
    ack = there.rekey(question)
    assert ack is not None
    with pytest.raises(AgreementError):
        here.ack(RekeyAck(n=1, x=ack.x, k="A" * 80))
    answer = here.ack(ack)
    assert answer is not None
    with pytest.raises(AgreementError):
        there.fin(RekeyFin(n=1, k="A" * 80))
    with pytest.raises(AgreementError):
        here.done(RekeyDone(n=1, h="A" * 43 + "="))


def test_a_screens_key_ids_are_nobody_elses() -> None:
    """No epoch's key of a shared screen has the id of a key of sound or camera, in many more epochs than a leg has."""
    epochs = range(1, 5000)
    ids = [sframe.key_id(epoch, kind) for epoch in epochs for kind in ("audio", "video", "screen")]
    assert len(set(ids)) == len(ids)
    assert sframe.decode_header(sframe.encode_header(sframe.key_id(4999, "screen"), 7))[:2] == (2**32 + 4999, 7)


def test_a_cameras_frame_is_no_screens() -> None:
    """Even under the same key: what a frame is of is part of what was sealed."""
    sealer, opener = Sealer("C>P", "video"), Opener("C>P", "screen", lambda: 0.0)
    sealer.install(1, KEY)
    opener.install(1, KEY)
    with pytest.raises(SealError, match="unknown key"):
        opener.open(sealer.seal(b"\x01picture", sframe.DELTA_SHIM), 1)
    moved = Sealer("C>P", "screen")
    moved._context = b"C>P/video"
    moved.install(1, KEY)
    with pytest.raises(SealError, match="not authentic"):
        opener.open(moved.seal(b"\x01picture", sframe.DELTA_SHIM), 1)


# -- frames -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS["header"], ids=lambda v: v["encoded"])
def test_headers_are_those_of_rfc_9605(vector: dict[str, Any]) -> None:
    """Each of the RFC's headers is written and read."""
    encoded = bytes.fromhex(vector["encoded"])
    assert sframe.encode_header(vector["kid"], vector["ctr"]) == encoded
    assert sframe.decode_header(encoded) == (vector["kid"], vector["ctr"], len(encoded))


def test_keys_and_ciphertext_are_those_of_rfc_9605() -> None:
    """The RFC's key, salt and sealed frame of suite 4 come out."""
    for vector in VECTORS["sframe"]:
        key, salt = sframe.derive(vector["kid"], bytes.fromhex(vector["base_key"]))
        assert (key.hex(), salt.hex()) == (vector["sframe_key"], vector["sframe_salt"])
        header = sframe.encode_header(vector["kid"], vector["ctr"])
        nonce = (int.from_bytes(salt, "big") ^ vector["ctr"]).to_bytes(12, "big")
        sealed = AESGCM(key).encrypt(nonce, bytes.fromhex(vector["pt"]), header + bytes.fromhex(vector["metadata"]))
        assert (header + sealed).hex() == vector["ct"]


def pair(now: Callable[[], float] = lambda: 0.0) -> tuple[Sealer, Opener]:
    """A sealer and the opener of its frames, with a key."""
    sealer, opener = Sealer("C>P", "video"), Opener("C>P", "video", now)
    sealer.install(1, KEY)
    opener.install(1, KEY)
    return sealer, opener


@given(st.binary(max_size=400), st.booleans())
def test_a_frame_comes_back_once(frame: bytes, key_frame: bool) -> None:
    """Whatever was sealed is opened unchanged, and a second time it is refused."""
    sealer, opener = pair()
    whole = bytes([0 if key_frame else 1]) + frame
    sealed = sealer.seal(whole, sframe.shim(whole))
    assert opener.open(sealed, sframe.shim_size(sealed)) == whole
    with pytest.raises(SealError, match="seen before"):
        opener.open(sealed, sframe.shim_size(sealed))


@given(st.integers(0, 79), st.integers(1, 255))
def test_no_changed_bit_goes_unnoticed(place: int, change: int) -> None:
    """A frame with any byte changed is refused."""
    sealer, opener = pair()
    frame = bytes([1]) * 60
    sealed = bytearray(sealer.seal(frame, sframe.shim(frame)))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(SealError):
        opener.open(bytes(sealed), sframe.shim_size(bytes(sealed)))


@given(st.binary(max_size=60), st.integers(0, 12))
def test_no_bytes_are_taken_for_a_frame(data: bytes, clear: int) -> None:
    """Arbitrary bytes are a SealError, never another error and never a frame."""
    with pytest.raises(SealError):
        pair()[1].open(data, clear)


@pytest.mark.parametrize(("direction", "kind"), [("P>C", "video"), ("C>P", "audio")])
def test_a_frame_is_good_for_one_way_and_one_kind(direction: Any, kind: Any) -> None:
    """The same key does not open a frame of the other direction or kind: reflected and swapped frames are refused."""
    sealer = Sealer(direction, kind)
    sealer.install(1, KEY)
    opener = Opener("C>P", "video", lambda: 0.0)
    opener.install(1, KEY)
    with pytest.raises(SealError):
        opener.open(sealer.seal(b"\x01frame"))


def test_without_a_key_nothing_passes() -> None:
    """Fail closed: no key, no frame, in either direction."""
    with pytest.raises(SealError, match="no key"):
        Sealer("C>P", "audio").seal(b"frame")
    with pytest.raises(SealError, match="unknown key"):
        Opener("C>P", "audio", lambda: 0.0).open(pair()[0].seal(b"frame"))


def test_a_key_that_sealed_a_million_frames_seals_none_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is 2^20 frames for a key, far from where counters or GCM would give out; the next key goes on."""
    assert sframe.MAX_FRAMES == 2**20
    monkeypatch.setattr(sframe, "MAX_FRAMES", 3)
    sealer = Sealer("C>P", "video")
    sealer.install(1, bytes(16))
    for _ in range(3):
        sealer.seal(b"frame")
    with pytest.raises(SealError):
        sealer.seal(b"frame")
    sealer.install(2, bytes(16))
    assert sealer.seal(b"frame")


def test_an_old_key_opens_for_ten_seconds_more() -> None:
    """Frames on their way at a change of keys are opened; after ten seconds the old key is gone."""
    now = 100.0
    sealer, opener = pair(lambda: now)
    late, too_late = sealer.seal(b"\x01late"), sealer.seal(b"\x01later")
    sealer.install(2, bytes(16))
    opener.install(2, bytes(16))
    now = 109.9
    assert opener.open(late) == b"\x01late"
    assert opener.open(sealer.seal(b"\x01new")) == b"\x01new"
    now = 110.1
    with pytest.raises(SealError, match="unknown key"):
        opener.open(too_late)
    sealer.install(1, KEY)
    assert sframe.decode_header(sealer.seal(b"x"))[0] == sframe.key_id(2, "video")  # never back to an old key


def test_only_the_next_key_is_waited_for_and_not_for_long() -> None:
    """Half a second from the first frame that asks, once for each key; whoever sends other key ids holds up nobody."""
    now = 100.0
    opener = Opener("C>P", "video", lambda: now)

    def patience(epoch: int) -> float:
        sealer = Sealer("C>P", "video")
        sealer.install(epoch, KEY)
        sealed = sealer.seal(b"\x01frame", sframe.DELTA_SHIM)
        return opener.patience(sealed, sframe.shim_size(sealed))

    assert patience(1) == sframe.WAIT_S
    now += 0.2
    assert [round(patience(epoch), 3) for epoch in (1, 2, 3, 1 << 40)] == [0.3, 0, 0, 0]
    now += 0.4
    assert patience(1) == 0
    opener.install(1, KEY)
    assert [patience(epoch) for epoch in (1, 2, 3)] == [0, sframe.WAIT_S, 0]
    assert opener.patience(b"") == 0


def test_very_late_frames_are_refused() -> None:
    """A frame more than a window behind the newest can't be told from a repetition."""
    sealer, opener = pair()
    first = sealer.seal(b"\x01first")
    for _ in range(sframe.REPLAY_WINDOW):
        newest = sealer.seal(b"\x01frame")
    opener.open(newest)
    with pytest.raises(SealError, match="seen before"):
        opener.open(first)


def test_the_committed_vectors_are_the_generated_ones() -> None:
    """What the portal's tests reproduce is what this code gives."""
    assert PATH.read_text("utf-8") == render(), "run: python -m scripts.e2ee_vectors"


def _changed(hello: SignedHello, before: str, after: str) -> SignedHello:
    return SignedHello(hello.text.replace(before, after), hello.signature)


def _of_call(call: str) -> SignedHello:
    return Patient(Ed25519PrivateKey.generate(), call, "", OTHER, MARK).hello


@given(st.binary(max_size=400))
def test_sound_is_padded_and_comes_back(packet: bytes) -> None:
    """Whatever its size and its end, the packet is unchanged, and what is sent has one of a few sizes."""
    padded = sframe.pad(packet)
    assert sframe.unpad(padded) == packet
    assert len(padded) % sframe.PAD_TO == 0
    assert len(padded) - len(packet) <= sframe.PAD_TO


@pytest.mark.parametrize("data", [b"", bytes(64), b"\x80", b"\x01" * 64, b"\x80" + bytes(62)])
def test_what_is_not_padded_is_refused(data: bytes) -> None:
    """No end mark, or another size than a multiple."""
    with pytest.raises(SealError, match="padding"):
        sframe.unpad(data)


def test_packets_of_many_sizes_look_alike() -> None:
    """From 64 to 127 bytes, which is what browsers send at 40 kbit/s, sealed sound has one size."""
    sealer = Sealer("C>P", "audio")
    sealer.install(1, KEY)
    for _ in range(8):
        sealer.seal(b"")  # the counter takes a byte more from its 8th frame on
    assert {len(sealer.seal(bytes(size))) for size in range(64, 128)} == {1 + 1 + 128 + 16}
