"""The desktop's guard of one leg with real cryptography: agreement, proof, renewal in time, and what ends it."""

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_desktop.call.leg_security import LegSecurity, Step
from carena_desktop.call.model import Verification
from carena_protocol.e2ee import renewal
from carena_protocol.e2ee.agreement import AgreementError
from carena_protocol.e2ee.patient import PatientSecurity, PatientStep
from carena_protocol.peer import Chat, Confirm, Rekey

if TYPE_CHECKING:
    from carena_desktop.call.ports import InstallKeys

HERE = "v=0\r\na=fingerprint:sha-256 " + ":".join(["AA"] * 32) + "\r\n"
THERE = "v=0\r\na=fingerprint:sha-256 " + ":".join(["BB"] * 32) + "\r\n"


class Line:
    """A desktop's guard and a patient's, joined; messages are handed over at once."""

    def __init__(self) -> None:
        self.now = 100.0
        self.guard = LegSecurity(Ed25519PrivateKey.generate(), "v/i/1", 1)
        self.patient = PatientSecurity(Ed25519PrivateKey.generate(), "v/i/1", self.guard.offered(HERE), HERE)
        self.installed: list[InstallKeys] = []

    def agree(self) -> None:
        """Do everything up to the first keys."""
        reveal = self.guard.answered(self.patient.hello(THERE), THERE)
        self.patient.revealed(reveal)
        proof = self.patient.opened()
        self.patient.take(self.guard.opened())
        self.pass_on(proof)

    def pass_on(self, step: PatientStep) -> None:
        """Hand over what the patient says, and back, until nobody says anything."""
        for message in step.say:
            self.answer(self.guard.take(message, self.now))

    def answer(self, step: Step) -> None:
        """Hand over what the desktop says."""
        self.installed += step.keys
        for message in step.say:
            reply = self.patient.take(message)
            assert reply is not None
            self.pass_on(reply)


def test_keys_come_with_the_proof_and_not_before() -> None:
    """Before the proof nothing is said of keys; after it both directions get theirs, receiving first."""
    line = Line()
    assert line.guard.view.verification is Verification.NONE
    line.agree()
    assert line.guard.is_safe
    assert [(keys.use, keys.epoch) for keys in line.installed] == [("receive", 1), ("send", 1)]
    assert line.guard.view.epoch == 1
    assert line.patient.agreed is not None
    assert line.guard.view.digits == line.patient.agreed.safety_code.digits


def test_keys_are_renewed_each_half_minute() -> None:
    """About thirty seconds after the last renewal the next begins; each gives new keys."""
    line = Line()
    line.agree()
    for epoch in (2, 3):
        due = line.guard.deadline
        assert due is not None
        assert 27 <= due - line.now <= 33
        assert line.guard.tick(due - 0.1) == Step()
        line.now = due
        line.answer(line.guard.tick(line.now))
        assert line.guard.view.epoch == epoch
    assert len({keys.audio for keys in line.installed} | {keys.video for keys in line.installed}) == 12


def test_an_unanswered_renewal_is_begun_anew_and_at_last_ends_the_leg() -> None:
    """Nothing comes back: again each five seconds with other values, and stale after two minutes."""
    line = Line()
    line.agree()
    said: list[object] = []
    while not line.guard.is_stale:
        due = line.guard.deadline
        assert due is not None
        line.now = due
        said += line.guard.tick(line.now).say
        assert line.now < 100 + renewal.EXPIRES_S + 40
    assert all(isinstance(message, Rekey) and message.n == 2 for message in said)
    assert len(set(said)) == len(said) > 10


def test_a_wrong_proof_or_certificate_is_refused() -> None:
    """Another fingerprint in the answer, or a proof of something else, is an AgreementError; no key follows."""
    line = Line()
    with pytest.raises(AgreementError, match="fingerprint"):
        line.guard.answered(line.patient.hello(THERE), HERE)
    line = Line()
    line.guard.answered(line.patient.hello(THERE), THERE)
    with pytest.raises(AgreementError, match="confirmation"):
        line.guard.take(Confirm(mac="A" * 43 + "="), line.now)
    assert not line.guard.is_safe
    with pytest.raises(AgreementError, match="too early"):
        Line().guard.take(Confirm(mac="A" * 43 + "="), line.now)


def test_the_patient_hears_nothing_before_the_proof() -> None:
    """A word that comes before the proof is dropped, a proof that comes before the hello waits for it."""
    line = Line()
    reveal = line.guard.answered(line.patient.hello(THERE), THERE)
    line.patient.opened()
    assert line.patient.take(Chat(id="a", text="Hello", sent_at=1)) == PatientStep()
    line.patient.take(line.guard.opened())
    assert not line.patient.is_safe
    line.patient.revealed(reveal)
    assert line.patient.is_safe
    assert line.patient.take(Chat(id="a", text="Hello", sent_at=1)) is None
