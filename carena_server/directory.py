"""Who works here, which rooms there are, who serves which: a value read from the store whenever it changes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from carena_protocol.envelope import Role
from carena_protocol.permissions import EMERGENCY, Permission, Permitted, may
from carena_protocol.rows import Room


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff. ``rooms``: those they serve, None for all."""

    id: str
    name: str = field(repr=False)
    role: Role
    rooms: frozenset[str] | None = None
    disabled: bool = False

    def serves(self, room: str) -> bool:
        """Whether this person takes patients of a room."""
        return not self.disabled and (self.rooms is None or room in self.rooms)


@dataclass(frozen=True, slots=True)
class Emergency:
    """Emergency access of one account, in milliseconds since the epoch."""

    id: str
    account: str
    at: int
    until: int


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything at ``version``."""

    version: int = 0
    rooms: dict[str, Room] = field(default_factory=dict)
    staff: dict[str, Colleague] = field(default_factory=dict, repr=False)
    emergencies: dict[str, Emergency] = field(default_factory=dict)
    """By account."""

    def emergency(self, account: str, at: int) -> Emergency | None:
        """Return the emergency access that somebody has now."""
        found = self.emergencies.get(account)
        return found if found is not None and found.until > at else None

    def may(self, account: str, role: Role, what: Permitted, at: int) -> bool:
        """Whether somebody may ask for something now."""
        return may(role, what) or (what in EMERGENCY and self.emergency(account, at) is not None)

    def rooms_of(self, account: str, at: int, *, reading: bool) -> frozenset[str] | None:
        """Return the rooms whose patients somebody may see (``reading``) or work on; None: all."""
        if reading and self.emergency(account, at) is not None:
            return None
        found = self.staff.get(account)
        return frozenset() if found is None else found.rooms

    def colleague(self, account: str) -> Colleague | None:
        """Return somebody who can be given a patient."""
        found = self.staff.get(account)
        return None if found is None or found.disabled or not may(found.role, Permission.SEE_QUEUE) else found

    def caring(self) -> Iterable[Colleague]:
        """Return everybody who takes patients."""
        return [c for c in self.staff.values() if not c.disabled and may(c.role, Permission.SEE_QUEUE)]
