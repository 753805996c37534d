"""Rows of the settings that say how alerts sound: a switch for each kind, and the output beside the usual one."""

from collections.abc import Callable
from typing import Final

from PySide6.QtGui import QShowEvent

from carena_desktop.ui import sounder
from carena_desktop.ui.alert_outputs import Output, Where
from carena_desktop.ui.alerts import NAMES, Kind
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.settings.rows import SettingRow, who_words
from carena_desktop.ui.preferences import Preferences
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.choice_field import ChoiceBox
from carena_desktop.ui.widgets.switch import Switch

KINDS: Final = (
    (Kind.ARRIVED, mark("A patient arrives")),
    (Kind.RED_FLAG, mark("A patient with a red flag arrives")),
    (Kind.MESSAGE, mark("A patient who waits writes")),
    (Kind.OVER_TARGET, mark("A patient is over the target time")),
    (Kind.RETRIAGE, mark("A patient is to be triaged again")),
    (Kind.QUEUE, mark("The waiting room is over its limit")),
)


class SoundOfKindRow(SettingRow):
    """Whether one kind of alert is heard; all of them are one policy."""

    def __init__(self, theme: Theme, preferences: Preferences, kind: Kind, title: str) -> None:
        self.switch = Switch(theme, title)
        super().__init__(theme, title, "", self.switch)
        self._preferences = preferences
        self._name = NAMES[kind]
        self.switch.clicked.connect(self._clicked)
        preferences.changed.connect(self.show_policy)
        self.show_policy()

    def show_policy(self, _policies: object = None) -> None:
        """Show what is in force."""
        line = self._preferences.line("SilentAlerts")
        self.switch.setChecked(self._name not in self._silent())
        self.show_line(locked=line.locked, who=who_words(line))

    def _silent(self) -> tuple[str, ...]:
        return self._preferences.policies.items("SilentAlerts") or ()

    def _clicked(self, on: bool) -> None:  # noqa: FBT001 - a slot
        others = tuple(name for name in self._silent() if name != self._name)
        silent = others if on else (*others, self._name)
        self._preferences.set("SilentAlerts", silent or None)


class OutputRow(SettingRow):
    """The output that sounds beside the usual one; only of use where ``AlertOutputs`` is "also".

    Args:
        plugged: Returns the outputs there are now; asked only when the list is on screen and of use.
    """

    def __init__(
        self, theme: Theme, preferences: Preferences, plugged: Callable[[], tuple[Output, ...]] = sounder.outputs
    ) -> None:
        self.box = ChoiceBox(theme)
        words = tr("Where it is not plugged in, alerts sound on every output, and Carena says so.")
        super().__init__(theme, tr("The other output"), words, self.box)
        self._preferences = preferences
        self._plugged = plugged
        self._outputs: tuple[Output, ...] | None = None
        self.box.setMinimumContentsLength(18)
        self.box.activated.connect(self._picked)
        preferences.changed.connect(self.show_policy)
        self.show_policy()

    def showEvent(self, event: QShowEvent) -> None:
        """List what is plugged in now."""
        super().showEvent(event)
        self._outputs = None
        self.show_policy()

    def show_policy(self, _policies: object = None) -> None:
        """Show what is in force; an output that is not there says so and stays chosen."""
        line = self._preferences.line("AlertDevices")
        wanted = self._preferences.policies.text("AlertOutputs") == Where.ALSO
        self.setVisible(wanted)
        if not wanted or (self._outputs is None and not self.isVisible()):
            return
        if self._outputs is None:
            self._outputs = self._plugged()
        names = self._preferences.policies.items("AlertDevices") or ()
        chosen = "; ".join(names)
        lines = [("", tr("None chosen"))] + [(one.name, one.name) for one in self._outputs if not one.usual]
        if chosen and chosen not in {name for name, _ in lines}:
            usual = any(one.name == chosen for one in self._outputs)
            shown = tr("{name} (the usual one now)") if usual else tr("{name} (not plugged in)")
            lines.append((chosen, chosen if line.locked else shown.format(name=chosen)))
        self.box.clear()
        for name, words in dict(lines).items():
            self.box.addItem(words, name)
        self.box.setCurrentIndex(max(0, self.box.findData(chosen)))
        self.show_line(locked=line.locked, who=who_words(line))

    def _picked(self, at: int) -> None:
        name = self.box.itemData(at)
        self._preferences.set("AlertDevices", (name,) if name else None)


class TrySoundRow(SettingRow):
    """A button that lets the sound of an arrival be heard."""

    def __init__(self, theme: Theme, play: Callable[[], None]) -> None:
        self.button = ActionButton(theme, tr("Play it"), icon="volume-2")
        super().__init__(theme, tr("Hear it"), "", self.button)
        self.button.setAccessibleName(tr("Play the sound of an arrival"))
        self.button.clicked.connect(play)


def kind_rows(theme: Theme, preferences: Preferences) -> tuple[SettingRow, ...]:
    """Return a switch for each kind."""
    return tuple(SoundOfKindRow(theme, preferences, kind, tr_marked(words)) for kind, words in KINDS)
