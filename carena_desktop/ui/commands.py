"""What can be done, by name and by key: the palette lists it, the settings explain it, shortcuts call it.

Single letters are off while something that takes characters has the keyboard, and can be switched off altogether
(WCAG 2.2, 2.1.4); everything they do is in the palette, too. May not know any page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from carena_desktop.ui.letters import Letters, is_typing


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do now.

    Attributes:
        words: What, as the palette shows it, in the language that is on.
        run: Does it.
        keys: The shortcut as Qt writes it portably, "" for none.
        allowed: Whether it can be done at this moment.
        listed: Whether the palette shows it; Escape, for one, is no action of its own.
    """

    words: str
    run: Callable[[], object]
    keys: str = ""
    allowed: Callable[[], bool] = _always
    listed: bool = True

    @property
    def is_letter(self) -> bool:
        """Whether its key is one character by itself, which a person may type or dictate by accident."""
        return len(self.keys) == 1

    @property
    def shown_keys(self) -> str:
        """The shortcut as this system writes it, translated by Qt; Return by the name that is on the key: Enter."""
        keys = QKeySequence(self.keys.replace("Return", "Enter"))
        return keys.toString(QKeySequence.SequenceFormat.NativeText) if self.keys else ""


class BoundKeys(QObject):
    """The shortcuts of one page or window, following the focus and the switch for letters.

    Args:
        owner: Within which they work.
        commands: Those with keys are bound.
        everywhere: Whether they work in the whole window, and not only while the focus is inside ``owner``.
    """

    def __init__(self, owner: QWidget, commands: Iterable[Command], *, everywhere: bool = False) -> None:
        super().__init__(owner)
        self._bound: list[tuple[Command, QShortcut]] = []
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for command in commands:
            if not command.keys:
                continue
            shortcut = QShortcut(QKeySequence(command.keys), owner)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut if everywhere else inside)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda command=command: _run(command))
            self._bound.append((command, shortcut))
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)
        self.refresh()

    def refresh(self) -> None:
        """Look at the switch and the focus again."""
        self._focus_changed(None, QApplication.focusWidget())

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        letters = Letters.on and not is_typing(new)
        for command, shortcut in self._bound:
            shortcut.setEnabled(letters or not command.is_letter)


def _run(command: Command) -> None:
    if command.allowed():
        command.run()


def found(commands: Iterable[Command], query: str) -> tuple[Command, ...]:
    """Return the allowed and listed commands that hold every word of ``query``; those that begin with it come first."""
    words = query.casefold().split()
    here = [one for one in commands if one.listed and one.allowed()]
    kept = [one for one in here if all(word in one.words.casefold() for word in words)]
    first = query.casefold().strip()
    return tuple(sorted(kept, key=lambda one: not one.words.casefold().startswith(first)))
