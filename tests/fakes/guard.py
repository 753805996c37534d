"""A leg's guard without cryptography: safe as soon as its data channel is open; for tests of what is around it."""

from carena_desktop.call.leg_security import Step
from carena_desktop.call.model import SecurityView, Verification
from carena_protocol.peer import AnyControl, Confirm, KeyHello, Rekey

COMMIT = "c" * 43 + "="
MAC = "m" * 43 + "="
HELLO = KeyHello(h="{}", s="s" * 86 + "==")
CONFIRM = Confirm(mac=MAC)
REKEY = Rekey(n=1, x=MAC)


class FakeGuard:
    """Implements ``LegGuard``. Any confirmation is good; a renewal is never due unless a test sets ``deadline``."""

    def __init__(self, call: str, leg: int) -> None:
        self.call = call
        self.leg = leg
        self.is_safe = False
        self.is_stale = False
        self.deadline: float | None = None
        self.device = b"patient"
        self.resume = bytes([leg]) * 32
        self.epoch = 1
        self.digits = "123456"
        self.wiped = False
        self.is_held = False
        self.renewals: list[float] = []

    @property
    def view(self) -> SecurityView:
        """A code once it is safe."""
        if not self.is_safe:
            return SecurityView()
        return SecurityView(Verification.UNVERIFIED, ("🐶",) * 4, ("dog",) * 4, self.digits, self.epoch)

    def offered(self, sdp: str) -> str:  # noqa: ARG002 - the port's
        """Commit to nothing."""
        return COMMIT

    def answered(self, hello: KeyHello, sdp: str) -> KeyHello:  # noqa: ARG002 - the port's
        """Believe it."""
        return HELLO

    def opened(self) -> Confirm:
        """Return the proof."""
        return CONFIRM

    def take(self, message: AnyControl, now: float) -> Step:  # noqa: ARG002 - the port's
        """Believe the proof."""
        became, self.is_safe = isinstance(message, Confirm) and not self.is_safe, True
        return Step(became_safe=became)

    def hold(self) -> None:
        """Note it."""
        self.is_held = True

    def release(self, now: float) -> Step:  # noqa: ARG002 - the port's
        """Begin with the keys."""
        was_held, self.is_held = self.is_held, False
        return Step((REKEY,)) if was_held and self.is_safe else Step()

    def tick(self, now: float) -> Step:  # noqa: ARG002 - the port's
        """Do nothing."""
        return Step()

    def renew(self, now: float) -> None:
        """Note it."""
        self.renewals.append(now)

    def wipe(self) -> None:
        """Note it."""
        self.wiped = True
