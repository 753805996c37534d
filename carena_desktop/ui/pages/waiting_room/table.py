"""The table view of the waiting room: keys, column widths, and a clock that repaints its own cells only."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.waiting_room.delegate import WaitingDelegate
from carena_desktop.ui.pages.waiting_room.table_model import ROW_ROLE, Column, WaitingProxy
from carena_desktop.ui.pages.waiting_room.view_model import Row
from carena_desktop.ui.theme import Theme

_PATIENT_MIN = 190
_REASON_MIN = 190


class QueueTable(QTableView):
    """Accessible name "Waiting room". Tab leaves it, Enter starts, arrows move."""

    start_requested = Signal()
    details_requested = Signal()
    focused = Signal(bool)

    def __init__(self, theme: Theme, proxy: WaitingProxy) -> None:
        super().__init__()
        self._theme = theme
        self._delegate = WaitingDelegate(theme, self)
        self.setProperty("role", "queue")
        self.setAccessibleName(tr("Waiting room"))
        self.setModel(proxy)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self._delegate.row_height())
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setSectionsClickable(True)
        columns.setFixedHeight(theme.px(36))
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(theme.px(36) + 3 * self._delegate.row_height())
        theme.changed.connect(self._viewport_update)

    def selected(self) -> Row | None:
        """The selected patient."""
        indexes = self.selectionModel().selectedRows()
        row = indexes[0].data(ROW_ROLE) if indexes else None
        return row if isinstance(row, Row) else None

    def select(self, index: QModelIndex) -> None:
        """Select the row of a proxy index and make it current."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)

    def tick(self) -> None:
        """Repaint the running times that can be seen, nothing else."""
        first = self.rowAt(0)
        if first < 0:
            return
        last = self.rowAt(self.viewport().height() - 1)
        for at in range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1):
            self.update(self.model().index(at, Column.WAITING))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks to start the visit, Space for the patient's details."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():
                self.start_requested.emit()
            event.accept()
            return
        if event.key() == Qt.Key.Key_Space:
            self.details_requested.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width: times and pills take what they need, names and reasons the rest."""
        super().resizeEvent(event)
        self._share_width()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the frame around to show the focus."""
        super().focusInEvent(event)
        self.focused.emit(True)  # noqa: FBT003 - a signal's argument has no name

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the frame around to hide the focus."""
        super().focusOutEvent(event)
        self.focused.emit(False)  # noqa: FBT003 - a signal's argument has no name

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when fonts change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._share_width()

    def _share_width(self) -> None:
        if self.model() is None:
            return
        times = self._delegate.column_width(Column.WAITING)
        pills = self._delegate.column_width(Column.STATUS)
        rest = self.viewport().width() - times - pills
        patient = max(self._theme.px(_PATIENT_MIN), rest * 2 // 5)
        reason = max(self._theme.px(_REASON_MIN), rest - patient)
        for column, width in (
            (Column.PATIENT, patient),
            (Column.REASON, reason),
            (Column.WAITING, times),
            (Column.STATUS, pills),
        ):
            self.setColumnWidth(column, width)

    def _viewport_update(self) -> None:
        self.viewport().update()
