"""A table of records for administrators: text in cells, one selected row, and Tab leaves it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme


class RecordTable(QTableWidget):
    """Emits ``record_selected`` with the id of the row, "" for none."""

    record_selected = Signal(str)

    def __init__(self, theme: Theme, name: str, columns: Sequence[str]) -> None:
        super().__init__(0, len(columns))
        self._theme = theme
        self._ids: list[str] = []
        self._needed: list[int] = []
        self.setProperty("role", "records")
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(columns))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)  # WCAG 2.2, 2.1.2
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(40))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.itemSelectionChanged.connect(self._selected)

    @property
    def current_id(self) -> str:
        """The selected record's id, "" for none."""
        rows = self.selectionModel().selectedRows()
        return self._ids[rows[0].row()] if rows else ""

    def show_records(self, records: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Show pairs of id and cells; the selection stays on its record."""
        before = self.current_id
        self.blockSignals(True)  # noqa: FBT003 - Qt's
        self._ids = [record for record, _ in records]
        self.setRowCount(len(records))
        for row, (_, cells) in enumerate(records):
            for column, words in enumerate(cells):
                item = QTableWidgetItem(words)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words or tr("empty"))
                item.setToolTip(words)
                self.setItem(row, column, item)
        self.resizeColumnsToContents()
        widest = self._theme.px(280)
        self._needed = [min(self.columnWidth(column) + 18, widest) for column in range(self.columnCount())]
        self._share_width()
        if before in self._ids:
            self.selectRow(self._ids.index(before))
        elif self._ids:
            self.selectRow(0)
        self.blockSignals(False)  # noqa: FBT003 - Qt's
        self._selected()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Give each column what it needs, and all of them the rest in equal parts: no crowd beside an empty half."""
        if not self._needed:
            return
        rest = max(0, self.viewport().width() - sum(self._needed)) // len(self._needed)
        for column, needed in enumerate(self._needed):
            self.setColumnWidth(column, needed + rest)

    def _selected(self) -> None:
        self.record_selected.emit(self.current_id)
