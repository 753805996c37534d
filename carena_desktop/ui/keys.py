"""Every key of the waiting room in one table: what it does, how it is written, and whether it is a single letter.

Single letters are off while a text field has the keyboard, and can be switched off altogether (WCAG 2.2, 2.1.4): then
the same things are reached by the buttons, the menus and the palette.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from carena_desktop.ui.i18n import mark
from carena_desktop.ui.letters import Letters, is_typing


class Do(StrEnum):
    """What a key does in the waiting room."""

    DOWN = "down"
    UP = "up"
    TRIAGE = "triage"
    MESSAGE = "message"
    ASSIGN = "assign"
    CLAIM = "claim"
    ACUITY_1 = "acuity_1"
    ACUITY_2 = "acuity_2"
    ACUITY_3 = "acuity_3"
    ACUITY_4 = "acuity_4"
    ACUITY_5 = "acuity_5"
    SEARCH = "search"
    LINK = "link"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Key:
    """One key; ``words`` is a marked string for settings, palette and help."""

    does: Do
    sequence: str
    words: str

    @property
    def is_single(self) -> bool:
        """Whether it is one character without Ctrl, Alt or Meta, which a person may type or say by accident."""
        return len(self.sequence) == 1


WAITING_ROOM: Final = (
    Key(Do.DOWN, "J", mark("Next patient")),
    Key(Do.UP, "K", mark("Previous patient")),
    Key(Do.TRIAGE, "T", mark("Triage")),
    Key(Do.MESSAGE, "M", mark("Message the patient")),
    Key(Do.ASSIGN, "A", mark("Assign")),
    Key(Do.CLAIM, "C", mark("Claim")),
    Key(Do.ACUITY_1, "1", mark("Acuity 1, Resuscitation")),
    Key(Do.ACUITY_2, "2", mark("Acuity 2, Emergent")),
    Key(Do.ACUITY_3, "3", mark("Acuity 3, Urgent")),
    Key(Do.ACUITY_4, "4", mark("Acuity 4, Less urgent")),
    Key(Do.ACUITY_5, "5", mark("Acuity 5, Non-urgent")),
    Key(Do.SEARCH, "/", mark("Search")),
    Key(Do.LINK, "Ctrl+Shift+L", mark("Copy visit link")),
    Key(Do.UNDO, "Ctrl+Z", mark("Undo the last change")),
)
ACUITIES: Final = {Do.ACUITY_1: 1, Do.ACUITY_2: 2, Do.ACUITY_3: 3, Do.ACUITY_4: 4, Do.ACUITY_5: 5}


class KeyTable(QObject):
    """The shortcuts of one page.

    Args:
        page: Within which they work.
        keys: Which.
        pressed: Is called with what is to be done.
    """

    def __init__(self, page: QWidget, keys: tuple[Key, ...], pressed: Callable[[Do], None]) -> None:
        super().__init__(page)
        self._pressed = pressed
        self._shortcuts: list[tuple[Key, QShortcut]] = []
        for key in keys:
            shortcut = QShortcut(QKeySequence(key.sequence), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(key.does in {Do.UP, Do.DOWN})
            shortcut.activated.connect(lambda key=key: self._activated(key))
            self._shortcuts.append((key, shortcut))
        application = QGuiApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)
        self.refresh()

    def refresh(self) -> None:
        """Look at the switch and the focus again."""
        self._allow(not is_typing(QApplication.focusWidget()))

    def _activated(self, key: Key) -> None:
        if Letters.on or not key.is_single:  # the switch may have been turned since the focus moved
            self._pressed(key.does)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._allow(not is_typing(new))

    def _allow(self, letters: bool) -> None:  # noqa: FBT001 - inside
        for key, shortcut in self._shortcuts:
            shortcut.setEnabled(not key.is_single or (letters and Letters.on))
