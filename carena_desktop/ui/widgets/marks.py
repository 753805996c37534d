"""Small painted parts: the round mark of a person, the product's mark, a key's cap."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from carena_desktop.ui import resources
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import label


class Avatar(QWidget):
    """Initials on a disc. Decoration: the name stands beside it."""

    def __init__(self, theme: Theme, initials: str = "", size: int = 36) -> None:
        super().__init__()
        self._theme = theme
        self._initials = initials
        self._size = size
        side = theme.px(size)
        self.setFixedSize(side, side)
        theme.changed.connect(self.update)

    def set_initials(self, initials: str) -> None:
        """Show other initials."""
        self._initials = initials
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw disc and letters."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("avatar"))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(self._theme.color("on_avatar"))
        painter.setFont(self._theme.font(round(self._size * 0.36), QFont.Weight.DemiBold))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()
        event.accept()


class Mark(QWidget):
    """The product's mark, from ``resources/icons/carena.svg``."""

    def __init__(self, theme: Theme, size: int = 28) -> None:
        super().__init__()
        self._renderer = QSvgRenderer(str(resources.path("icons", "carena.svg")))
        side = theme.px(size)
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, QRectF(self.rect()))
        painter.end()
        event.accept()


class KeyHint(QWidget):
    """What a key does: its cap and a word, or the cap alone."""

    def __init__(self, key: str, does: str) -> None:
        super().__init__()
        cap = QLabel(key)
        cap.setTextFormat(Qt.TextFormat.PlainText)
        cap.setProperty("role", "key")
        cap.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(cap)
        if does:
            row.addWidget(label(does, "secondary"))


class Divider(QWidget):
    """A horizontal line, one pixel."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(1)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("line"))
        painter.end()
        event.accept()
