# ruff: noqa: ARG002 - the port names the server in every call, and this one is the only one
"""The service in memory, on the server's real protocol machines: HTTPS calls, websockets, queue, relay.

One ``FakeService`` implements ``AuthApi`` and ``SignalingTransport`` for any number of desktops. Its switches make it
unreachable, lossy, forgetful or restarted. It is no second server: permissions and storage are tested with the real
one.
"""

import asyncio
import itertools
import ssl

import msgspec
from msgspec import UNSET

from carena_desktop.session.address import ServerAddress
from carena_desktop.session.failures import CertificateRefusedError, SessionError
from carena_desktop.session.model import LocalProblem
from carena_desktop.session.world import ConnectionEndedError
from carena_protocol import codec
from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import (
    Ack,
    Admit,
    AnyClientMessage,
    Error,
    Finish,
    Hello,
    IceServer,
    Ok,
    PeerPresence,
    Ping,
    Pong,
    Presence,
    Principal,
    QueueDelta,
    QueueEntry,
    QueueSnapshot,
    QueueSubscribe,
    Relay,
    Relayed,
    Renew,
    RetryPolicy,
    Role,
    ServerMessage,
    TurnRequest,
    TurnServers,
    VisitState,
    Welcome,
)
from carena_protocol.rest import LinkResponse, StaffUser, TicketResponse, TokenResponse
from carena_protocol.server import CommandReceived, HelloReceived, Refused, ServerConnection, SessionStream
from carena_protocol.visit import WAITING_STATES
from tests.fakes.site import SiteAnswers


class FakeConnection:
    """One websocket between a desktop and the service: implements ``SignalingConnection``."""

    def __init__(self, service: "FakeService") -> None:
        self.service = service
        self.machine = ServerConnection()
        self.session: FakeSignalingSession | None = None
        self.blackhole = False
        """Set: frames of both directions vanish, as when a cable is pulled."""
        self._inbox: asyncio.Queue[bytes | int | None] = asyncio.Queue()
        self._ended: list[int | None] = []

    async def send(self, frame: bytes) -> None:
        """The desktop sends."""
        if self._ended:
            raise ConnectionEndedError(self._ended[0])
        await asyncio.sleep(0)
        if not self.blackhole:
            self.service.frame(self, frame)

    async def receive(self) -> bytes:
        """The desktop reads."""
        if self._ended and self._inbox.empty():
            raise ConnectionEndedError(self._ended[0])
        item = await self._inbox.get()
        if isinstance(item, bytes):
            return item
        raise ConnectionEndedError(item)

    async def close(self, code: int = 1000) -> None:
        """The desktop closes."""
        self.service.close_codes.append(code)
        self.end(None)

    def push(self, frame: bytes) -> None:
        """The service sends."""
        if not self._ended and not self.blackhole:
            self._inbox.put_nowait(frame)

    def end(self, code: int | None) -> None:
        """The connection ends, seen from the desktop with this close code."""
        if not self._ended:
            self._ended.append(code)
            self._inbox.put_nowait(code)
            self.service.connections.discard(self)
            if self.session is not None and self.session.connection is self:
                self.session.connection = None


class FakeSignalingSession:
    """A session at the service: survives connections, not restarts."""

    def __init__(self, user: StaffUser, sid: str) -> None:
        self.user = user
        self.stream = SessionStream(sid)
        self.resume_token = ""
        self.connection: FakeConnection | None = None
        self.subscribed = False

    def push(self, message: ServerMessage) -> bytes:
        """Put a message into the stream, and on the wire if there is one."""
        frame = self.stream.push(message)
        if self.connection is not None:
            self.connection.push(frame)
        return frame


class FakeService(SiteAnswers):
    """See the module's docstring. The patient's side of a visit is ``patient_says`` and ``heard``."""

    def __init__(self) -> None:
        super().__init__()
        self.users = {
            name: StaffUser(id=f"u-{name}", username=name, display_name=f"Dr {name.title()}", role=Role.CLINICIAN)
            for name in ("alex", "robin")
        }
        self.password = "correct horse"
        self.unreachable = False
        self.foreign_certificate = False
        self.lose_next_reply = False
        """Set: the answer to the next command vanishes and the connection with it."""
        self.lose_next_refresh = False
        self.snapshot_rows = 1000
        """How many rows fit a snapshot; the others follow as deltas."""
        self.lose_after_pieces: int | None = None
        """Set: a snapshot's pieces after so many never arrive."""
        self.access_expires_in_s = 300
        self.authorised_for_ms = 300_000
        self.server_time = 1_800_000_000_000
        self.authority: bytes | None = None
        self.closes_hello_with: CloseCode | None = None
        self.relay_refusal: ErrorCode | None = None
        self.connections: set[FakeConnection] = set()
        self.close_codes: list[int] = []
        self.calls: list[str] = []
        self.seen_refresh_tokens: list[str] = []
        self.connected = asyncio.Event()
        """Set at each hello accepted; a test clears it to wait for the next."""
        self._sessions: dict[str, FakeSignalingSession] = {}
        self._counter = itertools.count(1)
        self._access: dict[str, str] = {}
        self._refresh: dict[str, str] = {}
        self._used: dict[str, tuple[str, TokenResponse]] = {}
        self._tickets: dict[str, str] = {}
        self.linked_rooms: list[str] = []
        self.queue: dict[str, QueueEntry] = {}
        self.queue_version = 0
        self._deltas: list[QueueDelta] = []
        self._done: dict[str, ServerMessage] = {}
        self.heard: list[Relay] = []

    # -- HTTPS --

    async def login(
        self, server: ServerAddress, context: ssl.SSLContext, username: str, password: str, code: str = ""
    ) -> TokenResponse:
        """Check the password, and the code where one is wanted."""
        await self._reached("login", context)
        if username not in self.users or password != self.password:
            raise SessionError(ErrorCode.WRONG_CREDENTIALS)
        if self.second_factor and code != self.second_factor:
            raise SessionError(ErrorCode.WRONG_CODE if code else ErrorCode.SECOND_FACTOR_REQUIRED)
        return self._grant(username)

    async def refresh(self, server: ServerAddress, context: ssl.SSLContext, refresh_token: str) -> TokenResponse:
        """Rotate; a used token again returns the same pair while its successor is unused, else ends the family."""
        await self._reached("refresh", context)
        self.seen_refresh_tokens.append(refresh_token)
        if refresh_token in self._used:
            username, response = self._used[refresh_token]
            if response.refresh_token in self._refresh:
                return response
            self.revoke(username)
            raise SessionError(ErrorCode.TOKEN_REUSED)
        username_or_none = self._refresh.pop(refresh_token, None)
        if username_or_none is None:
            raise SessionError(ErrorCode.TOKEN_EXPIRED)
        response = self._grant(username_or_none)
        self._used[refresh_token] = (username_or_none, response)
        if self.lose_next_refresh:
            self.lose_next_refresh = False
            raise SessionError(LocalProblem.SERVER_UNREACHABLE, retryable=True)
        return response

    async def logout(self, server: ServerAddress, context: ssl.SSLContext, refresh_token: str) -> None:
        """End the family."""
        await self._reached("logout", context)
        self._refresh.pop(refresh_token, None)

    async def ticket(self, server: ServerAddress, context: ssl.SSLContext, access_token: str) -> TicketResponse:
        """Give a ticket for a good access token."""
        await self._reached("ticket", context)
        ticket = self._new("ticket")
        self._tickets[ticket] = self._user_of(access_token)
        return TicketResponse(ticket=ticket, expires_in_s=30)

    async def visit_link(
        self, server: ServerAddress, context: ssl.SSLContext, access_token: str, *, reusable: bool, room: str
    ) -> LinkResponse:
        """Give a link for a good access token."""
        await self._reached("visit_link", context)
        self.linked_rooms.append(room)
        self._user_of(access_token)
        return LinkResponse(link=self._new("link"), secret=self._new("secret"), expires_in_s=60 + reusable)

    async def authority_unverified(self, server: ServerAddress) -> bytes | None:
        """Return the authority the test set."""
        await self._reached("authority", None)
        return self.authority

    async def aclose(self) -> None:
        """Only counts."""
        self.calls.append("aclose")

    # -- websocket --

    async def connect(self, server: ServerAddress, context: ssl.SSLContext) -> FakeConnection:
        """Open a connection."""
        await self._reached("connect", context)
        connection = FakeConnection(self)
        self.connections.add(connection)
        return connection

    def frame(self, connection: FakeConnection, frame: bytes) -> None:
        """A desktop sent a frame."""
        match connection.machine.receive(frame):
            case HelloReceived(hello):
                self._hello(connection, hello)
            case CommandReceived(message):
                self._command(connection, message)
            case Refused(answer, close):
                connection.push(answer)
                if close is not None:
                    connection.end(close)

    # -- what tests do to it --

    def drop(self, code: int | None = None) -> None:
        """Every connection ends, with this close code or with none, as when the network goes."""
        for connection in tuple(self.connections):
            connection.end(code)

    def restart(self) -> None:
        """The process is replaced: streams are gone, what is in SQL stays."""
        self._sessions.clear()
        self.drop(1012)

    def expire_access_tokens(self) -> None:
        """No access token is good any more."""
        self._access.clear()

    def revoke(self, username: str) -> None:
        """No refresh token of the account is good any more."""
        self._refresh = {token: user for token, user in self._refresh.items() if user != username}

    def arrive(self, name: str) -> str:
        """A patient checks in; returns the visit."""
        visit = self._new("visit")
        self._row(
            QueueEntry(
                visit=visit,
                version=1,
                state=VisitState.ARRIVED,
                presence=Presence.CONNECTED,
                name=name,
                birth_date="1980-01-01",
                reason="Test reason",
                checked_in_at=self.server_time + len(self._deltas),
            )
        )
        return visit

    def flicker(self, visit: str, presence: Presence) -> None:
        """The patient's connection comes or goes: the row has a new version."""
        row = self.queue[visit]
        self._row(msgspec.structs.replace(row, presence=presence, version=row.version + 1))

    def leave(self, visit: str) -> None:
        """The patient gives up."""
        self.queue.pop(visit)
        self._delta(QueueDelta(queue_version=self.queue_version + 1, visit=visit))

    def patient_says(self, visit: str, message_id: str, data: bytes) -> None:
        """The patient's page sends through the relay to whoever admitted."""
        clinician = self.queue[visit].clinician_id
        for session in self._sessions.values():
            if session.user.id == clinician:
                session.push(Relayed(visit=visit, id=message_id, data=msgspec.Raw(data)))

    def patient_present(self, visit: str, *, present: bool) -> None:
        """The patient's page connects or disconnects."""
        for session in self._sessions.values():
            session.push(PeerPresence(visit=visit, present=present))

    def send_snapshots(self) -> None:
        """Send every subscriber the whole room, as to one that fell too far behind."""
        for session in self._sessions.values():
            if session.subscribed:
                self._send_queue(session, UNSET)

    def broadcast(self, message: ServerMessage) -> None:
        """Send a message outside any stream to every connection."""
        for connection in self.connections:
            connection.push(codec.encode(message))

    # -- inside --

    async def _reached(self, call: str, context: ssl.SSLContext | None) -> None:
        await asyncio.sleep(0)
        if self.unreachable:
            raise SessionError(LocalProblem.SERVER_UNREACHABLE, retryable=True)
        if self.foreign_certificate and context is not None:
            raise CertificateRefusedError(unknown_issuer=True)
        self.calls.append(call)

    def _new(self, what: str) -> str:
        return f"{what}-{next(self._counter):016d}"

    def _grant(self, username: str) -> TokenResponse:
        access, refresh = self._new("access"), self._new("refresh")
        self._access[access] = username
        self._refresh[refresh] = username
        return TokenResponse(
            access_token=access,
            access_expires_in_s=self.access_expires_in_s,
            refresh_token=refresh,
            user=self.users[username],
            second_factor=self.factor_state,
        )

    def _user_of(self, access_token: str) -> str:
        username = self._access.get(access_token)
        if username is None:
            raise SessionError(ErrorCode.TOKEN_EXPIRED)
        return username

    def _hello(self, connection: FakeConnection, hello: Hello) -> None:
        username = self._tickets.pop(hello.ticket, None)
        if self.closes_hello_with is not None or username is None:
            connection.end(self.closes_hello_with or CloseCode.AUTHENTICATION)
            return
        session, replay = self._resumed(hello)
        if session is None:
            session = FakeSignalingSession(self.users[username], self._new("sid"))
            self._sessions[session.stream.sid] = session
        if session.connection is not None:
            session.connection.end(CloseCode.SUPERSEDED)
        session.connection, connection.session = connection, session
        session.resume_token = self._new("resume")
        connection.machine.welcomed()
        connection.push(
            codec.encode(
                Welcome(
                    re=hello.id,
                    sid=session.stream.sid,
                    resume_token=session.resume_token,
                    resumed=replay is not None,
                    principal=Principal(
                        id=session.user.id, role=session.user.role, display_name=session.user.display_name
                    ),
                    server_time=self.server_time,
                    authorised_for_ms=self.authorised_for_ms,
                    retry=RetryPolicy(base_ms=50, cap_ms=100),
                )
            )
        )
        for frame in replay or ():
            connection.push(frame)
        self.connected.set()

    def _resumed(self, hello: Hello) -> tuple[FakeSignalingSession | None, list[bytes] | None]:
        if hello.resume is UNSET:
            return None, None
        session = self._sessions.get(hello.resume.sid)
        if session is None or session.resume_token != hello.resume.token:
            return None, None
        replay = session.stream.replay(hello.resume.last_seq)
        return (None, None) if replay is None else (session, replay)

    def _command(self, connection: FakeConnection, message: AnyClientMessage) -> None:
        session = connection.session
        assert session is not None
        session.stream.acked(message.ack)
        match message:
            case Ping():
                connection.push(codec.encode(Pong(re=message.id)))
                return
            case Ack():
                return
        known = session.stream.remembered(message.id)
        if known is not None:
            connection.push(known)
            return
        reply = self._done.get(message.id)
        if reply is None:
            reply = self._carry_out(session, message)
            if isinstance(message, Admit | Finish):
                self._done[message.id] = reply  # as SQL does, across sessions
        if self.lose_next_reply:
            self.lose_next_reply = False
            session.stream.remember(message.id, session.stream.push(reply))
            connection.end(None)
            return
        session.stream.remember(message.id, session.push(reply))

    def _carry_out(  # noqa: PLR0911 - one return per command
        self, session: FakeSignalingSession, message: AnyClientMessage
    ) -> ServerMessage:
        match message:
            case Renew():
                good = self._tickets.pop(message.ticket, None) is not None
                return Ok(re=message.id) if good else Error(re=message.id, code=ErrorCode.UNAUTHENTICATED)
            case QueueSubscribe():
                session.subscribed = True
                self._send_queue(session, message.since)
                return Ok(re=message.id)
            case Admit():
                return self._admit(session, message)
            case Finish():
                return self._finish(message)
            case Relay():
                self.heard.append(message)
                if self.relay_refusal is not None:
                    return Error(re=message.id, code=self.relay_refusal)
                return Ok(re=message.id)
            case TurnRequest():
                servers = [IceServer(urls=["turn:turn.test:3478"], username="1:v", credential="c")]
                return TurnServers(re=message.id, visit=message.visit, servers=servers, ttl_s=600, relay_only=True)
            case _:
                return Error(re=message.id, code=ErrorCode.FORBIDDEN)

    def _send_queue(self, session: FakeSignalingSession, since: int | msgspec.UnsetType) -> None:
        if since is not UNSET and since <= self.queue_version:
            for delta in self._deltas[since:]:
                session.push(delta)
            return
        rows = list(self.queue.values())
        rest = rows[self.snapshot_rows :]
        version = self.queue_version - len(rest)
        pieces: list[ServerMessage] = [
            QueueSnapshot(queue_version=version, clinic="Test Clinic", entries=rows[: self.snapshot_rows]),
            *(QueueDelta(queue_version=version + n, visit=row.visit, entry=row) for n, row in enumerate(rest, 1)),
        ]
        for piece in pieces[: self.lose_after_pieces]:
            session.push(piece)

    def _admit(self, session: FakeSignalingSession, message: Admit) -> ServerMessage:
        row = self.queue.get(message.visit)
        if row is None:
            return Error(re=message.id, code=ErrorCode.NOT_FOUND)
        if row.version != message.version or row.state not in WAITING_STATES:
            return Error(re=message.id, code=ErrorCode.CONFLICT, entry=row)
        row = msgspec.structs.replace(
            row,
            version=row.version + 1,
            state=VisitState.IN_VISIT,
            admitted_at=self.server_time,
            clinician_id=session.user.id,
            clinician_name=session.user.display_name,
        )
        self._row(row)
        return Ok(re=message.id, version=row.version)

    def _finish(self, message: Finish) -> ServerMessage:
        row = self.queue.get(message.visit)
        if row is None:
            return Error(re=message.id, code=ErrorCode.NOT_FOUND)
        if row.version != message.version:
            return Error(re=message.id, code=ErrorCode.CONFLICT, entry=row)
        self.leave(message.visit)
        return Ok(re=message.id)

    def _row(self, row: QueueEntry) -> None:
        self.queue[row.visit] = row
        self._delta(QueueDelta(queue_version=self.queue_version + 1, visit=row.visit, entry=row))

    def _delta(self, delta: QueueDelta) -> None:
        self.queue_version = delta.queue_version
        self._deltas.append(delta)
        for session in self._sessions.values():
            if session.subscribed:
                session.push(delta)
