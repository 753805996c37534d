"""Live sessions: who is connected, what they may resume, where a message for them goes. No I/O, time is a parameter.

A session is keyed by what stands behind it: a desktop's token family, or a patient's visit. Each key has one session,
and each session at most one connection; a newer connection supersedes the older (4509). A session outlives its
connection for ``RESUME_WINDOW_S``, so that a client that comes back misses nothing.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from carena_protocol.errors import CloseCode
from carena_protocol.messages import Principal, ResumeClaim, ServerMessage, VisitStatus
from carena_protocol.rows import GoneVisit, Room, StaffMember
from carena_protocol.server import SessionStream
from carena_server.throttle import TokenBucket
from carena_server.tokens import Grant, digest, new_identifier, new_token

RESUME_WINDOW_S: Final = 120.0
_PREVIOUS_TOKEN_S: Final = 30.0
_RATE: Final = 50.0
_BURST: Final = 100.0
_CHAT_RATE: Final = 5.0
_CHAT_BURST: Final = 20.0


class Outbox(Protocol):
    """A connection, as seen from a session. ``send`` and ``close`` neither block nor raise."""

    def send(self, frame: bytes) -> None:
        """Queue a frame."""
        ...

    def close(self, code: CloseCode) -> None:
        """Send what is queued, then close."""
        ...

    async def flushed(self) -> None:
        """Return once little is queued, or the connection is gone."""
        ...


@dataclass(slots=True, eq=False)
class Session:
    """One signed-in desktop or one patient's page, across connections."""

    sid: str
    grant: Grant = field(repr=False)
    stream: SessionStream = field(repr=False)
    authorised_until: float
    """Monotonic seconds; the connection ends then unless the client renews."""
    connection: Outbox | None = field(default=None, repr=False)
    detached_at: float | None = None
    queue_cursor: int | None = None
    """Queue version this session has, None without a subscription."""
    syncing: bool = False
    status_sent: VisitStatus | None = field(default=None, repr=False)
    peer_sent: dict[str, bool] = field(default_factory=dict)
    rooms_sent: tuple[Room, ...] | None = field(default=None, repr=False)
    staff_sent: tuple[StaffMember, ...] | None = field(default=None, repr=False)
    gone_sent: tuple[GoneVisit, ...] = ()
    visible_sent: frozenset[str] | None = None
    """Rooms of the queue stream as it was sent; when they change, a new snapshot is due."""
    chat_bucket: TokenBucket = field(default_factory=lambda: TokenBucket(rate=_CHAT_RATE, burst=_CHAT_BURST))
    bucket: TokenBucket = field(default_factory=lambda: TokenBucket(rate=_RATE, burst=_BURST))
    refused_frames: int = 0
    refused_at: float = float("-inf")
    """When a frame was refused last, monotonic seconds."""
    answering: bool = False
    """A command is being carried out; its maker gets the reply before an end that follows from it."""
    end_due: CloseCode | None = None
    resume_digest: str = field(default="", repr=False)
    previous_digest: str = field(default="", repr=False)
    previous_until: float = 0.0

    @property
    def principal(self) -> Principal:
        """Who this is."""
        return self.grant.principal

    @property
    def connected(self) -> bool:
        """Whether messages reach it now."""
        return self.connection is not None

    def send(self, message: ServerMessage) -> bytes:
        """Number a message, keep it for a resume, hand it to the connection, and return its frame."""
        frame = self.stream.push(message)
        if self.connection is not None:
            self.connection.send(frame)
        return frame

    def new_resume_token(self, now: float) -> str:
        """Return the next resume token; the one before stays good for a moment, in case the welcome gets lost."""
        token = new_token()
        self.previous_digest, self.previous_until = self.resume_digest, now + _PREVIOUS_TOKEN_S
        self.resume_digest = digest(token)
        return token

    def accepts(self, token: str, now: float) -> bool:
        """Whether a resume token is the current one, or the one before shortly after it was replaced."""
        shown = digest(token)
        if self.resume_digest and hmac.compare_digest(shown, self.resume_digest):
            return True
        fresh = bool(self.previous_digest) and now < self.previous_until
        return fresh and hmac.compare_digest(shown, self.previous_digest)


@dataclass(frozen=True, slots=True)
class Attached:
    """A connection has its session; ``replay`` are the frames it missed, None when the session is a new one."""

    session: Session
    resume_token: str = field(repr=False)
    replay: tuple[bytes, ...] | None = field(repr=False)


class Hub:
    """Every session of this process."""

    def __init__(self) -> None:
        self._by_key: dict[str, Session] = {}

    def __iter__(self) -> Iterator[Session]:
        """Iterate over a copy: sessions come and go while somebody looks."""
        return iter(list(self._by_key.values()))

    def get(self, key: str) -> Session | None:
        """Return the session of a token family or visit."""
        return self._by_key.get(key)

    def attach(
        self, grant: Grant, claim: ResumeClaim | None, connection: Outbox, *, now: float, authorised_until: float
    ) -> Attached:
        """Give a connection its session: the one it claims, if it may, else a new one in its place."""
        before = self._by_key.get(grant.key)
        replay = self._replay(before, grant, claim, now)
        if before is not None and before.connection is not None:
            before.connection.close(CloseCode.SUPERSEDED)
            before.connection = None
        if before is not None and replay is not None:
            session = before
        else:
            sid = new_identifier()
            session = Session(sid=sid, grant=grant, stream=SessionStream(sid), authorised_until=authorised_until)
            self._by_key[grant.key] = session
        session.connection = connection
        session.detached_at = None
        session.authorised_until = authorised_until
        return Attached(session, session.new_resume_token(now), replay)

    def detach(self, session: Session, connection: Outbox, now: float) -> bool:
        """A connection is gone; False when it was not its session's any more."""
        if session.connection is not connection:
            return False
        session.connection = None
        session.detached_at = now
        return self._by_key.get(session.grant.key) is session

    def end(self, session: Session, code: CloseCode) -> None:
        """Close a session for good."""
        if self._by_key.get(session.grant.key) is session:
            del self._by_key[session.grant.key]
        if session.connection is not None:
            session.connection.close(code)
            session.connection = None

    def end_after_reply(self, session: Session, code: CloseCode) -> None:
        """Close a session for good, once the command it is waiting for is answered."""
        if session.answering:
            session.end_due = code
        else:
            self.end(session, code)

    def of_user(self, user: str) -> list[Session]:
        """Return the connected sessions of a member of staff."""
        return [s for s in self._by_key.values() if s.connected and s.grant.visit is None and s.principal.id == user]

    def is_here(self, user: str, now: float, linger_s: float) -> bool:
        """Whether a member of staff is connected, or was a moment ago."""
        return any(
            s.connected or (s.detached_at is not None and now - s.detached_at <= linger_s)
            for s in self._by_key.values()
            if s.grant.visit is None and s.principal.id == user
        )

    def unauthorised(self, now: float) -> list[Session]:
        """Return the connected sessions that were not renewed in time."""
        return [s for s in self._by_key.values() if s.connected and s.authorised_until <= now]

    def forget_detached(self, now: float) -> None:
        """Drop sessions nobody came back for."""
        for key, session in list(self._by_key.items()):
            if session.detached_at is not None and now - session.detached_at > RESUME_WINDOW_S:
                del self._by_key[key]

    @staticmethod
    def _replay(
        session: Session | None, grant: Grant, claim: ResumeClaim | None, now: float
    ) -> tuple[bytes, ...] | None:
        if session is None or claim is None or claim.sid != session.sid:
            return None
        if session.principal.id != grant.principal.id or session.stream.overflowed:
            return None
        if not session.accepts(claim.token, now):
            return None
        frames = session.stream.replay(claim.last_seq)
        return None if frames is None else tuple(frames)
