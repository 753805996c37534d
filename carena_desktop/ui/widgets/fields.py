"""Text fields with a label above and an icon inside."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QVBoxLayout, QWidget

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import IconLabel, label

_EDGE = 11


class IconLineEdit(QLineEdit):
    """A line edit with a leading icon; its accessible name is ``name``. The icon grows with the text, Qt's does not."""

    def __init__(self, theme: Theme, name: str, icon: str, *, placeholder: str = "", height: int = 40) -> None:
        super().__init__()
        self._theme = theme
        self._lead = IconLabel(theme, icon, "text2", 16) if icon else None
        self._tail: QWidget | None = None
        if self._lead is not None:
            self._lead.setParent(self)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setMinimumHeight(theme.px(height))
        self._make_room()

    def set_tail(self, tail: QWidget) -> None:
        """Put a small widget at the end of the field."""
        self._tail = tail
        tail.setParent(self)
        self._make_room()

    def sizeHint(self) -> QSize:
        """As tall as the minimum says."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), self.minimumHeight()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep icon and tail at the ends."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Mirror with the layout's direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._make_room()

    def _make_room(self) -> None:
        lead = self._lead.width() + 10 if self._lead is not None else 0
        tail = self._tail.width() + 2 if self._tail is not None else 0
        mirrored = self.isRightToLeft()
        self.setTextMargins(tail if mirrored else lead, 0, lead if mirrored else tail, 0)
        self._place()

    def _place(self) -> None:
        for part, at in ((self._lead, _EDGE), (self._tail, -1)):
            if part is None:
                continue
            left = at if at >= 0 else self.width() - part.width() - _EDGE // 2
            box = QRect(left, (self.height() - part.height()) // 2, part.width(), part.height())
            part.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), box))


class PasswordEdit(IconLineEdit):
    """A password field that can be shown, and reports every typed character for the Caps Lock notice."""

    typed = Signal(str, bool)
    caps_lock_pressed = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name, "lock")
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.reveal = ActionButton(theme, "", icon="eye", kind="ghost", name=tr("Show password"))
        self.reveal.setMinimumSize(0, 0)
        self.reveal.setFixedSize(theme.px(32), theme.px(32))
        self.reveal.clicked.connect(self._toggle)
        self.set_tail(self.reveal)

    def conceal(self) -> None:
        """Hide the characters again."""
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.reveal.set_action("", "eye", tr("Show password"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report the character, then take it."""
        if event.key() == Qt.Key.Key_CapsLock:
            self.caps_lock_pressed.emit()
        else:
            self.typed.emit(event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        super().keyPressEvent(event)

    def _toggle(self) -> None:
        if self.echoMode() is QLineEdit.EchoMode.Password:
            self.setEchoMode(QLineEdit.EchoMode.Normal)
            self.reveal.set_action("", "eye-off", tr("Hide password"))
        else:
            self.conceal()


class LabelledField(QWidget):
    """A label, its field, and room for nothing else; the label is the field's buddy."""

    def __init__(self, caption: str, field: QLineEdit) -> None:
        super().__init__()
        words = self.caption = label(caption, "field")
        words.setBuddy(field)
        words.setAccessibleName(f"{caption}:")  # the field alone answers to the plain name
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
