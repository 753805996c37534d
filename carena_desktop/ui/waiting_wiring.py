"""Ties the waiting room to alerts and to what the session does; the window only makes the parts.

What is worth an alert is seen here: arrivals and red flags as rows come, targets and limits as time passes.
"""

from PySide6.QtCore import QObject

from carena_desktop.ui.alerts import Event, Kind
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.intents import Intents
from carena_desktop.ui.notifications import AlertNotice
from carena_desktop.ui.pages.call.visit_desk import VisitDesk
from carena_desktop.ui.pages.triage.page import TriagePage
from carena_desktop.ui.pages.waiting_room.news import heard
from carena_desktop.ui.pages.waiting_room.page import WaitingRoomPage
from carena_desktop.ui.pages.waiting_room.rows import Row
from carena_desktop.ui.pages.waiting_room.tally import Counters
from carena_desktop.ui.queue_intents import QueueIntents


class WaitingWatch(QObject):
    """From what the waiting room shows to what is worth an alert.

    Args:
        page: Whose rows and numbers are watched.
        notice: Gives the alerts.
    """

    def __init__(self, page: WaitingRoomPage, notice: AlertNotice) -> None:
        super().__init__(page)
        self._notice = notice
        self._page = page
        self._over = self._again = self._at_ms = 0
        self._alarms: frozenset[str] = frozenset()
        self._watching = False
        page.happened.connect(self._happened)
        page.ticked.connect(self._ticked)
        page.chat.written.connect(lambda count: notice.add(*(Event(Kind.MESSAGE) for _ in range(count))))
        page.title.snoozed.connect(notice.snooze)
        notice.quiet_changed.connect(lambda on: page.title.show_snooze(on=on))
        notice.output_missing.connect(self._output_missing)

    def reset(self) -> None:
        """Forget what was told; for the end of a session."""
        self._watching = False
        self._notice.clear()

    def _output_missing(self, missing: bool) -> None:  # noqa: FBT001 - a slot
        if missing:
            words = tr("The output chosen for alerts is not plugged in. They sound on every output until it is.")
        else:
            words = tr("The output chosen for alerts is back.")
        self._page.show_message(words, "warn" if missing else "ok")

    def _happened(self, found: tuple[tuple[Row, Event], ...]) -> None:
        self._tell(*heard(found, self._page.quiet_rooms))

    def _ticked(self, now: Counters) -> None:
        if not self._page.is_listed:
            return
        self._notice.show_waiting(now.waiting)
        alarms, at_ms = self._page.over_limit, self._page.now_ms()
        if self._watching:  # what is so at sign-in is seen, and no news
            # One may come over the target in the second in which another one is taken: both count.
            over, again = self._page.model.heard.passed(self._at_ms, at_ms)
            counts = {
                Kind.OVER_TARGET: max(over, now.over_target - self._over),
                Kind.RETRIAGE: max(again, now.to_triage_again - self._again),
                Kind.QUEUE: len(alarms - self._alarms),
            }
            self._tell(*(Event(kind) for kind, count in counts.items() for _ in range(count)))
        self._watching = True
        self._over, self._again, self._alarms, self._at_ms = now.over_target, now.to_triage_again, alarms, at_ms

    def _tell(self, *events: Event) -> None:
        if events:
            self._notice.add(*events)

    def rooms_chosen(self) -> None:
        """Another choice of quiet rooms is no news: what is so in a room that rings again is seen."""
        self._watching = False


def connect_queue(page: WaitingRoomPage, intents: QueueIntents) -> None:
    """Hand what the person wants to the intents, and what came of it to the page."""
    page.order_requested.connect(intents.order)
    page.details_requested.connect(intents.details)
    intents.order_done.connect(page.flow.done)
    intents.order_refused.connect(page.flow.refused)
    intents.details_found.connect(page.drawer.show_details)
    intents.details_refused.connect(page.drawer.refuse_details)
    intents.said.connect(page.show_message)
    intents.chat_refused.connect(page.chat.refused)
    page.chat.open_requested.connect(intents.open_chat)
    page.chat.close_requested.connect(intents.close_chat)
    page.chat.said.connect(intents.say)
    page.chat.read.connect(intents.read_chat)
    page.chat.compared.connect(intents.compare_chat)
    page.rail.presence_requested.connect(intents.set_presence)


def connect_triage(page: TriagePage, intents: QueueIntents) -> None:
    """Hand what triage wants to the intents, and what came of it back."""
    page.order_requested.connect(intents.order)
    page.details_requested.connect(intents.details)
    intents.order_done.connect(page.done)
    intents.order_refused.connect(page.refused)
    intents.details_found.connect(page.show_details)


def connect_visit(desk: VisitDesk, intents: Intents) -> None:
    """Hand what is done with a visit to the intents: an identity check goes on, a parting ends the call."""
    desk.order_requested.connect(intents.queue.order)
    desk.details_requested.connect(intents.queue.details)
    desk.parting_requested.connect(intents.queue.part)
    intents.queue.details_found.connect(desk.show_details)
    intents.queue.details_refused.connect(desk.patient.refuse_details)
    intents.queue.order_refused.connect(desk.refused)
