"""The patient's page and the relay in between, in one object: implements ``SignalingChannel`` for a call service."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_desktop.call.engine.loopback_patient import LoopbackPatient
from carena_desktop.call.ports import Unsubscribe
from carena_desktop.tasks import TaskScope
from carena_protocol.e2ee.patient import PatientChain, PatientSecurity, PatientStep
from carena_protocol.messages import IceServer
from carena_protocol.peer import (
    Answer,
    AnyControl,
    AnySignal,
    Chat,
    ChatReceived,
    Heartbeat,
    HeartbeatSeen,
    Offer,
    Ready,
    Reveal,
    SealedOver,
)

if TYPE_CHECKING:
    from tests.integration.call.patient_files import PatientFiles


class PatientPage:
    """A page that says ready, answers offers, echoes heartbeats and confirms chat, as the portal does.

    Switches: ``takes_screens`` off is a page of before shared screens; ``reachable`` off makes the service refuse
    everything; ``answers`` off leaves offers without an answer.
    """

    def __init__(self) -> None:
        self.reachable = True
        self.answers = True
        self.takes_screens = True
        self.patient: LoopbackPatient | None = None
        self.offers: list[Offer] = []
        self.chat: list[Chat] = []
        self.leg = 0
        self.visit = "visit-1"
        self.device = Ed25519PrivateKey.generate()
        self.security: PatientSecurity | None = None
        self.chain = PatientChain()
        self.files: PatientFiles | None = None
        """Takes and sends files, once a test has set it."""
        self._instances = count(1)
        self._instance = ""
        self._scope = TaskScope("patient-page")
        self._signals: list[Callable[[AnySignal], None]] = []
        self._peers: list[Callable[[bool], None]] = []

    async def send(self, signal: AnySignal) -> None:
        """The desktop's signal."""
        if not self.reachable:
            raise ConnectionError
        self._hear(signal)

    def _hear(self, sealed: AnySignal | SealedOver) -> None:
        signal = self.chain.opened(sealed)
        if isinstance(signal, Reveal) and self.patient is not None and self.security is not None:
            self._secure(self.patient, self.security.revealed(signal.hello))
        if isinstance(signal, Offer) and signal.instance == self._instance:
            self.offers.append(signal)
            if self.answers:
                self._scope.spawn(self._answer(signal), name="answer")

    def on_signal(self, callback: Callable[[AnySignal], None]) -> Unsubscribe:
        """Subscribe."""
        self._signals.append(callback)
        return lambda: self._signals.remove(callback)

    def on_peer(self, callback: Callable[[bool], None]) -> Unsubscribe:
        """Subscribe; the page is connected."""
        self._peers.append(callback)
        callback(True)
        return lambda: self._peers.remove(callback)

    async def ice_servers(self) -> tuple[list[IceServer], bool, float]:
        """None are needed on one machine."""
        if not self.reachable:
            raise ConnectionError
        return [], False, 600.0

    def hurry(self, *, is_stale: bool = False) -> None:
        """The service is reachable, or it is not."""

    async def load(self) -> None:
        """Load the page, or load it again."""
        await self._drop()
        self._instance = f"page-{next(self._instances)}"
        self.chain = PatientChain()
        self.receive(Ready(screens=self.takes_screens, instance=self._instance))

    def receive(self, signal: AnySignal) -> None:
        """The page says ``signal``."""
        for callback in tuple(self._signals):
            callback(signal)

    def presence(self, *, present: bool) -> None:
        """The service says whether the page is connected."""
        for callback in tuple(self._peers):
            callback(present)

    async def aclose(self) -> None:
        """Close the page."""
        await self._scope.aclose()  # first: an answer that is being made would bring another patient
        await self._drop()

    async def _drop(self) -> None:
        patient, self.patient = self.patient, None
        if patient is not None:
            await patient.aclose()

    async def _answer(self, offer: Offer) -> None:
        await self._drop()
        patient = LoopbackPatient(on_control=self._control)
        patient.on_open = lambda: self._opened(patient)
        if self.files is not None:
            patient.on_other_channel = self.files.adopt
        try:
            answer = await patient.answer(offer.sdp)
        except asyncio.CancelledError:
            await patient.aclose()
            raise
        self.patient = patient
        self.leg = offer.leg
        call = f"{self.visit}/{offer.instance}/{offer.leg}"
        self.security = PatientSecurity(self.device, call, offer.commit, offer.sdp, chain=self.chain)
        answered = Answer(leg=offer.leg, sdp=answer, hello=self.security.hello(answer))
        self.receive(self.chain.sealed(offer.leg, answered))

    def _opened(self, patient: LoopbackPatient) -> None:
        if self.security is not None:
            self._secure(patient, self.security.opened())

    def _secure(self, patient: LoopbackPatient, step: PatientStep) -> None:
        if self.files is not None:
            for keys in (*step.first, *step.then):
                self.files.install(keys)
        for keys in step.first:
            patient.sealing.install(keys.use, keys.epoch, keys.audio, keys.video, keys.screen)
        for message in step.say:
            patient.send(message)
        for keys in step.then:
            patient.sealing.install(keys.use, keys.epoch, keys.audio, keys.video, keys.screen)

    def _control(self, message: AnyControl) -> None:
        if self.patient is None or self.security is None:
            return
        step = self.security.take(message)
        if step is not None:
            self._secure(self.patient, step)
        elif isinstance(message, SealedOver):
            self._hear(message)
        elif isinstance(message, Heartbeat):
            self.patient.send(HeartbeatSeen(n=message.n))
        elif isinstance(message, Chat):
            self.chat.append(message)
            self.patient.send(ChatReceived(id=message.id))
