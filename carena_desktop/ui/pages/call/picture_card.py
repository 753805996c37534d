"""A received picture, large, over the visit's screen; a part of the page, so that a lock covers it too."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import ElidedLabel


class _Canvas(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, whole, as large as fits and never larger than it is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self.image.isNull():
            room = self.size()
            shown = self.image.size()
            if shown.width() > room.width() or shown.height() > room.height():
                shown = shown.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(
                (room.width() - shown.width()) // 2,
                (room.height() - shown.height()) // 2,
                shown.width(),
                shown.height(),
            )
            painter.drawImage(place, self.image)
        painter.end()
        event.accept()


class PictureCard(QFrame):
    """Covers its parent while it is shown; emits ``closed``."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "picture")
        self.setAutoFillBackground(True)
        self._name = ElidedLabel("", "strong")
        self.canvas = _Canvas()
        self.close_button = ActionButton(theme, tr("Close"), icon="x", name=tr("Close picture"))
        self.close_button.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.canvas, 1)
        self.hide()

    def show_picture(self, name: str, image: QImage) -> None:
        """Show a picture that was decoded elsewhere."""
        self._name.set_full_text(text.isolate(name))
        self.canvas.image = image
        self.canvas.setAccessibleName(tr("Picture: {name}").format(name=name))
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()
        self.canvas.update()
        self.close_button.setFocus()

    def forget(self) -> None:
        """Hide, and keep nothing."""
        self.hide()
        self.canvas.image = QImage()
        self._name.set_full_text("")
