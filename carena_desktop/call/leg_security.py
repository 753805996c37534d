"""What makes one leg safe, seen from the desktop: the agreement, its proof, and new keys every half minute. Sans-IO.

Nothing but the proof counts on the data channel before it was checked, and no key is installed before that.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_desktop.call.model import SecurityView, Verification
from carena_desktop.call.ports import InstallKeys
from carena_protocol.e2ee import renewal
from carena_protocol.e2ee.agreement import (
    Agreed,
    AgreementError,
    Clinician,
    LinkUse,
    SignedHello,
    b64,
    fingerprint_of,
    short_name,
    unb64,
)
from carena_protocol.e2ee.renewal import ClinicianRenewal, EpochKeys
from carena_protocol.files import FileKey
from carena_protocol.peer import AnyControl, Confirm, KeyHello, Rekey, RekeyAck, RekeyDone, RekeyFin

if TYPE_CHECKING:
    from carena_protocol.e2ee.safety_code import SafetyCode

SECURITY_MESSAGES: Final = (Confirm, Rekey, RekeyAck, RekeyFin, RekeyDone)


SOONEST_S: Final = 1.0
"""Between two renewals, however many are asked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """What came of something: what to say over the leg's data channel, in order with the keys to install before it."""

    say: tuple[AnyControl, ...] = ()
    keys: tuple[InstallKeys, ...] = ()
    files: tuple[FileKey, ...] = ()
    """For this process: the engine's never sees a file."""
    became_safe: bool = False


class LegGuard(Protocol):
    """The security of one leg, as the call machine uses it. All methods but ``tick`` may raise AgreementError."""

    @property
    def is_safe(self) -> bool:
        """Whether both sides proved to have agreed on the same."""
        ...

    @property
    def is_stale(self) -> bool:
        """Whether the keys are too old to go on with."""
        ...

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due, monotonic seconds."""
        ...

    @property
    def device(self) -> bytes:
        """The other party's device key; empty before it is known."""
        ...

    @property
    def view(self) -> SecurityView:
        """What is true of the keys, but for verification, which is the visit's."""
        ...

    @property
    def resume(self) -> bytes:
        """What lets this leg vouch for the next, once it is safe."""
        ...

    def offered(self, sdp: str) -> str:
        """Take our offer; return the commitment that goes with it."""
        ...

    def answered(self, hello: KeyHello, sdp: str) -> KeyHello:
        """Take the other party's answer; return our hello, to be revealed."""
        ...

    def opened(self) -> Confirm:
        """The data channel is open: return the proof to send."""
        ...

    def take(self, message: AnyControl, now: float) -> Step:
        """Take one of ``SECURITY_MESSAGES``."""
        ...

    def tick(self, now: float) -> Step:
        """Renew when it is time."""
        ...

    def renew(self, now: float) -> None:
        """Have ``tick`` renew soon: something about the visit changed."""
        ...

    def hold(self) -> None:
        """The leg is a spare: once it is safe it gets no keys."""
        ...

    def release(self, now: float) -> Step:
        """It is a spare no more: begin with its keys, or do so once it is safe."""
        ...

    def wipe(self) -> None:
        """The leg is over: overwrite its secrets."""
        ...


MakeGuard: TypeAlias = Callable[[str, int], LegGuard]
"""Of the call's name and the leg's number."""


class LegSecurity:
    """Implements ``LegGuard``.

    Args:
        device: Our device key.
        call: Names visit and leg, alike on both sides.
        leg: Its number.
        period_s: Between two renewals, give or take a tenth.
        link_of: Returns the secret of a visit link made here by its hint, b"" for one that is not known.
        wall_ms: Milliseconds since the epoch of a monotonic moment.
    """

    def __init__(
        self,
        device: Ed25519PrivateKey,
        call: str,
        leg: int,
        period_s: float = renewal.PERIOD_S,
        *,
        link_of: Callable[[bytes], bytes] = lambda _hint: b"",
        wall_ms: Callable[[float], int] = lambda at: round(at * 1000),
    ) -> None:
        self._device = device
        self._link_of = link_of
        self._wall_ms = wall_ms
        self._renews_at_ms: int | None = None
        self._proof: tuple[Confirm, ...] = ()
        self._call = call
        self._leg = leg
        self._period_s = period_s
        self._clinician: Clinician | None = None
        self._agreed: Agreed | None = None
        self._renewal: ClinicianRenewal | None = None
        self._due: float | None = None
        self._renewed_at = float("inf")
        self._code: SafetyCode | None = None
        self._is_post_quantum = False
        self._resume = bytearray()
        self._is_held = False
        self._ready: tuple[RekeyFin, EpochKeys] | None = None
        self.is_safe = False
        self.is_stale = False
        self.device = b""

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due."""
        return self._due

    @property
    def view(self) -> SecurityView:
        """What is true of the keys."""
        code = self._code
        if code is None or not self.is_safe:
            return SecurityView()
        return SecurityView(
            Verification.UNVERIFIED,
            code.symbols,
            code.names,
            code.digits,
            self._renewal.epoch if self._renewal is not None else 0,
            renews_at_ms=self._renews_at_ms,
            is_post_quantum=self._is_post_quantum,
            link=self._clinician.link if self._clinician is not None else LinkUse.ABSENT,
            device=short_name(self.device),
        )

    @property
    def resume(self) -> bytes:
        """What lets this leg vouch for the next."""
        return bytes(self._resume)

    def offered(self, sdp: str) -> str:
        """Take our offer; return the commitment."""
        self._clinician = Clinician(self._device, self._call, fingerprint_of(sdp), self._link_of)
        return self._clinician.commit

    def answered(self, hello: KeyHello, sdp: str) -> KeyHello:
        """Take the answer; return our hello."""
        if self._clinician is None:
            raise AgreementError("too early")
        self._agreed = self._clinician.answered(SignedHello(hello.h, hello.s), fingerprint_of(sdp))
        self._renewal = ClinicianRenewal(self._agreed.root())
        self.device = self._clinician.peer.device if self._clinician.peer is not None else b""
        return KeyHello(
            h=self._clinician.hello.text,
            s=self._clinician.hello.signature,
            ct=b64(self._clinician.ciphertext) if self._clinician.ciphertext else None,
            link=self._clinician.link is LinkUse.USED,
        )

    def opened(self) -> Confirm:
        """Return the proof to send."""
        if self._agreed is None:
            raise AgreementError("too early")
        proof = Confirm(mac=b64(self._agreed.confirmation("C")))
        self._proof = (proof,)
        return proof

    def take(self, message: AnyControl, now: float) -> Step:
        """Take a message about security."""
        if self._renewal is None:
            raise AgreementError("too early")
        match message:
            case Confirm(mac=mac):
                return self._confirmed(unb64(mac, 32), now)
            case RekeyAck() if self.is_safe and (answer := self._renewal.ack(message)) is not None:
                if self._is_held:
                    self._ready = answer
                    return Step()
                return self._give(*answer)
            case RekeyDone() if self.is_safe and (keys_of_ours := self._renewal.done(message)) is not None:
                self._renewed_at = now
                self._due = now + self._period_s * random.uniform(1 - renewal.SPREAD, 1 + renewal.SPREAD)  # noqa: S311 - a pace
                self._renews_at_ms = self._wall_ms(self._due)
                return Step(keys=(self._install(keys_of_ours),), files=(self._files(keys_of_ours),))
            case _:
                return Step()

    def tick(self, now: float) -> Step:
        """Begin a renewal when it is due, or anew when it was not answered; keys that are too old end the leg."""
        if self._renewal is None or self._due is None or now < self._due:
            return Step()
        self.is_stale = now - self._renewed_at > renewal.EXPIRES_S
        self._due = now + renewal.RETRY_S
        again = self._proof if self._renewal.epoch == 0 else ()  # the page may not have it
        return Step((*again, self._renewal.begin()))

    def renew(self, now: float) -> None:
        """Renew soon, and at most once a second."""
        if self.is_safe and self._renewal is not None and not self._renewal.is_running and self._due is not None:
            self._due = min(self._due, max(now, self._renewed_at + SOONEST_S))

    def hold(self) -> None:
        """Give no keys: without any, neither side sends a frame. The patient's are asked for already."""
        self._is_held = True

    def release(self, now: float) -> Step:
        """Begin with the keys of a leg that is safe."""
        was_held, self._is_held = self._is_held, False
        if not was_held or not self.is_safe:
            return Step()
        ready, self._ready = self._ready, None
        again = self._begin(now)
        return self._give(*ready) if ready is not None else again

    def wipe(self) -> None:
        """Overwrite what is left of the leg's secrets."""
        if self._renewal is not None:
            self._renewal.wipe()
        self._ready = None
        if self._agreed is not None:
            self._agreed.wipe()
            self._agreed = None
        self._resume[:] = bytes(len(self._resume))

    def _confirmed(self, mac: bytes, now: float) -> Step:
        agreed = self._agreed
        if self.is_safe or self._renewal is None or agreed is None:
            return Step()
        agreed.check("P", mac)
        self._code = agreed.safety_code
        self._is_post_quantum = agreed.is_post_quantum
        self._resume[:] = agreed.resume()
        agreed.wipe()  # it has given all that it is for
        self._agreed = None
        self.is_safe = True
        begun = self._begin(now)
        if self._is_held:
            self._due = None  # nothing of it grows old: nothing is sealed
        return replace(begun, became_safe=True)

    def _give(self, fin: RekeyFin, keys: EpochKeys) -> Step:
        return Step((fin,), (self._install(keys),), (self._files(keys),))

    def _begin(self, now: float) -> Step:
        if self._renewal is None:
            raise AssertionError("not agreed")  # unreachable: it is safe
        self._renewed_at = now
        self._due = now + renewal.RETRY_S
        return Step((self._renewal.begin(),))

    def _files(self, keys: EpochKeys) -> FileKey:
        return FileKey(self._leg, keys.use, keys.epoch, keys.files)

    def _install(self, keys: EpochKeys) -> InstallKeys:
        return InstallKeys(self._leg, keys.use, keys.epoch, keys.audio, keys.video, keys.screen)
