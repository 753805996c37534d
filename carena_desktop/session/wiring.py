"""The adapters of one session in one value, and the real ones put together."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from carena_desktop.clock import SYSTEM_CLOCK, Clock
from carena_desktop.network.router import Router
from carena_desktop.session.chat_trust import ChatTrust, one_key
from carena_desktop.session.credentials import KeyringCredentials
from carena_desktop.session.late import Later
from carena_desktop.session.memory import FileMemory
from carena_desktop.session.rules import NO_RULES, LiveRules, SiteRules
from carena_desktop.session.timing import Timing
from carena_desktop.session.trust import TlsHandshake, TrustAgent
from carena_desktop.session.trust_store import FileTrustStore
from carena_desktop.session.world import AuthApi, CredentialStore, Memory, SignalingTransport


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class World:
    """The adapters a session works with."""

    api: AuthApi
    transport: SignalingTransport
    trust: TrustAgent
    credentials: CredentialStore
    memory: Memory
    clock: Clock = SYSTEM_CLOCK
    timing: Timing = field(default_factory=Timing)
    roll: Callable[[], float] = random.random
    """Uniform in [0, 1), for the jitter of reconnects."""
    rules: SiteRules = NO_RULES
    live: LiveRules = field(default_factory=LiveRules)
    keys: ChatTrust = field(default_factory=one_key)
    """Signs the keys of waiting chats, and says whose are known."""
    router: Router | None = None
    """Says how hosts are reached."""
    prepare: Callable[[], Awaitable[None]] = _nothing
    """Loads what the first sign-in will need."""


def real_world(
    config_dir: Path,
    state_dir: Path,
    *,
    router: Router | None = None,
    rules: SiteRules = NO_RULES,
    live: LiveRules | None = None,
    keys: ChatTrust | None = None,
) -> World:
    """Return the adapters that the application runs with.

    Args:
        config_dir: Pinned authorities go into its ``authorities``.
        state_dir: The last server and account go into its ``session.json``.
        router: Says how a server is reached; without one it is directly, whatever the environment says.
        rules: What the organization allows.
        live: What of it can change while the program runs.
        keys: This workstation's device key, and whom it knows; without it a key for this run is made.
    """
    later, live = Later(), live if live is not None else LiveRules()
    api = later.adapter(lambda: _https(router))
    return World(
        api=api,
        transport=later.adapter(lambda: _websocket(router)),
        trust=TrustAgent(api, TlsHandshake(router), FileTrustStore(config_dir / "authorities"), rules.authorities),
        credentials=KeyringCredentials(),
        memory=FileMemory(state_dir / "session.json"),
        rules=rules,
        live=live,
        router=router,
        keys=keys if keys is not None else one_key(),
        prepare=later.make_all,
    )


def _https(router: Router | None) -> AuthApi:
    from carena_desktop.session.http import HttpsApi  # noqa: PLC0415 - aiohttp takes longer than the window

    return HttpsApi(router)


def _websocket(router: Router | None) -> SignalingTransport:
    from carena_desktop.session.transport import WebsocketTransport  # noqa: PLC0415 - not before the window

    return WebsocketTransport(router)
