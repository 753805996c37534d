"""The table view of the waiting room: keys, column widths, and a clock that repaints its own cells only."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.waiting_room.delegate import WaitingDelegate
from carena_desktop.ui.pages.waiting_room.rows import Row
from carena_desktop.ui.pages.waiting_room.table_model import Column, WaitingModel
from carena_desktop.ui.theme import Theme

_PATIENT_MIN = 132
_REASON_MIN = 120
_FIXED = (Column.ACUITY, Column.WAITING, Column.STATUS, Column.DEVICE, Column.LANGUAGE, Column.ASSIGNED)
_FOLDING = (Column.LANGUAGE, Column.ASSIGNED)


class QueueTable(QTableView):
    """Accessible name "Waiting room". Tab leaves it, Enter starts, arrows move."""

    start_requested = Signal()
    details_requested = Signal()
    focused = Signal(bool)

    def __init__(self, theme: Theme, model: WaitingModel) -> None:
        super().__init__()
        self._theme = theme
        self._queue = model
        self._folded = False
        self._delegate = WaitingDelegate(theme, model, self)
        self.setProperty("role", "queue")
        self.setAccessibleName(tr("Waiting room"))
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setMinimumSectionSize(theme.px(24))
        columns.setSectionsClickable(True)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self._measure()
        theme.changed.connect(self._measure)

    def selected(self) -> Row | None:
        """The selected patient."""
        index = self.currentIndex()
        return self._queue.row_at(index) if index.isValid() and self.selectionModel().isSelected(index) else None

    def select(self, index: QModelIndex) -> None:
        """Select the row of an index and make it current."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)

    def step(self, by: int) -> None:
        """Select the next row, or the one before."""
        last = self._queue.rowCount() - 1
        if last >= 0:
            at = min(max(self.currentIndex().row() + by, 0), last)
            self.select(self._queue.index(at, 0))

    @property
    def folded(self) -> bool:
        """Whether language and owner stand under the name."""
        return self._folded

    def fold(self, *, folded: bool) -> None:
        """Show language and owner under the name instead of in columns."""
        if folded == self._folded:
            return
        self._folded = folded
        self._delegate.fold(folded=folded)
        for column in _FOLDING:
            self.setColumnHidden(column, folded)
        self._measure()

    @property
    def unfolded_width(self) -> int:
        """How wide the table must be for every column to show what it has to; depends on the language's words."""
        fixed = sum(self._delegate.column_width(column) for column in _FIXED)
        bar = self.verticalScrollBar().sizeHint().width()
        return fixed + self._patient_width + self._theme.px(_REASON_MIN) + bar

    @property
    def _patient_width(self) -> int:
        return max(self._theme.px(_PATIENT_MIN), self._delegate.column_width(Column.PATIENT))

    def set_compact(self, *, on: bool) -> None:
        """Show more rows on the same screen."""
        self._delegate.set_compact(on=on)
        self._measure()

    def tick(self) -> None:
        """Repaint the running times that can be seen, nothing else."""
        first = self.rowAt(0)
        if first < 0:
            return
        last = self.rowAt(self.viewport().height() - 1)
        for at in range(first, (last if last >= 0 else self._queue.rowCount() - 1) + 1):
            self.update(self._queue.index(at, Column.WAITING))

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

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the waiting room, not a search in the first column."""

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
        if event.type() == QEvent.Type.FontChange and self.model() is not None:
            self._measure()

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height())
        self.horizontalHeader().setFixedHeight(self._theme.px(36))
        self.setMinimumHeight(self._theme.px(36) + 3 * self._delegate.row_height())
        self._share_width()
        self.viewport().update()

    def _share_width(self) -> None:
        shown = [column for column in _FIXED if not self.isColumnHidden(column)]
        widths = {column: self._delegate.column_width(column) for column in shown}
        rest = self.viewport().width() - sum(widths.values())
        widths[Column.PATIENT] = max(self._patient_width, rest * 2 // 5)
        widths[Column.REASON] = max(self._theme.px(_REASON_MIN), rest - widths[Column.PATIENT])
        for column, width in widths.items():
            self.setColumnWidth(column, width)
