"""The relay of a visit hands on what is valid, once, in order, and keeps a bounded amount of it."""

import pytest
from msgspec import Raw

from carena_desktop.session.commands import Reply
from carena_desktop.session.visit_signaling import MAX_BACKLOG, MAX_CHANNELS, SignalingHub, VisitChannel
from carena_protocol import peer
from carena_protocol.messages import ClientMessage, Ok, PeerPresence, Relayed, TurnServers
from carena_protocol.peer import AnySignal, Ready


async def _ask(message: ClientMessage, *, limit_s: float) -> Reply:
    assert limit_s > 0
    return Ok(re=message.id)


def _relayed(visit: str, number: int) -> Relayed:
    return Relayed(visit=visit, id=f"m{number}", data=Raw(peer.encode(Ready(instance=f"page-{number}"))))


def test_the_backlog_is_bounded_and_keeps_the_newest() -> None:
    """Before anyone listens the newest signals are kept, up to a limit, and then delivered once."""
    channel = VisitChannel("v", _ask)
    for number in range(MAX_BACKLOG + 10):
        channel.relayed(_relayed("v", number))
    first: list[AnySignal] = []
    second: list[AnySignal] = []
    channel.on_signal(first.append)
    channel.on_signal(second.append)
    assert [s.instance for s in first if isinstance(s, Ready)] == [f"page-{n}" for n in range(10, MAX_BACKLOG + 10)]
    assert second == []


def test_unsubscribing_stops() -> None:
    """After unsubscribing nothing is delivered, a second call changes nothing, and signals wait again."""
    channel = VisitChannel("v", _ask)
    heard: list[AnySignal] = []
    stop = channel.on_signal(heard.append)
    stop()
    stop()
    channel.relayed(_relayed("v", 1))
    assert heard == []
    channel.on_signal(heard.append)
    assert len(heard) == 1


def test_presence_is_told_when_it_changes() -> None:
    """The same presence twice is told once; who subscribes later is told what is known."""
    hub = SignalingHub(_ask)
    early: list[bool] = []
    late: list[bool] = []
    hub.channel("v").on_peer(early.append)
    for present in (True, True, False):
        hub.deliver(PeerPresence(visit="v", present=present))
    hub.channel("v").on_peer(late.append)
    assert early == [True, False]
    assert late == [False]


def test_nonsense_is_counted() -> None:
    """What is no signal is dropped and counted, whatever it is."""
    channel = VisitChannel("v", _ask)
    for number, data in enumerate((b"{}", b"[]", b"1", b'{"t":"offer"}', b'"' + b"x" * 70_000 + b'"')):
        channel.relayed(Relayed(visit="v", id=f"m{number}", data=Raw(data)))
    assert channel.dropped == 5


def test_channels_that_nobody_wants_are_bounded() -> None:
    """Signals for ever new visits do not fill the memory, and a channel in use survives them."""
    hub = SignalingHub(_ask)
    kept = hub.channel("in-use")
    kept.on_signal(lambda _signal: None)
    for number in range(MAX_CHANNELS * 3):
        hub.deliver(_relayed(f"visit-{number}", 1))
    assert hub.channel("in-use") is kept
    assert len(hub._channels) <= MAX_CHANNELS + 1


@pytest.mark.parametrize(("ours", "theirs"), [(True, False), (False, True)])
async def test_relay_only_is_what_either_side_wants(ours: bool, theirs: bool) -> None:
    """Direct paths are given up where the organization says so, even when the server would allow them."""

    async def answer(message: ClientMessage, *, limit_s: float) -> Reply:
        assert limit_s > 0
        return TurnServers(visit=getattr(message, "visit", ""), servers=[], ttl_s=60, relay_only=theirs)

    _, relay_only, _ = await SignalingHub(answer, relay_only=lambda: ours).channel("v").ice_servers()
    assert relay_only


async def test_a_rule_made_stricter_holds_from_the_next_connection_on() -> None:
    """The same channel asks anew each time: a server that wants relays only is heard while a visit goes on."""
    strict = False

    async def answer(message: ClientMessage, *, limit_s: float) -> Reply:
        assert limit_s > 0
        return TurnServers(visit=getattr(message, "visit", ""), servers=[], ttl_s=60, relay_only=False)

    channel = SignalingHub(answer, relay_only=lambda: strict).channel("v")
    assert [(await channel.ice_servers())[1]] == [False]
    strict = True
    assert [(await channel.ice_servers())[1]] == [True]
