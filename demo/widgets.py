"""Finding and using widgets as a person with a screen reader does: by role and accessible name.

Nothing here knows a widget's class, object name or place in the tree, so a test that uses it breaks when the
accessible name breaks. Runs on Qt's thread.
"""

import enum
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFileDialog, QLineEdit, QListView, QWidget

ROLES: Final = {
    "button": {QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton},
    "field": {QAccessible.Role.EditableText, QAccessible.Role.ComboBox, QAccessible.Role.SpinBox},
    "menu": {QAccessible.Role.PopupMenu},
    "table": {QAccessible.Role.Table, QAccessible.Role.List, QAccessible.Role.Tree},
}
KEYS: Final = {
    "Enter": Qt.Key.Key_Return,
    "Escape": Qt.Key.Key_Escape,
    "Tab": Qt.Key.Key_Tab,
    "Down": Qt.Key.Key_Down,
    "Up": Qt.Key.Key_Up,
}


class MissingWidgetError(LookupError):
    """No visible widget has this role and name."""


def visible_widgets() -> Iterator[QWidget]:
    """Yield every widget a person could see, in windows that are open."""
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            yield window
            yield from (w for w in window.findChildren(QWidget) if w.isVisible())


def accessible_name(widget: QWidget) -> str:
    """Return the name a screen reader says, without mnemonics."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def accessible_role(widget: QWidget) -> QAccessible.Role:
    """Return the role a screen reader says."""
    return QAccessible.queryAccessibleInterface(widget).role()


def find(name: str, role: str | None = None) -> QWidget:
    """Return the visible widget of this name, of one of the roles of ``role``; raise MissingWidgetError."""
    wanted = None if role is None else ROLES[role]
    for widget in visible_widgets():
        if accessible_name(widget) == name and (wanted is None or accessible_role(widget) in wanted):
            return widget
    raise MissingWidgetError(f"no visible {role or 'widget'} {name!r}")


def describe(widget: QWidget) -> dict[str, Any]:
    """Return what a screen reader would say about the widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return {
        "name": accessible_name(widget),
        "role": accessible_role(widget).name,
        "enabled": widget.isEnabled(),
        "focused": widget.hasFocus(),
        "value": interface.text(QAccessible.Text.Value),
        "description": interface.text(QAccessible.Text.Description),
    }


def texts() -> list[str]:
    """Return everything written on visible widgets: what a person could read, tables and lists included."""
    found: list[str] = []
    for widget in visible_widgets():
        found.append(accessible_name(widget))
        text = getattr(widget, "text", None)
        if callable(text):
            found.append(str(text()))
        plain = getattr(widget, "toPlainText", None)
        if callable(plain):
            found.append(str(plain()))
        if isinstance(widget, QAbstractItemView):
            found += ["\t".join(row) for row in rows(widget)]
    return [text for text in dict.fromkeys(found) if text]


def click(widget: QWidget) -> None:
    """Press and release the left mouse button in the middle of the widget."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, widget.rect().center())


def type_text(widget: QWidget, text: str) -> None:
    """Replace what stands in a field, key by key."""
    click(widget)
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    QTest.keyClicks(widget, text)


def activate(widget: QWidget) -> None:
    """Give the keyboard to a widget's window, as a click on it does where a window manager runs."""
    if not widget.isActiveWindow():
        widget.window().activateWindow()


def press(widget: QWidget, key: str) -> None:
    """Press one key on a widget: a name of ``KEYS``, a letter or a digit."""
    activate(widget)
    QTest.keyClick(widget, KEYS[key] if key in KEYS else Qt.Key[f"Key_{key.upper() if len(key) == 1 else key}"])


def with_keyboard() -> QWidget:
    """Return what the next key goes to: an open menu, else the widget with the focus; raises MissingWidgetError."""
    found = QApplication.activePopupWidget() or QApplication.focusWidget()
    if found is None:  # a display without a window manager gives the keyboard to nobody by itself
        window = next((one for one in QApplication.topLevelWidgets() if one.isVisible()), None)
        if window is not None:
            activate(window)
            found = window.focusWidget()
    if found is None:
        raise MissingWidgetError("nothing has the keyboard")
    return found


def key(keys: str) -> None:
    """Press keys wherever the keyboard is, as "Tab", "Ctrl+K" or "Shift+F6"."""
    combination = QKeySequence(keys)[0]  # type: ignore[index]  # the stubs lack it
    QTest.keyClick(with_keyboard(), combination.key(), combination.keyboardModifiers())


def keys_of(text: str) -> None:
    """Type a text wherever the keyboard is."""
    QTest.keyClicks(with_keyboard(), text)


def rows(view: QAbstractItemView) -> list[list[str]]:
    """Return the texts of every row of a table or list, as a screen reader or a sighted person gets them."""
    model = view.model()
    shown = []
    for row in range(model.rowCount()):
        cells = []
        for column in range(1 if isinstance(view, QListView) else model.columnCount()):
            index = model.index(row, column)
            roles = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)
            cells.append(next((str(value) for role in roles if (value := index.data(role))), ""))
        shown.append(cells)
    return shown


def select_row(view: QAbstractItemView, text: str) -> int:
    """Click the first row with ``text`` in a cell; return its number. Raises MissingWidgetError."""
    for row, cells in enumerate(rows(view)):
        if any(text in cell for cell in cells):
            index = view.model().index(row, 0)
            view.scrollTo(index)
            activate(view)
            place = view.visualRect(index).center()
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(place))
            return row
    raise MissingWidgetError(f"no row with {text!r}")


def choose_file(path: str) -> None:
    """Choose a file, or a place for one, in the dialog that asks for it; raises MissingWidgetError."""
    dialog = next((w for w in visible_widgets() if isinstance(w, QFileDialog)), None)
    if dialog is None:
        raise MissingWidgetError("no dialog asks for a file")
    field = dialog.findChild(QLineEdit)  # typed, as a person would: selectFile keeps a name that stands there already
    assert field is not None  # noqa: S101 - Qt's own dialog has one
    field.setText(path)
    dialog.accept()


class Grab(enum.Enum):
    """What to take a picture of."""

    WINDOW = "window"
    SCREEN = "screen"


def screenshot(path: str, what: Grab) -> None:
    """Save a picture of the active window, or of the whole screen as the display shows it."""
    window = QApplication.activeWindow() or next(w for w in QApplication.topLevelWidgets() if w.isVisible())
    shot = window.grab() if what is Grab.WINDOW else window.screen().grabWindow(0)
    if not shot.save(path):
        raise OSError(f"could not write {path}")


def pixels(widget: QWidget) -> NDArray[np.uint8]:
    """Return what the widget shows, as (height, width, 4) BGRA."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()
