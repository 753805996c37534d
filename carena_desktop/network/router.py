"""Answers how a host is reached under the policy ``Proxy``: the one place where that is decided.

An answer is kept for a while, as scripts are asked in a process and systems by a program. A network that changed is
asked anew after ``KEEP_S``, or at once after ``forget``.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from carena_desktop.clock import SYSTEM_CLOCK, Clock
from carena_desktop.network import pac, tunnel
from carena_desktop.network.choice import Mode, Proxy, ProxyChoice, is_local
from carena_desktop.network.route import DIRECT, Candidates, ProxyLogin, Route, parse_answer
from carena_desktop.network.system import linux_choice

_log = logging.getLogger(__name__)

KEEP_S: Final = 60.0
_FETCH_LIMIT_S: Final = 10.0

Login = Callable[[Proxy], Awaitable[ProxyLogin | None]]
System = Callable[[str, int], Candidates | ProxyChoice]
"""What the operating system says about a host and port."""


async def _no_login(_proxy: Proxy) -> ProxyLogin | None:
    return None


def _linux(host: str, _port: int) -> Candidates | ProxyChoice:
    return linux_choice(host)


class Router:
    """One per program.

    Args:
        choice: The policy's.
        login: Finds the person's login at a proxy.
        system: Asked where the choice is the system's; may block, and is called in a thread.
        clock: The time.
    """

    def __init__(
        self,
        choice: ProxyChoice,
        *,
        login: Login = _no_login,
        system: System = _linux,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._choice = choice
        self._login = login
        self._system = system
        self._clock = clock
        self._kept: dict[tuple[str, int], tuple[float, Route]] = {}
        self._scripts: dict[str, str] = {}

    @property
    def mode(self) -> Mode:
        """What the policy says."""
        return self._choice.mode

    def known(self, host: str, port: int) -> Route:
        """Return the last answer for a host, direct where it was never asked for."""
        kept = self._kept.get((host, port))
        return DIRECT if kept is None else kept[1]

    def forget(self) -> None:
        """Ask anew from now on: the network or a login has changed."""
        self._kept.clear()
        self._scripts.clear()

    async def route(self, host: str, port: int) -> Route:
        """Return how to reach ``host``; never raises: where nobody can say, it is directly."""
        if is_local(host) or self._choice.mode is Mode.DIRECT:
            return DIRECT
        now = self._clock.monotonic()
        kept = self._kept.get((host, port))
        if kept is not None and now - kept[0] < KEEP_S:
            return kept[1]
        proxy = await self._first_that_answers(await self._candidates(host, port))
        route = DIRECT
        if proxy is not None:
            login = await self._login(proxy)
            route = Route(proxy, login.header if login is not None else "")
        self._kept[host, port] = (now, route)
        return route

    async def _candidates(self, host: str, port: int) -> Candidates:
        choice = self._choice
        if choice.mode is Mode.SYSTEM:
            said = await asyncio.to_thread(self._system, host, port)
            if not isinstance(said, ProxyChoice):
                return said
            choice = said
        if choice.mode is Mode.FIXED:
            return (choice.proxy,)
        return await self._by_script(choice.script, host, port) if choice.mode is Mode.SCRIPT else (None,)

    async def _by_script(self, address: str, host: str, port: int) -> Candidates:
        url = f"https://{f'[{host}]' if ':' in host else host}:{port}/"
        try:
            if address not in self._scripts:
                self._scripts[address] = await asyncio.to_thread(_fetch, address)
            return parse_answer(await pac.ask(self._scripts[address], url, host))
        except (pac.ScriptError, OSError, ValueError) as error:
            self._scripts.pop(address, None)
            _log.warning("the proxy script could not be asked (%s); going direct", type(error).__name__)
            return (None,)

    async def _first_that_answers(self, candidates: Candidates) -> Proxy | None:
        """Of several ways the first whose proxy accepts a connection; the last one is taken untried."""
        for proxy in candidates[:-1]:
            if proxy is None or await tunnel.answers(proxy):
                return proxy
        return candidates[-1] if candidates else None


def _fetch(address: str) -> str:
    """Return a script's text; raises OSError or ValueError. Fetched without a proxy, as browsers do."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        content = Path(unquote(parts.path)).read_bytes()
    else:
        import urllib.request  # noqa: PLC0415 - for scripts only; the window does not wait for it

        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=_FETCH_LIMIT_S) as response:
            content = response.read(pac.MAX_SCRIPT_BYTES + 1)
    if len(content) > pac.MAX_SCRIPT_BYTES:
        raise ValueError("too large")
    return content.decode("utf-8", "replace")
