"""Paints the cells of the waiting room: two lines, running times in tabular figures, status pills; mirrored for RTL."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.pages.waiting_room.table_model import ROW_ROLE, Column
from carena_desktop.ui.pages.waiting_room.view_model import PILLS, Row, Status
from carena_desktop.ui.theme import Theme

_PAD = 12
_ROW_PX = 60
_GAP = 3
_START = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter


class _Fonts:
    """The four faces of the table."""

    def __init__(self, theme: Theme) -> None:
        self.main = theme.font(13, QFont.Weight.DemiBold)
        self.plain = theme.font(13, QFont.Weight.Medium)
        self.small = theme.font(12)
        self.time = theme.font(14, QFont.Weight.DemiBold, tabular=True)
        self.pill = theme.font(12, QFont.Weight.DemiBold)


class WaitingDelegate(QStyledItemDelegate):
    """One delegate for the whole table; the column decides what is painted."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fonts = _Fonts(theme)

    def row_height(self) -> int:
        """Two lines and air, from the fonts."""
        lines = QFontMetrics(self._fonts.main).height() + QFontMetrics(self._fonts.small).height()
        return max(_ROW_PX, lines + 20)

    def column_width(self, column: Column) -> int:
        """The width a column needs for what it usually holds; 0 for one that stretches."""
        if column is Column.WAITING:
            return QFontMetrics(self._fonts.time).horizontalAdvance("0:00:00") + 2 * _PAD + self._theme.px(12)
        if column is Column.STATUS:
            word = QFontMetrics(self._fonts.pill).horizontalAdvance(tr("Reconnecting"))
            return word + self._theme.px(15) + 28 + 2 * _PAD + self._theme.px(8)
        return 0

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As tall as a row."""
        return QSize(super().sizeHint(option, index).width(), self.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one cell."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = _Cell(self._theme, self._fonts, painter, option)
        column = Column(index.column())
        cell.ground(selected=bool(option.state & QStyle.StateFlag.State_Selected), first=column is Column.PATIENT)
        in_visit = row.status is Status.IN_VISIT
        name_token = "text2" if in_visit else "text"
        match column:
            case Column.PATIENT:
                cell.two_lines((row.name, self._fonts.main, name_token), row.about)
            case Column.REASON:
                cell.words(cell.inner, row.reason, self._fonts.plain, name_token)
            case Column.WAITING:
                time = (str(index.data()), self._fonts.time, name_token)
                cell.two_lines(time, tr("in visit") if in_visit else tr("waiting"))
            case Column.STATUS:
                cell.status(row)
        painter.restore()


class _Cell:
    """One cell being painted. Rectangles are laid out left to right and mirrored when drawn."""

    def __init__(self, theme: Theme, fonts: _Fonts, painter: QPainter, option: QStyleOptionViewItem) -> None:
        self._theme = theme
        self._fonts = fonts
        self._painter = painter
        self._direction = option.direction
        self._rect = QRect(option.rect)
        self.inner = self._rect.adjusted(_PAD, 0, -_PAD, -1)

    def ground(self, *, selected: bool, first: bool) -> None:
        """Fill the selection and draw the line below."""
        rect = self._rect
        if selected:
            self._painter.fillRect(rect, self._theme.color("selection"))
            if first:
                bar = QRect(rect.left(), rect.top(), 3, rect.height() - 1)
                self._painter.fillRect(QStyle.visualRect(self._direction, rect, bar), self._theme.color("accent"))
        self._painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), self._theme.color("line"))

    def two_lines(self, first: tuple[str, QFont, str], second: str) -> None:
        """Draw a main line (words, font, colour) and a small one below it."""
        words, font, token = first
        high, low = QFontMetrics(font).height(), QFontMetrics(self._fonts.small).height()
        rect = self.inner
        top = rect.top() + (rect.height() - high - low - _GAP) // 2
        self.words(QRect(rect.left(), top, rect.width(), high), words, font, token)
        self.words(QRect(rect.left(), top + high + _GAP, rect.width(), low), second, self._fonts.small, "text2")

    def words(self, rect: QRect, words: str, font: QFont, token: str) -> None:
        """Draw one line, cut with an ellipsis, its direction kept to itself."""
        self._painter.setFont(font)
        self._painter.setPen(self._theme.color(token))
        elided = QFontMetrics(font).elidedText(text.isolate(words), Qt.TextElideMode.ElideRight, rect.width())
        self._painter.drawText(self._mirrored(rect), QStyle.visualAlignment(self._direction, _START), elided)

    def status(self, row: Row) -> None:
        """Draw the pill and, below it, who the patient is with."""
        pill, font = PILLS[row.status], self._fonts.pill
        metrics, side = QFontMetrics(font), self._theme.px(15)
        word_width = metrics.horizontalAdvance(tr_marked(pill.word)) + 2
        height = metrics.height() + 10
        below = QFontMetrics(self._fonts.small).height()
        tall = height + (below + 2 if row.who else 0)
        left, top = self.inner.left() - 4, self.inner.top() + (self.inner.height() - tall) // 2
        box = QRect(left, top, 10 + side + 6 + word_width + 12, height)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._theme.color(f"{pill.tone}_tint"))
        self._painter.drawRoundedRect(QRectF(self._mirrored(box)), height / 2, height / 2)
        icon = QRect(left + 10, top + (height - side) // 2, side, side)
        pixmap = self._theme.pixmap(pill.icon, pill.tone, 15, self._painter.device().devicePixelRatioF())
        self._painter.drawPixmap(self._mirrored(icon), pixmap)
        self.words(QRect(icon.right() + 7, top, word_width, height), tr_marked(pill.word), font, pill.tone)
        if row.who:
            under = QRect(left + 8, box.bottom() + 3, self.inner.width() - 4, below)
            self.words(under, row.who, self._fonts.small, "text2")

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self._direction, self.inner, rect)
