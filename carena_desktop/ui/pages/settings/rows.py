"""Rows of a settings page: a title, a sentence, a control, and a padlock where the organization has decided."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.policy.kinds import Value
from carena_desktop.policy.padlock import Line, Who
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.preferences import Preferences
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.choice_field import ChoiceBox
from carena_desktop.ui.widgets.labels import IconLabel, label
from carena_desktop.ui.widgets.switch import Switch


def who_words(line: Line) -> str:
    """Return who has decided, in words; "" where the person decides."""
    if line.who is Who.SERVER:
        return tr("Set by your organization, at the server")
    if line.locked:
        return tr_marked(text.SET_BY_ORGANIZATION)
    if line.who is Who.COMMAND_LINE:
        return tr("Set for this start; what you choose counts from the next one")
    return ""


class SettingRow(QWidget):
    """Title, sentence and control; subclasses bring the control."""

    def __init__(self, theme: Theme, title: str, words: str, control: QWidget) -> None:
        super().__init__()
        self.title = title
        self.control = control
        self._padlock = IconLabel(theme, "lock", "text2", 14)
        self._who = label("", "meta", wrap=True)
        heading = label(title, "strong", wrap=True)
        heading.setBuddy(control)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(heading)
        if words:
            lines.addWidget(label(words, "secondary", wrap=True))
        self._managed = QWidget()
        managed = QHBoxLayout(self._managed)
        managed.setContentsMargins(0, 0, 0, 0)
        managed.setSpacing(6)
        managed.addWidget(self._padlock)
        managed.addWidget(self._who, 1)
        lines.addWidget(self._managed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(20)
        row.addLayout(lines, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        control.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        control.setAccessibleName(title)
        control.setAccessibleDescription(words)
        self.show_line(locked=False, who="")

    @property
    def padlocked(self) -> bool:
        """Whether the padlock is shown."""
        return self._padlock.isVisibleTo(self)

    @property
    def who(self) -> str:
        """What stands beside the padlock."""
        return self._who.text()

    def show_line(self, *, locked: bool, who: str) -> None:
        """Show who has decided; what is locked can be read and not changed."""
        self._padlock.setVisible(locked)
        self._who.setText(who)
        self._managed.setVisible(bool(who))
        self.control.setEnabled(not locked)


class SwitchRow(SettingRow):
    """A policy that is a switch."""

    def __init__(self, theme: Theme, preferences: Preferences, policy: str, title: str, words: str = "") -> None:
        self.switch = Switch(theme, title)
        super().__init__(theme, title, words, self.switch)
        self._preferences = preferences
        self._policy = policy
        self.switch.clicked.connect(lambda on: preferences.set(policy, on))
        preferences.changed.connect(self.show_policy)
        self.show_policy()

    def show_policy(self, _policies: object = None) -> None:
        """Show what is in force."""
        line = self._preferences.line(self._policy)
        self.switch.setChecked(line.value is True)
        self.show_line(locked=line.locked, who=who_words(line))


class ChoiceRow(SettingRow):
    """A policy with a list of values.

    Args:
        lines: Values and what they are called; a value in force that is none of them is added as it is.
        shown: What a value that is none of them is called.
    """

    def __init__(
        self,
        theme: Theme,
        preferences: Preferences,
        policy: str,
        title: str,
        lines: tuple[tuple[Value, str], ...],
        *,
        words: str = "",
        shown: Callable[[Value], str] = str,
    ) -> None:
        self.box = ChoiceBox(theme)
        super().__init__(theme, title, words, self.box)
        self._preferences = preferences
        self._policy = policy
        self._lines = lines
        self._shown = shown
        self.box.setMinimumContentsLength(18)
        self.box.activated.connect(self._picked)
        preferences.changed.connect(self.show_policy)
        self.show_policy()

    def show_policy(self, _policies: object = None) -> None:
        """Show what is in force."""
        line = self._preferences.line(self._policy)
        values = [value for value, _ in self._lines]
        lines = self._lines if line.value in values else (*self._lines, (line.value, self._shown(line.value)))
        names = tuple(name for _, name in lines)
        if names != tuple(self.box.itemText(at) for at in range(self.box.count())):
            self.box.clear()
            for value, name in lines:
                self.box.addItem(name, value)
        self.box.setCurrentIndex(next(at for at, (value, _) in enumerate(lines) if value == line.value))
        self.show_line(locked=line.locked, who=who_words(line))

    def _picked(self, at: int) -> None:
        self._preferences.set(self._policy, self.box.itemData(at))


class InfoRow(QWidget):
    """Two texts in a line: what, and its value."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(16)
        first: QLabel = label(name, "secondary", wrap=True)
        second = label(value, "fact", wrap=True)
        second.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(first, 2)
        row.addWidget(second, 3)


def card(title: str, *rows: QWidget) -> QFrame:
    """Return rows under a title in a card."""
    made = QFrame()
    made.setProperty("role", "card")
    column = QVBoxLayout(made)
    column.setContentsMargins(20, 16, 20, 14)
    column.setSpacing(2 if all(isinstance(row, InfoRow) for row in rows) else 8)
    if title:
        column.addWidget(label(title, "heading", wrap=True))
        column.addSpacing(6)
    for row in rows:
        column.addWidget(row)
    return made
