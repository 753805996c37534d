"""The patient's side of one leg's safety in Python, for tests and demonstrations; the portal's is JavaScript."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_protocol.e2ee.agreement import (
    Agreed,
    AgreementError,
    LinkUse,
    Patient,
    SignedHello,
    b64,
    fingerprint_of,
    unb64,
)
from carena_protocol.e2ee.post_quantum import CIPHERTEXT_BYTES
from carena_protocol.e2ee.renewal import EpochKeys, PatientRenewal
from carena_protocol.peer import AnyControl, Confirm, KeyHello, Rekey, RekeyFin


@dataclass(frozen=True, slots=True)
class PatientStep:
    """What came of a message: what to install first, what to say, what to install then."""

    first: tuple[EpochKeys, ...] = ()
    say: tuple[AnyControl, ...] = ()
    then: tuple[EpochKeys, ...] = ()


class PatientSecurity:
    """One leg. Every method may raise AgreementError.

    Args:
        device: The patient's device key.
        call: Names visit and leg, alike on both sides.
        commit: What came with the offer.
        offer: SDP.
        link: The visit link's secret, b"" without one.
        can_kem: Whether to offer ML-KEM; None for whether this computer can.
    """

    def __init__(
        self,
        device: Ed25519PrivateKey,
        call: str,
        commit: str,
        offer: str,
        link: bytes = b"",
        *,
        can_kem: bool | None = None,
    ) -> None:
        self._device = device
        self._link = link
        self._can_kem = can_kem
        self._call = call
        self._commit = commit
        self._theirs = fingerprint_of(offer)
        self._patient: Patient | None = None
        self._renewal: PatientRenewal | None = None
        self._is_open = False
        self._early: str | None = None
        self.agreed: Agreed | None = None
        self.is_safe = False
        self.link = LinkUse.ABSENT

    def hello(self, answer: str) -> KeyHello:
        """Return our hello for this answer's SDP."""
        mark = fingerprint_of(answer)
        self._patient = Patient(
            self._device, self._call, self._commit, mark, self._theirs, link=self._link, can_kem=self._can_kem
        )
        return KeyHello(h=self._patient.hello.text, s=self._patient.hello.signature)

    def revealed(self, hello: KeyHello) -> PatientStep:
        """Take the desktop's hello."""
        if self._patient is None or self.agreed is not None:
            raise AgreementError("out of turn")
        ciphertext = b"" if hello.ct is None else unb64(hello.ct, CIPHERTEXT_BYTES)
        self.agreed = self._patient.revealed(SignedHello(hello.h, hello.s), ciphertext, uses_link=hello.link)
        if self._link:
            self.link = LinkUse.USED if hello.link else LinkUse.UNKNOWN_TO_DESKTOP
        self._renewal = PatientRenewal(self.agreed.root())
        return self._confirm()

    def opened(self) -> PatientStep:
        """The data channel is open."""
        self._is_open = True
        return self._confirm()

    def take(self, message: AnyControl) -> PatientStep | None:
        """Take a control message; None when it is the two's own talk, which counts once the leg is safe."""
        match message:
            case Confirm(mac=mac):
                self._confirmed(mac)
                return PatientStep()
            case Rekey() if self.is_safe and self._renewal is not None:
                ack = self._renewal.rekey(message)
                return PatientStep(say=() if ack is None else (ack,))
            case RekeyFin() if self.is_safe and self._renewal is not None:
                outcome = self._renewal.fin(message)
                if outcome is None:
                    return PatientStep()
                done, (receive, send) = outcome
                return PatientStep((receive,), (done,), (send,))
            case _:
                return None if self.is_safe else PatientStep()

    def _confirm(self) -> PatientStep:
        if self.agreed is None or not self._is_open:
            return PatientStep()
        if self._early is not None:
            self._confirmed(self._early)
        return PatientStep(say=(Confirm(mac=b64(self.agreed.confirmation("P"))),))

    def _confirmed(self, mac: str) -> None:
        if self.agreed is None or not self._is_open:
            self._early = mac
            return
        self.agreed.check("C", unb64(mac, 32))
        self.is_safe = True
