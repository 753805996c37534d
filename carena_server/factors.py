"""Second factors of accounts: enrolment, codes that count once, recovery. It may not know HTTP."""

from carena_protocol.staff_rest import SecondFactor
from carena_server import second_factor
from carena_server.clock import Clock
from carena_server.repository import Account, Factor, OwnStore
from carena_server.sealing import Seal, SealError


class Factors:
    """Judges and changes second factors."""

    def __init__(self, store: OwnStore, seal: Seal, clock: Clock, required_roles: frozenset[str]) -> None:
        self._store = store
        self._seal = seal
        self._clock = clock
        self._required = required_roles

    def required(self, account: Account) -> bool:
        """Whether the site requires a second factor of this account's role."""
        return account.role.value in self._required

    def state(self, account: Account) -> SecondFactor:
        """Return whether the account has one, or has to get one."""
        if account.second_factor is not None:
            return SecondFactor.ACTIVE
        return SecondFactor.ENROLMENT_REQUIRED if self.required(account) else SecondFactor.NONE

    async def accept(self, account: str, code: str) -> bool:
        """Use up a code of the authenticator, or a recovery code; False when it is wrong or was used."""
        factor = await self._store.factor(account)
        if not second_factor.is_one_time_password(code):
            digest = second_factor.recovery_digest(code)
            return await self._store.use_recovery_code(account, digest, self._clock.wall_ms())
        step = self._step(factor, factor.secret, account, code)
        return step is not None and await self._store.use_step(account, step)

    async def begin(self, account: str) -> bytes:
        """Make a secret to set up, in place of one that was not confirmed."""
        secret = second_factor.new_secret()
        await self._store.set_pending(account, self._seal.seal(secret, account))
        return secret

    async def confirm(self, account: str, code: str) -> tuple[str, ...] | None:
        """Make the secret count, by one of its codes; returns the recovery codes, None when the code is wrong."""
        factor = await self._store.factor(account)
        step = self._step(factor, factor.pending, account, code)
        if step is None:
            return None
        codes = second_factor.new_recovery_codes()
        digests = [second_factor.recovery_digest(recovery) for recovery in codes]
        confirmed = await self._store.confirm_factor(account, step, digests, self._clock.wall_ms())
        return codes if confirmed else None

    async def new_recovery_codes(self, account: str) -> tuple[str, ...]:
        """Replace the recovery codes."""
        codes = second_factor.new_recovery_codes()
        digests = [second_factor.recovery_digest(recovery) for recovery in codes]
        await self._store.replace_recovery_codes(account, digests, self._clock.wall_ms())
        return codes

    async def remove(self, account: str) -> None:
        """Remove the second factor."""
        await self._store.remove_factor(account, self._clock.wall_ms())

    def _step(self, factor: Factor, sealed: str | None, account: str, code: str) -> int | None:
        if sealed is None:
            return None
        try:
            secret = self._seal.open(sealed, account)
        except SealError:
            return None
        last = factor.last_step if sealed == factor.secret else 0
        return second_factor.matching_step(secret, code, self._clock.wall_ms() / 1000, last)
