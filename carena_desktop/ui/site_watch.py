"""Asks the server, after each sign-in, what the site wants of its desktops: policies, and a version.

Policies go to the desk that holds them; a newer version becomes a message above the page, once per version and start.
Nothing is downloaded: packages come from IT.
"""

from PySide6.QtCore import QObject

from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.session.model import SessionSnapshot, SessionState
from carena_desktop.session.ports import SessionPort
from carena_desktop.tasks import ScopeClosedError, TaskScope
from carena_desktop.ui.components.program_bar import Message, ProgramBar
from carena_desktop.ui.i18n import tr
from carena_desktop.version_order import is_newer

KEY = "update"


class SiteWatch(QObject):
    """Listens to the session.

    Args:
        session: Whom to ask.
        policies: Takes what the site sets.
        bar: Where a newer version is told.
        version: This program's.
        scope: Owns the question.
    """

    def __init__(
        self, session: SessionPort, policies: PolicyDesk, bar: ProgramBar, *, version: str, scope: TaskScope
    ) -> None:
        super().__init__()
        self._session = session
        self._policies = policies
        self._bar = bar
        self._version = version
        self._scope = scope
        self._asked = False
        self._told = ""

    def set_bar(self, bar: ProgramBar) -> None:
        """Another window took the place of the one before."""
        self._bar = bar

    def session_changed(self, snapshot: SessionSnapshot) -> None:
        """Ask once per sign-in; forget at sign-out."""
        if snapshot.state is SessionState.ONLINE and not self._asked:
            self._asked = True
            self._spawn(snapshot.server)
        elif snapshot.account is None and self._asked:
            self._asked = False
            self._policies.signed_out()
            self._bar.withdraw(KEY)

    def _spawn(self, server: str) -> None:
        async def ask() -> None:
            word = await self._session.site_word()
            if word is None or not self._asked:
                return
            self._policies.server_says(server, word.locked, word.default)
            if self._policies.policies.switch("UpdateNotice") and is_newer(word.desktop_version, self._version):
                self._tell(word.desktop_version)

        try:
            self._scope.spawn(ask(), name="site-word")
        except ScopeClosedError:
            return

    def _tell(self, version: str) -> None:
        if version == self._told:
            return
        self._told = version
        words = tr("Carena {version} is out; you have {present}. IT installs it: ask when.")
        self._bar.say(
            Message(KEY, words.format(version=version, present=self._version), tr("All right"), on_action=_nothing)
        )


def _nothing() -> None:
    """Reading it was all."""
