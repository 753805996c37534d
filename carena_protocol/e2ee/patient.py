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
from carena_protocol.e2ee.chain import Chain, ChainError
from carena_protocol.e2ee.post_quantum import CIPHERTEXT_BYTES
from carena_protocol.e2ee.renewal import EpochKeys, PatientRenewal
from carena_protocol.peer import (
    AnyControl,
    AnySignal,
    Confirm,
    KeyHello,
    LegFailed,
    Offer,
    PeerMessageError,
    Rekey,
    RekeyFin,
    Reveal,
    Sealed,
    SealedOver,
    decode_signal,
    encode,
)


@dataclass(frozen=True, slots=True)
class PatientStep:
    """What came of a message: what to install first, what to say, what to install then."""

    first: tuple[EpochKeys, ...] = ()
    say: tuple[AnyControl, ...] = ()
    then: tuple[EpochKeys, ...] = ()


class PatientChain:
    """By what the patient knows the offers of later legs, and seals its answers to them.

    A page that was loaded anew makes another.
    """

    def __init__(self) -> None:
        self._chain = Chain("P")
        self._vouched: dict[int, int] = {}

    def opened(self, signal: AnySignal | SealedOver) -> AnySignal | None:
        """Return what the desktop says; None when it is forged, or came plain although it should be sealed."""
        if not isinstance(signal, Sealed | SealedOver):
            plain = isinstance(signal, Offer | Reveal) and self._chain.legs and signal.leg not in self._chain.legs
            return None if plain else signal
        try:
            inner = decode_signal(self._chain.open(signal).encode())
        except (ChainError, PeerMessageError):
            return None
        if isinstance(inner, Offer):
            self._vouched[inner.leg] = signal.leg
        return inner

    def sealed(self, leg: int, signal: AnySignal) -> AnySignal:
        """Return what to say about a leg: sealed if its offer was."""
        is_sealed = self._vouched.get(leg) or (isinstance(signal, LegFailed) and self._chain.leg)
        return self._chain.seal(encode(signal).decode()) if is_sealed else signal

    def is_safe(self, leg: int, agreed: Agreed) -> None:
        """Both proved to have agreed on a leg."""
        self._chain.add(leg, agreed.resume(), self._vouched.get(leg, 0))

    def is_settled(self, leg: int) -> None:
        """The desktop renews the keys of a leg, so it has its secrets too."""
        self._chain.use(leg)


class PatientSecurity:
    """One leg. Every method may raise AgreementError.

    Args:
        device: The patient's device key.
        call: Names visit and leg, alike on both sides.
        commit: What came with the offer.
        offer: SDP.
        link: The visit link's secret, b"" without one.
        can_kem: Whether to offer ML-KEM; None for whether this computer can.
        chain: Of the page; without it the leg stands alone.
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
        chain: PatientChain | None = None,
    ) -> None:
        self._chain = chain if chain is not None else PatientChain()
        self._device = device
        self._link = link
        self._can_kem = can_kem
        self._call = call
        self._commit = commit
        self._leg = int(call.rpartition("/")[2])
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
                done, keys = outcome
                self._chain.is_settled(self._leg)
                return PatientStep(keys[:1], (done,), keys[1:])
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
        self._chain.is_safe(self._leg, self.agreed)
        self.is_safe = True
