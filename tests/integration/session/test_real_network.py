"""The network between the desktop and the real server fails; and tokens that live for seconds."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from carena_desktop.session.model import SessionState
from carena_protocol.messages import VisitState
from carena_protocol.peer import AnySignal, Ready
from demo.clinic import Clinic, Site, clinic
from tests.integration.session.conftest import MakeWorkstation
from tests.integration.session.patient import patient
from tests.integration.session.proxy import cable

pytestmark = pytest.mark.slow


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Clinic]:
    """A server whose access tokens live four seconds."""
    with clinic(tmp_path / "clinic", None, Site(access_ttl_s=4.0)) as running:
        yield running


async def test_a_resumed_stream_loses_nothing(
    shared: Clinic, workstation: MakeWorkstation, caplog: pytest.LogCaptureFixture
) -> None:
    """Signals that the server sent into a dead cable arrive after the resume, once and in order."""
    caplog.set_level(logging.INFO, logger="carena_desktop")
    desktop = workstation()
    user = shared.clinician
    async with cable(shared.url) as wire, patient(shared.url, str(shared.authority), shared.visit_link()) as one:
        await desktop.sign_in(wire.url, user.username, user.password)
        await desktop.until(lambda s: any(entry.visit == one.visit for entry in s.waiting_room.entries))
        await desktop.service.admit(one.visit)
        heard: asyncio.Queue[AnySignal] = asyncio.Queue()
        desktop.service.signaling(one.visit).on_signal(heard.put_nowait)
        await one.say(Ready(instance="page-0"))
        async with asyncio.timeout(5):
            assert await heard.get() == Ready(instance="page-0")
        wire.swallow = True
        for number in range(1, 4):
            await one.say(Ready(instance=f"page-{number}"))
        desktop.history.clear()
        wire.swallow = False
        wire.cut()
        await desktop.until(lambda _: any(s.state is SessionState.RECONNECTING for s in desktop.history))
        await desktop.until(lambda s: s.state is SessionState.ONLINE)
        async with asyncio.timeout(5):
            assert [await heard.get() for _ in range(3)] == [Ready(instance=f"page-{n}") for n in range(1, 4)]
        assert heard.empty()
        await desktop.service.finish(one.visit)
    assert "signaling is up, resumed" in caplog.text


async def test_a_command_over_a_dying_cable_counts_once(shared: Clinic, workstation: MakeWorkstation) -> None:
    """An admit whose answer was swallowed is repeated after the reconnect and is ours, not a conflict."""
    desktop = workstation()
    user = shared.clinician
    async with cable(shared.url) as wire, patient(shared.url, str(shared.authority), shared.visit_link()) as one:
        await desktop.sign_in(wire.url, user.username, user.password)
        await desktop.until(lambda s: any(entry.visit == one.visit for entry in s.waiting_room.entries))
        wire.swallow = True
        admitting = asyncio.get_running_loop().create_task(desktop.service.admit(one.visit))
        async with asyncio.timeout(10):
            while (await one.statuses.get()).state is not VisitState.IN_VISIT:
                pass
        assert not admitting.done()
        wire.swallow = False
        wire.cut()
        async with asyncio.timeout(15):
            await admitting
        await desktop.until(
            lambda s: any(e.visit == one.visit and e.state is VisitState.IN_VISIT for e in s.waiting_room.entries)
        )
        await desktop.service.finish(one.visit)


async def test_short_lived_tokens_are_renewed(hasty: Clinic, workstation: MakeWorkstation) -> None:
    """With access tokens of four seconds the session stays up on one connection, and commands still work."""
    desktop = workstation()
    user = hasty.clinician
    await desktop.sign_in(hasty.url, user.username, user.password)
    desktop.history.clear()
    rotated: set[str] = set()
    async with asyncio.timeout(30):
        while len(rotated) < 4:  # the keyring shows each rotation
            rotated.update(desktop.keyring.secrets.values())
            await asyncio.sleep(0.1)
    assert all(snapshot.state is SessionState.ONLINE for snapshot in desktop.history)
    assert (await desktop.service.create_visit_link(reusable=True)).startswith(f"{hasty.url}/visit#")


async def test_an_expired_access_token_after_an_outage(hasty: Clinic, workstation: MakeWorkstation) -> None:
    """A desktop that was cut off for longer than its token lives comes back by itself."""
    desktop = workstation()
    user = hasty.clinician
    async with cable(hasty.url) as wire:
        await desktop.sign_in(wire.url, user.username, user.password)
        wire.refuse = True
        wire.cut()
        await desktop.until(lambda s: s.state is SessionState.RECONNECTING)
        await asyncio.sleep(5.0)  # the token's life, which is the server's clock and not ours to move
        wire.refuse = False
        await desktop.until(lambda s: s.state is SessionState.ONLINE)
