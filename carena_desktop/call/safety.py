"""The safety of a visit: a guard for each of its legs, and whether the two have compared their codes. Sans-IO."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from carena_desktop.call.leg_security import SECURITY_MESSAGES, LegGuard, MakeGuard, Step
from carena_desktop.call.model import SecurityView, Verification
from carena_desktop.call.pinned_device import PinnedDevice
from carena_desktop.call.vouching import Vouching
from carena_protocol.e2ee.agreement import AgreementError, LinkUse
from carena_protocol.peer import AnySignal, Confirm, KeyHello, Offer, PeerMessageError, decode_control


class Safety:
    """Methods that take what the other side says raise AgreementError when it is not to be trusted.

    Args:
        guard: Makes what keeps a leg safe.
        known: When a device key was verified before, ms since the epoch.
        pin: Whose device the visit is with.
    """

    def __init__(self, guard: MakeGuard, known: Callable[[bytes], int | None], pin: PinnedDevice | None = None) -> None:
        self._make = guard
        self._known = known
        self._guards: dict[int, LegGuard] = {}
        self._offers: dict[int, AnySignal] = {}
        self._pin = pin or PinnedDevice()
        self._verified: dict[bytes, int] = {}
        self._newest = 0
        self._spares: set[int] = set()
        self._link_used = False
        self._code: dict[str, Any] = {}
        self._chained = b""
        self.vouching = Vouching()

    @property
    def view(self) -> SecurityView:
        """What is true of the newest leg that is safe."""
        guard = self._guards.get(self._newest)
        if guard is None:
            return SecurityView()
        view = guard.view
        view = replace(view, link_lost=self._link_used and view.link is not LinkUse.USED, **self._code)
        if self._pin.is_held:  # also when it was verified in another visit: that says nothing about this patient
            return replace(view, verification=Verification.CHANGED)
        at = self._verified.get(guard.device, self._known(guard.device))
        if at is not None:
            return replace(view, verification=Verification.VERIFIED, verified_at_ms=at)
        return replace(view, verification=Verification.UNVERIFIED)

    @property
    def device(self) -> bytes:
        """The other party's device key, empty before it is proved."""
        guard = self._guards.get(self._newest)
        return guard.device if guard is not None else b""

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due."""
        return min((at for guard in self._guards.values() if (at := guard.deadline) is not None), default=None)

    def verified(self, now_ms: int) -> bool:
        """The person compared the codes and found them equal; return whether something was held until now."""
        if not self.device:
            return False
        self._verified[self.device] = now_ms
        return self._pin.compared()

    def offer(self, call: str, leg: int, sdp: str, instance: str) -> AnySignal:
        """Begin the agreement of a leg; return its offer, sealed when a leg vouches for it. The same one each time."""
        if leg not in self._offers:
            guard = self._make(call, leg)
            commit = guard.offered(sdp)
            self._guards[leg] = guard
            self.vouching.begun(leg)
            self._offers[leg] = self.vouching.wrap(leg, Offer(leg=leg, instance=instance, sdp=sdp, commit=commit))
        return self._offers[leg]

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
            self._follow(leg, guard)
            self._newest = self._newest if leg in self._spares else max(self._newest, leg)
            self._pin.met(guard.device)
            self._link_used = self._link_used or guard.view.link is LinkUse.USED
        if guard.is_safe and guard.view.epoch > 0:
            self.vouching.settled(leg)
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

    def renew(self, leg: int, now: float) -> None:
        """Have a leg's keys renewed soon."""
        guard = self._guards.get(leg)
        if guard is not None:
            guard.renew(now)

    def hold(self, leg: int) -> None:
        """A leg that was offered is a spare: nobody sees its view, and it gets no keys."""
        self._spares.add(leg)
        self._guard(leg).hold()

    def release(self, leg: int, now: float) -> Step:
        """It is a spare no more."""
        self._spares.discard(leg)
        guard = self._guards.get(leg)
        if guard is None:
            return Step()  # it has made no offer yet
        if guard.is_safe:
            self._newest = max(self._newest, leg)
        return guard.release(now)

    def new_page(self) -> None:
        """The patient's page was loaded anew: nothing vouches for it but its device key."""
        self.vouching.new_page()

    def closed(self, leg: int) -> None:
        """A leg is over, and its keys with it."""
        guard = self._guards.pop(leg, None)
        self._offers.pop(leg, None)
        self._spares.discard(leg)
        if guard is not None:
            guard.wipe()

    def _follow(self, leg: int, guard: LegGuard) -> None:
        """A leg that another vouches for is of the same device, and goes on with the code that was compared."""
        if self.vouching.is_vouched(leg):
            if guard.device != self._chained:
                raise AgreementError("device")
        else:
            view = guard.view
            self._code = {"pictures": view.pictures, "names": view.names, "digits": view.digits}
            self._chained = guard.device
        self.vouching.safe(leg, guard.resume)

    def _guard(self, leg: int) -> LegGuard:
        guard = self._guards.get(leg)
        if guard is None:
            raise AgreementError("no such leg")
        return guard
