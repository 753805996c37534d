"""The spare: when a leg through the relay is made beside a direct one, what it carries, and when it takes over."""

from dataclasses import replace

import pytest

from carena_desktop.call.inputs import FetchIceServers, IceServersArrived, Ticked
from carena_desktop.call.model import CallFigures, CallState, Path
from carena_desktop.call.path_events import NetworkChanged, PathHeard, PathQuiet, PathSilent
from carena_desktop.call.ports import CloseLeg, EngineFailed, FiguresMeasured, OfferMade, OpenLeg
from carena_desktop.call.recovery import Periods
from carena_protocol.messages import IceServer
from carena_protocol.peer import Heartbeat, HeartbeatSeen, LegFailed, Ready, Rekey
from tests.unit.call.playbook import LONG, Playbook, commands, said

RELAY = IceServer(urls=["turn:relay:3478?transport=udp"], username="u", credential="c")
DIRECT = FiguresMeasured(CallFigures(remote_fps=30, remote_audio_frames_per_s=50, path=Path.DIRECT))
RELAYED = FiguresMeasured(CallFigures(remote_fps=30, remote_audio_frames_per_s=50, path=Path.RELAYED))
QUIET = PathQuiet(1, 0.1)


def attempts(book: Playbook) -> list[int]:
    """The searches so far."""
    return [effect.attempt for effect in book.effects if isinstance(effect, FetchIceServers)]


def opened(book: Playbook) -> list[tuple[int, bool]]:
    """The legs that were made, and whether only by the relay."""
    return [(one.leg, one.relay_only) for one in commands(book.effects) if isinstance(one, OpenLeg)]


def serve(book: Playbook, *, ttl_s: float = 10_000, relay_only: bool = False) -> int:
    """Name a relay in answer to the newest search, and make the offer; return the leg."""
    book.tell(IceServersArrived(attempts(book)[-1], (RELAY,), relay_only, ttl_s))
    leg = opened(book)[-1][0]
    book.tell(OfferMade(leg, f"offer {leg}"))
    return leg


def begun(periods: Periods = LONG, *, relay_only: bool = False) -> Playbook:
    """A call on leg 1, made with a relay's address."""
    book = Playbook(periods=periods)
    book.begin()
    book.signal(Ready(instance="page-1"))
    book.connect(serve(book, relay_only=relay_only))
    return book


def with_spare(ttl_s: float = 10_000) -> Playbook:
    """A direct call with a spare, leg 2."""
    book = begun()
    book.tell(DIRECT)
    book.wait(12)
    assert book.connect(serve(book, ttl_s=ttl_s)) != []
    return book


def test_a_direct_leg_gets_a_spare_that_carries_nothing() -> None:
    """Ten seconds into a direct leg another is made through the relay; safe, it has no keys, and nobody sees of it."""
    book = begun()
    book.tell(DIRECT)
    book.wait(8)
    assert opened(book) == [(1, False)]
    book.wait(4)
    before = book.snapshot
    leg = serve(book)
    effects = book.connect(leg)
    assert opened(book) == [(1, False), (2, True)]
    assert book.guards[2].is_held
    assert not any(isinstance(message, Rekey) for message in said(effects))
    assert book.snapshot == replace(before, has_spare=True)
    assert book.snapshot.leg == 1
    beats = [effect for effect in book.wait(3) if "leg=2" in repr(effect)]
    assert beats == []


@pytest.mark.parametrize("figures", [RELAYED, FiguresMeasured(CallFigures(remote_fps=30))], ids=["relayed", "unknown"])
def test_only_a_direct_leg_needs_one(figures: FiguresMeasured) -> None:
    """A leg that goes through the relay has nothing to fall back on; nor is one made before the path is known."""
    book = begun()
    book.tell(figures)
    book.wait(25)
    assert opened(book) == [(1, False)]


def test_without_a_relay_there_is_none() -> None:
    """Nothing is made where only STUN servers are named, or where all calls are relayed anyway."""
    book = Playbook(periods=LONG)
    book.begin()
    book.signal(Ready(instance="page-1"))
    book.connect(book.offer(IceServer(urls=["stun:s"])))
    book.tell(DIRECT)
    book.wait(60)
    assert attempts(book) == [1]
    book = begun(relay_only=True)
    book.tell(DIRECT)
    book.wait(60)
    assert attempts(book) == [1]


def test_silence_and_an_answer_make_it_the_leg_in_use() -> None:
    """Quiet: the spare is asked. It answers and the silence is odd: it gets keys, and carries the call."""
    book = with_spare()
    (asked,) = said(book.tell(QUIET))
    assert isinstance(asked, Heartbeat)
    assert said(book.say(2, HeartbeatSeen(n=asked.n))) == []
    assert book.snapshot.leg == 1
    effects = book.wait(0.15)
    assert any(isinstance(message, Rekey) for message in said(effects))
    assert not book.guards[2].is_held
    assert not book.snapshot.has_spare
    assert (book.snapshot.leg, book.snapshot.state) == (2, CallState.ACTIVE)
    assert CloseLeg(1) not in commands(effects)
    assert CloseLeg(1) in commands(book.shown(2) + book.wait(0.4))


def test_a_late_answer_counts_at_once() -> None:
    """Over a long way the answer comes when the silence is odd already; a moment later it is not ended by chance."""
    book = with_spare()
    (asked,) = said(book.tell(QUIET))
    assert isinstance(asked, Heartbeat)
    assert book.wait(0.3) == []
    assert said(book.say(2, HeartbeatSeen(n=asked.n))) == []
    assert any(isinstance(message, Rekey) for message in said(book.wait(0.1)))
    assert book.snapshot.leg == 2


def test_losses_that_end_for_both_at_once_change_nothing() -> None:
    """The answer is the first packet after a burst, and the leg in use is heard right behind it."""
    book = with_spare()
    (asked,) = said(book.tell(QUIET))
    assert isinstance(asked, Heartbeat)
    book.wait(0.3)
    book.say(2, HeartbeatSeen(n=asked.n))
    book.wait(0.05)
    book.tell(PathHeard(1))
    book.wait(1)
    assert book.snapshot.leg == 1


def test_a_pause_that_ends_changes_nothing() -> None:
    """Packets come again before the silence is odd, or before the answer: the leg in use stays."""
    book = with_spare()
    (asked,) = said(book.tell(QUIET))
    assert isinstance(asked, Heartbeat)
    book.say(2, HeartbeatSeen(n=asked.n))
    book.tell(PathHeard(1))
    book.wait(0.4)
    assert book.snapshot.leg == 1
    (again,) = said(book.tell(QUIET))
    assert isinstance(again, Heartbeat)
    book.say(2, HeartbeatSeen(n=asked.n))  # to the question before
    book.wait(0.4)
    assert book.snapshot.leg == 1
    book.tell(PathHeard(1))
    book.say(2, HeartbeatSeen(n=again.n))
    assert book.snapshot.leg == 1


def test_silence_of_everything_makes_another_leg() -> None:
    """The spare does not answer either: a leg is made by whatever works, and the spare is closed for it."""
    book = with_spare()
    book.tell(QUIET)
    book.wait(0.4)
    book.tell(PathSilent(1))
    leg = serve(book)
    assert opened(book)[-1] == (leg, False)
    assert CloseLeg(2) in commands(book.effects)
    book.connect(leg)
    assert book.snapshot.leg == leg


def test_silence_while_it_is_being_made() -> None:
    """A leg is needed now: the spare that is on its way carries the call as soon as it is safe."""
    book = begun()
    book.tell(DIRECT)
    book.wait(12)
    leg = serve(book)
    book.tell(PathSilent(1))
    book.connect(leg)
    assert not book.guards[leg].is_held
    assert book.snapshot.leg == leg
    assert len(opened(book)) == 2


def test_an_urgent_search_is_for_no_spare() -> None:
    """The network changes while the servers for a spare are asked for: the leg that is made may go directly."""
    book = begun()
    book.tell(DIRECT)
    book.wait(12)
    book.tell(NetworkChanged())
    serve(book)
    assert opened(book)[-1] == (2, False)


def test_one_that_fails_is_tried_again_later() -> None:
    """Nobody notices; the next is a minute away, and the leg in use is told nothing."""
    book = begun()
    book.tell(DIRECT)
    book.wait(12)
    assert commands(book.tell(EngineFailed("no_offer", serve(book)))) == [CloseLeg(2)]
    assert (book.snapshot.leg, book.snapshot.state) == (1, CallState.ACTIVE)
    book.tell(DIRECT)
    book.wait(50)
    assert len(attempts(book)) == 2
    book.wait(20)
    assert len(attempts(book)) == 3


@pytest.mark.parametrize("how", ["engine", "page", "age"])
def test_one_that_is_lost_or_too_old_is_replaced(how: str) -> None:
    """Its relay goes, the page loses it, its credentials have lived four fifths of their life: another follows."""
    book = with_spare(ttl_s=100)
    effects = {
        "engine": lambda: book.tell(EngineFailed("gone", 2)),
        "page": lambda: book.about(2, LegFailed(leg=2)),
        "age": lambda: book.wait(85),
    }[how]()
    assert CloseLeg(2) in commands(effects)
    book.tell(DIRECT)
    book.wait(12)
    serve(book)
    assert opened(book)[-1] == (3, True)
    assert book.snapshot.leg == 1


def test_many_spares_do_not_push_out_the_leg_that_vouches() -> None:
    """The secrets of the leg in use are kept, however many spares come and go beside it."""
    book = with_spare(ttl_s=50)
    for _ in range(5):
        book.wait(45)
        book.tell(DIRECT)
        book.wait(12)
        book.connect(serve(book, ttl_s=50))
    (asked,) = said(book.tell(QUIET))
    assert isinstance(asked, Heartbeat)
    book.wait(0.2)
    book.say(7, HeartbeatSeen(n=asked.n))
    book.wait(0.1)
    assert book.snapshot.leg == 7


def test_a_planned_leg_takes_its_place_and_another_spare_follows() -> None:
    """The page knows one leg beside the one in use: for the renewal the spare is closed, and made anew after it."""
    book = begun(Periods(leg_s=60))
    book.tell(DIRECT)
    book.wait(12)
    book.connect(serve(book))
    while len(attempts(book)) == 2:
        book.wait(1)
    leg = serve(book)
    assert opened(book)[-1] == (leg, False)
    assert CloseLeg(2) in commands(book.effects)
    book.connect(leg)
    book.shown(leg)
    book.wait(1)
    book.tell(DIRECT)
    book.wait(12)
    serve(book)
    assert opened(book)[-1] == (leg + 1, True)


def test_a_page_that_is_loaded_anew_ends_it() -> None:
    """Its other end is gone; the leg for the new page may go directly."""
    book = with_spare()
    assert CloseLeg(2) in commands(book.signal(Ready(instance="page-2")))
    serve(book)
    assert opened(book)[-1][1] is False


LOSSY = FiguresMeasured(replace(DIRECT.figures, received_loss=0.2))


def lose(book: Playbook, *, answered: bool) -> None:
    """Fifteen seconds of losses on the direct leg, in which the spare answers, or its answers are lost as well."""
    for _ in range(150):
        book.now += 0.1
        if round(book.now * 10) % 10 == 0:
            book.tell(LOSSY)
        for message in said(book.tell(Ticked())):
            if isinstance(message, Heartbeat):
                book.say(1, HeartbeatSeen(n=message.n))
                if answered:
                    book.say(2, HeartbeatSeen(n=message.n))


def test_a_direct_path_that_loses_packets_is_left_make_before_break() -> None:
    """With the relay clean the spare takes over, while the direct leg stays until both show the new one."""
    book = with_spare()
    before = len(book.effects)
    lose(book, answered=True)
    assert Rekey in [type(message) for message in said(book.effects[before:])]
    assert CloseLeg(1) not in commands(book.effects[before:])
    assert book.snapshot.leg == 2
    assert book.snapshot.state is CallState.ACTIVE
    book.shown(2)
    assert CloseLeg(1) in commands(book.wait(1))


def test_losses_that_the_relay_has_as_well_change_nothing() -> None:
    """Where the spare does not answer in time, the trouble is nearer: leg and path stay."""
    book = with_spare()
    lose(book, answered=False)
    assert (book.snapshot.leg, book.snapshot.has_spare) == (1, True)
