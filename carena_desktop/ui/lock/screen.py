"""What is seen while locked: who may unlock, counts, and the lamps of a visit that goes on. No patient's name.

Anyone who stands here may close a device and nobody may open one; everything else needs the password.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.call.model import CallSnapshot, CallState, CameraLamp, MicrophoneLamp
from carena_desktop.session.model import LocalProblem, SessionProblem
from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.lock.machine import LockReason, LockSnapshot
from carena_desktop.ui.pages.call.readings import camera_lamp, microphone_lamp, share_lamp
from carena_desktop.ui.pages.sign_in.view_model import caps_lock_after
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import LabelledField, PasswordEdit
from carena_desktop.ui.widgets.labels import Pill, label
from carena_desktop.ui.widgets.marks import Avatar, Mark
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.scrolling import scrolled
from carena_protocol.errors import ErrorCode

_CARD_WIDTH = 430
_CLOCK_MS = 5000
_OVER = {CallState.IDLE, CallState.ENDED}


@dataclass(frozen=True, slots=True)
class Counts:
    """What a passer-by may see of the waiting room."""

    waiting: int = 0
    over_target: int = 0


def reason_words(lock: LockSnapshot) -> str:
    """Return why it is locked."""
    match lock.reason:
        case LockReason.UNUSED:
            return tr("inactive for {time}").format(time=text.duration_words(lock.unused_s // 60 * 60))
        case LockReason.ASKED:
            return tr("locked by you")
        case LockReason.SYSTEM:
            return tr("locked with this computer")
        case LockReason.RESTARTED:
            return tr("locked since Carena was started")


def problem_words(lock: LockSnapshot) -> str:
    """Return why the password did not open it, "" where nothing is wrong."""
    if lock.problem is None:
        return ""
    if lock.problem is ErrorCode.WRONG_CREDENTIALS:
        return tr("The password is wrong.")
    if lock.problem is LocalProblem.SERVER_UNREACHABLE:
        return tr("The server can't be reached, so the password can't be checked now.")
    return text.session_problem(SessionProblem(lock.problem, lock.retry_after_s))


class LockScreen(QWidget):
    """Stands in the place of everything while locked."""

    unlock_requested = Signal(str)
    switch_user_requested = Signal()
    mute_requested = Signal()
    camera_off_requested = Signal()

    def __init__(self, theme: Theme, wall_ms: Callable[[], int]) -> None:
        super().__init__()
        self._theme = theme
        self._wall_ms = wall_ms
        self._said = ""
        self.setProperty("role", "lock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Carena is locked"))
        self._avatar = Avatar(theme, "", 72)
        self._who = label("", "lead", wrap=True)
        self._who.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.password = PasswordEdit(theme, tr("Password"))
        self.unlock = ActionButton(theme, tr("Unlock"), icon="lock-open", kind="primary", large=True)
        self.switch_user = ActionButton(theme, tr("Switch user"), icon="users-round")
        self.problem = Notice(theme, "danger")
        self.caps_notice = Notice(theme, "info")
        self.waiting = Pill(theme, "users-round", "", "rail")
        self.over_target = Pill(theme, "timer", "", "alarm")
        self.sharing = Pill(theme, share_lamp().icon, share_lamp().words, "live")
        self.camera = Pill(theme, "video-off", "", "stage")
        self.microphone = Pill(theme, "mic-off", "", "stage")
        self.mute = ActionButton(theme, tr("Mute"), icon="mic-off", kind="stage", name=tr("Mute microphone"))
        self.camera_off = ActionButton(theme, tr("Stop camera"), icon="video-off", kind="stage")
        self._visit = label(tr("The visit goes on: picture and sound are sent and heard."), "brand-small", wrap=True)
        self._clock = label("", "brand")
        self._clock.setFont(theme.font(17, tabular=True))
        self._ticker = QTimer(self)
        self._ticker.setInterval(_CLOCK_MS)
        self._ticker.timeout.connect(self._show_time)
        self._build(theme)
        self._connect()
        self.show_counts(Counts())
        self.render_call(CallSnapshot())

    def render_lock(self, lock: LockSnapshot, person: str) -> None:
        """Show why it is locked and what the last password did."""
        self._avatar.set_initials(text.initials(person))
        self._who.setText(f"{text.isolate(person)} · {reason_words(lock)}" if person else reason_words(lock))
        self.password.setEnabled(not lock.checking)
        self.unlock.setEnabled(not lock.checking)
        self.unlock.set_action(tr("Checking…") if lock.checking else tr("Unlock"), "lock-open", tr("Unlock"))
        words = problem_words(lock)
        self.problem.show_text(words)
        if words and words != self._said:
            announce(self.problem, words, urgent=True)
        if words and not lock.checking:
            self.password.clear()
            self.password.setFocus()
        self._said = words

    def render_call(self, call: CallSnapshot) -> None:
        """Show the lamps of a visit that goes on."""
        runs = call.state not in _OVER
        picture, sound = camera_lamp(call.camera), microphone_lamp(call.microphone)
        self.camera.set(picture.icon, picture.words, "live" if picture.live else "stage")
        self.microphone.set(sound.icon, sound.words, "live" if sound.live else "stage")
        for part in (self._visit, self.camera, self.microphone):
            part.setVisible(runs)
        self.sharing.setVisible(runs and call.sharing)
        self.mute.setVisible(runs and call.microphone is MicrophoneLamp.LIVE)
        self.camera_off.setVisible(runs and call.camera is CameraLamp.LIVE)
        self.switch_user.setEnabled(not runs)
        why = tr("A visit is running. It has to be ended first.") if runs else ""
        self.switch_user.setToolTip(why)
        self.switch_user.setAccessibleDescription(why)

    def show_counts(self, counts: Counts) -> None:
        """Show how many wait, and how many too long."""
        self.waiting.set("users-round", tr("%n waiting", "", counts.waiting), "rail")
        self.over_target.set("timer", tr("%n over target", "", counts.over_target), "alarm")
        self.over_target.setVisible(counts.over_target > 0)

    def focus_first(self) -> None:
        """Put the keyboard into the password."""
        self.password.setFocus()

    def forget(self) -> None:
        """Drop the password."""
        self.password.clear()
        self.password.conceal()
        self.caps_notice.show_text("")
        self.problem.show_text("")
        self._said = ""

    def showEvent(self, event: QShowEvent) -> None:
        """Let the clock run while it can be seen."""
        super().showEvent(event)
        self._show_time()
        self._ticker.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the clock."""
        super().hideEvent(event)
        self._ticker.stop()

    def _show_time(self) -> None:
        self._clock.setText(text.time_of_day(self._wall_ms()))

    def _submit(self) -> None:
        if self.password.text() and self.unlock.isEnabled():
            self.unlock_requested.emit(self.password.text())

    def _judge_caps_lock(self, character: str, shift: bool) -> None:  # noqa: FBT001 - a slot
        on = caps_lock_after(character, shift=shift)
        if on is not None:
            self.caps_notice.show_text(tr("Caps Lock is on") if on else "")

    def _connect(self) -> None:
        self.unlock.clicked.connect(self._submit)
        self.password.returnPressed.connect(self._submit)
        self.password.typed.connect(self._judge_caps_lock)
        self.switch_user.clicked.connect(self.switch_user_requested)
        self.mute.clicked.connect(self.mute_requested)
        self.camera_off.clicked.connect(self.camera_off_requested)

    def _build(self, theme: Theme) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(32, 24, 32, 0)
        top.setSpacing(10)
        top.addWidget(Mark(theme, 28))
        top.addWidget(label("Carena", "brand"))
        top.addStretch(1)
        top.addWidget(self._clock)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._card(theme), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(_centred(self.waiting, self.over_target))
        hint = label(tr("Only counts are shown here. Names, chat and video stay hidden until you unlock."), "rail-note")
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(hint)
        self._visit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addSpacing(8)
        column.addWidget(self._visit)
        column.addLayout(_centred(self.sharing, self.camera, self.microphone, self.mute, self.camera_off))
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(top)
        whole.addWidget(scrolled(middle), 1)

    def _card(self, theme: Theme) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(theme.px(_CARD_WIDTH))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(36, 32, 36, 30)
        inside.setSpacing(12)
        inside.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignHCenter)
        title = label(tr("Locked"), "display")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(title)
        inside.addWidget(self._who)
        inside.addWidget(self.problem)
        inside.addWidget(LabelledField(tr("Password"), self.password))
        inside.addWidget(self.caps_notice)
        inside.addWidget(self.unlock)
        inside.addWidget(self.switch_user)
        return card


def _centred(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    row.addStretch(1)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row
