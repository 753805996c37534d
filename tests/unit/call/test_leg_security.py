"""The desktop's guard of one leg with real cryptography: agreement, proof, renewal in time, and what ends it."""

from typing import TYPE_CHECKING

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_desktop.call.leg_security import LegSecurity, Step
from carena_desktop.call.model import Verification
from carena_protocol.e2ee import renewal
from carena_protocol.e2ee.agreement import AgreementError, LinkUse
from carena_protocol.e2ee.patient import PatientSecurity, PatientStep
from carena_protocol.peer import Chat, Confirm, Rekey, RekeyFin

if TYPE_CHECKING:
    from carena_desktop.call.ports import InstallKeys

HERE = "v=0\r\na=fingerprint:sha-256 " + ":".join(["AA"] * 32) + "\r\n"
THERE = "v=0\r\na=fingerprint:sha-256 " + ":".join(["BB"] * 32) + "\r\n"


class Line:
    """A desktop's guard and a patient's, joined; messages are handed over at once."""

    def __init__(self, *, can_kem: bool = True, known: bytes = b"", has: bytes = b"") -> None:
        self.now = 100.0
        self.guard = LegSecurity(Ed25519PrivateKey.generate(), "v/i/1", 1, link_of=lambda _hint: known)
        self.patient = PatientSecurity(
            Ed25519PrivateKey.generate(), "v/i/1", self.guard.offered(HERE), HERE, has, can_kem=can_kem
        )
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


def test_a_spare_gets_its_keys_when_it_is_needed() -> None:
    """Held back, a leg is proved and has no keys, for an hour; released it gets them at once, and is not stale."""
    line = Line()
    line.guard.hold()
    line.agree()
    assert line.guard.is_safe
    assert (line.installed, line.guard.deadline, line.guard.view.epoch) == ([], None, 0)
    line.now += 3600
    assert line.guard.tick(line.now) == Step()
    released = line.guard.release(line.now)
    assert [type(message) for message in released.say] == [RekeyFin]  # the rest was said while there was time
    line.answer(released)
    assert [(keys.use, keys.epoch) for keys in line.installed] == [("receive", 1), ("send", 1)]
    due = line.guard.deadline
    assert due is not None
    line.now = due
    line.answer(line.guard.tick(line.now))
    assert (line.guard.view.epoch, line.guard.is_stale) == (2, False)


def test_a_spare_whose_patient_has_not_answered_yet_is_asked_again() -> None:
    """It is needed in the very moment in which it is safe: the same question, and the keys come with its answer."""
    line = Line()
    line.guard.hold()
    line.patient.revealed(line.guard.answered(line.patient.hello(THERE), THERE))
    proof = line.patient.opened()
    line.patient.take(line.guard.opened())
    asked = [message for said in proof.say for message in line.guard.take(said, line.now).say]
    released = line.guard.release(line.now)
    assert list(released.say) == asked
    line.answer(released)
    assert len(line.installed) == 2


def test_a_spare_that_is_released_before_its_proof_is_a_leg_like_any_other() -> None:
    """The leg was needed while it was being made: its keys come with the proof."""
    line = Line()
    line.guard.hold()
    assert line.guard.release(line.now) == Step()
    line.agree()
    assert len(line.installed) == 2


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
    """Nothing comes back: the same words each five seconds, as both may still arrive, and stale after two minutes."""
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
    assert len(set(said)) == 1
    assert len(said) > 10


def test_a_late_renewal_is_no_lie() -> None:
    """A channel that was silent for seconds brings question and repetition together: the keys are renewed once."""
    line = Line()
    line.agree()
    questions: list[Step] = []
    for _ in range(3):
        due = line.guard.deadline
        assert due is not None
        line.now = due
        questions.append(line.guard.tick(line.now))
    for question in questions:
        line.answer(question)
    assert line.guard.view.epoch == 2
    assert [(keys.use, keys.epoch) for keys in line.installed[2:]] == [("receive", 2), ("send", 2)]


def test_new_keys_can_be_asked_for() -> None:
    """A changed device, say, has the keys renewed at once, and never more than once a second."""
    line = Line()
    line.agree()
    line.now += 5
    line.guard.renew(line.now)
    assert line.guard.deadline == line.now
    line.answer(line.guard.tick(line.now))
    assert line.guard.view.epoch == 2
    line.guard.renew(line.now)
    assert line.guard.deadline == line.now + 1


def test_a_leg_that_is_over_keeps_no_secret() -> None:
    """The agreement is overwritten once it has given the proof, the code and the first root; the rest with the leg."""
    line = Line()
    line.agree()
    code, resume = line.guard.view.digits, line.guard.resume
    assert line.patient.agreed is not None
    assert resume == line.patient.agreed.resume()
    line.guard.wipe()
    assert line.guard.view.digits == code
    assert set(line.guard.resume) == {0}
    assert line.guard._agreed is None
    assert line.guard._renewal is not None
    assert set(line.guard._renewal._root) == {0}


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


@pytest.mark.parametrize("can_kem", [True, False])
def test_post_quantum_is_shown_when_it_took_part(can_kem: bool) -> None:
    """With a page that has ML-KEM both say so, with one that has none neither does."""
    line = Line(can_kem=can_kem)
    line.agree()
    assert line.patient.agreed is not None
    assert line.guard.view.is_post_quantum is line.patient.agreed.is_post_quantum is can_kem


@pytest.mark.parametrize(
    ("known", "has", "use"),
    [
        (b"k" * 16, b"k" * 16, LinkUse.USED),
        (b"", b"k" * 16, LinkUse.UNKNOWN_TO_DESKTOP),
        (b"k" * 16, b"", LinkUse.ABSENT),
        (b"", b"", LinkUse.ABSENT),
    ],
)
def test_the_links_secret_is_used_when_both_have_it(known: bytes, has: bytes, use: LinkUse) -> None:
    """Otherwise the leg is as safe as without, and both ends say what became of it."""
    line = Line(known=known, has=has)
    line.agree()
    assert line.guard.is_safe
    assert line.guard.view.link is use
    assert line.patient.link is use


def test_a_server_that_denies_the_links_secret_for_the_desktop_is_caught() -> None:
    """The page is told that the desktop does not know the secret: the proofs differ, and the desktop stops."""
    line = Line(known=b"k" * 16, has=b"k" * 16)
    reveal = line.guard.answered(line.patient.hello(THERE), THERE)
    line.patient.revealed(msgspec.structs.replace(reveal, link=False))
    proof = line.patient.opened()
    with pytest.raises(AgreementError, match="confirmation"):
        line.pass_on(proof)
    with pytest.raises(AgreementError, match="confirmation"):
        line.patient.take(line.guard.opened())


def test_another_secret_under_the_same_hint_is_no_agreement() -> None:
    """A desktop that takes the hint for a secret of its own ends with other keys, and says so."""
    line = Line(known=b"x" * 16, has=b"k" * 16)
    reveal = line.guard.answered(line.patient.hello(THERE), THERE)
    line.patient.revealed(reveal)
    proof = line.patient.opened()
    with pytest.raises(AgreementError, match="confirmation"):
        line.pass_on(proof)


def test_a_server_that_strips_the_post_quantum_part_is_caught() -> None:
    """The page knows from both signed hellos that a ciphertext has to come."""
    line = Line(can_kem=True)
    reveal = line.guard.answered(line.patient.hello(THERE), THERE)
    with pytest.raises(AgreementError, match="post-quantum downgrade"):
        line.patient.revealed(msgspec.structs.replace(reveal, ct=None))


def test_a_changed_ciphertext_is_caught() -> None:
    """ML-KEM gives another secret for it, silently; the proofs differ."""
    line = Line(can_kem=True)
    reveal = line.guard.answered(line.patient.hello(THERE), THERE)
    assert reveal.ct is not None
    other = ("A" if reveal.ct[0] != "A" else "B") + reveal.ct[1:]
    line.patient.revealed(msgspec.structs.replace(reveal, ct=other))
    proof = line.patient.opened()
    with pytest.raises(AgreementError, match="confirmation"):
        line.pass_on(proof)


def test_the_next_renewal_is_told_in_wall_time() -> None:
    """Half a minute from the last one, give or take a tenth."""
    line = Line()
    line.agree()
    assert line.guard.view.renews_at_ms is not None
    assert line.guard.view.renews_at_ms == pytest.approx(line.now * 1000 + 30_000, abs=3_001)
    assert len(line.guard.view.device) == 19


def test_a_proof_that_got_lost_is_said_again_with_the_renewal() -> None:
    """The page never heard it: until there are keys each attempt begins with the proof, afterwards none does."""
    line = Line()
    line.patient.revealed(line.guard.answered(line.patient.hello(THERE), THERE))
    line.guard.opened()  # lost
    line.pass_on(line.patient.opened())
    assert line.guard.is_safe
    assert not line.patient.is_safe
    line.now += renewal.RETRY_S + 1
    line.answer(line.guard.tick(line.now))
    assert line.patient.is_safe
    assert line.guard.view.epoch == 1
    line.now += 60
    assert [type(message) for message in line.guard.tick(line.now).say] == [Rekey]
