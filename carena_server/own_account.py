"""What people do with their own account: password, second factor, sessions, emergency access. It may not know HTTP."""

from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.permissions import Permission, may
from carena_protocol.staff_rest import (
    EmergencyStatus,
    EmergencyWish,
    Enrolment,
    FullProof,
    PasswordChange,
    RecoveryCodes,
    SecondFactor,
    SecondFactorStatus,
    SessionList,
)
from carena_server import password_policy, second_factor
from carena_server.clock import Clock
from carena_server.directory import Emergency
from carena_server.factors import Factors
from carena_server.passwords import BusyError, PasswordHasher
from carena_server.repository import Account, DirectoryStore, OwnStore
from carena_server.service import Service
from carena_server.sign_in import RefusedError, SignIn
from carena_server.text import clean_text
from carena_server.tokens import Grant, new_identifier

_MINUTE_MS = 60_000


class OwnAccount:
    """Everything under one's own name."""

    def __init__(
        self,
        *,
        store: OwnStore,
        directory: DirectoryStore,
        sign_in: SignIn,
        factors: Factors,
        hasher: PasswordHasher,
        service: Service,
        clock: Clock,
        clinic: str,
        min_length: int,
    ) -> None:
        self._store = store
        self._directory = directory
        self._sign_in = sign_in
        self._factors = factors
        self._hasher = hasher
        self._service = service
        self._clock = clock
        self._clinic = clinic
        self._min_length = min_length

    async def change_password(self, grant: Grant, wish: PasswordChange, address: str) -> None:
        """Replace the password; the other sessions end.

        Raises RefusedError: wrong_credentials, throttled, busy, password_too_short, password_blocked.
        """
        account = await self._account(grant)
        await self._sign_in.prove(account, wish.current, address)
        context = (account.username, account.display_name, self._clinic)
        refused = password_policy.refused(wish.new, min_length=self._min_length, context=context)
        if refused is not None:
            raise RefusedError(refused)
        try:
            encoded = await self._hasher.hash(wish.new)
        except BusyError:
            raise RefusedError(ErrorCode.BUSY, 1.0) from None
        for family in await self._store.change_password(account.id, encoded, grant.key, self._clock.wall_ms()):
            self._service.end_family(family)

    async def unlock(self, grant: Grant, password: str, address: str) -> None:
        """Check the password of the person at a locked screen. Raises RefusedError."""
        account = await self._account(grant)
        await self._sign_in.prove(account, password, address)
        await self._store.note(account.id, "session.unlock", grant.key, self._clock.wall_ms())

    async def second_factor(self, grant: Grant) -> SecondFactorStatus:
        """Return one's second factor."""
        account = await self._account(grant)
        factor = await self._store.factor(account.id)
        return SecondFactorStatus(
            state=self._factors.state(account),
            required=self._factors.required(account),
            recovery_codes_left=factor.recovery_codes if factor.secret is not None else 0,
        )

    async def enrol(self, grant: Grant, password: str, address: str) -> Enrolment:
        """Begin to set a second factor up. Raises RefusedError: conflict when there is one."""
        account = await self._account(grant)
        await self._sign_in.prove(account, password, address)
        if account.second_factor is not None:
            raise RefusedError(ErrorCode.CONFLICT)
        secret = await self._factors.begin(account.id)
        uri = second_factor.enrolment_uri(secret, f"Carena {self._clinic}", account.username)
        return Enrolment(secret=second_factor.base32(secret), uri=uri)

    async def confirm(self, grant: Grant, code: str) -> RecoveryCodes:
        """Finish it. Raises RefusedError: wrong_code."""
        account = await self._account(grant)
        if account.second_factor is not None:
            raise RefusedError(ErrorCode.CONFLICT)
        codes = await self._factors.confirm(account.id, code)
        if codes is None:
            raise RefusedError(ErrorCode.WRONG_CODE)
        return RecoveryCodes(codes=codes)

    async def new_recovery_codes(self, grant: Grant, proof: FullProof, address: str) -> RecoveryCodes:
        """Replace the recovery codes. Raises RefusedError."""
        account = await self._proven(grant, proof, address)
        return RecoveryCodes(codes=await self._factors.new_recovery_codes(account.id))

    async def disable(self, grant: Grant, proof: FullProof, address: str) -> None:
        """Remove the second factor. Raises RefusedError: forbidden where the site requires one."""
        account = await self._proven(grant, proof, address)
        if self._factors.required(account):
            raise RefusedError(ErrorCode.FORBIDDEN, reason=RefusalReason.POLICY)
        await self._factors.remove(account.id)

    async def sessions(self, grant: Grant) -> SessionList:
        """Return one's sessions."""
        found = await self._store.sessions(grant.principal.id, self._clock.wall_ms())
        return SessionList(sessions=self._service.seen(found, grant.key))

    async def revoke(self, grant: Grant, session: str) -> None:
        """End one of one's sessions. Raises RefusedError: not_found."""
        who = grant.principal.id
        if not await self._store.revoke(session, who, who, self._clock.wall_ms()):
            raise RefusedError(ErrorCode.NOT_FOUND)
        self._service.end_family(session)

    async def revoke_others(self, grant: Grant) -> None:
        """End every session of one's own but this."""
        for found in await self._store.sessions(grant.principal.id, self._clock.wall_ms()):
            if found.id != grant.key:
                await self.revoke(grant, found.id)

    async def emergency(self, grant: Grant) -> EmergencyStatus:
        """Return whether one has emergency access."""
        now = self._clock.wall_ms()
        found = (await self._directory.read(now)).emergency(grant.principal.id, now)
        return EmergencyStatus(until=None if found is None else found.until)

    async def begin_emergency(self, grant: Grant, wish: EmergencyWish) -> EmergencyStatus:
        """Take emergency access; administrators are told at once. Raises RefusedError: forbidden, invalid."""
        if not may(grant.principal.role, Permission.EMERGENCY_ACCESS):
            raise RefusedError(ErrorCode.FORBIDDEN, reason=RefusalReason.ROLE)
        reason, now = clean_text(wish.reason), self._clock.wall_ms()
        if not reason:
            raise RefusedError(ErrorCode.INVALID)
        begun = Emergency(new_identifier(), grant.principal.id, now, now + wish.minutes * _MINUTE_MS)
        await self._directory.begin_emergency(begun, reason)
        await self._service.emergency_begun(grant.principal, begun)
        return EmergencyStatus(until=begun.until)

    async def end_emergency(self, grant: Grant) -> None:
        """Give emergency access back."""
        await self._directory.end_emergency(grant.principal.id, self._clock.wall_ms())
        await self._service.directory_changed()

    async def _account(self, grant: Grant) -> Account:
        account = await self._store.account(grant.principal.id)
        if account is None or account.disabled:
            raise RefusedError(ErrorCode.UNAUTHENTICATED)
        return account

    async def _proven(self, grant: Grant, proof: FullProof, address: str) -> Account:
        account = await self._account(grant)
        if self._factors.state(account) is not SecondFactor.ACTIVE:
            raise RefusedError(ErrorCode.CONFLICT)
        await self._sign_in.prove(account, proof.password, address, proof.code)
        return account
