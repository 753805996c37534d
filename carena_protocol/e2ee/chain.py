"""How a leg vouches for the next: offers and answers under a MAC that only the two ends of an earlier leg can make.

The first leg of a page is agreed on from nothing, and what the two compare is its safety code. Every later leg has an
agreement of its own (``agreement``), whose messages come sealed under the secrets of a leg before it: over that leg's
data channel, or, if that is dead, through the relay, which can lose them and can't forge one. So the code that was
compared goes on to hold. A page that was loaded anew has no secrets, and begins a chain of its own.

    resume of the first leg = Expand(its agreement, "carena/resume")
    resume of a later leg   = Extract(resume of the one that vouched, Expand(its agreement, "carena/resume"))
    mac                     = HMAC(Expand(resume, "carena/leg/" + role), leg, n, body)

Each number is taken once (a window of 1024); the role keeps a message from being sent back to whoever made it.
"""

import hmac
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from carena_protocol.e2ee.key_schedule import Role
from carena_protocol.e2ee.primitives import AgreementError, b64, expand, extract, parts, unb64
from carena_protocol.peer import Sealed, SealedOver

WINDOW: Final = 1024
KEPT: Final = 3
"""Legs whose secrets are kept: a side may not know yet that the other has the newest."""

AnySealed: TypeAlias = Sealed | SealedOver


class ChainError(ValueError):
    """A message that no earlier leg vouches for, or that was taken before. It is dropped; the call goes on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class _Link:
    resume: bytearray = field(repr=False)
    newest: int = 0
    seen: set[int] = field(default_factory=set, repr=False)

    def wipe(self) -> None:
        self.resume[:] = bytes(len(self.resume))

    def take(self, number: int) -> bool:
        if number in self.seen or number <= self.newest - WINDOW:
            return False
        self.seen.add(number)
        self.newest = max(self.newest, number)
        if len(self.seen) > 2 * WINDOW:
            self.seen = {one for one in self.seen if one > self.newest - WINDOW}
        return True


def mac(resume: bytes, role: Role, leg: int, number: int, body: str) -> bytes:
    """Return the MAC of a message of ``role``, 32 bytes."""
    key = expand(resume, f"carena/leg/{role}", 32)
    return hmac.digest(key, parts(b"carena/leg/v1", str(leg).encode(), str(number).encode(), body.encode()), "sha256")


def following(before: bytes, agreed: bytes) -> bytes:
    """Return the resume secret of a leg that another one vouched for."""
    return extract(before, agreed)


class Chain:
    """The secrets of one page's legs, as one of the two holds them.

    Args:
        role: Who we are.
    """

    def __init__(self, role: Role) -> None:
        self._role: Role = role
        self._links: dict[int, _Link] = {}
        self._count = 0
        self.leg = 0
        """Whose secrets we seal with; 0 before there are any."""

    @property
    def legs(self) -> tuple[int, ...]:
        """Whose secrets are kept."""
        return tuple(self._links)

    def add(self, leg: int, agreed: bytes, vouched: int) -> None:
        """Both proved to have agreed on a leg.

        Args:
            leg: Its number.
            agreed: ``Agreed.resume`` of it.
            vouched: Under whose secrets its offer was sealed; 0 for the first.

        Raises:
            AgreementError: Nobody can have vouched for it.
        """
        before = self._links.get(vouched)
        if before is None and (vouched or self._links):
            raise AgreementError("nobody vouches for this leg")
        secret = agreed if before is None else following(bytes(before.resume), agreed)
        self._links[leg] = _Link(bytearray(secret))
        for old in sorted(self._links)[:-KEPT]:
            if old != self.leg:  # spares may come and go before another leg is used
                self._links.pop(old).wipe()

    def use(self, leg: int) -> None:
        """The other side has the secrets of ``leg`` as well: seal with them from now on."""
        if leg in self._links and leg > self.leg:
            self.leg = leg

    def clear(self) -> None:
        """Forget everything: the page was loaded anew, or the visit is over."""
        for link in self._links.values():
            link.wipe()
        self._links.clear()
        self.leg = 0

    def seal(self, body: str) -> Sealed:
        """Return ``body`` sealed; raises ChainError before there are secrets."""
        link = self._links.get(self.leg)
        if link is None:
            raise ChainError("no leg yet")
        self._count += 1
        made = mac(bytes(link.resume), self._role, self.leg, self._count, body)
        return Sealed(leg=self.leg, n=self._count, body=body, mac=b64(made))

    def open(self, message: AnySealed) -> str:
        """Return the body of the other side's message; raises ChainError."""
        link = self._links.get(message.leg)
        if link is None:
            raise ChainError("unknown leg")
        other: Role = "P" if self._role == "C" else "C"
        wanted = mac(bytes(link.resume), other, message.leg, message.n, message.body)
        try:
            given = unb64(message.mac, 32)
        except AgreementError:
            raise ChainError("not a mac") from None
        if not hmac.compare_digest(wanted, given):
            raise ChainError("forged")
        if not link.take(message.n):
            raise ChainError("taken before")
        return message.body
