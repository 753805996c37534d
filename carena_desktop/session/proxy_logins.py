"""A person's login at a proxy, in the keyring beside the sign-in. Knows forms; the keyring is the adapter's."""

from dataclasses import dataclass, field

import msgspec

from carena_desktop.network.choice import Proxy
from carena_desktop.network.route import ProxyLogin
from carena_desktop.session.model import KeyringState
from carena_desktop.session.world import CredentialKey, CredentialStore

MAX_CHARS = 200


@dataclass(frozen=True, slots=True)
class _Kept:
    user: str = field(repr=False)
    password: str = field(repr=False)


class ProxyLogins:
    """Finds and keeps logins; a system without keyring keeps one until the program ends.

    Args:
        store: The keyring.
    """

    def __init__(self, store: CredentialStore) -> None:
        self._store = store
        self._memory: dict[str, ProxyLogin] = {}

    async def find(self, proxy: Proxy) -> ProxyLogin | None:
        """Return the login at ``proxy``, None where there is none."""
        if proxy.authority in self._memory:
            return self._memory[proxy.authority]
        _, secret = await self._store.load(_key(proxy))
        if secret is None:
            return None
        try:
            kept = msgspec.json.decode(secret, type=_Kept)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return ProxyLogin(kept.user, kept.password)

    async def keep(self, proxy: Proxy, login: ProxyLogin) -> KeyringState:
        """Keep a login; raises ValueError for one that no proxy can have (RFC 7617: no colon in the name)."""
        if not 0 < len(login.user) <= MAX_CHARS or len(login.password) > MAX_CHARS or ":" in login.user:
            raise ValueError("no login")
        self._memory[proxy.authority] = login
        return await self._store.save(_key(proxy), msgspec.json.encode(_Kept(login.user, login.password)).decode())

    async def forget(self, proxy: Proxy) -> None:
        """Keep it no longer."""
        self._memory.pop(proxy.authority, None)
        await self._store.delete(_key(proxy))


def _key(proxy: Proxy) -> CredentialKey:
    return CredentialKey(f"proxy {proxy.authority}", "proxy")
