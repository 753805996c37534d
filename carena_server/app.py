"""Composition root: the only module that knows every part. ``build`` wires a server around a data directory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from carena_protocol.rest import PortalInfo
from carena_server import settings as config
from carena_server import site, site_texts
from carena_server.admin_api import AdminApi
from carena_server.administration import Administration
from carena_server.api import Api
from carena_server.backplane import Loopback
from carena_server.clock import Clock
from carena_server.commands import Commands
from carena_server.data import DataDirectory
from carena_server.factors import Factors
from carena_server.gate import Gate, not_found
from carena_server.gone import GoneList
from carena_server.live_queue import LiveQueue
from carena_server.on_duty import OnDuty
from carena_server.own_account import OwnAccount
from carena_server.passwords import PasswordHasher
from carena_server.probe import Probe
from carena_server.queue_commands import QueueCommands
from carena_server.reception import Reception
from carena_server.sealing import Seal
from carena_server.service import Service
from carena_server.sessions import Hub
from carena_server.settings import Settings
from carena_server.sign_in import SignIn
from carena_server.site_facts import site_facts
from carena_server.staff_api import StaffApi
from carena_server.store.audit_log import AuditLog
from carena_server.store.database import Database
from carena_server.store.sql import SqlAccounts, SqlArrivals, SqlDirectory, SqlOwn, SqlUpkeep, SqlVisits
from carena_server.store.sql_administration import SqlAdministration
from carena_server.tokens import TicketBook
from carena_server.upkeep import Keeper
from carena_server.waiting_chat import WaitingChats
from carena_server.waiting_room import WaitingRoom
from carena_server.websocket import Origins, SignalingEndpoint


@dataclass(slots=True)
class Running:
    """A server's parts that its process has to know.

    Attributes:
        draining: set when the server is about to stop; readiness says so.
    """

    asgi: Starlette = field(repr=False)
    service: Service = field(repr=False)
    draining: asyncio.Event


@dataclass(frozen=True, slots=True)
class _Stores:
    """The store's ports on one database."""

    database: Database
    accounts: SqlAccounts
    arrivals: SqlArrivals
    visits: SqlVisits
    directory: SqlDirectory
    upkeep: SqlUpkeep
    own: SqlOwn
    administration: SqlAdministration


def build(data: DataDirectory, settings: Settings, authority: bytes | None, clock: Clock) -> Running:
    """Wire everything. Raises SettingsError."""
    texts = site_texts.read(settings)
    stores = _stores(data, settings)
    backplane, hasher = Loopback(), PasswordHasher(settings.passwords)
    tickets = TicketBook(settings.tokens.ticket_ttl_s)
    keeper = Keeper(stores.upkeep, clock, data.audit_anchor)
    service, commands = _signaling(stores, settings, backplane=backplane, tickets=tickets, clock=clock, keeper=keeper)
    here = [settings.public_url] if settings.public_url else []
    origins = Origins([*here, *settings.allowed_origins])
    seal = Seal(data.audit_key(), "second factor")
    factors = Factors(stores.own, seal, clock, frozenset(settings.second_factor.required_roles))
    sign_in = SignIn(stores.accounts, factors, hasher, settings.tokens, clock)
    gate = Gate(sign_in, origins, service.end_family)
    api = Api(
        sign_in=sign_in,
        reception=Reception(
            stores.arrivals, stores.directory, settings=settings, backplane=backplane, clock=clock, texts=texts
        ),
        tickets=tickets,
        clock=clock,
        info=PortalInfo(clinic=settings.clinic, consent=texts.consent),
        authority=authority,
        gate=gate,
        end_family=service.end_family,
        facts=site_facts(settings),
    )
    staff = _staff_routes(
        stores, settings, gate, _Accounts(sign_in, factors, hasher, service, clock, data.audit_anchor)
    )

    def release() -> None:
        hasher.close()
        stores.database.close()

    draining = asyncio.Event()
    socket = SignalingEndpoint(service, commands, origins)
    asgi = Starlette(
        routes=[*_routes(draining, api, socket), *staff, *Probe(origins, clock).routes()],
        middleware=[Middleware(site.Fence)],
        exception_handlers={404: not_found, 405: not_found},
        lifespan=_lifespan(service, keeper, release),
    )
    return Running(asgi, service, draining)


@dataclass(frozen=True, slots=True)
class _Accounts:
    """What own accounts and administration share."""

    sign_in: SignIn
    factors: Factors
    hasher: PasswordHasher
    service: Service
    clock: Clock
    anchor: Path


def _staff_routes(stores: _Stores, settings: Settings, gate: Gate, parts: _Accounts) -> list[Route]:
    own = OwnAccount(
        store=stores.own,
        directory=stores.directory,
        sign_in=parts.sign_in,
        factors=parts.factors,
        hasher=parts.hasher,
        service=parts.service,
        clock=parts.clock,
        clinic=settings.clinic,
        min_length=settings.passwords.min_length,
    )
    administration = Administration(
        store=stores.administration,
        own=stores.own,
        hasher=parts.hasher,
        service=parts.service,
        clock=parts.clock,
        clinic=settings.clinic,
        min_length=settings.passwords.min_length,
        anchor=parts.anchor,
    )
    return [*StaffApi(gate, own).routes(), *AdminApi(gate, administration).routes()]


def _stores(data: DataDirectory, settings: Settings) -> _Stores:
    database, log = Database(data.engine()), AuditLog(data.audit_key())
    return _Stores(
        database,
        accounts=SqlAccounts(database, log),
        arrivals=SqlArrivals(database, log),
        visits=SqlVisits(database, log),
        directory=SqlDirectory(database, log),
        upkeep=SqlUpkeep(database, int(settings.retention.closed_visits_s * 1000)),
        own=SqlOwn(database, log),
        administration=SqlAdministration(database, log),
    )


def _signaling(
    stores: _Stores, settings: Settings, *, backplane: Loopback, tickets: TicketBook, clock: Clock, keeper: Keeper
) -> tuple[Service, Commands]:
    hub, visits = Hub(), stores.visits
    on_duty = OnDuty(stores.directory, hub, clock)
    gone = GoneList(visits, hub, on_duty, clock)
    room = WaitingRoom(settings.clinic, kept_s=int(settings.queue.place_grace_s))
    queue = LiveQueue(visits, hub, backplane, room=room, on_duty=on_duty, gone=gone)
    queue.on_closed(keeper.scrub_soon)
    chats = WaitingChats(visits, queue, hub, clock)
    service = Service(
        accounts=stores.accounts,
        visits=visits,
        queue=queue,
        hub=hub,
        tickets=tickets,
        backplane=backplane,
        clock=clock,
        settings=settings,
        chats=chats,
    )
    commands = Commands(
        verbs=QueueCommands(visits, queue, clock, settings.queue, settings.retention),
        chats=chats,
        queue=queue,
        hub=hub,
        tickets=tickets,
        clock=clock,
        turn_settings=settings.turn,
        turn_secret=config.turn_secret(settings),
        tokens=settings.tokens,
    )
    return service, commands


def _lifespan(
    service: Service, keeper: Keeper, release: Callable[[], None]
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            await service.start()
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(service.run()), group.create_task(keeper.run())]
                yield
                for task in tasks:
                    task.cancel()
            await keeper.finish()
        finally:
            release()

    return lifespan


def _routes(draining: asyncio.Event, api: Api, socket: SignalingEndpoint) -> list[BaseRoute]:
    async def ready(_request: Request) -> Response:
        return PlainTextResponse("draining\n", 503) if draining.is_set() else PlainTextResponse("ready\n")

    return [
        Route("/healthz", _health),
        Route("/readyz", ready),
        Route("/visit", site.visit_page),
        Route("/assets/{path:path}", site.asset),
        *api.routes(),
        WebSocketRoute("/ws", socket.serve),
    ]


async def _health(_request: Request) -> Response:
    return PlainTextResponse("ok\n")
