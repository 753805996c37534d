"""The session on the loop it runs on in the application."""

import asyncio
from pathlib import Path

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from carena_desktop.session.model import SessionState
from demo.clinic import Clinic
from tests.integration.session.patient import patient
from tests.integration.session.workstation import Workstation

pytestmark = pytest.mark.slow


def test_sign_in_and_admit_on_qasync(qapp: QApplication, shared: Clinic, tmp_path: Path) -> None:
    """HTTPS, websocket, keyring thread and timers work on qasync: sign in, admit, finish, sign out, close."""

    async def visit() -> list[SessionState]:
        desktop = Workstation(tmp_path)
        try:
            user = shared.clinician
            await desktop.sign_in(shared.url, user.username, user.password)
            states = [desktop.snapshot.state]
            link = await desktop.service.create_visit_link(reusable=False)
            async with patient(shared.url, str(shared.authority), link) as one:
                await desktop.until(lambda s: any(entry.visit == one.visit for entry in s.waiting_room.entries))
                await desktop.service.admit(one.visit)
                await desktop.service.finish(one.visit)
            await desktop.service.sign_out()
            return [*states, desktop.snapshot.state]
        finally:
            await desktop.service.aclose()

    loop = qasync.QEventLoop(qapp)
    try:
        states = loop.run_until_complete(asyncio.wait_for(visit(), 40))
    finally:
        loop.close()
    assert states == [SessionState.ONLINE, SessionState.SIGNED_OUT]
