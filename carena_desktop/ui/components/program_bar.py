"""The strip above every page for what concerns the program and no patient: one message at a time, the newest first.

It never shows while a visit fills the window or the lock hides it; it takes no focus, and it holds no patient data.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from carena_desktop.ui.a11y import announce
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.notice import Notice


@dataclass(frozen=True, slots=True)
class Message:
    """What the strip says; words are translated already."""

    key: str
    """A message replaces the one of the same key."""
    words: str
    action: str
    on_action: Callable[[], None]
    on_dismiss: Callable[[], None] = lambda: None
    tone: str = "info"


class ProgramBar(QWidget):
    """Shows messages and takes them back."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._messages: list[Message] = []
        self._notice: Notice | None = None
        self._quiet = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 0)
        self.hide()

    @property
    def shown(self) -> Message | None:
        """What is on screen, or would be if no visit filled the window."""
        return self._messages[-1] if self._messages else None

    @property
    def notice(self) -> Notice | None:
        """The widget on screen."""
        return self._notice

    def say(self, message: Message) -> None:
        """Show a message above those before it."""
        self._messages = [one for one in self._messages if one.key != message.key] + [message]
        self._render()

    def withdraw(self, key: str) -> None:
        """Take a message back; none of that key is none."""
        if any(one.key == key for one in self._messages):
            self._messages = [one for one in self._messages if one.key != key]
            self._render()

    def set_quiet(self, *, quiet: bool) -> None:
        """Hide everything while a visit fills the window."""
        if quiet != self._quiet:
            self._quiet = quiet
            self.setVisible(bool(self._messages) and not quiet)

    def _render(self) -> None:
        if self._notice is not None:
            self._column.removeWidget(self._notice)
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None
        message = self.shown
        self.setVisible(message is not None and not self._quiet)
        if message is None:
            return
        notice = Notice(self._theme, message.tone, dismissible=True, action=message.action)
        notice.action_requested.connect(lambda: self._act(message))
        notice.dismissed.connect(lambda: self._dismiss(message))
        self._column.addWidget(notice)
        self._notice = notice
        notice.show_text(message.words)
        announce(notice, message.words)

    def _act(self, message: Message) -> None:
        self.withdraw(message.key)
        message.on_action()

    def _dismiss(self, message: Message) -> None:
        self.withdraw(message.key)
        message.on_dismiss()
