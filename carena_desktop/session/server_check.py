"""Whether a server can be reached and trusted from here, step by step; for the self-test. Sends no credential.

What first contact would ask a person is only told here: nothing is pinned.
"""

import ssl
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from carena_desktop.clock import SYSTEM_CLOCK, Clock
from carena_desktop.network.router import Router
from carena_desktop.session import tls
from carena_desktop.session.address import ServerAddress, parse_address
from carena_desktop.session.failures import SessionError
from carena_desktop.session.http import HttpsApi
from carena_desktop.session.model import LocalProblem
from carena_desktop.session.rules import SiteRules
from carena_desktop.session.transport import WebsocketTransport
from carena_desktop.session.trust import Changed, Offered, TlsHandshake, TrustAgent, Trusted
from carena_desktop.session.trust_store import FileTrustStore

_CERTIFICATE: Final = frozenset({LocalProblem.CERTIFICATE_REFUSED, LocalProblem.AUTHORITY_CHANGED})
_PROXY: Final = frozenset(
    {
        LocalProblem.PROXY_LOGIN,
        LocalProblem.PROXY_SCHEME,
        LocalProblem.PROXY_REFUSED,
        LocalProblem.PROXY_UNREACHABLE,
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``optional`` ones are no obstacle when they fail."""

    name: str
    ok: bool
    detail: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ServerReport:
    """What was found; steps that could not be tried are not there.

    Attributes:
        steps: In order.
        skew_ms: The server's clock minus ours, None where it was not told.
        relays: Addresses of TURN and STUN servers.
    """

    steps: tuple[Step, ...] = ()
    skew_ms: int | None = None
    relays: tuple[str, ...] = field(default=())

    def then(self, name: str, detail: str, *, ok: bool, optional: bool = False) -> "ServerReport":
        """Return the report with one more step."""
        return replace(self, steps=(*self.steps, Step(name, ok, detail, optional)))


async def check_server(
    typed: str, rules: SiteRules, router: Router, config_dir: Path, clock: Clock = SYSTEM_CLOCK
) -> ServerReport:
    """Try everything up to the sign-in; raises nothing.

    Args:
        typed: The address, "" for none.
        rules: The organization's.
        router: The way.
        config_dir: Where pinned authorities are.
        clock: For the skew.
    """
    report = ServerReport()
    if not typed:
        return report.then("server", "no address is known", ok=False, optional=True)
    try:
        server = parse_address(typed)
    except SessionError:
        return report.then("server", "this is no address", ok=False)
    if not rules.allows(server):
        return report.then("server", f"{server.origin} is not among the allowed servers", ok=False)
    inquiry = _Inquiry(server, rules, router, config_dir, clock)
    try:
        return await inquiry.run(report.then("server", server.origin, ok=True))
    finally:
        await inquiry.api.aclose()


class _Inquiry:
    """The steps that need the network."""

    def __init__(self, server: ServerAddress, rules: SiteRules, router: Router, config_dir: Path, clock: Clock) -> None:
        self.api = HttpsApi(router)
        self._server = server
        self._router = router
        self._clock = clock
        store = FileTrustStore(config_dir / "authorities")
        self._agent = TrustAgent(self.api, TlsHandshake(router), store, rules.authorities)

    async def run(self, report: ServerReport) -> ServerReport:
        """Return the report with everything that could be tried."""
        route = await self._router.route(self._server.host, self._server.port)
        way = "direct" if route.proxy is None else f"through {route.proxy.authority}"
        try:
            found = await self._agent.establish(self._server)
        except SessionError as error:
            if error.code in _PROXY:
                return report.then("proxy", f"{way}: {error.code}", ok=False)
            name = "certificate" if error.code in _CERTIFICATE else "connection"
            return report.then("proxy", way, ok=True).then(name, str(error.code), ok=False)
        report, context = _trust(report.then("proxy", way, ok=True), found)
        if context is None:
            return report
        return await self._signaling(await self._asked(report, context), context)

    async def _asked(self, report: ServerReport, context: ssl.SSLContext) -> ServerReport:
        before = self._clock.wall_ms()
        try:
            said = await self.api.check(self._server, context)
        except SessionError as error:  # an older server has no such question; that is no obstacle for a visit
            return report.then("facts", str(error.code), ok=False, optional=True)
        return replace(report, skew_ms=said.now_ms - (before + self._clock.wall_ms()) // 2, relays=said.relays)

    async def _signaling(self, report: ServerReport, context: ssl.SSLContext) -> ServerReport:
        try:
            connection = await WebsocketTransport(self._router).connect(self._server, context)
        except SessionError as error:
            return report.then("signaling", str(error.code), ok=False)
        await connection.close()
        return report.then("signaling", "a live connection opened", ok=True)


def _trust(report: ServerReport, found: Trusted | Offered | Changed) -> tuple[ServerReport, ssl.SSLContext | None]:
    match found:
        case Changed(offer):
            detail = f"another authority than expected: {offer.fingerprint or 'unknown'}, expected {offer.expected}"
            return report.then("certificate", detail, ok=False), None
        case Offered(offer, pem):
            detail = f"not trusted yet; the fingerprint is {offer.fingerprint}"
            return report.then("certificate", detail, ok=False, optional=True), tls.pinned_context(pem)
        case Trusted(context, pinned):
            detail = "of a pinned authority" if pinned else "trusted by the system"
            return report.then("certificate", detail, ok=True), context
