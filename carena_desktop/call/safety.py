"""The safety of a visit: a guard for each of its legs, and whether the two have compared their codes. Sans-IO."""

from collections.abc import Callable
from dataclasses import replace

from carena_desktop.call.leg_security import SECURITY_MESSAGES, LegGuard, MakeGuard, Step
from carena_desktop.call.model import SecurityView, Verification
from carena_protocol.e2ee.agreement import AgreementError, LinkUse
from carena_protocol.peer import Confirm, KeyHello, PeerMessageError, decode_control


class Safety:
    """Methods that take what the other side says raise AgreementError when it is not to be trusted.

    Args:
        guard: Makes what keeps a leg safe.
        known: When a device key was verified before, ms since the epoch.
    """

    def __init__(self, guard: MakeGuard, known: Callable[[bytes], int | None]) -> None:
        self._make = guard
        self._known = known
        self._guards: dict[int, LegGuard] = {}
        self._commits: dict[int, str] = {}
        self._first: bytes | None = None
        self._verified: dict[bytes, int] = {}
        self._newest = 0
        self._link_used = False

    @property
    def view(self) -> SecurityView:
        """What is true of the newest leg that is safe."""
        guard = self._guards.get(self._newest)
        if guard is None:
            return SecurityView()
        view = guard.view
        view = replace(view, link_lost=self._link_used and view.link is not LinkUse.USED)
        at = self._verified.get(guard.device, self._known(guard.device))
        if at is not None:
            return replace(view, verification=Verification.VERIFIED, verified_at_ms=at)
        changed = self._first is not None and guard.device != self._first
        return replace(view, verification=Verification.CHANGED if changed else Verification.UNVERIFIED)

    @property
    def device(self) -> bytes:
        """The other party's device key, empty before it is proved."""
        guard = self._guards.get(self._newest)
        return guard.device if guard is not None else b""

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due."""
        return min((at for guard in self._guards.values() if (at := guard.deadline) is not None), default=None)

    def verified(self, now_ms: int) -> None:
        """The person compared the codes and found them equal."""
        if self.device:
            self._verified[self.device] = now_ms

    def offered(self, call: str, leg: int, sdp: str) -> str:
        """Begin the agreement of a leg; return the commitment."""
        guard = self._make(call, leg)
        self._commits[leg] = guard.offered(sdp)
        self._guards[leg] = guard
        return self._commits[leg]

    def commitment(self, leg: int) -> str:
        """Return the commitment of a leg whose offer is sent again."""
        return self._commits[leg]

    def answered(self, leg: int, hello: KeyHello, sdp: str) -> KeyHello:
        """Take the answer of a leg; return our hello."""
        return self._guard(leg).answered(hello, sdp)

    def opened(self, leg: int) -> Confirm:
        """Return the proof to send over a leg's data channel."""
        return self._guard(leg).opened()

    def take(self, leg: int, data: bytes, now: float) -> Step | None:
        """Take what came over a leg's data channel; None when it is not about keys."""
        try:
            message = decode_control(data)
        except PeerMessageError:
            return None
        if not isinstance(message, SECURITY_MESSAGES):
            return None
        guard = self._guard(leg)
        step = guard.take(message, now)
        if step.became_safe:
            self._newest = max(self._newest, leg)
            self._first = self._first or guard.device
            self._link_used = self._link_used or guard.view.link is LinkUse.USED
        return step

    def is_safe(self, leg: int) -> bool:
        """Whether the two may talk over a leg."""
        guard = self._guards.get(leg)
        return guard is not None and guard.is_safe

    def is_stale(self, leg: int) -> bool:
        """Whether a leg's keys are too old to go on with."""
        guard = self._guards.get(leg)
        return guard is not None and guard.is_stale

    def tick(self, now: float) -> list[tuple[int, Step]]:
        """Renew what is due."""
        return [(leg, guard.tick(now)) for leg, guard in self._guards.items()]

    def closed(self, leg: int) -> None:
        """A leg is over, and its keys with it."""
        self._guards.pop(leg, None)
        self._commits.pop(leg, None)

    def _guard(self, leg: int) -> LegGuard:
        guard = self._guards.get(leg)
        if guard is None:
            raise AgreementError("no such leg")
        return guard
