"""Asks the server for what a person wants of the own account, and tells the pages what came of it.

Passwords and codes pass through: they are in the fields, in the request, and nowhere else.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from carena_desktop.session.failures import SessionError
from carena_desktop.session.ports import SessionPort
from carena_desktop.tasks import ScopeClosedError, TaskScope
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.account.enrol import EnrolCard
from carena_desktop.ui.pages.account.section import AccountSection


class Asking(QObject):
    """Runs questions to the server as tasks of a scope; a refusal becomes words.

    Args:
        scope: Owns the tasks.
        say: Takes the words of a refusal, and "danger".
    """

    def __init__(self, scope: TaskScope, say: Callable[[str, str], None]) -> None:
        super().__init__()
        self._scope = scope
        self._say = say

    def ask(self, question: Coroutine[Any, Any, None], name: str) -> None:
        """Ask; what is to be shown is done by the question itself."""

        async def guarded() -> None:
            try:
                await question
            except SessionError as error:
                self._say(text.staff_problem(error.problem), "danger")

        try:
            self._scope.spawn(guarded(), name=name)
        except ScopeClosedError:
            question.close()


class EnrolDesk(QObject):
    """Joins an enrolment card to the account.

    Args:
        done: Called when the recovery codes were put away.
    """

    def __init__(self, card: EnrolCard, session: SessionPort, scope: TaskScope, done: Callable[[], object]) -> None:
        super().__init__(card)
        self._card = card
        self._session = session
        self._asking = Asking(scope, lambda words, _tone: card.show_problem(words))
        card.enrol_requested.connect(lambda password: self._asking.ask(self._enrol(password), "enrol"))
        card.confirm_requested.connect(lambda code: self._asking.ask(self._confirm(code), "confirm-enrolment"))
        card.finished.connect(done)

    async def _enrol(self, password: str) -> None:
        found = await self._session.staff.enrol(password)
        self._card.show_enrolment(found.secret, found.uri)

    async def _confirm(self, code: str) -> None:
        found = await self._session.staff.confirm_enrolment(code)
        self._card.show_codes(found.codes)


class AccountDesk(QObject):
    """Joins the account's section to the account."""

    emergency_changed = Signal(object)
    """Until when one has emergency access, ms since the epoch; None for none."""

    def __init__(self, section: AccountSection, session: SessionPort, scope: TaskScope) -> None:
        super().__init__(section)
        self._section = section
        self._session = session
        self._asking = Asking(scope, section.say)
        self._enrol = EnrolDesk(section.enrol, session, scope, self.refresh)
        ask = self._asking.ask
        section.password_change_requested.connect(lambda now, new: ask(self._change_password(now, new), "password"))
        section.recovery_codes_requested.connect(lambda word, code: ask(self._codes(word, code), "recovery-codes"))
        section.factor_removal_requested.connect(lambda word, code: ask(self._remove(word, code), "remove-factor"))
        section.revoke_requested.connect(lambda one: ask(self._revoke(one), "revoke"))
        section.revoke_others_requested.connect(lambda: ask(self._revoke_others(), "revoke-others"))
        section.emergency_requested.connect(lambda why, minutes: ask(self._emergency(why, minutes), "emergency"))
        section.emergency_end_requested.connect(lambda: ask(self._emergency_end(), "emergency-end"))
        section.enrol.cancelled.connect(self.refresh)

    def refresh(self) -> None:
        """Ask for everything that is shown."""
        self._section.forget()
        for question, name in (
            (self._show_factor(), "second-factor"),
            (self._show_sessions(), "sessions"),
            (self._show_emergency(), "emergency-status"),
        ):
            self._asking.ask(question, name)

    async def _show_factor(self) -> None:
        self._section.show_factor(await self._session.staff.second_factor())

    async def _show_sessions(self) -> None:
        self._section.show_sessions(await self._session.staff.sessions())

    async def _show_emergency(self) -> None:
        self._emergency_is((await self._session.staff.emergency()).until)

    async def _change_password(self, now: str, new: str) -> None:
        await self._session.staff.change_password(now, new)
        self._section.password_changed()
        await self._show_sessions()

    async def _codes(self, password: str, code: str) -> None:
        self._section.show_codes((await self._session.staff.new_recovery_codes(password, code)).codes)

    async def _remove(self, password: str, code: str) -> None:
        await self._session.staff.disable_second_factor(password, code)
        self._section.forget()
        await self._show_factor()
        self._section.say(tr("The second factor is off."), "ok")

    async def _revoke(self, session: str) -> None:
        await self._session.staff.revoke_session(session)
        await self._show_sessions()
        self._section.say(tr("Signed out there."), "ok")

    async def _revoke_others(self) -> None:
        await self._session.staff.revoke_other_sessions()
        await self._show_sessions()
        self._section.say(tr("Signed out everywhere else."), "ok")

    async def _emergency(self, reason: str, minutes: int) -> None:
        status = await self._session.staff.start_emergency(reason, minutes)
        self._emergency_is(status.until)
        self._section.say(tr("Emergency access has begun. Administrators have been told."), "warn")

    async def _emergency_end(self) -> None:
        await self._session.staff.end_emergency()
        self._emergency_is(None)
        self._section.say(tr("Emergency access has ended."), "ok")

    def _emergency_is(self, until_ms: int | None) -> None:
        self._section.show_emergency(until_ms)
        self.emergency_changed.emit(until_ms)
