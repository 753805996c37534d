"""Paints the cells of the waiting room: two lines, running times, bars, pills, marks; mirrored for right-to-left.

A screen of rows is a hundred cells, and scrolling paints it sixty times a second: what a cell needs (fonts, metrics,
colours, cut texts) is kept between paints and made anew when the theme changes.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.pages.waiting_room.cell import Cell, Face
from carena_desktop.ui.pages.waiting_room.rows import PILLS, Row, Urgency
from carena_desktop.ui.pages.waiting_room.table_model import HEADINGS, Column, WaitingModel
from carena_desktop.ui.queue_words import RED_FLAG_DOT
from carena_desktop.ui.theme import Theme

PAD = 9
_ROW_PX = 60
_COMPACT_PX = 44
_COLUMNS = tuple(Column)
_KEPT_CELLS = 512
"""Drawn cells that are kept: some screens' worth, about 15 MB at 1440 by 900."""


class Faces:
    """The faces of the table and their measures."""

    def __init__(self, theme: Theme) -> None:
        self.main = Face(theme.font(13, QFont.Weight.DemiBold))
        self.plain = Face(theme.font(13, QFont.Weight.Medium))
        self.small = Face(theme.font(12))
        self.strong_small = Face(theme.font(12, QFont.Weight.DemiBold))
        self.time = Face(theme.font(14, QFont.Weight.DemiBold, tabular=True))
        self.pill = Face(theme.font(12, QFont.Weight.DemiBold))
        self.mark = Face(theme.font(14, QFont.Weight.Bold))


class WaitingDelegate(QStyledItemDelegate):
    """One delegate for the whole table; the column decides what is painted."""

    def __init__(self, theme: Theme, model: WaitingModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._faces = Faces(theme)
        self._folded = self._compact = False
        self._cell = Cell(theme, self._faces.small)
        self._kept: dict[tuple[str, Column], tuple[Row, tuple[object, ...], QPixmap]] = {}
        theme.changed.connect(self._renew)

    def fold(self, *, folded: bool) -> None:
        """Say language and owner under the name, where their columns have no room."""
        self._folded = folded
        self._kept.clear()

    def set_compact(self, *, on: bool) -> None:
        """Leave the air between the rows out."""
        self._compact = on
        self._kept.clear()

    def row_height(self) -> int:
        """Two lines and air, from the fonts; three where language and owner stand under the name."""
        lines = self._faces.main.height + self._faces.small.height
        lines += self._faces.small.height + 3 if self._folded else 0
        if self._compact:
            pill = self._faces.pill.height + self._faces.small.height + 12
            return max(_COMPACT_PX, lines + 6, pill)
        flagged = self._faces.main.height + 2 * self._faces.small.height + 6
        return max(self._theme.px(_COMPACT_PX), _ROW_PX, lines + 20, flagged)

    def column_width(self, column: Column) -> int:  # noqa: PLR0911 - one return per column
        """The width a column needs for what it usually holds; 0 for one that takes what is left."""
        px, faces = self._theme.px, self._faces
        head = faces.strong_small.width(tr_marked(HEADINGS[column])) + 2 * PAD + 8
        match column:
            case Column.ACUITY:
                return max(head, px(30) + 2 * PAD)
            case Column.WAITING:
                target = px(44) + 8 + faces.small.width(tr("{minutes}m").format(minutes=120))
                wide = max(faces.time.width("0:00:00") + px(22), px(31) + faces.small.width(_over(120)), target)
                return max(head, wide + 2 * PAD)
            case Column.STATUS:
                words = max(faces.pill.width(tr_marked(pill.word)) for pill in PILLS.values())
                return max(head, words + px(15) + 26 + 2 * PAD)
            case Column.DEVICE:
                return max(head, 3 * px(17) + 2 * 10 + 2 * PAD)
            case Column.LANGUAGE:
                return max(head, px(22) + faces.strong_small.width(tr("Interpreter")) + 2 * PAD)
            case Column.ASSIGNED:
                return max(head, px(70) + 2 * PAD)
            case Column.PATIENT:  # age and date of birth say who it is: they are never cut
                return max(head, faces.small.width(_about()) + 2 * PAD + 4)
            case Column.REASON:
                return 0

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As tall as a row."""
        return QSize(super().sizeHint(option, index).width(), self.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one cell; one that does not run with the clock is drawn once and then copied."""
        row, column = self._model.row_at(index), _COLUMNS[index.column()]
        if row is None:
            return
        rect = QRect(option.rect)  # a copy: the option is gone when the painting is over
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if column is Column.WAITING:
            self._draw(painter, rect, option.direction, row, column, selected=selected)
            return
        ratio = painter.device().devicePixelRatioF()
        look = (rect.width(), rect.height(), selected, option.direction, ratio)
        kept = self._kept.get((row.visit, column))
        if kept is None or kept[0] is not row or kept[1] != look:
            kept = (row, look, self._drawn(rect, option.direction, row, column, selected=selected, ratio=ratio))
            while len(self._kept) >= _KEPT_CELLS:
                self._kept.pop(next(iter(self._kept)))
            self._kept[row.visit, column] = kept
        painter.drawPixmap(rect.topLeft(), kept[2])

    def _drawn(
        self, rect: QRect, direction: Qt.LayoutDirection, row: Row, column: Column, *, selected: bool, ratio: float
    ) -> QPixmap:
        pixmap = QPixmap(rect.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self._draw(painter, QRect(QPoint(0, 0), rect.size()), direction, row, column, selected=selected)
        painter.end()
        return pixmap

    def _draw(
        self,
        painter: QPainter,
        rect: QRect,
        direction: Qt.LayoutDirection,
        row: Row,
        column: Column,
        *,
        selected: bool,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = self._cell.begin(painter, rect, direction)
        self._paint_column(cell, row, column, selected=selected)
        cell.end()

    def _paint_column(self, cell: Cell, row: Row, column: Column, *, selected: bool) -> None:
        cell.ground(selected=selected, first=column is Column.ACUITY)
        token = "text" if row.waits else "text2"
        match column:
            case Column.ACUITY:
                cell.acuity(row.acuity, self._faces.mark)
            case Column.PATIENT:
                self._patient(cell, row, token)
            case Column.REASON:
                self._reason(cell, row, token)
            case Column.WAITING:
                self._waiting(cell, row, token)
            case Column.STATUS:
                self._status(cell, row)
            case Column.DEVICE:
                cell.readiness(row.readiness)
            case Column.LANGUAGE:
                self._language(cell, row, token)
            case Column.ASSIGNED:
                cell.lines(
                    (
                        row.owner or "\u2013",
                        self._faces.main if row.mine else self._faces.plain,
                        "accent_text" if row.mine else token,
                    )
                )

    def _patient(self, cell: Cell, row: Row, token: str) -> None:
        first = (row.name, self._faces.main, token)
        second = (row.about, self._faces.small, "text2")
        if row.unread or row.wants_chat:
            cell.badge("message-square", str(row.unread) if row.unread else "", self._faces.strong_small)
        if not self._folded:
            cell.lines(first, second)
            return
        said = [
            tr("{language}, interpreter").format(language=row.language) if row.interpreter else row.language,
            row.owner,
        ]
        cell.lines(first, second, (" · ".join(part for part in said if part), self._faces.small, "text2"))

    def _reason(self, cell: Cell, row: Row, token: str) -> None:
        first = (row.reason, self._faces.plain, token)
        if row.red_flag:
            flags = tuple(row.red_flag.split(RED_FLAG_DOT))
            cell.flagged(first, flags, self._faces.strong_small, icon="triangle-alert")
        else:
            lines = self._faces.plain.wrapped((row.reason,), cell.inner.width(), 1 if self._compact else 2)
            cell.lines(*((line, self._faces.plain, token) for line in lines))

    def _waiting(self, cell: Cell, row: Row, token: str) -> None:
        time = text.clock_time(self._model.elapsed_s(row))
        if not row.waits:
            cell.lines((time, self._faces.time, token), (tr_marked(PILLS[row.status].word), self._faces.small, "text2"))
            return
        urgency = self._model.urgency(row)
        token = {Urgency.OVER: "danger", Urgency.NEAR: "warn"}.get(urgency, token)
        if row.target_s is None:
            cell.lines((time, self._faces.time, token), (tr("no target"), self._faces.small, "text2"))
            return
        minutes = row.target_s // 60
        if urgency is not Urgency.OVER and self._model.is_to_triage_again(row):
            cell.lines(
                (time, self._faces.time, token), (tr("triage again"), self._faces.strong_small, "warn"), icon="history"
            )
            return
        words = _over(minutes) if urgency is Urgency.OVER else tr("{minutes}m").format(minutes=minutes)
        share = self._model.elapsed_s(row) / row.target_s if row.target_s else 1.0  # acuity 1: at once
        cell.timed((time, self._faces.time, token), share, (words, urgency is Urgency.OVER))

    def _status(self, cell: Cell, row: Row) -> None:
        pill = PILLS[row.status]
        under, token = row.pending or row.under, "text2"
        if not row.present and row.waits:
            under, token = tr("Reconnecting…"), "warn"
        cell.pill(pill.icon, tr_marked(pill.word), pill.tone, self._faces.pill, (under, token))

    def _language(self, cell: Cell, row: Row, token: str) -> None:
        first = (row.language or "\u2013", self._faces.plain, token)
        if row.interpreter:
            cell.lines(first, (tr("Interpreter"), self._faces.strong_small, "accent_text"), icon="languages")
        else:
            cell.lines(first)

    def _renew(self) -> None:
        self._faces = Faces(self._theme)
        self._cell = Cell(self._theme, self._faces.small)
        self._kept.clear()


def _about() -> str:
    """Return an age and a date of birth that are as wide as they get."""
    return f"{tr('%n y', 'age in years', 88)} · {text.birth_date('2008-08-28')}"


def _over(minutes: int) -> str:
    """Return a target that is over, short."""
    return tr("over {minutes}m").format(minutes=minutes)
