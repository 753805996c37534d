"""The waiting room in bad times: hundreds come back at once, and the machine loses power in the middle of work."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from carena_protocol.messages import Ok, QueueSnapshot, VisitStatus
from carena_protocol.verbs import Claim, Triage
from carena_server.data import DataDirectory
from carena_server.store import arrivals
from carena_server.store.audit_log import AuditLog
from carena_server.tokens import digest
from tests.integration.server.harness import Peer, Server, patient_ticket, staff, staff_ticket
from tests.unit.server.builders import check_in


@pytest.mark.timeout(180)
async def test_five_hundred_pages_come_back_at_once(make_server: Callable[..., Server]) -> None:
    """After a restart everybody reconnects together: all have the old place, and staff's commands don't wait for it."""
    server = make_server()
    server.kill()
    engine, log, count = DataDirectory(server.data).engine(), AuditLog(DataDirectory(server.data).audit_key()), 500
    with engine.begin() as connection:
        arrivals.create_link(
            connection, log, link="l", digest=digest("link-secret"), reusable=True, actor="u", at=0, expires_at=10**15
        )
        for n in range(count):
            arrival = replace(check_in(f"v{n}"), session_digest=digest(f"cookie-of-v{n}"))
            assert arrivals.check_in(connection, log, arrival, n)
    engine.dispose()
    server.start()
    gate = asyncio.Semaphore(60)

    async def come(visit: str) -> Peer:
        async with gate:
            ticket = await asyncio.to_thread(patient_ticket, server, f"cookie-of-{visit}")
            return await Peer(server).connect(ticket)

    async with staff(server) as ann:
        await ann.subscribe()
        loop = asyncio.get_running_loop()
        coming = asyncio.gather(*(come(f"v{n}") for n in range(count)))
        longest = 0.0
        for n in range(20):
            begun = loop.time()
            claimed = await ann.ask(Claim(id=ann.next_id(), visit=f"v{n}", version=1))
            longest = max(longest, loop.time() - begun)
            assert isinstance(claimed, Ok)
        pages = await coming
        for n, page in enumerate(pages):
            status = await page.next(VisitStatus, lambda s: s.waiting == count, 30)
            assert (status.visit, status.place) == (f"v{n}", n + 1)
        assert longest < 5
        for page in pages:
            await page.leave()


@pytest.mark.timeout(180)
async def test_a_kill_in_the_middle_of_changes_loses_nothing_that_was_answered(
    make_server: Callable[..., Server],
) -> None:
    """SIGKILL while staff work: after the restart every answered change stands and everyone is back within 3 s."""
    server = make_server()
    secret = server.link()
    visits = [server.check_in(secret, f"Patient {n}") for n in range(40)]
    acknowledged: dict[str, int] = {}
    logins = {user: server.login(user).json for user in ("ann", "bob")}
    peers = [await Peer(server).connect(staff_ticket(server, logins[user]["access_token"])) for user in logins]
    pages = [await Peer(server).connect(patient_ticket(server, cookie)) for _, cookie in visits[:10]]
    await peers[0].subscribe()

    async def work(peer: Peer, mine: list[str]) -> None:
        while True:
            for visit in mine:
                version = acknowledged.get(visit, 1)
                reply = await peer.ask(Triage(id=peer.next_id(), visit=visit, version=version, acuity=1 + version % 5))
                assert isinstance(reply, Ok)
                assert isinstance(reply.version, int)
                acknowledged[visit] = reply.version

    ids = [visit for visit, _ in visits]
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(work(peer, ids[n::2])) for n, peer in enumerate(peers)]
    await peers[0].until(lambda: sum(acknowledged.values()) > 60, 30)
    server.kill()
    await asyncio.gather(*(peer.closed() for peer in (*peers, *pages)))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for peer in (*peers, *pages):
        await peer.leave()
    server.start()
    begun = loop.time()
    peer = peers[0]
    peer.inbox.clear()
    await peer.connect(staff_ticket(server, logins["ann"]["access_token"]))
    await peer.subscribe()
    for page, (_, cookie) in zip(pages, visits, strict=False):
        await page.connect(patient_ticket(server, cookie))
        assert (await page.next(VisitStatus)).waiting == len(visits)
    assert loop.time() - begun < 3
    rows = {e.visit: e for e in (await peer.next(QueueSnapshot, lambda s: len(s.entries) == len(visits))).entries}
    for visit, version in acknowledged.items():
        # At most one change more than was answered: the answer of the last one died with the server.
        assert version <= rows[visit].version <= version + 1
        assert rows[visit].acuity == 1 + (rows[visit].version - 1) % 5
    for page in (*pages, peer):
        await page.leave()
    assert "unbroken" in server.run("audit", "verify")
