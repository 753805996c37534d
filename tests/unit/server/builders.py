"""Short ways to the values that the server's tests need."""

from dataclasses import replace

from carena_protocol.errors import CloseCode
from carena_protocol.messages import Presence, Principal, Role, VisitState
from carena_server.repository import CheckIn, QueueEvent, QueuePage, TokenDigests, Visit
from carena_server.tokens import Grant, digest


def check_in(
    visit: str, link: str = "link-secret", *, grace_until: int = 10**15, replaces: str | None = None
) -> CheckIn:
    """Return an arrival."""
    return CheckIn(
        visit=visit,
        link_digest=digest(link),
        session_digest=digest(f"session of {visit}"),
        session_expires_at=10**15,
        name=f"Patient {visit}",
        birth_date="1980-01-02",
        reason="a reason",
        consent_version="0123456789abcdef",
        grace_until=grace_until,
        replaces=replaces,
    )


def row(visit: str, at: int = 1, **changes: object) -> Visit:
    """Return a waiting row."""
    base = Visit(
        id=visit,
        version=1,
        state=VisitState.ARRIVED,
        presence=Presence.CONNECTED,
        checked_in_at=at,
        name=f"Patient {visit}",
        birth_date="1980-01-02",
        reason="a reason",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the caller names fields of Visit


def page(version: int, events: list[tuple[int, str]], visits: list[Visit], *, complete: bool = True) -> QueuePage:
    """Return a read of the queue."""
    return QueuePage(version, [QueueEvent(v, visit) for v, visit in events], visits, complete)


def pair(name: str, *, refresh_expires_at: int = 10**15) -> TokenDigests:
    """Return digests of a pair of tokens called ``name``."""
    return TokenDigests(
        access=digest(f"access {name}"),
        access_expires_at=10**15,
        refresh=digest(f"refresh {name}"),
        refresh_expires_at=refresh_expires_at,
    )


def staff(user: str = "u1", key: str = "f1", role: Role = Role.CLINICIAN) -> Grant:
    """Return what a desktop's ticket stands for."""
    return Grant(Principal(id=user, role=role, display_name=f"Dr {user}"), key)


def patient(visit: str = "v1") -> Grant:
    """Return what a patient's ticket stands for."""
    return Grant(Principal(id=visit, role=Role.PATIENT, display_name=""), visit, visit)


class Wire:
    """An ``Outbox`` that keeps what it is given."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.closed: CloseCode | None = None

    def send(self, frame: bytes) -> None:
        """Keep a frame."""
        self.frames.append(frame)

    def close(self, code: CloseCode) -> None:
        """Keep the code."""
        self.closed = code

    async def flushed(self) -> None:
        """Nothing is ever waiting."""
