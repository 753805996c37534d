"""Servers that lie, each in one way; what each wants is in its docstring."""

import json

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_desktop.call.leg_security import LegSecurity
from carena_protocol.e2ee.agreement import SignedHello, b64
from carena_protocol.e2ee.link_secret import hint_of
from carena_protocol.e2ee.patient import PatientSecurity
from carena_protocol.peer import Answer, AnyControl, AnySignal, Confirm, KeyHello, Offer, Reveal
from tests.adversary.visit import CALL, DESKTOP, LINK, PATIENT, SERVER, Server, Visit, media, sdp, swapped


class SwapFingerprints(Server):
    """Relays the honest hellos and names its own certificate in both SDPs: it would read the chat."""

    certificate = SERVER

    def to_patient(self, signal: AnySignal) -> AnySignal | None:
        """Its certificate in the offer."""
        return msgspec.structs.replace(signal, sdp=sdp(SERVER)) if isinstance(signal, Offer) else signal

    def to_desktop(self, signal: AnySignal) -> AnySignal | None:
        """And in the answer."""
        return msgspec.structs.replace(signal, sdp=sdp(SERVER)) if isinstance(signal, Answer) else signal


class SwapOneFingerprint(SwapFingerprints):
    """The same towards the desktop alone."""

    def to_patient(self, signal: AnySignal) -> AnySignal | None:
        """Honest."""
        return signal


class Middle(Server):
    """Stands in between with keys of its own towards either side: it would see and hear everything."""

    certificate = SERVER

    def __init__(self) -> None:
        self.visit: Visit | None = None
        self.device = Ed25519PrivateKey.generate()
        self.as_desktop = LegSecurity(self.device, CALL, 1)
        self.as_patient: PatientSecurity | None = None
        self.to_patient_now = False
        self.media_here, self.media_there = media("P>C", "C>P"), media("C>P", "P>C")
        """Towards the desktop, and towards the patient."""

    def to_patient(self, signal: AnySignal) -> AnySignal | None:
        """Its own offer, and its own hello."""
        if isinstance(signal, Offer):
            self.as_patient = PatientSecurity(self.device, CALL, signal.commit, signal.sdp)
            return msgspec.structs.replace(signal, sdp=sdp(SERVER), commit=self.as_desktop.offered(sdp(SERVER)))
        assert isinstance(signal, Reveal)
        assert self.as_patient is not None
        self.heard(signal.hello)
        return Reveal(leg=1, hello=self.own_hello())

    def to_desktop(self, signal: AnySignal) -> AnySignal | None:
        """Its own answer."""
        assert isinstance(signal, Answer)
        assert self.as_patient is not None
        self.reply = self.as_desktop.answered(signal.hello, sdp(PATIENT))
        return Answer(leg=1, sdp=sdp(SERVER), hello=self.disguised(self.as_patient.hello(sdp(SERVER)), signal.hello))

    def heard(self, hello: KeyHello) -> None:
        """The desktop has revealed its hello."""
        assert self.as_patient is not None
        self.as_patient.revealed(hello)

    def own_hello(self) -> KeyHello:
        """What the patient gets for the desktop's."""
        return self.reply

    def disguised(self, own: KeyHello, _theirs: KeyHello) -> KeyHello:
        """What the desktop gets for the patient's."""
        return own

    def control_to_patient(self, message: AnyControl) -> list[AnyControl]:
        """Answer the desktop as its patient, and begin as the patient's desktop."""
        assert self.as_patient is not None
        assert self.visit is not None
        step = self.as_patient.take(message)
        found = [] if step is None else [*step.first, *step.then]
        for keys in found:
            self.media_here.install(keys.use, keys.epoch, keys.video)
        says: list[AnyControl] = [] if step is None else list(step.say)
        if isinstance(message, Confirm):
            says += self.as_patient.opened().say
        for said in says:
            self.visit._desktop_step(self.visit.desktop.take(said, self.visit.now))
        return [self.as_desktop.opened()] if isinstance(message, Confirm) else []

    def control_to_desktop(self, message: AnyControl) -> list[AnyControl]:
        """Answer the patient as its desktop."""
        assert self.visit is not None
        step = self.as_desktop.take(message, self.visit.now)
        for keys in step.keys:
            self.media_there.install(keys.use, keys.epoch, keys.video)
        for said in step.say:
            answer = self.visit.patient.take(said) if self.visit.patient is not None else None
            if answer is not None:
                self.visit._patient_step(answer)
        return []

    def sees(self) -> bool:
        """Whether it can open a frame of each end."""
        assert self.visit is not None
        ours, theirs = self.visit.here.send(), self.visit.there.send()
        opened = [self.media_here.shows(ours or b""), self.media_there.shows(theirs or b"")]
        return None not in opened


def between(server: Middle, *, known: bytes = b"", link: bytes = b"") -> Visit:
    """A visit with that server, which knows it."""
    made = Visit(server, known, link)
    server.visit = made
    return made.run()


class Impostor(Middle):
    """Shows the patient's own device key, which the desktop has verified once, with shares of its own."""

    def disguised(self, own: KeyHello, theirs: KeyHello) -> KeyHello:
        """Its hello with the patient's name on it; it has no signature for that."""
        said = json.loads(own.h) | {"dev": json.loads(theirs.h)["dev"]}
        text = json.dumps(said, separators=(",", ":"), sort_keys=True)
        assert self.as_patient is not None
        assert self.as_patient._patient is not None
        self.as_patient._patient.hello = SignedHello(text, theirs.s)
        return swapped(theirs, h=text)


class Grinder(Middle):
    """Chooses its hello towards the patient after it knows the code on the other side, until both codes are equal."""

    tries = 0

    def own_hello(self) -> KeyHello:
        """Try until they are equal."""
        assert self.as_patient is not None
        assert self.as_patient.agreed is not None
        wanted = self.as_patient.agreed.safety_code
        answer = self.seen
        while self.as_desktop._agreed is None or self.as_desktop._agreed.safety_code != wanted:
            self.as_desktop = LegSecurity(self.device, CALL, 1)
            self.as_desktop.offered(sdp(SERVER))
            self.reply = self.as_desktop.answered(answer, sdp(PATIENT))
            self.tries += 1
        return self.reply

    def to_desktop(self, signal: AnySignal) -> AnySignal | None:
        """Keep the patient's hello."""
        assert isinstance(signal, Answer)
        self.seen = signal.hello
        return super().to_desktop(signal)


class ClaimsLink(Middle):
    """Says on both sides that the visit link's secret is used, which it does not have."""

    def disguised(self, own: KeyHello, theirs: KeyHello) -> KeyHello:
        """A hello with the patient's hint, signed by itself."""
        del theirs
        said = json.loads(own.h) | {"link": b64(hint_of(LINK))}
        text = json.dumps(said, separators=(",", ":"), sort_keys=True)
        signature = b64(self.device.sign(b"carena/hello/v1" + text.encode()))
        assert self.as_patient is not None
        assert self.as_patient._patient is not None
        self.as_patient._patient.hello = SignedHello(text, signature)
        return KeyHello(h=text, s=signature)

    def heard(self, hello: KeyHello) -> None:
        """The desktop says that it is used; with nothing to mix in, go on without."""
        super().heard(msgspec.structs.replace(hello, link=False))

    def own_hello(self) -> KeyHello:
        """Say so to the patient."""
        return msgspec.structs.replace(self.reply, link=True)


class DeniesLink(Server):
    """Tells the patient that the desktop does not know the link's secret."""

    def to_patient(self, signal: AnySignal) -> AnySignal | None:
        """The flag taken out."""
        return Reveal(leg=1, hello=swapped(signal.hello, link=False)) if isinstance(signal, Reveal) else signal


class StripsKem(Server):
    """Takes ML-KEM out of what the desktop says, to open a recording one day."""

    def to_patient(self, signal: AnySignal) -> AnySignal | None:
        """The ciphertext taken out."""
        return Reveal(leg=1, hello=swapped(signal.hello, ct=None)) if isinstance(signal, Reveal) else signal


class StripsCapability(Server):
    """Takes ML-KEM out of the patient's signed hello."""

    def to_desktop(self, signal: AnySignal) -> AnySignal | None:
        """Flag and key taken out."""
        assert isinstance(signal, Answer)
        said = {name: value for name, value in json.loads(signal.hello.h).items() if name != "kem"} | {"pq": False}
        text = json.dumps(said, separators=(",", ":"), sort_keys=True)
        return msgspec.structs.replace(signal, hello=swapped(signal.hello, h=text))


class Replays(Server):
    """Gives the desktop the answer of an earlier leg."""

    def __init__(self) -> None:
        device = Ed25519PrivateKey.generate()
        earlier = PatientSecurity(
            device, "visit/page/0", LegSecurity(device, CALL, 0).offered(sdp(DESKTOP)), sdp(DESKTOP)
        )
        self.old = Answer(leg=1, sdp=sdp(PATIENT), hello=earlier.hello(sdp(PATIENT)))

    def to_desktop(self, signal: AnySignal) -> AnySignal | None:
        """The old one."""
        del signal
        return self.old


class Reflects(Server):
    """Sends each end's proof back to it."""

    def __init__(self) -> None:
        self.visit: Visit | None = None

    def control_to_patient(self, message: AnyControl) -> list[AnyControl]:
        """Back to the desktop."""
        assert self.visit is not None
        self.visit._desktop_step(self.visit.desktop.take(message, 0.0))
        return []

    def control_to_desktop(self, message: AnyControl) -> list[AnyControl]:
        """Back to the patient."""
        assert self.visit is not None
        if isinstance(message, Confirm) and self.visit.patient is not None:
            self.visit.patient.take(message)
        return []
