"""Asks for the name and password of a proxy when it wants one; they go to the keyring, for the next attempt.

Nothing but the proxy's address is shown, and nothing typed is kept in the window.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from carena_desktop.network.choice import Proxy
from carena_desktop.network.route import ProxyLogin
from carena_desktop.network.router import Router
from carena_desktop.session.address import parse_address
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import LocalProblem, SessionSnapshot
from carena_desktop.session.proxy_logins import ProxyLogins
from carena_desktop.ui.components.program_bar import Message
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField, PasswordEdit
from carena_desktop.ui.widgets.labels import label

KEY = "proxy"
Spawn = Callable[[Coroutine[Any, Any, None], str], None]


class ProxyDialog(QDialog):
    """Name and password for one proxy."""

    def __init__(self, theme: Theme, window: MainWindow, proxy: Proxy) -> None:
        super().__init__(window)
        self.setWindowTitle(tr("Sign in to the proxy"))
        self.user = IconLineEdit(theme, tr("User name at the proxy"), "user-round")
        self.password = PasswordEdit(theme, tr("Password at the proxy"))
        self.sign_in = ActionButton(theme, tr("Sign in"), kind="primary", name=tr("Sign in to the proxy"))
        self.sign_in.setDefault(True)
        self.sign_in.clicked.connect(self.accept)
        self.cancel = ActionButton(theme, tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.sign_in)
        words = tr("{proxy} wants a user name and password. They are kept in the system's keyring.")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(14)
        column.addWidget(label(words.format(proxy=proxy.authority), wrap=True))
        column.addWidget(LabelledField(tr("User name"), self.user))
        column.addWidget(LabelledField(tr("Password"), self.password))
        column.addLayout(buttons)
        self.setMinimumWidth(theme.px(420))
        self.user.setFocus()


class ProxySignIn(QObject):
    """Listens to the session for a proxy that wants a login.

    Args:
        window: Whose strip says it.
        logins: Where a login is kept.
        router: Knows the proxy, and forgets what it found without the login.
        spawn: Runs a task of the window.
    """

    def __init__(self, window: MainWindow, logins: ProxyLogins, router: Router, spawn: Spawn) -> None:
        super().__init__(window)
        self._window = window
        self._logins = logins
        self._router = router
        self._spawn = spawn
        self.dialog: ProxyDialog | None = None

    def set_window(self, window: MainWindow) -> None:
        """Another window took the place of the one before."""
        self._window = window

    def session_changed(self, snapshot: SessionSnapshot) -> None:
        """Offer the question while the proxy refuses."""
        if snapshot.problem is None or snapshot.problem.code is not LocalProblem.PROXY_LOGIN:
            self._window.program_bar.withdraw(KEY)
            return
        words = tr("The proxy of this network wants a user name and password.")
        action = tr("Sign in to the proxy")
        self._window.program_bar.say(Message(KEY, words, action, lambda: self._spawn(self._ask(snapshot), "proxy")))

    async def _ask(self, snapshot: SessionSnapshot) -> None:
        try:
            server = parse_address(snapshot.server)
        except SessionError:
            return
        proxy = (await self._router.route(server.host, server.port)).proxy
        if proxy is not None:
            self.show_dialog(proxy)

    def show_dialog(self, proxy: Proxy) -> None:
        """Ask."""
        dialog = ProxyDialog(self._window.theme, self._window, proxy)
        dialog.accepted.connect(lambda: self._keep(proxy, dialog))
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    def _keep(self, proxy: Proxy, dialog: ProxyDialog) -> None:
        login = ProxyLogin(dialog.user.text().strip(), dialog.password.text())
        dialog.password.clear()

        async def keep() -> None:
            try:
                await self._logins.keep(proxy, login)
            except ValueError:
                return
            self._router.forget()

        self._spawn(keep(), "proxy-login")
