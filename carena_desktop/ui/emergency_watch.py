"""Emergency access where it has to be seen: above one's own page as long as it lasts, and by administrators at once.

An administrator who was away reads at sign-in what was taken within a day. The reasons stand under Administration.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject

from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import EmergencyTold, SessionSnapshot, SessionState
from carena_desktop.session.ports import SessionPort
from carena_desktop.tasks import ScopeClosedError, TaskScope
from carena_desktop.ui import text
from carena_desktop.ui.alerts import Event, Kind
from carena_desktop.ui.components.program_bar import Message, ProgramBar
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.notifications import AlertNotice
from carena_protocol.permissions import Permission, may

OWN: Final = "own-emergency"
OTHERS: Final = "emergencies"
_DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Told:
    """Where it is told. ``look`` opens the list of uses."""

    bar: ProgramBar
    notice: AlertNotice
    look: Callable[[], None]


class EmergencyWatch(QObject):
    """Follows one window's session.

    Args:
        session: Whom to ask.
        scope: Owns the questions.
        now_ms: The server's time.
    """

    def __init__(
        self, told: Told, session: SessionPort, scope: TaskScope, now_ms: Callable[[], int], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._told = told
        self._session = session
        self._scope = scope
        self._now_ms = now_ms
        self._account = ""
        self._before: tuple[EmergencyTold, ...] = ()
        self._until_ms: int | None = None

    def session_changed(self, snapshot: SessionSnapshot) -> None:
        """Tell what is new; ask what was before, once per sign-in; forget at sign-out."""
        account = snapshot.account
        if account is None:
            self._forget()
            return
        if snapshot.state is SessionState.ONLINE and self._account != account.id:
            self._account, self._before = account.id, snapshot.emergencies  # another window may have told them
            if may(account.role, Permission.EMERGENCY_ACCESS):
                self._ask(self._ask_own(), "own-emergency")
            if may(account.role, Permission.SEE_ALERTS):
                self._ask(self._ask_before(self._now_ms()), "emergencies")
        new = [one for one in snapshot.emergencies if one not in self._before]
        self._before = snapshot.emergencies
        for one in new:
            self._tell(one)

    def own(self, until_ms: int | None) -> None:
        """One's own emergency access: until when, or none."""
        self._until_ms = until_ms
        if until_ms is None or until_ms <= self._now_ms():
            self._told.bar.withdraw(OWN)
            return
        words = tr("Emergency access: you see every waiting room until {time}. Whatever you open is noted.")
        message = words.format(time=text.time_of_day(until_ms))
        self._told.bar.say(Message(OWN, message, tr("End it"), self._end, tone="warn"))

    def tick(self) -> None:
        """Take one's own message back when the time is over."""
        if self._until_ms is not None and self._until_ms <= self._now_ms():
            self.own(None)

    def _tell(self, one: EmergencyTold) -> None:
        self._told.notice.add(Event(Kind.EMERGENCY_ACCESS))
        words = tr("{name} took emergency access at {time}, until {until}.").format(
            name=text.isolate(one.name), time=text.time_of_day(one.at_ms), until=text.time_of_day(one.until_ms)
        )
        self._say(words)

    def _say(self, words: str) -> None:
        self._told.bar.say(Message(OTHERS, words, tr("Read the reason"), self._told.look, tone="warn"))

    async def _ask_own(self) -> None:
        self.own((await self._session.staff.emergency()).until)

    async def _ask_before(self, now_ms: int) -> None:
        records = (await self._session.staff.admin.emergencies()).records
        recent = [one for one in records if one.at > now_ms - _DAY_MS]
        if recent:
            self._say(tr("Emergency access was taken %n time(s) within a day.", "", len(recent)))

    def _end(self) -> None:
        async def end() -> None:
            await self._session.staff.end_emergency()
            self.own(None)

        until_ms = self._until_ms
        self._ask(end(), "emergency-end", lambda: self.own(until_ms))

    def _forget(self) -> None:
        if self._account:
            self._account = ""
            self._until_ms = None
            for key in (OWN, OTHERS):
                self._told.bar.withdraw(key)
        self._before = ()

    def _ask(self, question: Coroutine[Any, Any, None], name: str, failed: Callable[[], None] = lambda: None) -> None:
        async def guarded() -> None:
            try:
                await question
            except SessionError:
                failed()  # what could not be asked is not told; what could not be ended stays on screen

        try:
            self._scope.spawn(guarded(), name=name)
        except ScopeClosedError:
            question.close()
