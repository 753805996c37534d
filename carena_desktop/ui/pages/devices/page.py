"""The device check: one's own picture, level and test sound, before a patient is there. Opens nothing by itself."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.call.model import CallSnapshot, MicrophoneLamp
from carena_desktop.call.ports import DevicesView, FrameReader, Stream
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.pages.devices.view_model import HEARD_LEVEL, NAMES, Finding, Kind, SpeakerTest, ViewState, view
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.choice_field import ChoiceField
from carena_desktop.ui.widgets.labels import IconLabel, Pill, label
from carena_desktop.ui.widgets.level_bar import LevelBar
from carena_desktop.ui.widgets.scrolling import vertical_scroll
from carena_desktop.ui.widgets.video_view import VideoView

_ONE_COLUMN_UNDER = 900
_PICTURE_HEIGHT = 280


class FindingCard(QFrame):
    """What was found out about one device."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._icon = IconLabel(theme, "info", "text2", 20)
        self._title = label("", "strong", wrap=True)
        self._words = label("", "secondary", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_finding(self, finding: Finding) -> None:
        """Show it."""
        self._icon.set_icon(finding.icon, "text2" if finding.tone == "neutral" else finding.tone)
        self._title.setText(finding.title)
        self._words.setText(finding.words)
        self.setAccessibleName(f"{finding.title}. {finding.words}")


class DevicesPage(QWidget):
    """Emits what the person wants; shows what the devices do.

    Args:
        frames: The slot's reader of a stream; the self view's is shown.
    """

    check_requested = Signal(bool)
    """Open camera and microphone for oneself, or close them."""
    choice_requested = Signal(object)
    test_sound_requested = Signal()
    leave_requested = Signal()
    computer_check_requested = Signal()

    def __init__(self, theme: Theme, frames: Callable[[Stream], FrameReader]) -> None:
        super().__init__()
        self._theme = theme
        self._frames = frames
        self._call = CallSnapshot()
        self._devices = DevicesView()
        self._heard = False
        self._speaker = SpeakerTest.NOT_PLAYED
        self._state: ViewState | None = None
        self._attached = False
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.picture = VideoView(
            theme, tr("Your camera"), fill=True, mirrored=True, framed=True, empty=tr("Camera is off")
        )
        self.picture.setFixedHeight(theme.px(_PICTURE_HEIGHT))
        self.lamp = Pill(theme, "video-off", tr("Nothing is open"), "neutral")
        self.turn = ActionButton(theme, tr("Turn on camera and microphone"), icon="video", kind="primary")
        self.fields = {kind: ChoiceField(theme, tr_marked(NAMES[kind])) for kind in Kind}
        self.level = LevelBar(theme, tr("Microphone level"))
        self.test_sound = ActionButton(theme, tr("Play test sound"), icon="volume-2")
        self.heard = ActionButton(theme, tr("I heard it"), icon="circle-check")
        self.not_heard = ActionButton(theme, tr("Not heard"), icon="volume-x")
        self.done = ActionButton(theme, tr("Done"), icon="circle-check", kind="primary")
        self.cards = tuple(FindingCard(theme) for _ in Kind)
        self._build()
        self._connect()
        self._show()

    def render_call(self, call: CallSnapshot) -> None:
        """Show what the devices do."""
        if call.microphone is MicrophoneLamp.OFF:
            self._heard = False
        self._call = call
        self._show()

    def render_devices(self, devices: DevicesView) -> None:
        """Show what is plugged in and chosen, and how loud it is."""
        if devices.choice.microphone != self._devices.choice.microphone:
            self._heard = False
        if devices.choice.speaker != self._devices.choice.speaker:
            self._speaker = SpeakerTest.NOT_PLAYED
        self._devices = devices
        self._heard = self._heard or devices.level >= HEARD_LEVEL
        self.level.set_level(devices.level)
        self._show()

    def reset(self) -> None:
        """Forget the last check; called when the page is left."""
        self._heard = False
        self._speaker = SpeakerTest.NOT_PLAYED
        self._show()

    def frame_ready(self, stream: Stream) -> None:
        """A picture is waiting: paint when Qt next paints."""
        if stream is Stream.SELF and self._attached:
            self.picture.update()

    def focus_first(self) -> None:
        """Put the keyboard on what comes first."""
        self.turn.setFocus()

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes."""
        return (self.turn, self.fields[Kind.CAMERA].box, self.test_sound, self.done)

    def resizeEvent(self, event: object) -> None:
        """Put the columns below each other where there is little room."""
        narrow = self.width() < self._theme.px(_ONE_COLUMN_UNDER)
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt's event, handed on

    # -- inside

    def _show(self) -> None:
        state = view(self._call, self._devices, heard=self._heard, speaker=self._speaker)
        before, self._state = self._state, state
        if state == before:
            return
        for choice in state.choices:
            lines = tuple((option.id, option.words) for option in choice.options)
            self.fields[choice.kind].show_lines(lines, choice.chosen)
        for card, finding in zip(self.cards, state.findings, strict=True):
            card.show_finding(finding)
        if before is not None and state.findings != before.findings:
            new = [now.title for now, then in zip(state.findings, before.findings, strict=True) if now != then]
            announce(self, ". ".join(new))
        self._attach(live=state.camera_live)
        self.lamp.set(
            "video" if state.anything_open else "video-off", state.lamp, "ok" if state.anything_open else "neutral"
        )
        if state.anything_open:
            self.turn.set_action(tr("Turn off"), "video-off")
        else:
            self.turn.set_action(tr("Turn on camera and microphone"), "video")
        self.heard.setVisible(state.asks_heard)
        self.not_heard.setVisible(state.asks_heard)

    def _attach(self, *, live: bool) -> None:
        if live != self._attached:
            self._attached = live
            self.picture.attach(self._frames(Stream.SELF) if live else None)
            self.picture.show_picture(shown=live)

    def _turn(self) -> None:
        self.check_requested.emit(self._state is None or not self._state.anything_open)

    def _chosen(self, kind: Kind, device: str) -> None:
        choice = self._devices.choice
        match kind:
            case Kind.CAMERA:
                choice = replace(choice, camera=device)
            case Kind.MICROPHONE:
                choice = replace(choice, microphone=device)
            case Kind.SPEAKER:
                choice = replace(choice, speaker=device)
        self.choice_requested.emit(choice)

    def _played(self) -> None:
        self._said(SpeakerTest.PLAYED)
        self.test_sound_requested.emit()

    def _said(self, what: SpeakerTest) -> None:
        self._speaker = what
        self._show()
        if what is not SpeakerTest.PLAYED:
            self.test_sound.setFocus()

    def _connect(self) -> None:
        self.turn.clicked.connect(self._turn)
        self.test_sound.clicked.connect(self._played)
        self.heard.clicked.connect(lambda: self._said(SpeakerTest.HEARD))
        self.not_heard.clicked.connect(lambda: self._said(SpeakerTest.NOT_HEARD))
        self.done.clicked.connect(self.leave_requested)
        for kind, field in self.fields.items():
            field.chosen.connect(lambda device, kind=kind: self._chosen(kind, device))

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.lamp)
        left.addWidget(self.picture)
        left.addWidget(self.turn, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self.fields[Kind.CAMERA])
        left.addWidget(self.fields[Kind.MICROPHONE])
        left.addWidget(self.level)
        left.addWidget(self.fields[Kind.SPEAKER])
        sound = QHBoxLayout()
        sound.setSpacing(8)
        for button in (self.test_sound, self.heard, self.not_heard):
            sound.addWidget(button)
        sound.addStretch(1)
        left.addLayout(sound)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(label(tr("Check devices"), "display"))
        right.addWidget(
            label(tr("Nothing is sent to a patient. Nothing opens before you turn it on."), "lead", wrap=True)
        )
        for card in self.cards:
            right.addWidget(card)
        right.addStretch(1)
        self.check_computer = ActionButton(self._theme, tr("Check this computer"), icon="monitor", kind="link")
        self.check_computer.clicked.connect(self.computer_check_requested)
        last = QHBoxLayout()
        last.addWidget(self.check_computer)
        last.addStretch(1)
        last.addWidget(self.done)
        right.addLayout(last)
        inside = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._columns.setContentsMargins(28, 24, 28, 24)
        self._columns.setSpacing(28)
        self._columns.addLayout(left, 5)
        self._columns.addLayout(right, 6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(vertical_scroll(inside))
