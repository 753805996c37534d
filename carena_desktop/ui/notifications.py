"""Giving alerts: a sound for each kind, the task bar, the notification area with a count, the screen reader.

Every one of them may be missing on a machine (no audio device, no notification area); the others still work. What is
said and when is decided by ``alerts``; no patient's name comes here.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from carena_desktop.ui import resources
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.alert_outputs import Where
from carena_desktop.ui.alerts import Alert, AlertBoard, Event, Kind
from carena_desktop.ui.front import come_forward
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.sounder import Sounder

TITLE: Final = "Carena"
NEUTRAL_TEXT: Final = mark("Carena needs your attention")
SOUNDS: Final = {
    Kind.MESSAGE: "message.wav",
    Kind.ARRIVED: "arrival.wav",
    Kind.RETRIAGE: "reminder.wav",
    Kind.OVER_TARGET: "reminder.wav",
    Kind.QUEUE: "reminder.wav",
    Kind.EMERGENCY_ACCESS: "reminder.wav",
    Kind.RED_FLAG: "red-flag.wav",
}
"""Told apart by rhythm, not only by pitch."""
_MANY: Final = 99
_ICON_SIDE: Final = 64


class AlertNotice(QObject):
    """Takes events, gives alerts.

    Args:
        window: Whose entry in the task bar asks for attention, and who speaks.
        now_s: Monotonic seconds.
    """

    given = Signal(object)
    """Every alert, as it is given; for tests and for the window's own list."""
    quiet_changed = Signal(bool)
    output_missing = Signal(bool)
    """The output that was chosen beside the usual one is gone, or is back."""

    def __init__(self, window: QWidget, now_s: Callable[[], float]) -> None:
        super().__init__(window)
        self._window = window
        self._now_s = now_s
        self._board = AlertBoard()
        self._sound_on = True
        self._wording = "patient"
        self._silent: frozenset[Kind] = frozenset()
        self._where = Where.USUAL
        self._names: tuple[str, ...] = ()
        self._missing = False
        self._sounder = Sounder(self)
        self._tray: QSystemTrayIcon | None = None
        self._waiting = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)
        self._quiet_timer = QTimer(self)
        self._quiet_timer.setSingleShot(True)
        self._quiet_timer.timeout.connect(self._quiet_over)

    @property
    def sound_on(self) -> bool:
        """Whether alerts sound."""
        return self._sound_on

    @property
    def quiet(self) -> bool:
        """Whether alerts are quiet for a while."""
        return self._board.is_quiet(self._now_s())

    @property
    def waiting(self) -> int:
        """The count shown in the notification area."""
        return self._waiting

    def set_sound(self, on: bool) -> None:  # noqa: FBT001 - a slot
        """Switch all sounds on or off."""
        self._sound_on = on

    def set_wording(self, wording: str) -> None:
        """Notify of what happened, of something, or of nothing: the policy ``NotificationText``."""
        self._wording = wording

    def set_silent(self, kinds: frozenset[Kind]) -> None:
        """Show these kinds without a sound: the policy ``SilentAlerts``."""
        self._silent = kinds

    def set_outputs(self, where: Where, names: tuple[str, ...]) -> None:
        """Sound on the usual output, on named ones too, or on every one: for those who put their headset down."""
        if (where, names) != (self._where, self._names):
            self._where, self._names = where, names
            self._missing = False

    def add(self, *events: Event) -> None:
        """Take what happened; the first of several is given at once, the rest as one."""
        self._board.add(*events)
        self._plan()

    def snooze(self, minutes: int) -> None:
        """Be quiet for so many minutes; 0 ends the quiet. Red flags and acuity 1 are told all the same."""
        self._board.snooze(self._now_s(), minutes)
        self._quiet_timer.stop()
        if minutes:
            self._quiet_timer.start(minutes * 60_000)
        self.quiet_changed.emit(minutes > 0)
        self._plan()

    def show_waiting(self, count: int) -> None:
        """Show how many wait in the notification area."""
        if count == self._waiting:
            return
        self._waiting = count
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setBadgeNumber(count)  # in the task bar, where the desktop has such numbers
        self._show_tray()

    def clear(self) -> None:
        """Forget everything; for the end of a session."""
        self._board.clear()
        self._timer.stop()
        self._quiet_timer.stop()
        self.show_waiting(0)
        self.quiet_changed.emit(False)  # noqa: FBT003 - a signal

    def close(self) -> None:
        """Leave the notification area."""
        self._timer.stop()
        self._quiet_timer.stop()
        if self._tray is not None:
            self._tray.hide()

    def _plan(self) -> None:
        due = self._board.due_in(self._now_s())
        if due is None:
            self._timer.stop()
        elif due <= 0:
            self.flush()
        else:
            self._timer.start(round(due * 1000) + 1)

    def _quiet_over(self) -> None:
        self.quiet_changed.emit(False)  # noqa: FBT003 - a signal
        self._plan()

    def flush(self) -> None:
        """Give what is due now."""
        alert = self._board.take(self._now_s())
        if alert is None:
            due = self._board.due_in(self._now_s())
            if due:
                self._timer.start(round(due * 1000) + 1)
            return
        if self._sound_on and alert.kind not in self._silent:
            self._ring(alert.kind)
        announce(self._window, alert.words, urgent=alert.urgent)
        if not self._window.isActiveWindow():
            QApplication.alert(self._window)
            self._notify(alert)
        self.given.emit(alert)

    def try_sound(self) -> None:
        """Let the person hear how a patient's arrival sounds, where it will."""
        self._ring(Kind.ARRIVED)

    def _ring(self, kind: Kind) -> None:
        missing = self._sounder.ring(SOUNDS[kind], self._where, self._names).missing
        if missing != self._missing:
            self._missing = missing
            self.output_missing.emit(missing)

    def _notify(self, alert: Alert) -> None:
        words = {"patient": alert.words, "neutral": tr_marked(NEUTRAL_TEXT)}.get(self._wording, "")
        self._show_tray()
        if words and self._tray is not None:
            self._tray.showMessage(TITLE, words)

    def _tray_activated(self, how: QSystemTrayIcon.ActivationReason) -> None:
        if how in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            come_forward(self._window)

    def _show_tray(self) -> None:
        """Show the count in the notification area, where the system has one; made when first needed."""
        if self._tray is None:
            if not QSystemTrayIcon.isSystemTrayAvailable():
                return
            self._tray = QSystemTrayIcon(self)
            self._tray.activated.connect(self._tray_activated)
            self._tray.messageClicked.connect(lambda: come_forward(self._window))
        self._tray.setIcon(badge(self._waiting))
        words = tr("%n patient(s) waiting", "", self._waiting)
        self._tray.setToolTip(f"{TITLE}: {words}")
        self._tray.show()


def badge(count: int) -> QIcon:
    """Return the program's icon with a number on it; without one for nobody."""
    base = QIcon(str(resources.path("icons", "carena.svg"))).pixmap(_ICON_SIDE, _ICON_SIDE)
    if count <= 0:
        return QIcon(base)
    pixmap = QPixmap(base)
    words = str(count) if count <= _MANY else f"{_MANY}+"
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = pixmap.width() * (0.6 if count <= _MANY else 0.75)
    box = QRectF(QPointF(pixmap.width() - side, 0), QPointF(pixmap.width(), side))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#B42318"))
    painter.drawEllipse(box)
    font = QFont()
    font.setPixelSize(round(side * (0.66 if len(words) == 1 else 0.5)))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return QIcon(pixmap)
