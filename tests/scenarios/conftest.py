"""Desktops and the service in one process, joined in memory."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
import truststore

from carena_desktop.session.address import ServerAddress
from carena_desktop.session.credentials import KeyringCredentials
from carena_desktop.session.failures import CertificateRefusedError, SessionError
from carena_desktop.session.model import LocalProblem, SessionSnapshot, SessionState
from carena_desktop.session.rules import NO_RULES, LiveRules, SiteRules
from carena_desktop.session.service import SessionService
from carena_desktop.session.timing import Timing
from carena_desktop.session.trust import TrustAgent
from carena_desktop.session.wiring import World
from carena_desktop.session.world import Remembered
from tests.fakes.clock import FakeClock
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.transport import FakeService
from tests.sessions import until

SERVER = "https://clinic.test"
PASSWORD = "correct horse"
LIMIT_S = 5.0


class FakeHandshake:
    """Verifies by the pin alone: ``trusted_by_system`` says whether the system's store is enough."""

    def __init__(self, service: FakeService) -> None:
        self.service = service
        self.trusted_by_system = True

    async def verify(self, _server: ServerAddress, context: ssl.SSLContext) -> None:
        """Accept, or refuse as set."""
        if self.service.unreachable:
            raise SessionError(LocalProblem.SERVER_UNREACHABLE, retryable=True)
        pinned = not isinstance(context, truststore.SSLContext)
        if self.service.foreign_certificate or not (self.trusted_by_system or pinned):
            raise CertificateRefusedError(unknown_issuer=True)


class DictTrustStore:
    """Pins in memory."""

    def __init__(self) -> None:
        self.pins: dict[str, bytes] = {}

    def load(self, server: ServerAddress) -> bytes | None:
        """Return the pin."""
        return self.pins.get(server.origin)

    def save(self, server: ServerAddress, pem: bytes) -> None:
        """Pin."""
        self.pins[server.origin] = pem


class OneMemory:
    """The last session, in memory."""

    def __init__(self) -> None:
        self.value: Remembered | None = None

    def load(self) -> Remembered | None:
        """Return it."""
        return self.value

    def save(self, remembered: Remembered | None) -> None:
        """Replace it."""
        self.value = remembered


@dataclass
class Desktop:
    """One workstation: what survives a restart of the program, and the program."""

    backend: FakeService
    keyring: MemoryKeyring = field(default_factory=MemoryKeyring)
    clock: FakeClock = field(default_factory=FakeClock)
    store: DictTrustStore = field(default_factory=DictTrustStore)
    memory: OneMemory = field(default_factory=OneMemory)
    timing: Timing = field(default_factory=lambda: Timing(tick_s=0.002, command_limit_s=2.0))
    rules: SiteRules = NO_RULES
    live: LiveRules = field(default_factory=LiveRules)

    def __post_init__(self) -> None:
        """Start the program."""
        self.handshake = FakeHandshake(self.backend)
        self.history: list[SessionSnapshot] = []
        self.service = self._start()

    def _start(self) -> SessionService:
        service = SessionService(
            World(
                api=self.backend,
                transport=self.backend,
                trust=TrustAgent(self.backend, self.handshake, self.store, self.rules.authorities),
                credentials=KeyringCredentials(backend=lambda: self.keyring, save_limit_s=0.5, load_limit_s=0.5),
                memory=self.memory,
                clock=self.clock,
                timing=self.timing,
                roll=lambda: 0.5,
                rules=self.rules,
                live=self.live,
            )
        )
        service.on_change(self.history.append)
        return service

    @property
    def snapshot(self) -> SessionSnapshot:
        """What the pages see."""
        return self.service.snapshot

    @property
    def states(self) -> list[SessionState]:
        """The states gone through, without repetitions."""
        states: list[SessionState] = []
        for snapshot in self.history:
            if not states or states[-1] is not snapshot.state:
                states.append(snapshot.state)
        return states

    async def sign_in(self, username: str = "alex") -> None:
        """Sign in and wait for the waiting room."""
        await self.service.sign_in(SERVER, username, PASSWORD)
        await self.until(lambda s: s.state is SessionState.ONLINE and s.waiting_room.clinic != "")

    async def until(self, holds: Callable[[SessionSnapshot], bool]) -> SessionSnapshot:
        """Wait until the snapshot satisfies ``holds``."""
        return await until(self.service, holds, limit_s=LIMIT_S)

    async def pass_time(self, seconds: float, step_s: float = 0.5) -> None:
        """Let the clock run in steps that are no sleep to the desktop, and give it its chance at each."""
        for _ in range(round(seconds / step_s)):
            self.clock.advance(step_s)
            await asyncio.sleep(0.005)

    async def back_online(self) -> None:
        """The desktop was away, or is now, and comes back within a few seconds of its clock."""
        await self.until(lambda _: SessionState.RECONNECTING in self.states)
        await self.pass_time(3)
        await self.until(lambda s: s.state is SessionState.ONLINE)

    async def refresh_now(self) -> None:
        """The access token expires and the connection goes: coming back takes a refresh."""
        self.history.clear()
        self.backend.expire_access_tokens()
        self.backend.drop()
        await self.back_online()

    async def restart(self) -> None:
        """The program ends and starts again."""
        await self.service.aclose()
        self.history.clear()
        self.service = self._start()


@pytest.fixture
async def backend() -> FakeService:
    """The service."""
    return FakeService()


@pytest.fixture
async def desktop(backend: FakeService) -> AsyncIterator[Desktop]:
    """A workstation, closed at the end; no task may be left."""
    one = Desktop(backend)
    yield one
    await one.service.aclose()
    _assert_no_tasks()


@pytest.fixture
async def other(backend: FakeService) -> AsyncIterator[Desktop]:
    """A second workstation."""
    one = Desktop(backend)
    yield one
    await one.service.aclose()


def _assert_no_tasks() -> None:
    left = [task.get_name() for task in asyncio.all_tasks() if "/" in task.get_name() and "session" in task.get_name()]
    assert left == []
