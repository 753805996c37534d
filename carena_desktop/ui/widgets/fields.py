"""Text fields with a label above and an icon inside."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import label


class IconLineEdit(QLineEdit):
    """A line edit with a leading icon; its accessible name is ``name``."""

    def __init__(self, theme: Theme, name: str, icon: str, *, placeholder: str = "", height: int = 40) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._lead = QAction(self)
        if icon:
            self.addAction(self._lead, QLineEdit.ActionPosition.LeadingPosition)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setMinimumHeight(theme.px(height))
        theme.changed.connect(self._retint)
        self._retint()

    def sizeHint(self) -> QSize:
        """As tall as the minimum says."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), self.minimumHeight()))

    def _retint(self) -> None:
        if self._icon_name:
            self._lead.setIcon(self._theme.icon(self._icon_name, "text2", 16))


class PasswordEdit(IconLineEdit):
    """A password field that can be shown, and reports every typed character for the Caps Lock notice."""

    typed = Signal(str, bool)
    caps_lock_pressed = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        self._reveal: QAction | None = None
        super().__init__(theme, name, "lock")
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._reveal = QAction(self)
        self._reveal.triggered.connect(self._toggle)
        self.addAction(self._reveal, QLineEdit.ActionPosition.TrailingPosition)
        self._retint()

    def conceal(self) -> None:
        """Hide the characters again."""
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._retint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report the character, then take it."""
        if event.key() == Qt.Key.Key_CapsLock:
            self.caps_lock_pressed.emit()
        else:
            self.typed.emit(event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        super().keyPressEvent(event)

    def _toggle(self) -> None:
        hidden = self.echoMode() is QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._retint()

    def _retint(self) -> None:
        super()._retint()
        if self._reveal is not None:
            shown = self.echoMode() is not QLineEdit.EchoMode.Password
            self._reveal.setIcon(self._theme.icon("eye-off" if shown else "eye", "text2", 16))
            self._reveal.setText("Hide password" if shown else "Show password")
            self._reveal.setToolTip(self._reveal.text())


class LabelledField(QWidget):
    """A label, its field, and room for nothing else; the label is the field's buddy."""

    def __init__(self, caption: str, field: QLineEdit) -> None:
        super().__init__()
        words = label(caption, "field")
        words.setBuddy(field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(words)
        column.addWidget(field)


class Escape(QObject):
    """Calls back when Escape is pressed in a field."""

    pressed = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look for Escape."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.pressed.emit()
            return True
        return super().eventFilter(watched, event)
