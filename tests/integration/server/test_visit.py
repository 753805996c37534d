"""The queue and the relay over real connections: what staff and patients see of each other."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import (
    Admit,
    Error,
    Finish,
    Leave,
    LeaveReason,
    Ok,
    PeerPresence,
    Presence,
    QueueDelta,
    QueueEntry,
    QueueSnapshot,
    QueueSubscribe,
    Relay,
    Relayed,
    Renew,
    TurnRequest,
    TurnServers,
    VisitState,
    VisitStatus,
)
from carena_server.data import DataDirectory
from carena_server.store import arrivals
from carena_server.store.audit_log import AuditLog
from carena_server.tokens import digest
from tests.integration.server.harness import (
    CARENA,
    PATIENCE_S,
    Peer,
    Server,
    patient,
    patient_ticket,
    staff,
    staff_ticket,
)
from tests.unit.server.builders import check_in


async def admitted(peer: Peer, visit: str) -> Ok:
    """Let a desktop admit a visit that has just checked in."""
    reply = await peer.ask(Admit(id=peer.next_id(), visit=visit, version=1))
    assert isinstance(reply, Ok), reply
    return reply


async def test_a_visit_from_arrival_to_finish(server: Server) -> None:
    """Arrive, wait with a place, be admitted, exchange signals, finish: each side sees its part, in order."""
    async with staff(server) as desk:
        await desk.subscribe()
        await desk.next(QueueSnapshot)
        visit, cookie = server.check_in(server.link(), "Alex Example")
        async with patient(server, cookie) as page:
            status = await page.next(VisitStatus)
            assert (status.visit, status.state, status.place) == (visit, VisitState.ARRIVED, status.waiting)
            delta = await desk.next(
                QueueDelta, lambda d: isinstance(d.entry, QueueEntry) and d.entry.presence is Presence.CONNECTED
            )
            assert isinstance(delta.entry, QueueEntry)
            assert (delta.entry.name, delta.entry.reason) == ("Alex Example", "a cough")

            ok = await admitted(desk, visit)
            assert ok.version == 2
            status = await page.next(VisitStatus)
            assert (status.state, status.clinician_name, status.place) == (VisitState.IN_VISIT, "Dr Ann", 0)
            assert (await page.next(PeerPresence)).present
            assert (await desk.next(PeerPresence)).present

            data = msgspec.Raw(b'{"t":"ready","instance":"\\u0061b c"}')
            sent = Relay(id=page.next_id(), visit=visit, data=data)
            assert isinstance(await page.ask(sent), Ok)
            got = await desk.next(Relayed)
            assert (got.id, got.visit, bytes(got.data)) == (sent.id, visit, bytes(data))
            back = Relay(id=desk.next_id(), visit=visit, data=msgspec.Raw(b'{"t":"offer"}'))
            assert isinstance(await desk.ask(back), Ok)
            assert bytes((await page.next(Relayed)).data) == b'{"t":"offer"}'

            assert isinstance(await desk.ask(Finish(id=desk.next_id(), visit=visit, version=2)), Ok)
            assert (await page.next(VisitStatus)).state is VisitState.FINISHED
            assert await page.closed() == CloseCode.VISIT_OVER
            removal = await desk.next(QueueDelta, lambda d: d.visit == visit and not isinstance(d.entry, QueueEntry))
            assert removal.visit == visit
            late = Relay(id=desk.next_id(), visit=visit, data=data)
            reply = await desk.ask(late)
            assert isinstance(reply, Error)
            assert reply.code is ErrorCode.FORBIDDEN


async def test_two_desktops_one_winner(server: Server) -> None:
    """Both press at once, 25 times: one gets the visit, the other the winner's name and nothing more."""
    secret = server.link()
    async with staff(server, "ann") as ann, staff(server, "bob") as bob:
        for _ in range(25):
            visit, _ = server.check_in(secret)
            both = [(peer, Admit(id=peer.next_id(), visit=visit, version=1)) for peer in (ann, bob)]
            replies = await asyncio.gather(*(peer.ask(message) for peer, message in both))
            lost = [reply for reply in replies if isinstance(reply, Error)]
            assert len(lost) == 1
            assert lost[0].code is ErrorCode.ALREADY_ADMITTED
            assert isinstance(lost[0].entry, QueueEntry)
            winner = ann if isinstance(replies[0], Ok) else bob
            assert lost[0].entry.clinician_name == ("Dr Ann" if winner is ann else "Dr Bob")
            loser = bob if winner is ann else ann
            for refused in (
                Relay(id=loser.next_id(), visit=visit, data=msgspec.Raw(b"{}")),
                TurnRequest(id=loser.next_id(), visit=visit),
                Finish(id=loser.next_id(), visit=visit, version=2),
            ):
                reply = await loser.ask(refused)
                assert isinstance(reply, Error)
                assert reply.code is ErrorCode.FORBIDDEN
            assert isinstance(await winner.ask(Finish(id=winner.next_id(), visit=visit, version=2)), Ok)


async def test_places_move_up_and_leaving_gives_the_place_away(server: Server) -> None:
    """Three wait; the first leaves; the others are told their new places and nobody else's name."""
    secret = server.link()
    visits = [server.check_in(secret, f"Patient {n}") for n in range(3)]
    async with (
        patient(server, visits[0][1]) as first,
        patient(server, visits[1][1]) as second,
        patient(server, visits[2][1]) as third,
    ):
        base = (await first.next(VisitStatus)).place
        assert (await second.next(VisitStatus, lambda s: s.place == base + 1)).waiting >= base + 1
        await third.next(VisitStatus, lambda s: s.place == base + 2)
        assert isinstance(await first.ask(Leave(id=first.next_id(), visit=visits[0][0])), Ok)
        gone = await first.next(VisitStatus)
        assert (gone.state, gone.reason) == (VisitState.LEFT, LeaveReason.PATIENT)
        assert await first.closed() == CloseCode.VISIT_OVER
        await second.next(VisitStatus, lambda s: s.place == base)
        await third.next(VisitStatus, lambda s: s.place == base + 1)
        for peer, (visit, _) in ((second, visits[1]), (third, visits[2])):
            await peer.ask(Leave(id=peer.next_id(), visit=visit))


async def test_a_reload_resumes_the_same_visit(server: Server) -> None:
    """A page that comes back with the cookie has the same visit and place; the old connection is superseded."""
    visit, cookie = server.check_in(server.link(), "Alex Example")
    async with patient(server, cookie) as old:
        place = (await old.next(VisitStatus)).place
        answer = server.call("GET", "/api/v1/visit", headers={"Cookie": f"__Host-carena-visit={cookie}"})
        assert (answer.status, answer.json) == (200, {"visit": visit, "name": "Alex Example"})
        async with patient(server, cookie) as new:
            status = await new.next(VisitStatus)
            assert (status.visit, status.place) == (visit, place)
            assert await old.closed() == CloseCode.SUPERSEDED
            assert isinstance(await new.ask(Leave(id=new.next_id(), visit=visit)), Ok)


async def test_presence_flips_and_the_place_stays(server: Server) -> None:
    """Staff see a patient reconnecting and connected again; version and place do not change."""
    visit, cookie = server.check_in(server.link())
    async with staff(server) as desk:
        await desk.subscribe()
        page = await Peer(server).connect(patient_ticket(server, cookie))
        seen = await desk.next(QueueDelta, lambda d: _presence(d, visit) is Presence.CONNECTED)
        await page.drop()
        away = await desk.next(QueueDelta, lambda d: _presence(d, visit) is Presence.RECONNECTING)
        assert isinstance(seen.entry, QueueEntry)
        assert isinstance(away.entry, QueueEntry)
        assert away.entry.version == seen.entry.version
        reply = await desk.ask(Admit(id=desk.next_id(), visit=visit, version=away.entry.version))
        assert isinstance(reply, Ok), "a patient who is away for a moment can be admitted"
        assert not (await desk.next(PeerPresence)).present
        relay = await desk.ask(Relay(id=desk.next_id(), visit=visit, data=msgspec.Raw(b"{}")))
        assert isinstance(relay, Error)
        assert (relay.code, relay.retryable) == (ErrorCode.PEER_UNREACHABLE, True)
        async with patient(server, cookie) as back:
            assert (await back.next(VisitStatus)).state is VisitState.IN_VISIT
            assert (await back.next(PeerPresence)).present
            assert (await desk.next(PeerPresence)).present
            await desk.ask(Finish(id=desk.next_id(), visit=visit, version=2))


def _presence(delta: QueueDelta, visit: str) -> Presence | None:
    entry = delta.entry
    return entry.presence if isinstance(entry, QueueEntry) and entry.visit == visit else None


async def test_a_desktop_resumes_without_losing_anything(server: Server) -> None:
    """Cut off while things happen, it comes back, gets what it missed in order, and its command runs once."""
    secret = server.link()
    token = server.login("bob").json["access_token"]
    desk = await Peer(server).connect(staff_ticket(server, token))
    await desk.subscribe()
    snapshot = await desk.next(QueueSnapshot)
    visit, _ = server.check_in(secret)
    await desk.next(QueueDelta)
    admit = Admit(id=desk.next_id(), visit=visit, version=1)
    frame = desk.machine.submit(admit)
    assert frame is not None
    await desk.send(frame.decode())
    await desk.drop()
    other, _ = server.check_in(secret)

    await desk.connect(staff_ticket(server, token))
    assert desk.welcome is not None
    assert desk.welcome.resumed
    await desk.until(lambda: admit.id in desk.replies)
    assert desk.replies[admit.id] == msgspec.structs.replace(desk.replies[admit.id], version=2)
    last = await desk.next(QueueDelta, lambda d: d.visit == other)
    assert last.queue_version > snapshot.queue_version
    await desk.ask(Finish(id=desk.next_id(), visit=visit, version=2))
    await desk.leave()


async def test_a_command_repeated_on_a_new_session_runs_once(server: Server) -> None:
    """Without a resume the idempotency key is still the actor's: the same answer, one change."""
    visit, _ = server.check_in(server.link())
    admit = Admit(id="same-key-1", visit=visit, version=1)
    async with staff(server) as first:
        assert isinstance(await first.ask(admit), Ok)
    async with staff(server) as second:
        reply = await second.ask(admit)
        assert isinstance(reply, Ok)
        assert reply.version == 2
        other = await second.ask(Finish(id=second.next_id(), visit=visit, version=99))
        assert isinstance(other, Error)
        assert other.code is ErrorCode.CONFLICT
        await second.ask(Finish(id=second.next_id(), visit=visit, version=2))


async def test_what_each_role_may_not(server: Server) -> None:
    """Deny by default: patients see no queue and touch only their visit; administrators see no queue."""
    secret = server.link()
    visit, cookie = server.check_in(secret)
    other, _ = server.check_in(secret)
    async with patient(server, cookie) as page, staff(server, "root") as admin, staff(server, "nia") as nurse:
        refused = [
            (page, QueueSubscribe(id=page.next_id())),
            (page, Admit(id=page.next_id(), visit=visit, version=1)),
            (page, Finish(id=page.next_id(), visit=visit, version=1)),
            (page, Leave(id=page.next_id(), visit=other)),
            (page, Relay(id=page.next_id(), visit=visit, data=msgspec.Raw(b"{}"))),
            (page, TurnRequest(id=page.next_id(), visit=visit)),
            (page, Relay(id=page.next_id(), visit=other, data=msgspec.Raw(b"{}"))),
            (admin, QueueSubscribe(id=admin.next_id())),
            (admin, Admit(id=admin.next_id(), visit=visit, version=1)),
            (admin, Finish(id=admin.next_id(), visit=visit, version=1)),
            (admin, Leave(id=admin.next_id(), visit=visit)),
            (nurse, Leave(id=nurse.next_id(), visit=visit)),
        ]
        for peer, message in refused:
            reply = await peer.ask(message)
            assert isinstance(reply, Error)
            assert (reply.code, reply.entry) == (ErrorCode.FORBIDDEN, msgspec.UNSET)
        assert not any(isinstance(m, QueueSnapshot | QueueDelta) for m in [*page.inbox, *admin.inbox])
        reply = await nurse.ask(Admit(id=nurse.next_id(), visit="no-such-visit", version=1))
        assert isinstance(reply, Error)
        assert reply.code is ErrorCode.NOT_FOUND
        stale = await nurse.ask(Admit(id=nurse.next_id(), visit=other, version=9))
        assert isinstance(stale, Error)
        assert stale.code is ErrorCode.CONFLICT
        assert isinstance(stale.entry, QueueEntry)
        assert isinstance(await nurse.ask(Admit(id=nurse.next_id(), visit=other, version=1)), Ok)
        await nurse.ask(Finish(id=nurse.next_id(), visit=other, version=2))
        await page.ask(Leave(id=page.next_id(), visit=visit))


async def test_turn_credentials_for_the_two_parties_only(server: Server) -> None:
    """Both parties get the configured servers with credentials that end within the lifetime."""
    visit, cookie = server.check_in(server.link())
    async with staff(server) as desk, patient(server, cookie) as page:
        await admitted(desk, visit)
        for peer in (desk, page):
            reply = await peer.ask(TurnRequest(id=peer.next_id(), visit=visit))
            assert isinstance(reply, TurnServers)
            stun, turn = reply.servers
            assert (stun.urls, turn.urls) == (["stun:127.0.0.1:3478"], ["turn:127.0.0.1:3478"])
            expiry, _, named = str(turn.username).partition(":")
            assert named == visit
            assert desk.welcome is not None
            assert 0 < int(expiry) * 1000 - desk.welcome.server_time <= (reply.ttl_s + 5) * 1000
        await desk.ask(Finish(id=desk.next_id(), visit=visit, version=2))


async def test_a_second_desktop_of_the_same_clinician_takes_no_signals(server: Server) -> None:
    """Signals go to the desktop that admitted; when it is gone, to the other one of the same person."""
    visit, cookie = server.check_in(server.link())
    async with staff(server) as admitting, staff(server) as second, patient(server, cookie) as page:
        await admitted(admitting, visit)
        await page.ask(Relay(id=page.next_id(), visit=visit, data=msgspec.Raw(b'{"n":1}')))
        await admitting.next(Relayed)
        reply = await second.ask(Relay(id=second.next_id(), visit=visit, data=msgspec.Raw(b"{}")))
        assert isinstance(reply, Error)
        await admitting.leave()
        assert (await second.next(PeerPresence)).present
        await page.ask(Relay(id=page.next_id(), visit=visit, data=msgspec.Raw(b'{"n":2}')))
        assert bytes((await second.next(Relayed)).data) == b'{"n":2}'
        assert not any(isinstance(m, Relayed) for m in admitting.inbox)
        await second.ask(Finish(id=second.next_id(), visit=visit, version=2))


async def test_a_page_that_returns_after_the_end_learns_it(server: Server) -> None:
    """The final state is told once more, then the connection closes for good; the cookie shows no name any more."""
    visit, cookie = server.check_in(server.link())
    async with staff(server) as desk:
        await admitted(desk, visit)
        await desk.ask(Finish(id=desk.next_id(), visit=visit, version=2))
    page = await Peer(server).connect(patient_ticket(server, cookie))
    assert (await page.next(VisitStatus)).state is VisitState.FINISHED
    assert await page.closed() == CloseCode.VISIT_OVER
    await page.leave()
    gone = server.call("GET", "/api/v1/visit", headers={"Cookie": f"__Host-carena-visit={cookie}"})
    assert (gone.status, gone.code) == (404, "not_found")


async def test_renewal_needs_ones_own_ticket(server: Server) -> None:
    """A ticket of the same sign-in renews; somebody else's, and a used one, do not."""
    token = server.login("ann").json["access_token"]
    peer = await Peer(server).connect(staff_ticket(server, token))
    ticket = staff_ticket(server, token)
    assert isinstance(await peer.ask(Renew(id=peer.next_id(), ticket=ticket)), Ok)
    foreign = staff_ticket(server, server.login("ann").json["access_token"])
    for bad in (ticket, foreign, "x" * 43):
        reply = await peer.ask(Renew(id=peer.next_id(), ticket=bad))
        assert isinstance(reply, Error)
        assert reply.code is ErrorCode.UNAUTHENTICATED
    await peer.leave()


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", CloseCode.PROTOCOL_ERROR),
        ('{"v":1,"type":"ping","id":"a"}', CloseCode.PROTOCOL_ERROR),
        ('{"v":9,"type":"hello","id":"a"}', CloseCode.VERSION),
        ('{"v":1,"type":"hello","id":"a"}', CloseCode.PROTOCOL_ERROR),
        ('{"v":1,"type":"nonsense","id":"a"}', CloseCode.PROTOCOL_ERROR),
        (" " * 5000, CloseCode.PROTOCOL_ERROR),
        (b"\x00\x01", CloseCode.PROTOCOL_ERROR),
        (
            json.dumps(
                {
                    "v": 1,
                    "type": "hello",
                    "id": "a",
                    "ticket": "x" * 43,
                    "client": {"name": "carena-test", "version": "1"},
                }
            ),
            CloseCode.AUTHENTICATION,
        ),
    ],
)
async def test_a_bad_first_frame_ends_the_connection(server: Server, frame: str | bytes, code: CloseCode) -> None:
    """Everything but a good hello is answered with an error and a defined close code."""
    url = server.url.replace("https", "wss") + "/ws"
    async with connect(url, ssl=server.context(), subprotocols=[CARENA]) as ws:
        await ws.send(frame)
        answer = json.loads(await ws.recv())
        assert answer["type"] == "error"
        with pytest.raises(ConnectionClosed):
            await ws.recv()
        assert ws.close_code == code


async def test_a_full_waiting_room_reaches_the_desktop(make_server: Callable[..., Server]) -> None:
    """Rows that do not fit one message arrive all the same, and so does what another process changes meanwhile."""
    server = make_server()
    log = AuditLog(DataDirectory(server.data).audit_key())
    engine = DataDirectory(server.data).engine()
    with engine.begin() as connection:
        arrivals.create_link(
            connection, log, link="l", digest=digest("s"), reusable=True, actor="u", at=0, expires_at=10**15
        )
        for n in range(200):
            arrival = replace(check_in(f"v{n}", "s"), reason="\u4e2d" * 500)
            assert arrivals.check_in(connection, log, arrival, n)
    async with staff(server) as desk:
        await desk.until(lambda: True)
        await asyncio.sleep(1.5)  # nobody hints: the server looks by itself once a second
        await desk.subscribe()
        first = await desk.next(QueueSnapshot)
        rest = [m for m in desk.inbox if isinstance(m, QueueDelta)]
        assert 0 < len(first.entries) < 200
        assert [*(e.visit for e in first.entries), *(d.visit for d in rest)] == [f"v{n}" for n in range(200)]
        with engine.begin() as connection:
            assert arrivals.check_in(connection, log, check_in("late", "s"), 1000)
        assert (await desk.next(QueueDelta, lambda d: d.visit == "late")).queue_version == 201
    engine.dispose()


@pytest.mark.parametrize(
    ("origin", "subprotocols", "status"),
    [
        ("https://evil.example", ["carena.v1"], 403),
        ("null", ["carena.v1"], 403),
        (None, ["carena.v2"], 400),
        (None, None, 400),
    ],
)
async def test_an_upgrade_needs_our_own_page_and_our_protocol(
    server: Server, origin: Origin | None, subprotocols: list[Subprotocol] | None, status: int
) -> None:
    """Another site's page is refused before anything is said, and so is a client of another protocol."""
    url = server.url.replace("https", "wss") + "/ws"
    with pytest.raises(InvalidStatus) as caught:
        await connect(url, ssl=server.context(), subprotocols=subprotocols, origin=origin)
    assert caught.value.response.status_code == status


async def test_a_cookie_is_no_ticket(server: Server) -> None:
    """The upgrade may carry the visit cookie, from our own page even: without a good ticket nobody is let in."""
    visit, cookie = server.check_in(server.link())
    url = server.url.replace("https", "wss") + "/ws"
    hello = {"v": 1, "type": "hello", "id": "a", "ticket": cookie, "client": {"name": "carena-test", "version": "1"}}
    async with connect(
        url,
        ssl=server.context(),
        subprotocols=[CARENA],
        additional_headers={"Cookie": f"__Host-carena-visit={cookie}"},
        origin=Origin(server.url),
    ) as ws:
        await ws.send(json.dumps(hello))
        assert json.loads(await ws.recv())["code"] == "unauthenticated"
        with pytest.raises(ConnectionClosed):
            await ws.recv()
        assert ws.close_code == CloseCode.AUTHENTICATION, visit


async def test_too_many_frames_are_refused_and_then_cut_off(server: Server) -> None:
    """A burst passes, the rest gets rate_limited with a time to wait; whoever goes on and on is closed with 4429.

    A slow machine sends slowly and is allowed more of it: it goes on until it is cut off, however many that are.
    """
    async with staff(server) as peer:
        end = asyncio.get_running_loop().time() + PATIENCE_S
        with contextlib.suppress(ConnectionClosed):
            for n in itertools.count():
                await peer.send(f'{{"v":1,"type":"turn.request","id":"r{n}","visit":"none"}}')
                await asyncio.sleep(0)  # sending alone never lets the end be read
                if peer.close_code is not None or asyncio.get_running_loop().time() > end:
                    break
        assert await peer.closed(20.0) == CloseCode.RATE_LIMITED
