"""Connections that replace each other: when, by which way, and what becomes of the one before."""

import pytest

from carena_desktop.call.inputs import (
    ChatWritten,
    CodesCompared,
    DevicesChosen,
    EngineStarted,
    FetchIceServers,
    IceServersArrived,
    PeerPresenceChanged,
    ProbeSignaling,
    SendSignal,
    SignalingFailed,
    Ticked,
)
from carena_desktop.call.model import CallFigures, CallState, CameraLamp, EndReason, MicrophoneLamp, Path, Verification
from carena_desktop.call.mute import DeviceChoice
from carena_desktop.call.path_events import LegPlays, NetworkChanged, PathHeard, PathSilent
from carena_desktop.call.ports import (
    CaptureChanged,
    CloseLeg,
    EngineFailed,
    FiguresMeasured,
    LegChanged,
    LegState,
    OfferMade,
)
from carena_desktop.call.recovery import Periods
from carena_protocol.messages import IceServer
from carena_protocol.peer import (
    Answer,
    Candidate,
    Chat,
    LegFailed,
    LegOver,
    LegShown,
    Offer,
    Ready,
    RenewWanted,
    Reveal,
    Sealed,
    encode,
)
from tests.fakes.guard import HELLO
from tests.unit.call.playbook import EPOCH_MS, Playbook, commands, said, signals

PERIOD = Periods(leg_s=100)
HEARD = FiguresMeasured(CallFigures(remote_fps=30, remote_audio_frames_per_s=50, path=Path.DIRECT))
RELAYED = FiguresMeasured(CallFigures(remote_fps=30, remote_audio_frames_per_s=50, path=Path.RELAYED))


def fetches(book: Playbook) -> list[int]:
    """The attempts so far."""
    return [effect.attempt for effect in book.effects if isinstance(effect, FetchIceServers)]


def begun(periods: Periods = PERIOD) -> Playbook:
    """A call in full swing, with the moment remembered."""
    book = Playbook(periods=periods)
    book.active()
    book.tell(HEARD)
    return book


def until_due(book: Playbook) -> None:
    """Let time pass until another leg is looked for."""
    count = len(fetches(book))
    while len(fetches(book)) == count:
        book.wait(0.5)


def offer(book: Playbook, *servers: IceServer, ttl_s: float | None = None, relay_only: bool = False) -> int:
    """Answer the newest search; return the leg."""
    book.tell(IceServersArrived(fetches(book)[-1], servers, relay_only, ttl_s))
    leg = book.snapshot.leg
    book.tell(OfferMade(leg, f"offer {leg}"))
    return leg


def test_a_leg_is_replaced_when_its_time_has_come() -> None:
    """After the period, give or take a tenth, the next is looked for; state, timer and the leg in use stay."""
    book = begun()
    started = book.snapshot.started_at_ms
    due = book.snapshot.next_leg_at_ms
    assert due is not None
    assert 89_000 <= due - EPOCH_MS <= 111_000
    book.wait(89)
    assert fetches(book) == [1]
    until_due(book)
    assert fetches(book) == [1, 2]
    leg = offer(book)
    effects = book.connect(leg)
    assert (book.snapshot.state, book.snapshot.started_at_ms) == (CallState.ACTIVE, started)
    assert CloseLeg(1) not in commands(effects)
    assert CloseLeg(1) in commands(book.shown(leg) + book.wait(0.4))
    assert LegOver(leg=1) in said(book.effects)


def test_a_planned_offer_does_not_touch_the_relay() -> None:
    """While the leg in use is well, the offer, the answer and the reveal go over it, and the service learns nothing."""
    book = begun()
    until_due(book)
    leg = offer(book)
    before = len(signals(book.effects))
    book.connect(leg)
    assert [type(signal) for signal in book.read[-2:]] == [Offer, Reveal]
    assert len(signals(book.effects)) == before == 2  # the first leg's


def test_a_planned_offer_without_an_answer_goes_through_the_relay_too() -> None:
    """After a second and a half the same sealed message takes the other way; the page takes the first copy."""
    book = begun()
    until_due(book)
    offer(book)
    assert [type(signal) for signal in signals(book.wait(2))] == [Sealed]
    assert sum(isinstance(signal, Offer) for signal in book.read) == 2
    assert [type(signal) for signal in signals(book.connect(2))] == [Sealed]  # and so does the reveal


@pytest.mark.parametrize("what", [PathSilent(1), NetworkChanged()], ids=["silence", "network"])
def test_a_leg_that_may_be_dead_is_replaced_at_once_and_both_ways(what: PathSilent | NetworkChanged) -> None:
    """The offer takes both ways, the service is asked whether it is there, and the leg in use plays on."""
    book = begun()
    effects = book.tell(what)
    assert FetchIceServers(2) in effects
    assert ProbeSignaling(is_stale=isinstance(what, NetworkChanged)) in effects
    leg = offer(book)
    assert isinstance(signals(book.effects)[-1], Sealed)
    assert book.snapshot.state is CallState.ACTIVE
    assert CloseLeg(1) not in commands(book.connect(leg))


def test_a_silence_that_ends_needs_no_new_leg() -> None:
    """Packets come again before the service has answered: the search is void; a changed network's is not."""
    book = begun()
    book.tell(PathSilent(1), PathHeard(1))
    assert commands(book.tell(IceServersArrived(2, ()))) == []
    book.tell(NetworkChanged(), HEARD)
    assert commands(book.tell(IceServersArrived(3, ()))) != []


def test_figures_of_before_a_silence_do_not_end_it() -> None:
    """Figures are of a whole second: those that come just after a silence was noticed tell of what was before."""
    book = begun()
    book.tell(PathSilent(1), HEARD)
    leg = offer(book)
    assert isinstance(signals(book.effects)[-1], Sealed)  # not over the dead leg alone
    book.connect(leg)
    assert book.snapshot.leg == leg


def test_a_network_that_changes_again_begins_the_leg_anew() -> None:
    """A leg that is being made over addresses that are gone is given up for another, but not for the same change."""
    book = begun()
    book.tell(NetworkChanged())
    leg = offer(book)
    assert commands(book.tell(NetworkChanged())) == []
    book.wait(1.5)
    effects = book.tell(NetworkChanged())
    assert commands(effects) == [CloseLeg(leg)]
    assert any(isinstance(effect, FetchIceServers) for effect in effects)


def test_a_planned_leg_that_fails_changes_nothing() -> None:
    """The leg in use goes on; the next try is seconds away, and a failure later more."""
    book = begun()
    until_due(book)
    leg = offer(book)
    assert commands(book.tell(EngineFailed("bad_answer", leg))) == [CloseLeg(leg)]
    assert book.snapshot.state is CallState.ACTIVE
    book.wait(4.9)
    assert fetches(book) == [1, 2]
    book.wait(0.2)
    assert fetches(book) == [1, 2, 3]


def test_without_the_service_a_planned_leg_uses_the_servers_it_knows() -> None:
    """Signaling is away, the leg in use is not: the offer goes over it, with servers that are good for a while yet."""
    book = Playbook(periods=PERIOD)
    book.begin()
    book.signal(Ready(instance="page-1"))
    book.connect(offer(book, IceServer(urls=["stun:s"]), ttl_s=1000))
    book.tell(HEARD, PeerPresenceChanged(present=False))
    until_due(book)
    effects = commands(book.tell(SignalingFailed(2)))
    assert [type(command).__name__ for command in effects] == ["OpenLeg"]
    book.tell(OfferMade(2, "offer 2"))
    book.connect(2)
    assert book.snapshot.leg == 2


def test_a_relayed_leg_is_replaced_before_its_credentials_end() -> None:
    """At four fifths of their life, whatever the period says; a direct leg needs none."""
    for figures, due in ((RELAYED, True), (HEARD, False)):
        book = Playbook(periods=Periods(leg_s=10_000))
        book.begin()
        book.signal(Ready(instance="page-1"))
        book.connect(offer(book, ttl_s=20, relay_only=True))
        book.tell(figures)
        book.wait(15.9)
        assert fetches(book) == [1]
        book.wait(0.2)
        assert (fetches(book) == [1, 2]) is due


def test_a_relayed_leg_tries_to_climb_and_less_often_each_time() -> None:
    """Half a minute after it began another leg looks for a direct path; where only relays work, a minute, two, five."""
    book = Playbook(periods=Periods(leg_s=10_000))
    book.active()
    waited = []
    for _ in range(5):
        book.tell(RELAYED)
        start, count = book.now, len(fetches(book))
        while len(fetches(book)) == count:
            book.wait(1)
        waited.append(book.now - start)
        leg = offer(book)
        book.connect(leg)
        book.shown(leg)
        book.wait(1)
    for found, wanted in zip(waited, (30, 60, 120, 300, 300), strict=True):
        assert 0.88 * wanted <= found <= 1.12 * wanted + 1


def test_a_site_without_direct_paths_does_not_climb() -> None:
    """Where only relays are allowed, looking for something better is of no use."""
    book = Playbook(periods=Periods(leg_s=10_000))
    book.begin()
    book.signal(Ready(instance="page-1"))
    book.connect(offer(book, relay_only=True))
    book.tell(RELAYED)
    book.wait(600)
    assert fetches(book) == [1]


def test_the_old_leg_is_closed_at_last_even_if_nobody_says_anything() -> None:
    """A page that can't say that it shows the new leg does not keep the old one alive for ever."""
    book = begun()
    until_due(book)
    book.connect(offer(book))
    assert CloseLeg(1) not in commands(book.wait(5.5))
    assert CloseLeg(1) in commands(book.wait(1))


def test_sound_alone_counts_when_no_picture_is_to_be_expected() -> None:
    """The patient's camera is on: sound is not enough to close the old leg. Off: it is."""
    book = begun()
    until_due(book)
    leg = offer(book)
    book.connect(leg)
    book.tell(LegPlays(leg, "audio"))
    book.say(leg, LegShown(leg=leg))
    assert CloseLeg(1) not in commands(book.wait(1))
    book.tell(LegPlays(leg, "video"))
    assert CloseLeg(1) in commands(book.wait(1))


def test_forged_signals_change_nothing() -> None:
    """After the first leg a plain answer, candidate or failure is nobody's, and so is a sealed one that was changed."""
    book = begun()
    until_due(book)
    leg = offer(book)
    before = book.snapshot
    assert book.signal(Answer(leg=leg, sdp="forged", hello=HELLO)) == []
    assert book.signal(Candidate(leg=leg, candidate="forged")) == []
    assert book.signal(LegFailed(leg=1)) == []
    true = book.chain.write(leg, Answer(leg=leg, sdp="true", hello=HELLO))
    assert isinstance(true, Sealed)
    assert book.signal(Sealed(leg=true.leg, n=true.n, body=true.body.replace("true", "lies"), mac=true.mac)) == []
    assert book.snapshot == before
    assert commands(book.signal(true)) != []
    assert book.signal(true) == []  # once


def test_a_leg_the_page_hears_nothing_of_is_replaced() -> None:
    """The page says so, sealed: another leg is made while the old one, which may be well one way, stays."""
    book = begun()
    until_due(book)
    book.connect(offer(book))
    book.wait(7)
    effects = book.about(2, LegFailed(leg=2))
    assert FetchIceServers(3) in effects
    assert commands(effects) == []


def test_a_new_leg_goes_on_with_the_code_that_was_compared() -> None:
    """The safety code is the first leg's as long as one leg vouches for the next, and another device is a stop."""
    book = begun()
    book.tell(CodesCompared(same=True))
    code = book.snapshot.security.digits
    until_due(book)
    leg = offer(book)
    book.guards[leg].digits = "999999"
    book.connect(leg)
    assert (book.snapshot.security.digits, book.snapshot.security.verification) == (code, Verification.VERIFIED)
    until_due(book)
    leg = offer(book)
    book.guards[leg].device = b"somebody else"
    book.connect(leg)
    assert (book.snapshot.state, book.snapshot.end_reason) == (CallState.ENDED, EndReason.UNSAFE)


def test_secrets_of_a_closed_leg_are_wiped() -> None:
    """The guard of a leg that is over overwrites what it knew."""
    book = begun()
    until_due(book)
    leg = offer(book)
    book.connect(leg)
    book.shown(leg)
    book.wait(1)
    assert (book.guards[1].wiped, book.guards[leg].wiped) == (True, False)


def test_lines_cross_a_swap_once_and_in_order() -> None:
    """A line without a confirmation goes again over the new leg before anything newer does."""
    book = begun()
    book.tell(ChatWritten("a", "one"))
    until_due(book)
    leg = offer(book)
    effects = book.connect(leg) + book.tell(ChatWritten("b", "two"))
    assert [message.id for message in said(effects) if isinstance(message, Chat)] == ["a", "b"]
    for carried_by in (1, leg):
        book.say(carried_by, Chat(id="x", text="hello", sent_at=1))
    assert [line.id for line in book.snapshot.chat if not line.mine] == ["x"]


def test_keys_are_renewed_when_something_changes() -> None:
    """Another device, an opened or closed one, compared codes, the page's wish ask for new keys; muting does not."""
    book = begun()
    guard = book.guards[1]
    for event in (
        DevicesChosen(DeviceChoice("cam2", "mic")),
        CaptureChanged(CameraLamp.LIVE, MicrophoneLamp.LIVE),
        CodesCompared(same=True),
    ):
        before = len(guard.renewals)
        book.tell(event)
        assert len(guard.renewals) == before + 1
    book.tell(CaptureChanged(CameraLamp.LIVE, MicrophoneLamp.MUTED))
    assert len(guard.renewals) == 3
    book.say(1, RenewWanted())
    assert len(guard.renewals) == 4


def test_keys_that_are_too_old_are_put_right_or_end_the_call() -> None:
    """Securing: another leg is made at once; if it is not safe within half a minute the call ends."""
    book = begun()
    book.guards[1].is_stale = True
    effects = book.tell(Ticked())
    assert book.snapshot.is_securing
    assert any(isinstance(effect, FetchIceServers) for effect in effects)
    leg = offer(book)
    book.connect(leg)
    assert not book.snapshot.is_securing
    book.guards[leg].is_stale = True
    book.tell(Ticked())
    book.wait(29)
    assert book.snapshot.state is not CallState.ENDED
    book.wait(2)
    assert (book.snapshot.state, book.snapshot.end_reason) == (CallState.ENDED, EndReason.FAILED)


def test_frames_that_nobody_can_open_are_told_and_then_another_leg_is_made() -> None:
    """After two seconds it is said, after ten another leg is looked for, once."""
    book = begun()
    for second in range(12):
        book.tell(FiguresMeasured(CallFigures(unopened=10 * (second + 1))))
        book.wait(1)
        assert book.snapshot.is_securing is (second >= 1)
    assert fetches(book) == [1, 2]
    book.tell(HEARD)
    assert not book.snapshot.is_securing


def test_a_machine_that_slept_looks_for_another_path() -> None:
    """The wall's clock ran on while the machine's stood still: signaling is probed and a leg is made, once."""
    book = begun()
    book.epoch_ms += 45_000
    effects = book.wait(2)
    assert ProbeSignaling(is_stale=True) in effects
    assert fetches(book) == [1, 2]


def test_waiting_is_no_sleep() -> None:
    """Before the first leg nothing is due: an hour without an event is no reason to doubt the way to the service."""
    book = Playbook(periods=PERIOD)
    book.begin()
    book.now += 3600
    effects = book.signal(Ready(instance="page-1"))
    assert not any(isinstance(effect, ProbeSignaling) for effect in effects)
    assert fetches(book) == [1]


def test_after_an_outage_the_call_goes_on_with_what_was_agreed() -> None:
    """Nothing for 45 s: the transport dies, the service is probed again and again, and the next leg is vouched for."""
    book = begun()
    book.echo = False
    effects = book.wait(10)
    assert book.snapshot.state is CallState.RECONNECTING
    effects += book.tell(SignalingFailed(fetches(book)[-1]))
    effects += book.tell(LegChanged(1, LegState.FAILED))
    for _ in range(8):
        effects += book.wait(4)
        effects += book.tell(SignalingFailed(fetches(book)[-1]))
    assert sum(isinstance(effect, ProbeSignaling) for effect in effects) >= 15
    book.wait(2)
    leg = offer(book)
    assert isinstance(signals(book.effects)[-1], Sealed)
    book.connect(leg)
    assert book.snapshot.state is CallState.ACTIVE


def test_an_engine_that_crashed_goes_on_in_the_same_chain() -> None:
    """The secrets that vouch are not the engine's: after a crash the next leg's offer is sealed, through the relay."""
    book = begun()
    book.tell(EngineFailed("engine_lost"), EngineStarted())
    leg = offer(book)
    last = [effect for effect in book.effects if isinstance(effect, SendSignal)][-1]
    assert isinstance(last.signal, Sealed)
    book.connect(leg)
    assert book.snapshot.state is CallState.ACTIVE


def test_what_the_page_says_of_legs_it_may_not_close() -> None:
    """Only the desktop closes legs, and a leg is shown only once it is the one in use."""
    book = begun()
    assert commands(book.say(1, LegOver(leg=1))) == []
    assert commands(book.say(1, LegShown(leg=9))) == []
    assert encode(LegShown(leg=1)) != b""
