"""A server that lies is caught, whatever the lie; with the defence taken out the same lie works.

Each lie stands twice: once against the program, once against the program without one or two of its checks. What is
left without the checks is an attack that succeeds, so each first half shows a defence at work and not an attack that
never had a chance.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from carena_desktop.call.vouching import Vouching
from carena_protocol.e2ee import agreement, chain, key_schedule, renewal, sframe
from carena_protocol.e2ee.agreement import LinkUse
from carena_protocol.e2ee.key_schedule import Agreed
from carena_protocol.e2ee.patient import PatientChain
from carena_protocol.e2ee.safety_code import SafetyCode
from carena_protocol.peer import Answer, LegFailed, Offer, Sealed, encode
from tests.adversary.liars import (
    ClaimsLink,
    DeniesLink,
    Grinder,
    Impostor,
    Middle,
    Reflects,
    Replays,
    StripsCapability,
    StripsKem,
    SwapFingerprints,
    SwapOneFingerprint,
    between,
)
from tests.adversary.mutation import without
from tests.adversary.visit import LINK, PICTURE, Server, Visit
from tests.fakes.guard import HELLO

pytestmark = pytest.mark.adversary


def ignoring(patch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the key schedule ignore some of what it is given."""
    honest = Agreed.__init__

    def forgetful(self: Agreed, *args: Any, **given: Any) -> None:
        honest(self, *args, **{name: value for name, value in given.items() if name not in names})

    patch.setattr(key_schedule.Agreed, "__init__", forgetful)


def test_an_honest_server_is_not_in_the_way() -> None:
    """Without a lie both ends are safe, have the same code and see each other: the harness itself works."""
    visit = Visit(Server(), known=LINK, link=LINK).run()
    assert visit.both_safe
    assert visit.codes_equal
    assert visit.frames_pass()
    assert visit.desktop.view.link is LinkUse.USED
    assert visit.desktop.view.is_post_quantum


# -- certificates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("server", [SwapFingerprints, SwapOneFingerprint])
def test_another_certificate_is_caught(server: type[Server]) -> None:
    """The signed hello names the certificate of the other end; nothing is said to anybody, and no frame leaves."""
    visit = Visit(server()).run()
    assert visit.caught == ["fingerprint"]
    assert visit.nothing_passes()


def test_another_certificate_works_without_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ends would believe to be alone while their data channel ends at the server."""
    without(monkeypatch, agreement, "check_hello", "fingerprint")
    visit = Visit(SwapFingerprints()).run()
    assert visit.both_safe


# -- in between with keys of its own ----------------------------------------------------------------------------------


def test_the_man_in_the_middle_has_two_codes() -> None:
    """Whoever is in between sees everything until two people compare: they read different codes to each other."""
    server = Middle()
    visit = between(server)
    assert visit.both_safe
    assert server.sees()
    assert not visit.codes_equal


def test_a_verified_device_is_not_impersonated() -> None:
    """The server shows the patient's device key over shares of its own: it has no signature for that."""
    visit = between(Impostor())
    assert visit.caught == ["signature"]
    assert visit.nothing_passes()


def test_a_verified_device_is_impersonated_without_the_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desktop would show "verified" of a connection that the server reads."""
    without(monkeypatch, agreement, "check_hello", "signature")
    server = Impostor()
    visit = between(server)
    assert visit.desktop.is_safe
    assert visit.patient is not None
    assert visit.desktop.device == visit.patient._device.public_key().public_bytes_raw()
    ours = visit.here.send()
    assert ours is not None
    assert server.media_here.shows(ours) == PICTURE


def small_code(secret: bytes) -> SafetyCode:
    """A code of six bits: grinding takes milliseconds instead of a minute."""
    return SafetyCode((secret[0] & 63,) * 4, f"{secret[0] & 63:06d}")


def test_the_code_cannot_be_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server would have to choose its hello before it knows the other side's: another one is caught."""
    monkeypatch.setattr(SafetyCode, "of", staticmethod(small_code))
    for _ in range(20):
        server = Grinder()
        visit = between(server)
        if server.tries:
            break
    assert server.tries > 0
    assert visit.caught == ["commitment"]


def test_the_code_is_ground_without_the_commitment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two would read the same code to each other while the server sees everything."""
    monkeypatch.setattr(SafetyCode, "of", staticmethod(small_code))
    without(monkeypatch, agreement.Patient, "revealed", "commitment")
    server = Grinder()
    visit = between(server)
    assert visit.both_safe
    assert visit.codes_equal
    assert server.sees()


def test_a_ciphertext_does_not_move_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server may still choose after both hellos is in no code; were it, a second of trying would do."""

    def code(ciphertext: bytes) -> SafetyCode:
        return Agreed("c", "p", bytes(32), ciphertext=ciphertext, quantum=bytes(32)).safety_code

    assert len({code(bytes([number])) for number in range(32)}) == 1

    honest = Agreed.__init__

    def careless(self: Agreed, clinician: str, patient: str, shared: bytes, **given: bytes) -> None:
        honest(self, clinician, patient, shared, **given)
        words = agreement.parts(clinician.encode(), patient.encode(), given.get("ciphertext", b""))
        self._code = small_code(sha256(words).digest())

    monkeypatch.setattr(key_schedule.Agreed, "__init__", careless)
    assert len({code(bytes([number])) for number in range(200)}) > 40


# -- the visit link's secret ------------------------------------------------------------------------------------------


def test_whoever_is_in_between_cannot_claim_the_links_secret() -> None:
    """With a link made at the workstation a server that only relays is caught without anybody comparing anything."""
    visit = between(ClaimsLink(), known=LINK, link=LINK)
    assert visit.caught == ["confirmation"]
    assert not visit.both_safe
    assert visit.nothing_passes()


def test_without_the_secret_nobody_shows_it_as_used() -> None:
    """The server may deny it towards both ends: then both say that it was not used, and the code has to be compared."""
    visit = between(Middle(), known=LINK, link=LINK)
    assert visit.both_safe
    assert visit.patient is not None
    assert visit.desktop.view.link is LinkUse.ABSENT
    assert visit.patient.link is LinkUse.UNKNOWN_TO_DESKTOP


def test_the_links_secret_is_claimed_when_it_is_not_mixed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ends would show "used" of a connection that the server reads."""
    ignoring(monkeypatch, "link")
    server = ClaimsLink()
    visit = between(server, known=LINK, link=LINK)
    assert visit.both_safe
    assert visit.patient is not None
    assert visit.desktop.view.link is visit.patient.link is LinkUse.USED
    assert server.sees()


def test_the_ends_cannot_be_made_to_show_different_things_of_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag changed on its way is caught; were the secret not in the keys, one end would show "used" and one not."""
    visit = Visit(DeniesLink(), known=LINK, link=LINK).run()
    assert visit.caught == ["confirmation"]
    ignoring(monkeypatch, "link")
    fooled = Visit(DeniesLink(), known=LINK, link=LINK).run()
    assert fooled.both_safe
    assert fooled.patient is not None
    assert (fooled.desktop.view.link, fooled.patient.link) == (LinkUse.USED, LinkUse.UNKNOWN_TO_DESKTOP)


# -- capabilities -----------------------------------------------------------------------------------------------------


def test_post_quantum_is_not_stripped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two defences: the page knows that a ciphertext has to come, and the proofs cover it; without both it works."""
    assert Visit(StripsKem()).run().caught == ["post-quantum downgrade"]
    without(monkeypatch, agreement.Patient, "revealed", "post-quantum downgrade")
    assert Visit(StripsKem()).run().caught == ["confirmation"]
    ignoring(monkeypatch, "ciphertext", "quantum")
    assert Visit(StripsKem()).run().both_safe


def test_a_capability_is_not_stripped_from_a_hello(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flag is signed; without the signature the proofs still differ."""
    assert Visit(StripsCapability()).run().caught == ["signature"]
    without(monkeypatch, agreement, "check_hello", "signature")
    assert set(Visit(StripsCapability()).run().caught) & {"confirmation", "post-quantum downgrade"}


# -- replay, reflection, loss, order ----------------------------------------------------------------------------------


def test_an_old_answer_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hello is for one leg; without that rule an old one is taken, and only its owner could go on with it."""
    assert Visit(Replays()).run().caught == ["call"]
    without(monkeypatch, agreement, "check_hello", "call")
    visit = Visit(Replays()).run()
    assert "call" not in visit.caught
    assert visit.desktop.device
    assert not visit.both_safe


def reflected() -> Visit:
    """A visit whose proofs come back to those who sent them."""
    server = Reflects()
    server.visit = visit = Visit(server)
    return visit.run()


def test_a_proof_sent_back_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each end's proof has its role in it; without that it would take its own for the other's."""
    visit = reflected()
    assert visit.caught == ["confirmation"]
    assert not visit.desktop.is_safe
    honest = Agreed.confirmation
    monkeypatch.setattr(key_schedule.Agreed, "confirmation", lambda self, _role: honest(self, "C"))
    assert reflected().desktop.is_safe


class Drops(Server):
    """Swallows one kind of signal."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def to_patient(self, signal: Any) -> Any:
        """Swallow it, or not."""
        return None if type(signal).__name__ == self.kind else signal

    to_desktop = to_patient


@pytest.mark.parametrize("kind", ["Offer", "Answer", "Reveal"])
def test_a_signal_that_never_comes_leaves_nothing_open(kind: str) -> None:
    """Nobody is safe, nothing is caught, no frame leaves: the server can deny service and no more."""
    visit = Visit(Drops(kind)).run()
    assert visit.caught == []
    assert not visit.desktop.is_safe
    assert visit.nothing_passes()


class Repeats(Server):
    """Says every control message three times, the last one first: it stands for a channel that lost its order."""

    def __init__(self) -> None:
        self.before: list[object] = []

    def control_to_patient(self, message: Any) -> list[Any]:
        """Everything so far, backwards, then this."""
        again = list(reversed(self.before[-4:]))
        self.before.append(message)
        return [message, *again, message]

    control_to_desktop = control_to_patient


def test_repeated_and_reordered_messages_change_no_key() -> None:
    """Renewals go on, the two still see each other, and no epoch's keys were installed twice with other values."""
    visit = Visit(Server()).run()
    visit.server = Repeats()
    for _ in range(5):
        visit.renew()
    assert visit.both_safe
    assert visit.frames_pass()
    by_place: dict[tuple[str, int], set[bytes]] = {}
    for use, epoch, _, video in visit.keys:
        by_place.setdefault((use, epoch), set()).add(video)
    assert max(epoch for _, epoch in by_place) >= 2
    assert all(len(found) <= 2 for found in by_place.values())  # one for each end


# -- frames -----------------------------------------------------------------------------------------------------------


def running(kind: sframe.Kind = "video") -> Visit:
    """Two who see each other, or each other's screens."""
    visit = Visit(Server(), kind=kind).run()
    assert visit.frames_pass()
    return visit


Attack = Callable[[Visit], bytes | None]


def replayed(visit: Visit) -> bytes | None:
    """The same frame again."""
    sent = visit.here.send()
    assert sent is not None
    assert visit.there.shows(sent) == PICTURE
    return visit.there.shows(sent)


def plain(visit: Visit) -> bytes | None:
    """A frame in clear, as a peer whose hook is off would send it."""
    return visit.there.shows(PICTURE)


def changed(visit: Visit) -> bytes | None:
    """One bit of it."""
    sent = bytearray(visit.here.send() or b"")
    sent[-1] ^= 1
    return visit.there.shows(bytes(sent))


def sent_back(visit: Visit) -> bytes | None:
    """Our own."""
    return visit.here.shows(visit.here.send() or b"")


def of_long_ago(visit: Visit) -> bytes | None:
    """One that was held back for longer than a replaced key is kept."""
    held = visit.here.send()
    visit.renew()
    visit.there.now += sframe.KEEP_S + 1
    return visit.there.shows(held or b"")


def of_the_other_picture(visit: Visit) -> bytes | None:
    """The camera's in the screen's place, or the screen's in the camera's, both of the same epoch."""
    other: sframe.Kind = "video" if visit.kind == "screen" else "screen"
    sealer = sframe.Sealer("C>P", other)
    _, epoch, _, video = next(keys for keys in visit.keys if keys[0] == "send")
    sealer.install(epoch, video)
    return visit.there.shows(sealer.seal(PICTURE, sframe.shim(PICTURE)))


@pytest.mark.parametrize("kind", ["video", "screen"])
@pytest.mark.parametrize(
    "attack", [replayed, plain, changed, sent_back, of_long_ago, of_the_other_picture], ids=lambda a: a.__name__
)
def test_no_frame_is_shown_that_is_not_fresh_and_the_others(attack: Attack, kind: sframe.Kind) -> None:
    """Repeated, plain, changed, reflected, late and crossed frames are dropped, of a camera and of a shared screen."""
    assert attack(running(kind)) is None


def test_the_same_frames_are_shown_without_the_defences(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the attacks works once the check that stops it is gone."""
    visit = running()
    with monkeypatch.context() as patch:
        patch.setattr(sframe._Key, "is_fresh", lambda *_: True)
        assert replayed(visit) == PICTURE
    with monkeypatch.context() as patch:
        patch.setattr("tests.adversary.visit.shim_size", lambda _data: 0)
        patch.setattr(sframe.Opener, "open", lambda _self, data, _clear=0: data)
        assert plain(visit) == PICTURE
        assert changed(visit) is not None
    with monkeypatch.context() as patch:
        patch.setattr(sframe, "KEEP_S", 3600.0)
        late = running()
        held = late.here.send()
        late.renew()
        late.there.now += 11
        assert late.there.shows(held or b"") == PICTURE


def test_a_key_of_today_opens_nothing_of_yesterday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever recorded renewals and reads the memory later unwraps no earlier key; without the ratchet it works."""

    def attack() -> bytes:
        visit = Visit(Recorder()).run()
        assert isinstance(visit.server, Recorder)
        first = visit.server.wrapped[1]
        for _ in range(2):
            visit.renew()
        assert visit.desktop._renewal is not None
        assert visit.desktop._renewal.epoch == 3
        return renewal.unwrap(bytes(visit.desktop._renewal._root), "C>P", 1, first)

    with pytest.raises(agreement.AgreementError, match="wrapped keys"):
        attack()
    monkeypatch.setattr(renewal, "next_root", lambda root, _shared: bytearray(root))
    assert len(attack()) == 32


class Recorder(Server):
    """Keeps the wrapped keys of each epoch, as a broken outer layer would give them away."""

    def __init__(self) -> None:
        self.wrapped: dict[int, str] = {}

    def control_to_patient(self, message: Any) -> list[Any]:
        """Keep what a fin carries."""
        if type(message).__name__ == "RekeyFin":
            self.wrapped[message.n] = message.k
        return [message]


def test_a_mutation_that_finds_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A defence that was renamed makes its test fail, not pass."""
    with pytest.raises(LookupError):
        without(monkeypatch, agreement, "check_hello", "no such reason")


# -- legs -------------------------------------------------------------------------------------------------------------

SECRET = bytes([7] * 32)
OFFER = Offer(leg=2, instance="page", sdp="v=0", commit="c" * 43 + "=")


def page() -> PatientChain:
    """A page that has had a safe leg."""
    made = PatientChain()
    made.is_safe(1, Agreed("c", "p", SECRET))
    return made


def forged(body: str) -> Sealed:
    """An offer of a leg that nobody vouches for."""
    return Sealed(leg=1, n=1, body=body, mac="A" * 43 + "=")


def test_a_forged_offer_of_a_leg_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain or under a MAC of its own, the server's offer is dropped; without the MAC's check it is taken."""
    text = encode(OFFER).decode()
    assert page().opened(OFFER) is None
    assert page().opened(forged(text)) is None
    without(monkeypatch, chain.Chain, "open", "forged")
    assert page().opened(forged(text)) == OFFER


def test_an_offer_is_not_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sealed once and recorded is no second leg."""
    desktop = chain.Chain("C")
    desktop.add(1, Agreed("c", "p", SECRET).resume(), 0)
    desktop.use(1)
    sealed, there = desktop.seal(encode(OFFER).decode()), page()
    assert there.opened(sealed) == OFFER
    assert there.opened(sealed) is None
    without(monkeypatch, chain.Chain, "open", "taken before")
    assert there.opened(sealed) == OFFER


def test_a_forged_answer_of_a_leg_is_nothing() -> None:
    """The desktop takes nothing in clear about a leg that another one vouches for, nor what it said itself."""
    here = Vouching()
    here.begun(1)
    here.safe(1, SECRET)
    here.settled(1)
    here.begun(2)
    ours = here.wrap(2, OFFER)
    assert isinstance(ours, Sealed)
    assert here.unwrap(Answer(leg=2, sdp="v=0", hello=HELLO)) is None
    assert here.unwrap(ours) is None
    assert here.unwrap(forged(encode(LegFailed(leg=2)).decode())) is None
    assert here.refused == 3
