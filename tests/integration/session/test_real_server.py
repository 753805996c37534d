"""The session against the real server over TLS: in, waiting room, visit, out, and back after trouble."""

import asyncio
import contextlib
import logging

import pytest

from carena_desktop.session.model import (
    KeyringState,
    LocalProblem,
    SessionProblem,
    SessionSnapshot,
    SessionState,
    WaitingEntry,
)
from carena_desktop.session.ports import CommandRefusedError
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import VisitState
from carena_protocol.peer import Answer, AnySignal, Offer, Ready
from demo.clinic import Clinic
from tests.fakes.guard import COMMIT, HELLO
from tests.integration.session.conftest import MakeWorkstation
from tests.integration.session.patient import patient

pytestmark = pytest.mark.slow

OFFER = Offer(leg=1, instance="page", sdp="v=0", commit=COMMIT)


def _rows(snapshot: SessionSnapshot) -> dict[str, WaitingEntry]:
    return {entry.visit: entry for entry in snapshot.waiting_room.entries}


async def test_a_whole_visit(shared: Clinic, workstation: MakeWorkstation, caplog: pytest.LogCaptureFixture) -> None:
    """First contact with the printed fingerprint, sign-in, admission, signals both ways, finish, sign-out.

    Nothing of the patient, the secrets or the signals is in any record, whoever logged it, before any redaction.
    """
    caplog.set_level(logging.DEBUG)
    desktop = workstation()
    user = shared.clinician
    await desktop.service.sign_in(shared.url, user.username, user.password)
    assert desktop.snapshot.state is SessionState.TRUST_REQUIRED
    assert desktop.snapshot.authority is not None
    assert desktop.snapshot.authority.fingerprint == shared.fingerprint.replace(":", "").lower()
    await desktop.service.answer_trust(accept=True)
    assert desktop.snapshot.state is SessionState.ONLINE
    assert desktop.snapshot.keyring is KeyringState.STORED
    assert desktop.snapshot.account is not None
    assert desktop.snapshot.account.display_name == "Dr Casey Demo"
    assert abs(desktop.snapshot.clock_offset_ms) < 5000

    link = await desktop.service.create_visit_link(reusable=False)
    async with patient(shared.url, str(shared.authority), link) as one:
        await desktop.until(lambda s: one.visit in _rows(s))
        await desktop.service.admit(one.visit)
        await desktop.until(lambda s: _rows(s)[one.visit].state is VisitState.IN_VISIT)
        relay = desktop.service.signaling(one.visit)
        heard: asyncio.Queue[AnySignal] = asyncio.Queue()
        relay.on_signal(heard.put_nowait)
        await one.say(Ready(instance="page"))
        async with asyncio.timeout(5):
            assert await heard.get() == Ready(instance="page")
        await relay.send(OFFER)
        assert await one.hear() == OFFER
        await one.say(Answer(leg=1, sdp="v=0", hello=HELLO))
        async with asyncio.timeout(5):
            assert await heard.get() == Answer(leg=1, sdp="v=0", hello=HELLO)
        servers, relay_only, _ = await relay.ice_servers()
        assert (servers, relay_only) == ([], False)
        await desktop.service.finish(one.visit)
        await desktop.until(lambda s: one.visit not in _rows(s))
    await desktop.service.sign_out()
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.keyring.secrets == {}
    private = ["Test Patient", "Test reason", "1980-01-01", "v=0", user.password, *desktop.keyring.history]
    assert [text for text in private if text in caplog.text] == []
    assert "signaling is up" in caplog.text


async def test_a_wrong_password(shared: Clinic, workstation: MakeWorkstation) -> None:
    """The real server's refusal reaches the snapshot, and nothing is kept."""
    desktop = workstation()
    await desktop.sign_in(shared.url, shared.clinician.username, "not the password")
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.snapshot.problem == SessionProblem(ErrorCode.WRONG_CREDENTIALS)
    assert desktop.keyring.secrets == {}


async def test_a_server_restart_is_survived(place: Clinic, workstation: MakeWorkstation) -> None:
    """While the server is away it is said; afterwards the waiting room is right and a relay works again."""
    desktop = workstation()
    user = place.clinician
    await desktop.sign_in(place.url, user.username, user.password)
    link = place.visit_link(reusable=True)
    async with patient(place.url, str(place.authority), link) as one:
        await desktop.until(lambda s: len(s.waiting_room.entries) == 1)
        await desktop.service.admit(one.visit)
    await asyncio.to_thread(place.stop)
    await desktop.until(lambda s: s.state is SessionState.RECONNECTING and s.problem is not None)
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.SERVER_UNREACHABLE)
    assert len(desktop.snapshot.waiting_room.entries) == 1
    await asyncio.to_thread(place.start)
    await desktop.until(lambda s: s.state is SessionState.ONLINE)
    async with patient(place.url, str(place.authority), link, "Second Patient") as two:
        await desktop.until(lambda s: two.visit in _rows(s))
        await desktop.service.admit(two.visit)
        await desktop.service.signaling(two.visit).send(Ready(instance="x"))
        assert await two.hear() == Ready(instance="x")


async def test_two_desktops_race(shared: Clinic, workstation: MakeWorkstation) -> None:
    """Two clinicians admit at once: one has the visit, the other reads who took it."""
    second = shared.add_user("second", "clinician", "Dr Robin Second")
    desktops = workstation(), workstation()
    for desktop, user in zip(desktops, (shared.clinician, second), strict=True):
        await desktop.sign_in(shared.url, user.username, user.password)
    link = shared.visit_link()
    async with patient(shared.url, str(shared.authority), link) as one:
        for desktop in desktops:
            await desktop.until(lambda s: one.visit in _rows(s))
        results = await asyncio.gather(
            *(desktop.service.admit(one.visit) for desktop in desktops), return_exceptions=True
        )
    refused = [result for result in results if isinstance(result, CommandRefusedError)]
    assert len(refused) == 1
    assert results.count(None) == 1
    assert refused[0].code in {ErrorCode.CONFLICT, ErrorCode.ALREADY_ADMITTED}
    assert refused[0].taken_by == ("Dr Casey Demo" if results[0] is None else "Dr Robin Second")


async def test_a_session_is_restored(shared: Clinic, workstation: MakeWorkstation) -> None:
    """A restarted program continues without a password, with a rotated token and without asking for trust."""
    desktop = workstation()
    user = shared.clinician
    await desktop.sign_in(shared.url, user.username, user.password)
    before = dict(desktop.keyring.secrets)
    await desktop.restart()
    await desktop.service.restore("")
    assert desktop.snapshot.state is SessionState.ONLINE
    assert desktop.keyring.secrets.keys() == before.keys()
    assert desktop.keyring.secrets != before


async def test_a_reused_refresh_token_ends_the_family(shared: Clinic, workstation: MakeWorkstation) -> None:
    """A copy of an old token is refused, and the session it was stolen from is signed out with a reason."""
    desktop, thief = workstation(), workstation()
    user = shared.clinician
    await desktop.sign_in(shared.url, user.username, user.password)
    stolen = dict(desktop.keyring.secrets)
    for _ in range(2):
        await desktop.restart()
        await desktop.service.restore("")
    assert desktop.snapshot.state is SessionState.ONLINE
    await thief.sign_in(shared.url, user.username, user.password)  # pins, and remembers the account
    await thief.restart()
    thief.keyring.secrets = stolen
    await thief.service.restore("")
    assert thief.snapshot.state is SessionState.SIGNED_OUT
    assert thief.snapshot.problem == SessionProblem(ErrorCode.TOKEN_REUSED)
    snapshot = await desktop.until(lambda s: s.state is SessionState.SIGNED_OUT)
    assert snapshot.problem is not None
    assert snapshot.problem.code in {ErrorCode.TOKEN_REUSED, ErrorCode.UNAUTHENTICATED, ErrorCode.TOKEN_EXPIRED}


async def test_a_disabled_account_is_signed_out(place: Clinic, workstation: MakeWorkstation) -> None:
    """Disabling an account ends its refresh tokens: the next reconnect says so."""
    desktop = workstation()
    user = place.clinician
    await desktop.sign_in(place.url, user.username, user.password)
    await asyncio.to_thread(place.disable_user, user.username)
    await asyncio.to_thread(place.stop)
    await asyncio.to_thread(place.start)
    snapshot = await desktop.until(lambda s: s.state is SessionState.SIGNED_OUT)
    assert snapshot.problem is not None
    await desktop.service.aclose()
    assert desktop.keyring.secrets == {}


async def test_a_changed_authority_is_refused(place: Clinic, workstation: MakeWorkstation) -> None:
    """After pinning, a server with another authority on the same address gets no credential and no second chance."""
    desktop = workstation()
    user = place.clinician
    await desktop.sign_in(place.url, user.username, user.password)
    pinned = place.fingerprint.replace(":", "").lower()
    await desktop.service.sign_out()
    place.stop()
    for path in (place.data / "tls").iterdir():
        path.unlink()
    await asyncio.to_thread(place.start)
    await desktop.service.sign_in(place.url, user.username, user.password)
    snapshot = desktop.snapshot
    assert snapshot.state is SessionState.SIGNED_OUT
    assert snapshot.problem == SessionProblem(LocalProblem.AUTHORITY_CHANGED)
    assert snapshot.authority is not None
    assert snapshot.authority.expected == pinned
    assert snapshot.authority.fingerprint == place.fingerprint.replace(":", "").lower() != pinned
    await desktop.service.answer_trust(accept=True)
    assert desktop.snapshot.state is SessionState.SIGNED_OUT


async def test_a_server_without_tls_is_refused(workstation: MakeWorkstation) -> None:
    """A plain server on the port is not spoken to: not a byte of HTTP, let alone a password, reaches it."""
    received = bytearray()

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.extend(await reader.read(4096))
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    desktop = workstation()
    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await desktop.service.sign_in(f"https://127.0.0.1:{port}", "demo", "a-password-to-find")
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.PROTOCOL)
    assert received[:1] == b"\x16"  # a TLS handshake record and nothing after it
    assert b"POST" not in received
    assert b"a-password-to-find" not in received


async def test_nobody_there(workstation: MakeWorkstation) -> None:
    """A closed port is "unreachable"."""
    desktop = workstation()
    async with await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
    await desktop.service.sign_in(f"https://127.0.0.1:{port}", "demo", "password")
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.SERVER_UNREACHABLE)
