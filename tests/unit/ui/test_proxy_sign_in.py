"""The proxy that wants a login, as a person meets it; and what the system says of proxies where Qt is asked."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory

from carena_desktop.network.choice import Proxy, parse_choice
from carena_desktop.network.route import ProxyLogin
from carena_desktop.network.router import Router
from carena_desktop.session.credentials import KeyringCredentials
from carena_desktop.session.model import LocalProblem, SessionProblem, SessionState
from carena_desktop.session.proxy_logins import ProxyLogins
from carena_desktop.ui.proxy_sign_in import KEY, ProxySignIn
from carena_desktop.ui.system_proxy import system_way
from tests.fakes.keyring import MemoryKeyring
from tests.unit.ui.conftest import LiveScene, settle

PROXY = Proxy("proxy.test", 3128)


async def test_a_login_is_asked_for_and_kept(live_scene: LiveScene) -> None:
    """The strip offers it, the dialog names the proxy, what is typed goes to the keyring and not into the window."""
    keyring = MemoryKeyring()
    credentials = KeyringCredentials(backend=lambda: keyring)
    logins = ProxyLogins(credentials)
    router = Router(parse_choice("http://proxy.test:3128"), login=logins.find)

    def spawn(work: Coroutine[Any, Any, None], name: str) -> None:
        live_scene.scope.spawn(work, name=name)

    desk = ProxySignIn(live_scene.window, logins, router, spawn)
    live_scene.bridge.session_changed.connect(desk.session_changed)
    problem = SessionProblem(LocalProblem.PROXY_LOGIN)
    live_scene.session.publish(state=SessionState.SIGNED_OUT, server="https://visits.test", problem=problem)
    shown = live_scene.window.program_bar.shown
    assert shown is not None
    assert shown.key == KEY
    shown.on_action()
    await live_scene.settled()
    dialog = desk.dialog
    assert dialog is not None
    dialog.user.setText(" casey ")
    dialog.password.setText("pass word")
    dialog.sign_in.click()
    await live_scene.settled()
    settle()
    assert await logins.find(PROXY) == ProxyLogin("casey", "pass word")
    reopened = KeyringCredentials(backend=lambda: keyring)
    fresh = ProxyLogins(reopened)
    assert await fresh.find(PROXY) == ProxyLogin("casey", "pass word")
    live_scene.session.publish(problem=None)
    assert live_scene.window.program_bar.shown is None
    await logins.forget(PROXY)
    assert await logins.find(PROXY) is None
    credentials.close()
    reopened.close()
    await asyncio.sleep(0)


class Factory(QNetworkProxyFactory):
    """What a system would answer."""

    def queryProxy(self, query: object = None) -> list[QNetworkProxy]:  # noqa: ARG002, N802 - Qt's names
        """One proxy that is spoken, one that is not, and the direct way."""
        kinds = QNetworkProxy.ProxyType
        return [
            QNetworkProxy(kinds.Socks5Proxy, "socks.test", 1080),
            QNetworkProxy(kinds.HttpProxy, "proxy.test", 3128),
            QNetworkProxy(kinds.NoProxy),
        ]


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_qts_answer_is_a_list_of_ways(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows and macOS answer by Qt, in order; what is not spoken is left out, and nothing left means direct."""
    factory = Factory()
    monkeypatch.setattr(QNetworkProxyFactory, "systemProxyForQuery", factory.queryProxy)
    assert system_way(platform, "a.test", 443) == (PROXY, None)
    monkeypatch.setattr(QNetworkProxyFactory, "systemProxyForQuery", lambda _query: [])
    assert system_way(platform, "::1", 443) == (None,)
