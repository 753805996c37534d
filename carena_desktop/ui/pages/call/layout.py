"""Where the parts of the visit's screen stand. Layout and plain showing only: what is shown is the page's."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.call.model import Verification
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.chat_panel import with_unseen
from carena_desktop.ui.pages.call.device_menu import DeviceMenu
from carena_desktop.ui.pages.call.side import SideColumn
from carena_desktop.ui.pages.call.stage import SMALLEST, Stage
from carena_desktop.ui.pages.call.view_menu import ViewMenu
from carena_desktop.ui.pages.call.view_model import Control, Scene, ViewState
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton, CallButton
from carena_desktop.ui.widgets.labels import Pill, label
from carena_desktop.ui.widgets.marks import Mark
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.scrolling import scrolled

_TONES = {
    Verification.NONE: "neutral",
    Verification.UNVERIFIED: "ok",
    Verification.VERIFIED: "ok",
    Verification.CHANGED: "warn",
}
_MARGINS = (14, 12, 14, 14)


class CallLayout(QWidget):
    """Top bar, stage and chat side by side, controls below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._narrow = False
        self._is_small = False
        self._unseen = 0
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.timer = Pill(theme, "clock", "", "neutral")
        self.timer.text_label.setFont(theme.font(12, tabular=True))
        self.encryption = Pill(theme, "shield-check", "", "ok")
        self.safety = ActionButton(theme, tr("Safety code"), icon="lock", kind="ghost")
        self.safety.setToolTip("C")
        self.queue = Pill(theme, "users-round", "", "warn")
        self.service = Pill(theme, "wifi-off", tr("Server away, the visit goes on"), "warn")
        self.service.hide()
        self.stage = Stage(theme)
        self.side = SideColumn(theme, QSize(*SMALLEST))
        self.chat = self.side.chat
        self.chat.unseen_changed.connect(self._show_unseen)
        self.mute = CallButton(theme, tr("Mute"), "mic", name=tr("Mute microphone"))
        self.mute.setToolTip("M")
        self.camera = CallButton(theme, tr("Stop camera"), "video", name=tr("Stop camera"))
        self.camera.setToolTip("V")
        self.devices = CallButton(theme, tr("Devices"), "settings-2", name=tr("Choose devices"))
        self.devices.setToolTip("D")
        self.device_menu = DeviceMenu(self)
        self.view_menu = ViewMenu(self)
        self.share = CallButton(theme, tr("Share screen"), "screen-share", name=tr("Share screen"))
        self.share.setToolTip("S")
        self.sharing = Notice(theme, "warn", action=tr("Stop sharing"))
        self.chat_button = CallButton(theme, tr("Chat"), "message-square", name=tr("Hide chat"))
        self.chat_button.setToolTip("H")
        self.pause = CallButton(theme, tr("Pause"), "pause", name=tr("Pause or hand over"))
        self.identity = ActionButton(theme, tr("Confirm identity"), icon="badge-check", kind="ghost")
        self.end = ActionButton(theme, tr("End visit"), icon="phone-off", kind="danger", large=True)
        self.end.setToolTip("Ctrl+Shift+E")
        self._build()
        self.open_chat(shown=True)
        self.show_queue(0, "")
        self.show_timer("")

    def show_timer(self, time: str) -> None:
        """Show how long the visit lasts; empty hides it."""
        if time:
            self.timer.set("clock", time, "neutral")
        if self.timer.isHidden() is bool(time):
            self.timer.setVisible(bool(time))
            self._fit_top()

    def show_queue(self, waiting: int, longest: str) -> None:
        """Show who else waits; nobody hides it."""
        if waiting:
            self.queue.set(
                "users-round", tr("%n waiting · longest {longest}", "", waiting).format(longest=longest), "warn"
            )
        self.queue.setVisible(waiting > 0)
        self._fit_top()

    def show_service(self, *, away: bool) -> None:
        """Say whether the server is away; the call does not need it."""
        self.service.setVisible(away)
        if away:
            self.queue.hide()
        self._fit_top()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words of the upper edge out where there is no room for all."""
        super().resizeEvent(event)
        self._fit_top()
        self._fit_bar()
        self._fit_side()

    def _fit_bar(self) -> None:
        """All words stand below their icons, or none: the icons are there, and the lamps say what is on."""
        layout = self._bar.layout()
        if layout is None:
            return
        buttons = self._bar.findChildren(CallButton)
        for button in buttons:
            button.set_brief(brief=False)
        layout.invalidate()
        brief = layout.sizeHint().width() > self.width() - _MARGINS[0] - _MARGINS[2]
        for button in buttons:
            button.set_brief(brief=brief)

    def _fit_side(self) -> None:
        """Share what bars and margins leave."""
        if self._is_small:
            return
        column = self._column
        bars = [part for part in (self._top, self.sharing, self._bar) if not part.isHidden()]
        taken = sum(part.sizeHint().height() + column.spacing() for part in bars)
        self.side.fit(QSize(self.width(), self.height() - taken).shrunkBy(column.contentsMargins()))

    def _fit_top(self) -> None:
        """What can be told by an icon gives way first, then what is said below as well."""
        layout = self._top.layout()
        if layout is None:
            return
        folding = (self.identity, self.safety, self.queue, self.encryption)
        for part in folding:
            part.set_brief(brief=False)
        room = self.width() - _MARGINS[0] - _MARGINS[2]
        for part in folding:
            if layout.sizeHint().width() <= room:
                break
            part.set_brief(brief=True)
            layout.invalidate()

    def render_controls(self, state: ViewState) -> None:
        """Show what the buttons do now, and what is true of the encryption."""
        for button, control in (
            (self.mute, state.mute),
            (self.camera, state.camera_control),
            (self.share, state.share_control),
        ):
            _show_control(button, control)
        self._fit_bar()
        self.end.setEnabled(state.scene is not Scene.ENDED)
        self.devices.setEnabled(state.scene is not Scene.ENDED)
        self.encryption.set(
            "shield-check" if state.encryption else "unplug",
            state.encryption or tr("No keys yet: nothing is sent"),
            _TONES[state.security.verification] if state.encryption else "neutral",
        )
        self.encryption.setVisible(state.scene is not Scene.ENDED)
        self.safety.setVisible(bool(state.encryption))
        self.side.code.render_security(state.security, state.patient.name)
        if not state.encryption:
            self.show_code(shown=False)
        self._fit_top()

    def open_chat(self, *, shown: bool) -> None:
        """Show or hide the chat."""
        if shown:
            self.side.open_chat()
        else:
            self.side.want_chat(shown=False)
        self._code_changed()

    def show_code(self, *, shown: bool) -> None:
        """Show the safety code beside the picture, or put it away."""
        self._fit_side()
        self.side.show_code(shown=shown)
        self._code_changed()

    def _code_changed(self) -> None:
        self.stage.set_comparing(comparing=self.side.shows_code)
        self.name_chat_button()

    def _show_unseen(self, unseen: int) -> None:
        self._unseen = unseen
        self.name_chat_button()

    def name_chat_button(self) -> None:
        """Say on the button what came while the chat is hidden; while it is there its tab says it."""
        shown = self.side.shows_chat
        unseen = 0 if shown else self._unseen
        name = tr("Hide chat") if shown else tr("Show chat")
        if unseen:
            name = tr("Show chat, %n not read", "", unseen)
        self.chat_button.set_action(with_unseen(unseen), "message-square", name, "on" if shown else "plain")
        self._fit_bar()

    def set_small(self, *, small: bool) -> None:
        """Leave only the stage, or bring everything back; the chat as it was."""
        self._is_small = small
        for part in (self._top, self._bar):
            part.setVisible(not small)
        self.side.set_small(small=small)
        self.stage.set_small(small=small)
        self._column.setContentsMargins(*((0, 0, 0, 0) if small else _MARGINS))

    def flip_chat(self) -> None:
        """Show the chat and write in it, or hide it."""
        shown = not self.side.shows_chat
        self.open_chat(shown=shown)
        if shown:
            self.chat.show_files(shown=False)
            self.chat.message.setFocus()

    def _build(self) -> None:
        for wordy in (self.end, self.safety, self.identity):
            wordy.setMinimumWidth(0)  # never narrower than its words
        self._top = QWidget()
        top = QHBoxLayout(self._top)
        top.setContentsMargins(4, 0, 4, 0)
        self._top.setMinimumHeight(self._theme.px(36))  # buttons come and go, the picture stays where it is
        top.setSpacing(10)
        top.addWidget(Mark(self._theme, 25))
        top.addWidget(label(tr("Visit"), "brand-plain"))
        top.addSpacing(4)
        for part in (self.timer, self.encryption, self.safety):
            top.addWidget(part)
        top.addWidget(self.identity)
        top.addStretch(1)
        top.addWidget(self.service)
        top.addWidget(self.queue)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.stage, 1)
        middle.addWidget(self.side)
        self._bar = bar = QFrame()
        bar.setProperty("role", "call-bar")
        controls = QHBoxLayout(bar)
        controls.setContentsMargins(14, 7, 12, 7)
        controls.setSpacing(8)
        for button in (self.mute, self.camera, self.share, self.devices):
            controls.addWidget(button)
        controls.addStretch(1)
        controls.addWidget(self.chat_button)
        controls.addStretch(1)
        controls.addWidget(self.pause)
        controls.addWidget(self.end)
        inside = QWidget()
        self._column = column = QVBoxLayout(inside)
        column.setContentsMargins(*_MARGINS)
        column.setSpacing(12)
        column.addWidget(self._top)
        column.addWidget(self.sharing)
        column.addLayout(middle, 1)
        column.addWidget(bar)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))


def _show_control(button: CallButton, control: Control) -> None:
    button.set_action(control.words, control.icon, control.name, control.state)
    button.setEnabled(control.enabled)
