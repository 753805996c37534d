"""One leg with everything that is real but the network: a desktop, a patient, and a server in between that may lie.

The server sees and changes every signal; on the data channel it sees nothing unless the DTLS connections end at it,
which the honest ends exclude by comparing certificates. So both "networks" are here: signals pass through ``Server``,
and the channel through ``Server`` as well once a test has put its own certificate between the two.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_desktop.call.leg_security import LegSecurity, Step
from carena_desktop.call.ports import InstallKeys
from carena_protocol.e2ee.agreement import AgreementError
from carena_protocol.e2ee.patient import PatientSecurity, PatientStep
from carena_protocol.e2ee.renewal import EpochKeys
from carena_protocol.e2ee.sframe import Direction, Kind, Opener, Sealer, SealError, shim, shim_size
from carena_protocol.peer import Answer, AnyControl, AnySignal, KeyHello, Offer, Reveal

CALL = "visit/page/1"
DESKTOP, PATIENT, SERVER = (":".join([mark] * 32) for mark in ("DD", "AA", "EE"))
"""Fingerprints of the three certificates."""
PICTURE = bytes([0x31, *range(200)])
LINK = bytes(range(16))

Keys: TypeAlias = tuple[str, int, bytes, bytes]


def sdp(mark: str) -> str:
    """As much of an SDP as the agreement reads."""
    return f"v=0\r\na=fingerprint:sha-256 {mark}\r\n"


class Server:
    """An honest one; the liars override. ``to_patient`` and ``to_desktop`` return None to swallow a signal."""

    certificate = ""
    """Its own, once it ends the DTLS connections: the honest ends then meet this one."""

    def to_patient(self, signal: AnySignal) -> AnySignal | None:
        """The desktop's signal on its way."""
        return signal

    def to_desktop(self, signal: AnySignal) -> AnySignal | None:
        """The patient's signal on its way."""
        return signal

    def control_to_patient(self, message: AnyControl) -> list[AnyControl]:
        """The desktop's control message on its way, if the connections end here."""
        return [message]

    def control_to_desktop(self, message: AnyControl) -> list[AnyControl]:
        """The patient's."""
        return [message]


@dataclass
class Media:
    """What one end seals with and opens with."""

    sealer: Sealer
    opener: Opener
    now: float = 0.0

    def install(self, use: str, epoch: int, video: bytes) -> None:
        """Take the key of an epoch for pictures."""
        (self.sealer if use == "send" else self.opener).install(epoch, video)

    def send(self, frame: bytes = PICTURE) -> bytes | None:
        """A frame as it leaves, None when nothing does."""
        try:
            return self.sealer.seal(frame, shim(frame))
        except SealError:
            return None

    def shows(self, data: bytes) -> bytes | None:
        """What is shown of a frame that came, None for nothing."""
        try:
            return self.opener.open(data, shim_size(data))
        except SealError:
            return None


def media(sends: Direction, receives: Direction, kind: Kind = "video") -> Media:
    """An end without keys."""
    made = Media(Sealer(sends, kind), Opener(receives, kind, lambda: made.now))
    return made


@dataclass
class Visit:
    """Runs one agreement through ``server``; what the ends find is in ``caught``."""

    server: Server
    known: bytes = b""
    """The link's secret as the desktop knows it."""
    link: bytes = b""
    """As the patient's page has it."""
    can_kem: bool = True
    kind: Kind = "video"
    """Which of the two pictures the ends send: the camera's, or a shared screen's."""
    caught: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make both ends."""
        self.desktop = LegSecurity(Ed25519PrivateKey.generate(), CALL, 1, link_of=lambda _hint: self.known)
        self.patient: PatientSecurity | None = None
        self.here, self.there = media("C>P", "P>C", self.kind), media("P>C", "C>P", self.kind)
        self.keys: list[Keys] = []
        """Everything that either end installed."""
        self.open = True
        self.now = 0.0
        self.offer_applied = self.answer_applied = ""

    # -- the run

    def run(self) -> "Visit":
        """Go as far as the two let it."""
        try:
            self._signals()
        except AgreementError as error:
            self.caught.append(error.reason)
            self.open = False
            return self
        if self.patient is not None and self._connects():
            self._channel()
        return self

    @property
    def both_safe(self) -> bool:
        """Whether both ends believe to be alone with the other."""
        return self.open and self.desktop.is_safe and self.patient is not None and self.patient.is_safe

    @property
    def codes_equal(self) -> bool:
        """Whether the two would read the same to each other."""
        assert self.patient is not None
        assert self.patient.agreed is not None
        return self.desktop.view.digits == self.patient.agreed.safety_code.digits

    def _signals(self) -> None:
        offer = Offer(leg=1, instance="page", sdp=sdp(DESKTOP), commit=self.desktop.offered(sdp(DESKTOP)))
        came = self.server.to_patient(offer)
        if not isinstance(came, Offer):
            return
        device = Ed25519PrivateKey.generate()
        self.patient = PatientSecurity(device, CALL, came.commit, came.sdp, self.link, can_kem=self.can_kem)
        answer = Answer(leg=1, sdp=sdp(PATIENT), hello=self.patient.hello(sdp(PATIENT)))
        back = self.server.to_desktop(answer)
        if not isinstance(back, Answer):
            return
        reveal = Reveal(leg=1, hello=self.desktop.answered(back.hello, back.sdp))
        self.answer_applied = back.sdp
        self.offer_applied = came.sdp
        last = self.server.to_patient(reveal)
        if isinstance(last, Reveal):
            self._patient_step(self.patient.revealed(last.hello))

    def _connects(self) -> bool:
        """DTLS comes up when each end meets the certificate that its SDP named."""
        behind = self.server.certificate
        met_by_patient, met_by_desktop = (behind or DESKTOP), (behind or PATIENT)
        return met_by_patient in self.offer_applied and met_by_desktop in self.answer_applied

    def _channel(self) -> None:
        assert self.patient is not None
        try:
            proof = self.patient.opened()
            self._to_patient(self.desktop.opened())
            self._patient_step(proof)
        except AgreementError as error:
            self.caught.append(error.reason)
            self.open = False

    def renew(self) -> None:
        """Begin another epoch."""
        self.now += 60
        try:
            self._desktop_step(self.desktop.tick(self.now))
        except AgreementError as error:
            self.caught.append(error.reason)
            self.open = False

    def _to_patient(self, message: AnyControl) -> None:
        assert self.patient is not None
        for came in self.server.control_to_patient(message):
            step = self.patient.take(came)
            if step is not None:
                self._patient_step(step)

    def _patient_step(self, step: PatientStep) -> None:
        for keys in step.first:
            self._install(self.there, keys)
        for message in step.say:
            for came in self.server.control_to_desktop(message):
                self._desktop_step(self.desktop.take(came, self.now))
        for keys in step.then:
            self._install(self.there, keys)

    def _desktop_step(self, step: Step) -> None:
        for keys in step.keys:
            self._install(self.here, keys)
        for message in step.say:
            self._to_patient(message)

    def _install(self, end: Media, keys: EpochKeys | InstallKeys) -> None:
        self.keys.append((keys.use, keys.epoch, keys.audio, keys.video))
        end.install(keys.use, keys.epoch, keys.screen if self.kind == "screen" else keys.video)

    # -- what came of it

    def frames_pass(self) -> bool:
        """Whether a picture of each end is shown at the other."""
        ours, theirs = self.here.send(), self.there.send()
        return None not in {ours, theirs} and (self.there.shows(ours or b""), self.here.shows(theirs or b"")) == (
            PICTURE,
            PICTURE,
        )

    def nothing_passes(self) -> bool:
        """Whether neither end lets a frame leave, or shows one."""
        return self.here.send() is None and self.there.send() is None


def swapped(hello: KeyHello, **changes: object) -> KeyHello:
    """A hello with some members exchanged."""
    return msgspec.structs.replace(hello, **changes)
