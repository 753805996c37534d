"""Restarts, expiry, disabled accounts, lost places: what happens by itself."""

import asyncio
import re
import signal
import sys
import time
from collections.abc import Callable

import msgspec
import pytest

from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import (
    Admit,
    Error,
    Finish,
    LeaveReason,
    Ok,
    PeerPresence,
    QueueDelta,
    QueueSnapshot,
    Relay,
    Relayed,
    Renew,
    VisitState,
    VisitStatus,
)
from tests.integration.server.harness import PASSWORD, Peer, Server, patient, patient_ticket, staff, staff_ticket

Maker = Callable[..., Server]


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_places_and_visits_survive_a_restart(make_server: Maker, how: str) -> None:
    """Stopped or killed, the server comes back with every patient in place and the visit still between its two."""
    server = make_server()
    secret = server.link()
    (first, first_cookie), (second, second_cookie) = server.check_in(secret, "First"), server.check_in(secret, "Second")
    token = server.login().json["access_token"]
    desk = await Peer(server).connect(staff_ticket(server, token))
    page = await Peer(server).connect(patient_ticket(server, first_cookie))
    assert isinstance(await desk.ask(Admit(id=desk.next_id(), visit=first, version=1)), Ok)

    getattr(server, how)()
    assert await desk.closed() in {CloseCode.DRAIN, 1006}
    await desk.leave()
    await page.leave()
    server.start()

    await desk.connect(staff_ticket(server, token))
    assert desk.welcome is not None
    assert not desk.welcome.resumed
    await desk.subscribe()
    rows = {entry.visit: entry for entry in (await desk.next(QueueSnapshot)).entries}
    assert {visit: (row.state, row.name) for visit, row in rows.items()} == {
        first: (VisitState.IN_VISIT, "First"),
        second: (VisitState.ARRIVED, "Second"),
    }
    await page.connect(patient_ticket(server, first_cookie))
    await desk.next(PeerPresence, lambda p: p.present)
    assert isinstance(await page.ask(Relay(id=page.next_id(), visit=first, data=msgspec.Raw(b'{"n":1}'))), Ok)
    await desk.next(Relayed)
    async with patient(server, second_cookie) as other:
        assert (await other.next(VisitStatus)).place == 1
    await desk.leave()
    await page.leave()
    assert "unbroken" in server.run("audit", "verify")


async def test_a_killed_server_has_every_answered_change(make_server: Maker) -> None:
    """Whatever was answered with ok before a power cut is there after it."""
    server = make_server()
    secret = server.link()
    visits = [server.check_in(secret)[0] for _ in range(12)]
    async with staff(server) as desk:
        for visit in visits:
            assert isinstance(await desk.ask(Admit(id=desk.next_id(), visit=visit, version=1)), Ok)
        server.kill()
        await desk.closed()
    server.start()
    async with staff(server) as desk:
        await desk.subscribe()
        rows = (await desk.next(QueueSnapshot)).entries
        assert {row.visit for row in rows if row.state is VisitState.IN_VISIT} == set(visits)


async def test_a_graceful_stop_tells_everyone(make_server: Maker) -> None:
    """SIGTERM: drain, close 4412, exit 0 within seconds, also with connections that never spoke."""
    server = make_server()
    _, cookie = server.check_in(server.link())
    async with staff(server) as desk, patient(server, cookie) as page:
        started = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert await desk.closed() == CloseCode.DRAIN
        assert await page.closed() == CloseCode.DRAIN
        assert await asyncio.to_thread(server.wait, 10) == 0
        assert time.monotonic() - started < 6


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop does not exist there")
def test_the_fast_loop_is_used(make_server: Maker) -> None:
    """The stock loop costs 256 KiB per TLS connection (cpython#109534): uvloop has to be in use where it exists."""
    server = make_server()
    assert server.uses("uvloop")


async def test_a_patient_who_stays_away_loses_the_place(make_server: Maker) -> None:
    """After the grace the row is left(timeout), staff see it go, and the page learns it when it returns."""
    server = make_server("[queue]\nplace_grace_s = 2\n")
    visit, cookie = server.check_in(server.link())
    async with staff(server) as desk:
        await desk.subscribe()
        page = await Peer(server).connect(patient_ticket(server, cookie))
        await asyncio.sleep(2.5)  # longer than the grace: being connected keeps the place
        await page.drop()
        cut = time.monotonic()
        await desk.next(QueueDelta, lambda d: d.visit == visit and d.entry is msgspec.UNSET)
        assert 1.5 < time.monotonic() - cut < 5
    page = await Peer(server).connect(patient_ticket(server, cookie))
    status = await page.next(VisitStatus)
    assert (status.state, status.reason) == (VisitState.LEFT, LeaveReason.TIMEOUT)
    assert await page.closed() == CloseCode.VISIT_OVER
    await page.leave()


async def test_a_patient_waits_again_when_the_clinician_stays_away(make_server: Maker) -> None:
    """The visit goes back to the head of the queue, and another clinician can take it."""
    server = make_server("[queue]\nclinician_grace_s = 1\n")
    secret = server.link()
    visit, cookie = server.check_in(secret)
    server.check_in(secret)
    async with patient(server, cookie) as page, staff(server, "bob") as bob:
        ann = await Peer(server).connect(staff_ticket(server, server.login().json["access_token"]))
        assert isinstance(await ann.ask(Admit(id=ann.next_id(), visit=visit, version=1)), Ok)
        await page.next(PeerPresence, lambda p: p.present)
        await ann.drop()
        await page.next(PeerPresence, lambda p: not p.present)
        status = await page.next(VisitStatus, lambda s: s.version == 3)
        assert (status.state, status.place, status.clinician_name) == (VisitState.RETURNED, 1, None)
        assert isinstance(await bob.ask(Admit(id=bob.next_id(), visit=visit, version=3)), Ok)


async def test_who_does_not_renew_is_cut_off(make_server: Maker) -> None:
    """The connection ends with 4501 when the access behind it would have; renewing in time keeps it."""
    server = make_server("[tokens]\naccess_ttl_s = 2\n")
    tokens = server.login().json
    peer = await Peer(server).connect(staff_ticket(server, tokens["access_token"]))
    assert peer.welcome is not None
    assert peer.welcome.authorised_for_ms == 2000
    for _ in range(3):
        await asyncio.sleep(1.0)  # half of the lifetime: the passage of time is what is tested
        tokens = server.post("/token/refresh", {"refresh_token": tokens["refresh_token"]}).json
        renew = Renew(id=peer.next_id(), ticket=staff_ticket(server, tokens["access_token"]))
        assert isinstance(await peer.ask(renew), Ok)
    renewed = time.monotonic()
    assert await peer.closed() == CloseCode.AUTHENTICATION
    assert 1.5 < time.monotonic() - renewed < 4
    late = server.post("/ws-ticket", Authorization=f"Bearer {tokens['access_token']}")
    assert (late.status, late.code) == (401, "token_expired")
    await peer.leave()


async def test_a_disabled_account_is_cut_off_within_seconds(make_server: Maker) -> None:
    """Disabling on the console ends the connection with 4501 and every way back in."""
    server = make_server()
    async with staff(server) as desk, staff(server, "bob") as other:
        await asyncio.to_thread(server.run, "user", "disable", "ann")
        assert await desk.closed(6) == CloseCode.AUTHENTICATION
        assert server.login().code == "wrong_credentials"
        assert other.close_code is None
        await asyncio.to_thread(server.run, "user", "disable", "ann", "--enable")
        assert server.login().status == 200


async def test_signing_out_and_reuse_end_the_connection_at_once(make_server: Maker) -> None:
    """Logout, and an old refresh token, close the family's websocket with 4501."""
    server = make_server()
    for how in ("logout", "reuse"):
        tokens = server.login().json
        peer = await Peer(server).connect(staff_ticket(server, tokens["access_token"]))
        if how == "logout":
            server.post("/logout", {"refresh_token": tokens["refresh_token"]})
        else:
            second = server.post("/token/refresh", {"refresh_token": tokens["refresh_token"]}).json
            server.post("/token/refresh", {"refresh_token": second["refresh_token"]})
            server.post("/token/refresh", {"refresh_token": tokens["refresh_token"]})
        assert await peer.closed(1.5) == CloseCode.AUTHENTICATION
        await peer.leave()


async def test_a_password_reset_ends_sessions(make_server: Maker) -> None:
    """Whoever had the old password is out."""
    server = make_server()
    async with staff(server) as desk:
        await asyncio.to_thread(server.run, "user", "reset", "ann", "--password-stdin")
        assert await desk.closed(6) == CloseCode.AUTHENTICATION
    assert server.login().status == 200


async def test_nothing_private_is_ever_logged_or_kept(make_server: Maker) -> None:
    """Names, reasons, passwords, tokens, tickets, secrets, cookies and signals stand in no log; text in no database."""
    server = make_server()
    secret = server.link()
    visit, cookie = server.check_in(secret, "Canaryname Example")
    server.post("/check-in", server.arrival("wrongsecretcanary00000", "Canaryname"))
    server.login("ann", "canary wrong password")
    server.call("GET", f"/visit?leak=canaryquery{secret}")
    tokens = server.login().json
    ticket = staff_ticket(server, tokens["access_token"])
    desk = await Peer(server).connect(ticket)
    private = [secret, cookie, ticket, *[tokens[name] for name in ("access_token", "refresh_token")], PASSWORD]
    assert desk.welcome is not None
    private += [desk.welcome.resume_token, "canary", "Canaryname", "a cough", "1980-01-02"]
    async with patient(server, cookie) as page:
        await desk.ask(Admit(id=desk.next_id(), visit=visit, version=1))
        data = msgspec.Raw(b'{"t":"offer","sdp":"canarysdp"}')
        assert isinstance(await page.ask(Relay(id=page.next_id(), visit=visit, data=data)), Ok)
        await page.send('{"v":1,"type":"relay","id":"canaryid","visit":5}')
        error = await desk.ask(Finish(id=desk.next_id(), visit=visit, version=9))
        assert isinstance(error, Error)
        assert error.code is ErrorCode.CONFLICT
        assert isinstance(await desk.ask(Finish(id=desk.next_id(), visit=visit, version=2)), Ok)
        await page.closed()
    await desk.leave()
    assert server.stop() == 0

    log = server.log.read_text()
    assert re.search(r"visit [0-9a-f]{8} admit", log), "the log says what happens"
    assert [text for text in private if text in log] == []
    assert visit not in log
    kept = b"".join(path.read_bytes() for path in server.data.rglob("*") if path.is_file())
    assert [text for text in private if text.encode() in kept] == []
    assert "unbroken" in server.run("audit", "verify")
