"""A desktop's session with its real adapters; only the keyring's backend may be one in memory."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from carena_desktop.session.credentials import KeyringCredentials
from carena_desktop.session.model import SessionSnapshot, SessionState
from carena_desktop.session.service import SessionService
from carena_desktop.session.timing import Timing
from carena_desktop.session.wiring import real_world
from tests.fakes.keyring import MemoryKeyring
from tests.sessions import until

LIMIT_S = 20.0


class Workstation:
    """One person's desktop in ``folder``; the keyring and the files survive ``restart``."""

    def __init__(self, folder: Path, keyring: MemoryKeyring | None = None, *, real_keyring: bool = False) -> None:
        self.folder = folder
        self.keyring = keyring or MemoryKeyring()
        self._real_keyring = real_keyring
        self.history: list[SessionSnapshot] = []
        self.service = self._start()

    def _start(self) -> SessionService:
        world = real_world(self.folder / "config", self.folder / "state")
        credentials = world.credentials
        if not self._real_keyring:
            credentials = KeyringCredentials(backend=lambda: self.keyring)
        service = SessionService(replace(world, credentials=credentials, timing=Timing(tick_s=0.05)))
        service.on_change(self.history.append)
        return service

    @property
    def snapshot(self) -> SessionSnapshot:
        """What pages see."""
        return self.service.snapshot

    async def sign_in(self, url: str, username: str, password: str) -> None:
        """Sign in, accepting the authority where it is asked, and wait for the waiting room."""
        await self.service.sign_in(url, username, password)
        if self.snapshot.state is SessionState.TRUST_REQUIRED:
            await self.service.answer_trust(accept=True)
        await self.until(lambda s: s.state is not SessionState.ONLINE or s.waiting_room.clinic != "")

    async def until(self, holds: Callable[[SessionSnapshot], bool]) -> SessionSnapshot:
        """Wait until the snapshot satisfies ``holds``."""
        return await until(self.service, holds, limit_s=LIMIT_S)

    async def restart(self) -> None:
        """The program ends and starts again."""
        await self.service.aclose()
        self.history.clear()
        self.service = self._start()
