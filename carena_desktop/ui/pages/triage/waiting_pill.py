"""How long the patient of the form has waited, as the waiting room shows it: by word, icon and tint."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent

from carena_desktop.session.model import WaitingEntry
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.waiting_room.rows import WAITS, Urgency, urgency
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import Pill

_TICK_MS: Final = 1000
_TONES: Final = {
    Urgency.NONE: ("clock", "neutral"),
    Urgency.WITHIN: ("clock", "neutral"),
    Urgency.NEAR: ("clock", "warn"),
    Urgency.OVER: ("clock-alert", "danger"),
}


class WaitingPill(Pill):
    """Hidden for whoever does not wait.

    Args:
        now_ms: The server's time.
    """

    def __init__(self, theme: Theme, now_ms: Callable[[], int]) -> None:
        super().__init__(theme, "clock")
        self._now_ms = now_ms
        self._since_ms: int | None = None
        self._target_s: int | None = None
        self.text_label.setFont(theme.font(12, tabular=True))
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self.tick)
        self.hide()

    def show_entry(self, entry: WaitingEntry | None, targets_min: tuple[int, ...], acuity: int | None) -> None:
        """Show the wait of ``entry`` against the target of ``acuity``; None hides it."""
        waits = entry is not None and entry.state.value in WAITS
        self._since_ms = entry.checked_in_at_ms if entry is not None and waits else None
        known = acuity is not None and len(targets_min) >= acuity
        self._target_s = targets_min[acuity - 1] * 60 if acuity is not None and known else None
        self.setVisible(self._since_ms is not None)
        self.tick()

    def tick(self) -> None:
        """Let the time run."""
        if self._since_ms is None:
            return
        now = self._now_ms()
        icon, tone = _TONES[urgency(self._since_ms, self._target_s, now)]
        time = text.clock_time((now - self._since_ms) / 1000)
        self.set(icon, tr("Waiting {time}").format(time=time), tone)

    def showEvent(self, event: QShowEvent) -> None:
        """Run while it can be seen."""
        super().showEvent(event)
        self.tick()
        self._ticker.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop."""
        super().hideEvent(event)
        self._ticker.stop()
