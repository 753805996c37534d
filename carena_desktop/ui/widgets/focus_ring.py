"""The ring around the button that has the keyboard: 2 px wide, 2 px away (WCAG 2.2, 2.4.7 and 2.4.11).

Style sheets can't draw outside a widget, so one overlay per window follows the focus. Fields and tables show focus by
their own border and get no ring.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from carena_desktop.ui.theme import Theme

_GAP = 4
_RADIUS = 11.0
_FOLLOWED = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest}


class FocusRing(QWidget):
    """Overlay of ``window``; takes no events and has no accessible presence of its own."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._watched: list[QWidget] = []
        self._target: QAbstractButton | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            raise TypeError("a window needs a QApplication")
        application.focusChanged.connect(self._focus_changed)
        theme.changed.connect(self.update)

    @property
    def target(self) -> QAbstractButton | None:
        """The button the ring is around, if it is shown."""
        return self._target

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the button and everything it stands in."""
        if event.type() in _FOLLOWED:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        token = "rail_focus" if self._on_dark() else "focus"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color(token), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        painter.end()
        event.accept()

    def _on_dark(self) -> bool:
        return self._target is not None and self._target.property("ground") == "dark"

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched.clear()
        inside = new is not None and self._window.isAncestorOf(new)
        self._target = new if inside and isinstance(new, QAbstractButton) else None
        step: QWidget | None = self._target
        while step is not None and step is not self._window:
            step.installEventFilter(self)
            self._watched.append(step)
            step = step.parentWidget()
        self._place()

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        corner = target.mapTo(self._window, QPoint(0, 0))
        self.setGeometry(QRect(corner, target.size()).adjusted(-_GAP, -_GAP, _GAP, _GAP))
        self.raise_()
        self.show()
