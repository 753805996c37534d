"""Who is gone and may be called back: a card with a list over the waiting room."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from carena_desktop.session.gone import GonePatient
from carena_desktop.session.model import StaffAccount
from carena_desktop.session.orders import Order, Verb
from carena_desktop.ui import acuity, text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.sheet import FloatingSheet
from carena_protocol.permissions import may
from carena_protocol.rows import LeaveReason, Room, VisitState

_LINES = 4
_VISIT = int(Qt.ItemDataRole.UserRole)


def how(patient: GonePatient) -> str:
    """Return how somebody went, and when."""
    time = text.time_of_day(patient.closed_at_ms)
    if patient.state is VisitState.NO_SHOW:
        return tr("not here, closed at {time}").format(time=time)
    if patient.state is VisitState.FINISHED:
        return tr("visit finished at {time}").format(time=time)
    if patient.reason is LeaveReason.TIMEOUT:
        return tr("connection lost, place given up at {time}").format(time=time)
    return tr("left at {time}").format(time=time)


def line(patient: GonePatient, rooms: tuple[Room, ...]) -> str:
    """Return a patient in two lines: who, and how they went."""
    came = tr("came at {time}").format(time=text.time_of_day(patient.checked_in_at_ms))
    about = [came] if patient.acuity is None else [acuity.spoken(patient.acuity), came]
    if len(rooms) > 1:
        about += [text.isolate(room.name) for room in rooms if room.id == patient.room]
    who = text.isolate(patient.name) if patient.name else tr("A patient (name deleted)")
    went = how(patient)
    if patient.recalled_until_ms is not None:
        until = text.time_of_day(patient.recalled_until_ms)
        went += "\n" + tr("called back, may come until {time}").format(time=until)
    return f"{who} · {' · '.join(about)}\n{went}"


class GoneSheet(FloatingSheet):
    """Hidden until ``open_sheet``; emits an order to call back, and the name it is about ("" where it is not known)."""

    recall_requested = Signal(object, str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._gone: tuple[GonePatient, ...] = ()
        self._rooms: tuple[Room, ...] = ()
        self._refusal = ""
        title = tr("Patients who are gone")
        self.setAccessibleName(title)
        self._heading = label(title, "heading", wrap=True)
        self._explains = label(
            tr(
                "Those of the last two hours. Who is called back may come in again by the same link and has the old "
                "place. Carena can't reach a page that is closed: tell the patient yourself."
            ),
            "secondary",
            wrap=True,
        )
        self.list = QListWidget()
        self.list.setProperty("role", "choices")
        self.list.setAccessibleName(title)
        self.list.setTabKeyNavigation(False)
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.recall = ActionButton(theme, tr("Call back"), icon="bell", kind="primary")
        self.leave = ActionButton(theme, tr("Close"))
        self.recall.clicked.connect(self._recall)
        self.leave.clicked.connect(self.close_sheet)
        self.list.itemActivated.connect(lambda _item: self._recall())
        self.list.currentRowChanged.connect(lambda _row: self._offer())
        self.put(self._heading, self._explains, self.list, buttons=(self.leave, self.recall))

    def render_gone(
        self, gone: tuple[GonePatient, ...], rooms: tuple[Room, ...], account: StaffAccount | None, *, fresh: bool
    ) -> None:
        """Show who is gone; the choice stays on its patient, and with nobody left the card goes."""
        self._refusal = ""
        if not fresh:
            self._refusal = tr("Not connected to the server at the moment.")
        elif account is None or not may(account.role, Verb.RECALL):
            self._refusal = tr("Your role may not do this.")
        if (gone, rooms) != (self._gone, self._rooms):
            self._gone, self._rooms = gone, rooms
            self._fill()
        if account is None or not gone:
            self.close_sheet()
        self._offer()

    def open_sheet(self) -> None:
        """Show the card, where there is anybody to call back."""
        if not self._gone:
            return
        self.show()
        self.place()
        self.raise_()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_sheet(self) -> None:
        """Put the card away."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _chosen(self) -> GonePatient | None:
        chosen = {item.data(_VISIT) for item in self.list.selectedItems()}
        return next((one for one in self._gone if one.visit in chosen), None)

    def _fill(self) -> None:
        before = self._chosen()
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's
        self.list.clear()
        for one in self._gone:
            item = QListWidgetItem(line(one, self._rooms))
            item.setData(_VISIT, one.visit)
            self.list.addItem(item)
        at = next((at for at, one in enumerate(self._gone) if before is not None and one.visit == before.visit), 0)
        self.list.setCurrentRow(at if self._gone else -1)
        self.list.blockSignals(False)  # noqa: FBT003 - Qt's
        self.list.setFixedHeight(min(max(len(self._gone), 1), _LINES) * (3 * self.fontMetrics().height() + 14) + 10)
        self.place()

    def _offer(self) -> None:
        self.recall.setEnabled(not self._refusal and self._chosen() is not None)
        self.recall.setToolTip(self._refusal)
        self.recall.setAccessibleDescription(self._refusal)

    def _recall(self) -> None:
        chosen = self._chosen()
        if chosen is not None and self.recall.isEnabled():
            self.recall_requested.emit(Order(Verb.RECALL, chosen.visit, chosen.version), chosen.name)
            self.close_sheet()
