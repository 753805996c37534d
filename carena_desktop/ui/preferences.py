"""The person's own settings: policies that count where nobody stronger has spoken.

Writes ``settings.json`` and has the policies resolved again. Where there is no folder they last as long as the program.
"""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.policy.kinds import Value
from carena_desktop.policy.padlock import Line, line, lines
from carena_desktop.policy.resolve import Policies
from carena_desktop.policy.sources import SETTINGS_FILE, save_setting, user_source
from carena_desktop.policy.table import BY_NAME
from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)


class Preferences(QObject):
    """What is in force, and the way to change one's own part of it.

    Args:
        desk: Holds the policies.
        folder: Where ``settings.json`` is; None keeps what is set in memory.
    """

    changed = Signal(object)
    failed = Signal()
    """A setting could not be written; it is not in force."""

    def __init__(self, desk: PolicyDesk, folder: Path | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._folder = folder
        self._own: dict[str, Value] = {}
        self._unsubscribe = desk.on_change(self.changed.emit)

    @property
    def policies(self) -> Policies:
        """What is in force now."""
        return self._desk.policies

    def line(self, name: str) -> Line:
        """Return a policy's value, who set it, and whether the person may; raises KeyError for an unknown one."""
        return line(self._desk.policies, BY_NAME[name])

    def lines(self) -> tuple[Line, ...]:
        """Return all of them."""
        return lines(self._desk.policies)

    def set(self, name: str, value: Value) -> None:
        """Write one's own setting and have it resolved; None takes it back."""
        if self._folder is None:
            self._own[name] = value
            self._desk.user_says("settings", {key: kept for key, kept in self._own.items() if kept is not None})
            return
        try:
            save_setting(self._folder, name, value)
        except OSError as error:
            _log.warning("a setting is not kept: %s", describe_error(error))
            self.failed.emit()
            return
        for source in user_source(self._folder):
            self._desk.user_says(str(self._folder / SETTINGS_FILE), source.values)

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()
