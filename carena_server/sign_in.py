"""Sign-in, refresh and sign-out: passwords checked off the loop, tokens made here and stored as digests.

Answers never tell whether an account exists. It may not know HTTP.
"""

import logging
from dataclasses import dataclass, field
from typing import Final

from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.messages import Principal
from carena_protocol.rest import LoginRequest, StaffUser, TokenResponse
from carena_protocol.staff_rest import SecondFactor
from carena_server.clock import Clock
from carena_server.factors import Factors
from carena_server.logs import tag
from carena_server.passwords import BusyError, PasswordHasher
from carena_server.repository import Account, AccountStore, Authorised, RefreshRefused, TokenDigests
from carena_server.settings import TokenSettings
from carena_server.text import clean
from carena_server.throttle import LoginThrottle, source
from carena_server.tokens import Grant, digest, new_identifier, new_token

_log = logging.getLogger(__name__)
_MS: Final = 1000


class RefusedError(Exception):
    """The request is refused; ``retry_after_s`` says when it may be tried again, where that helps."""

    def __init__(
        self, code: ErrorCode, retry_after_s: float | None = None, reason: RefusalReason | None = None
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.retry_after_s = retry_after_s
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Pair:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    digests: TokenDigests = field(repr=False)


class SignIn:
    """Turns credentials into tokens, and tokens into the next ones."""

    def __init__(
        self,
        store: AccountStore,
        factors: Factors,
        hasher: PasswordHasher,
        settings: TokenSettings,
        clock: Clock,
    ) -> None:
        self._store = store
        self._factors = factors
        self._hasher = hasher
        self._settings = settings
        self._clock = clock
        self._throttle = LoginThrottle()

    async def login(self, request: LoginRequest, address: str) -> TokenResponse:
        """Check username, password and, where the account has one, the second factor.

        Raises RefusedError: throttled, busy, wrong_credentials, second_factor_required, wrong_code.
        """
        username, origin = request.username.lower(), source(address)
        delay = self._throttle.delay(username, origin, self._clock.monotonic())
        if delay > 0:
            raise RefusedError(ErrorCode.THROTTLED, delay)
        account = await self._store.find_account(username)
        try:
            right, rehashed = await self._hasher.verify(
                None if account is None else account.password_hash, request.password
            )
        except BusyError:
            raise RefusedError(ErrorCode.BUSY, 1.0) from None
        pair, family = self._pair(), new_identifier()
        at = self._clock.wall_ms()
        if account is not None and right and not account.disabled and account.second_factor is not None:
            await self._check_code(account, request.code, username, origin)
        if (
            account is None
            or not right
            or not await self._store.sign_in(
                account.id, family, pair.digests, at, device=clean(request.device), address=address
            )
        ):
            self._throttle.failed(username, origin, self._clock.monotonic())
            if account is not None:
                self._store.note_refusal(account.id, at)
            _log.info("sign-in refused")
            raise RefusedError(ErrorCode.WRONG_CREDENTIALS)
        self._throttle.succeeded(username, origin)
        if rehashed is not None:
            await self._store.store_password(account.id, rehashed)
        _log.info("signed in: session %s", tag(family))
        return self._response(pair, account)

    async def refresh(self, shown: str) -> TokenResponse:
        """Trade a refresh token for the next pair. Raises RefusedError, and FamilyRevokedError for a reused one."""
        pair = self._pair()
        outcome = await self._store.refresh(
            digest(shown), pair.digests, self._clock.wall_ms(), int(self._settings.reuse_grace_s * _MS)
        )
        match outcome:
            case Authorised(account, _):
                return self._response(pair, account)
            case RefreshRefused(reused=True, family=str(family)):
                _log.warning("refresh token reused: session %s revoked", tag(family))
                raise FamilyRevokedError(family)
            case RefreshRefused():
                raise RefusedError(ErrorCode.TOKEN_EXPIRED)

    async def sign_out(self, shown: str) -> str | None:
        """Revoke the family of a refresh token and return it."""
        return await self._store.sign_out(digest(shown), self._clock.wall_ms())

    async def authorise(self, access: str) -> Grant:
        """Return what an access token stands for. Raises RefusedError."""
        authorised = await self._store.authorise(digest(access), self._clock.wall_ms())
        if authorised is None:
            raise RefusedError(ErrorCode.TOKEN_EXPIRED)
        account = authorised.account
        return Grant(
            principal=Principal(id=account.id, role=account.role, display_name=account.display_name),
            key=authorised.family,
            enrolment_required=self._factors.state(account) is SecondFactor.ENROLMENT_REQUIRED,
        )

    async def prove(self, account: Account, password: str, address: str, code: str | None = None) -> None:
        """Check that the person at the screen knows the password, and the code if one is given, slowly as at a sign-in.

        Raises RefusedError: throttled, busy, wrong_credentials, wrong_code.
        """
        origin = source(address)
        delay = self._throttle.delay(account.username, origin, self._clock.monotonic())
        if delay > 0:
            raise RefusedError(ErrorCode.THROTTLED, delay)
        try:
            right, _ = await self._hasher.verify(account.password_hash, password)
        except BusyError:
            raise RefusedError(ErrorCode.BUSY, 1.0) from None
        if not right:
            self._throttle.failed(account.username, origin, self._clock.monotonic())
            self._store.note_refusal(account.id, self._clock.wall_ms())
            raise RefusedError(ErrorCode.WRONG_CREDENTIALS)
        if code is not None:
            await self._check_code(account, code, account.username, origin)
        self._throttle.succeeded(account.username, origin)

    async def _check_code(self, account: Account, code: object, username: str, origin: str) -> None:
        if not isinstance(code, str):
            raise RefusedError(ErrorCode.SECOND_FACTOR_REQUIRED)
        if not await self._factors.accept(account.id, code):
            self._throttle.failed(username, origin, self._clock.monotonic())
            self._store.note_refusal(account.id, self._clock.wall_ms())
            raise RefusedError(ErrorCode.WRONG_CODE)

    def _pair(self) -> _Pair:
        access, refresh = new_token(), new_token()
        now = self._clock.wall_ms()
        return _Pair(
            access,
            refresh,
            TokenDigests(
                access=digest(access),
                access_expires_at=now + int(self._settings.access_ttl_s * _MS),
                refresh=digest(refresh),
                refresh_expires_at=now + int(self._settings.refresh_ttl_s * _MS),
            ),
        )

    def _response(self, pair: _Pair, account: Account) -> TokenResponse:
        return TokenResponse(
            access_token=pair.access,
            access_expires_in_s=int(self._settings.access_ttl_s),
            refresh_token=pair.refresh,
            user=StaffUser(
                id=account.id, username=account.username, display_name=account.display_name, role=account.role
            ),
            second_factor=self._factors.state(account),
        )


class FamilyRevokedError(RefusedError):
    """A used token was shown again: its family is revoked, and its connection has to end."""

    def __init__(self, family: str) -> None:
        super().__init__(ErrorCode.TOKEN_REUSED)
        self.family = family
