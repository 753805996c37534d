"""Holds the tokens of one signed-in session: in memory, and the refresh token in the keyring.

The order is what matters: a rotated refresh token is in the keyring before anything is done with its pair, so that a
crash at any point leaves at most a token whose repetition the server takes for a lost answer, never an older one
(RFC 9700 section 4.14). One refresh runs at a time, in a task of its own: whoever waits for it may be cancelled, the
rotation is not, for an answer thrown away is a token lost.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from carena_desktop.clock import Clock
from carena_desktop.session.address import ServerAddress
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import KeyringState, StaffAccount
from carena_desktop.session.rules import LiveRules, SiteRules
from carena_desktop.session.tokens import AccessToken, ends_the_session
from carena_desktop.session.world import AuthApi, CredentialKey, CredentialStore, Memory, Remembered
from carena_desktop.tasks import TaskScope
from carena_protocol.errors import ErrorCode
from carena_protocol.rest import TokenResponse
from carena_protocol.staff_rest import SecondFactor

ROTATION_GRACE_S: Final = 1.0
CLOSE_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Site:
    """A server and the context under which it was verified."""

    address: ServerAddress
    context: ssl.SSLContext
    pinned: bool


class TokenKeeper:
    """The tokens of one session; ``on_keyring`` hears every outcome at the keyring."""

    def __init__(
        self,
        api: AuthApi,
        store: CredentialStore,
        memory: Memory,
        clock: Clock,
        on_keyring: Callable[[KeyringState], None],
        *,
        rules: SiteRules,
        live: LiveRules,
    ) -> None:
        self._api = api
        self._store = store
        self._memory = memory
        self._clock = clock
        self._on_keyring = on_keyring
        self._rules = rules
        self._live = live
        self._scope = TaskScope("tokens")
        self._rotation: asyncio.Task[StaffAccount | SessionError] | None = None
        self._site: Site | None = None
        self._key: CredentialKey | None = None
        self._access: AccessToken | None = None
        self._refresh: str | None = None

    async def sign_in(self, site: Site, username: str, password: str, code: str = "") -> StaffAccount:
        """Trade a password, and a code where one is wanted, for tokens and keep them; raises SessionError."""
        response = await self._api.login(site.address, site.context, username, password, code)
        self._site = site
        self._key = CredentialKey(site.address.origin, response.user.username)
        await self._keep(response)
        self._memory.save(Remembered(self._key.server, self._key.username))
        return self._account(response)

    async def restore(self, site: Site, username: str) -> StaffAccount | None:
        """Continue with the keyring's token; None when it has none; raises SessionError."""
        key = CredentialKey(site.address.origin, username)
        if not self._live.keep_signed_in():  # what was kept before nobody wanted that any more
            self._on_keyring(await self._store.delete(key))
            return None
        state, refresh = await self._store.load(key)
        self._on_keyring(state)
        if refresh is None:
            return None
        self._site, self._key, self._refresh = site, key, refresh
        try:
            return await self._rotated()
        except SessionError as error:
            if ends_the_session(error.code):  # a dead token would only be refused again at the next start
                await self.forget(revoke=False, keyring=True)
            raise

    async def access_token(self, *, fresh: bool = False) -> str:
        """Return an access token that will be accepted, refreshing first where needed or when ``fresh``.

        Raises:
            SessionError: With a code of ``tokens.ENDS_THE_SESSION`` the session is over.
        """
        access = self._access
        if fresh or access is None or not access.usable(self._clock.monotonic()):
            await self._rotated()
            access = self._access
        if access is None:  # signed out while the answer was under way
            raise SessionError(ErrorCode.UNAUTHENTICATED)
        return access.value

    def distrust(self) -> None:
        """Refresh before the next use: the machine slept, and monotonic time may not have counted that."""
        self._access = None

    async def forget(self, *, revoke: bool, keyring: bool) -> None:
        """Drop the tokens here, and as asked in the keyring and at the server. Raises nothing of the network's."""
        site, key, refresh = self._site, self._key, self._refresh
        self._site = self._key = self._access = self._refresh = None
        if keyring and key is not None:
            self._memory.save(None)
            self._on_keyring(await self._store.delete(key))
        if revoke and site is not None and refresh is not None:
            try:
                await self._api.logout(site.address, site.context, refresh)
            except SessionError:
                return  # the token ends by its age

    async def rules_changed(self) -> None:
        """Take back what the keyring keeps, where it may keep nothing any more; the session goes on."""
        if self._key is not None and not self._live.keep_signed_in():
            self._on_keyring(await self._store.delete(self._key))

    async def aclose(self) -> None:
        """Let a rotation under way finish, within a bound, so that its token reaches the keyring."""
        if self._rotation is not None:
            await asyncio.wait({self._rotation}, timeout=ROTATION_GRACE_S)
        await self._scope.aclose(CLOSE_S)

    async def _rotated(self) -> StaffAccount:
        if self._rotation is None:
            if self._site is None or self._refresh is None:
                raise SessionError(ErrorCode.UNAUTHENTICATED)
            self._rotation = self._scope.spawn(self._rotate(self._site, self._refresh), name="refresh")
        result = await asyncio.shield(self._rotation)
        if isinstance(result, SessionError):
            raise result
        return result

    async def _rotate(self, site: Site, refresh: str) -> StaffAccount | SessionError:
        """Returns its failure: a refused token is an outcome here, not a fault of the task."""
        try:
            response = await self._api.refresh(site.address, site.context, refresh)
            if self._refresh is not refresh:
                return SessionError(ErrorCode.UNAUTHENTICATED)  # signed out while the answer was under way
            await self._keep(response)
            return self._account(response)
        except SessionError as error:
            return error
        finally:
            self._rotation = None

    async def _keep(self, response: TokenResponse) -> None:
        """The new refresh token first into the keyring, then into use."""
        granted_at = self._clock.monotonic()
        self._refresh = response.refresh_token
        if self._key is not None and self._live.keep_signed_in():
            self._on_keyring(await self._store.save(self._key, response.refresh_token))
        if self._refresh is response.refresh_token:
            self._access = AccessToken(response.access_token, granted_at, float(response.access_expires_in_s))

    def _account(self, response: TokenResponse) -> StaffAccount:
        user, factor = response.user, response.second_factor
        required = factor is SecondFactor.ENROLMENT_REQUIRED
        must_enrol = required or (self._rules.second_factor and factor is not SecondFactor.ACTIVE)
        return StaffAccount(user.id, user.username, user.display_name, user.role, must_enrol=must_enrol)
