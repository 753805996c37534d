"""The visit's screen: renders its view state, lets the timer run, emits what the person wants."""

from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from carena_desktop.call.model import Allowed, CallSnapshot, CallState
from carena_desktop.call.ports import FrameReader, Stream
from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.commands import BoundKeys, Command
from carena_desktop.ui.devices import DeviceNames
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.commands import visit_commands
from carena_desktop.ui.pages.call.files_desk import FilesDesk
from carena_desktop.ui.pages.call.freshness import Freshness
from carena_desktop.ui.pages.call.layout import CallLayout
from carena_desktop.ui.pages.call.security_desk import SecurityDesk
from carena_desktop.ui.pages.call.sharing import Sharing
from carena_desktop.ui.pages.call.view_model import Patient, Scene, ViewState, view
from carena_desktop.ui.pages.call.visit_desk import VisitDesk
from carena_desktop.ui.pages.waiting_room.tally import Counters
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.window_mode import WindowMode

_TICK_MS = 500
_CHAT_HIDES_UNDER = 980


class CallPage(CallLayout):
    """One visit after the other; what belongs to a visit is forgotten when the next begins.

    Args:
        wall_ms: Local time in ms since the epoch.
        frames: The slot's reader of a stream, asked once a visit.
        device_names: The devices that would open, asked when the question is shown.
    """

    allowed = Signal(object)
    microphone_requested = Signal(bool)
    camera_requested = Signal(bool)
    chat_requested = Signal(str)
    end_requested = Signal(str)
    rejoin_requested = Signal(str)
    finish_requested = Signal(str)
    leave_requested = Signal(str)
    window_mode_requested = Signal(object)
    codes_compared = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        wall_ms: Callable[[], int],
        frames: Callable[[Stream], FrameReader],
        device_names: Callable[[], DeviceNames],
    ) -> None:
        super().__init__(theme)
        self._wall_ms = wall_ms
        self._frames = frames
        self._device_names = device_names
        self._call = CallSnapshot()
        self._patient = Patient()
        self._state: ViewState | None = None
        self._freshness = Freshness()
        self._asking_again = False
        self._mode = WindowMode.NORMAL
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self.tick)
        self.share_desk = Sharing(theme, self)
        self.security = SecurityDesk(theme, self)
        self.files_desk = FilesDesk(theme, self, self.chat.files)
        before, patient = self.files_desk.parting, self.chat.patient
        self.visit_desk = VisitDesk(theme, self, self.pause, self.identity, before, patient=patient)
        self._connect()

    # -- what the window calls

    def render_call(self, call: CallSnapshot, patient: Patient) -> None:
        """Show ``call`` with ``patient``; rendering the same twice changes nothing."""
        if call.visit != self._call.visit:
            self._new_visit()
        before, self._call, self._patient = self._call, call, patient
        self.visit_desk.set_visit(call.visit if call.state not in {CallState.IDLE, CallState.ENDED} else "")
        attached = before.state not in {CallState.IDLE, CallState.ENDED} and before.visit == call.visit
        self._attach(running=call.state not in {CallState.IDLE, CallState.ENDED}, attached=attached)
        self._show_state()
        self.security.render_call(call, patient.name, self._wall_ms())
        self.tick()

    def frame_ready(self, stream: Stream) -> None:
        """A picture is waiting: paint when Qt next paints."""
        match stream:
            case Stream.REMOTE:
                self._freshness.came(self._wall_ms())
                self.stage.video.update()
                if self._state is not None and self._state.camera_old:
                    self._show_state()
            case Stream.REMOTE_SCREEN:
                self.stage.pictures.screen_came()
            case Stream.SELF:
                self.stage.self_view.video.update()
            case _:
                assert_never(stream)

    def show_waiting(self, now: Counters) -> None:
        """Show who else waits."""
        self.show_queue(now.waiting, text.clock_time(now.longest_s) if now.longest_s is not None else "")

    def tick(self) -> None:
        """Let the visit's timer run, and notice a picture that has come to a stand."""
        if self._state is not None:
            self._look_at_the_picture()
        started = self._call.started_at_ms
        running = started is not None and self._call.state is not CallState.ENDED
        self.show_timer(text.clock_time((self._wall_ms() - started) / 1000) if running and started else "")
        self.security.tick(self._wall_ms())

    def focus_first(self) -> None:
        """Put the keyboard where the visit goes on: the question, or the controls."""
        if self.stage.consent.isVisibleTo(self):
            self.stage.consent.setFocus()
        elif self._state is not None and self._state.scene is Scene.ENDED:
            self.stage.centre.back.setFocus()
        else:
            self.mute.setFocus()

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes: the question or the end, what stands beside the picture, the controls."""
        first: QWidget = self.stage.consent if self.stage.consent.isVisibleTo(self) else self.stage.centre.back
        beside: QWidget = self.chat.message if self.chat.message.isVisible() else self.chat.tabs
        if self.side.shows_code and not self.side.shows_chat:
            beside = self.side.code
        return (first, beside, self.mute)

    # -- Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Let the timer run while it can be seen."""
        super().showEvent(event)
        self._ticker.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the ticker."""
        super().hideEvent(event)
        self._ticker.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the chat where there is no room for it; the button brings it back."""
        super().resizeEvent(event)
        if self._mode is WindowMode.SMALL:
            return
        narrow = self.width() < self._theme.px(_CHAT_HIDES_UNDER)
        if narrow != self._narrow:
            self._narrow = narrow
            self.side.want_chat(shown=not narrow)
            self.name_chat_button()

    def show_mode(self, mode: WindowMode) -> None:
        """Arrange the page for how the window lies on the screen now."""
        before, self._mode = self._mode, mode
        self.view_menu.show_mode(mode)
        if WindowMode.SMALL in {before, mode}:
            self.set_small(small=mode is WindowMode.SMALL)

    # -- inside

    def _look_at_the_picture(self) -> None:
        if not (self.stage.video.isVisible() and self.window().windowHandle().isExposed()):
            self._freshness.came(self._wall_ms())  # pictures that nobody can see are not announced
        self._show_state()

    def _show_state(self) -> None:
        state = view(self._call, self._patient, camera_old=self._freshness.is_old(self._wall_ms()))
        previous, self._state = self._state, state
        if state != previous:
            self._render(state, previous)

    def _render(self, state: ViewState, previous: ViewState | None) -> None:
        self.stage.render_state(state)
        self.render_controls(state)
        self.share_desk.render_state(state)
        self.chat.render_chat(state.chat, can_send=state.chat_open)
        self.files_desk.set_running(running=state.chat_open)
        if state.scene is not Scene.ASKING and previous is not None and previous.scene is Scene.ASKING:
            self._asking_again = False
        self._render_question(state)
        if previous is not None and state.scene is not previous.scene:
            if state.message.title:
                announce(self, state.message.title, urgent=state.scene in {Scene.RECONNECTING, Scene.ENDED})
            elif state.scene is Scene.LIVE:
                announce(self, tr("Connected"))
        elif state.camera_old and (previous is None or not previous.camera_old):
            announce(self, state.message.title)
        said = (*((state.held,) if state.held else ()), *state.problems)
        if said and (previous is None or (state.held, state.problems) != (previous.held, previous.problems)):
            announce(self, " ".join(said), urgent=True)
        if previous is None or state.scene is not previous.scene:
            self._keep_focus(state, previous)

    def _render_question(self, state: ViewState) -> None:
        asking = state.scene is Scene.ASKING or (self._asking_again and state.scene is not Scene.ENDED)
        card = self.stage.consent
        if asking and card.isHidden():
            names = self._device_names()
            card.ask(state.patient.name, names.camera, names.microphone)
        card.setVisible(asking)
        if asking:
            self.stage.centre.hide()
        else:
            self.stage.centre.set_message(state.message, state.patient.name)

    def _keep_focus(self, state: ViewState, previous: ViewState | None) -> None:
        """Where the question and the end are, and after the answer at the controls: they can be used only then."""
        answered = previous is not None and previous.scene is Scene.ASKING
        if self.isVisible() and (answered or state.scene in {Scene.ASKING, Scene.ENDED}):
            self.focus_first()

    def _attach(self, *, running: bool, attached: bool) -> None:
        if running and not attached:
            self.stage.attach(*(self._frames(stream) for stream in (Stream.REMOTE, Stream.REMOTE_SCREEN, Stream.SELF)))
        elif not running:
            self.stage.attach(None, None, None)

    def _new_visit(self) -> None:
        self._freshness.forget()
        self._state = None
        self._asking_again = False
        self.stage.consent.hide()
        self.chat.clear()
        self.files_desk.forget()
        self.stage.attach(None, None, None)

    def _answered(self, allowed: Allowed) -> None:
        self._asking_again = False
        if self._state is not None:
            self._render_question(self._state)
        self.mute.setFocus()
        self.allowed.emit(allowed)

    def _ask_again(self) -> None:
        self._asking_again = True
        if self._state is not None:
            self._render_question(self._state)
            self.stage.consent.setFocus()

    def _flip_microphone(self) -> None:
        intent = self._call.intent
        if intent.allowed is Allowed.NOTHING:
            self._ask_again()
        else:
            self.microphone_requested.emit(not intent.microphone_wanted)

    def _flip_camera(self) -> None:
        intent = self._call.intent
        if intent.allowed is not Allowed.CAMERA_AND_MICROPHONE:
            self._ask_again()
        else:
            self.camera_requested.emit(not intent.camera_wanted)

    def _flip_security(self) -> None:
        self.security.flip(self._wall_ms())

    def commands(self) -> tuple[Command, ...]:
        """What can be done in the visit, by name and by key."""
        return visit_commands(
            self,
            self.view_menu,
            security=self._flip_security,
            fill=self._flip_fill,
            swap=self.stage.pictures.flip,
            can_swap=lambda: self.stage.pictures.can_swap,
            back=self._back_to_normal,
            files=self.show_files,
            patient=self._show_patient,
        )

    def _open_devices(self) -> None:
        place = self.devices.mapToGlobal(self.devices.rect().topLeft())
        self.device_menu.popup(QPoint(place.x(), place.y() - self.device_menu.sizeHint().height()))

    def _open_view(self) -> None:
        place = self.stage.view.mapToGlobal(self.stage.view.rect().topLeft())
        self.view_menu.popup(QPoint(place.x(), place.y() - self.view_menu.sizeHint().height()))

    def _flip_fill(self) -> None:
        self._fill(fill=not self.stage.pictures.fills)

    def _fill(self, *, fill: bool) -> None:
        self.view_menu.fill.setChecked(fill)
        self.stage.pictures.set_fill(fill=fill)

    def _back_to_normal(self) -> None:
        closed = (
            self.visit_desk.close()
            or self.files_desk.close_picture()
            or self.security.close()
            or self.security.close_code()
        )
        if not (closed or self.share_desk.cancel()) and self._mode is not WindowMode.NORMAL:
            self.window_mode_requested.emit(WindowMode.NORMAL)

    def _end(self) -> None:
        if self.end.isEnabled():
            self._parting(self.end_requested.emit)

    def _parting(self, leave: Callable[[str], None]) -> None:
        """Leave the visit, after a question while received files are not saved."""
        visit = self._call.visit
        self.files_desk.parting(lambda: leave(visit))

    def show_files(self) -> None:
        """Show the files beside the picture, and put the keyboard there."""
        self.files_desk.unsaved.hide()
        self.open_chat(shown=True)
        self.chat.show_files(shown=True)
        self.chat.tabs.setFocus()

    def _show_patient(self) -> None:
        self.open_chat(shown=True)
        self.chat.show_patient()
        self.chat.tabs.setFocus()

    def _rejoin(self) -> None:
        self.rejoin_requested.emit(self._call.visit)

    def _finish(self) -> None:
        self._parting(self.finish_requested.emit)

    def _leave(self) -> None:
        self._parting(self.leave_requested.emit)

    def _connect(self) -> None:
        self.side.code.compared.connect(self.codes_compared)
        self.view_menu.security_requested.connect(self._flip_security)
        self.stage.consent.answered.connect(self._answered)
        self.stage.centre.rejoin_requested.connect(self._rejoin)
        self.stage.centre.finish_requested.connect(self._finish)
        self.stage.centre.leave_requested.connect(self._leave)
        self.mute.clicked.connect(self._flip_microphone)
        self.camera.clicked.connect(self._flip_camera)
        self.end.clicked.connect(self._end)
        self.devices.clicked.connect(self._open_devices)
        self.stage.view.clicked.connect(self._open_view)
        self.view_menu.mode_requested.connect(self.window_mode_requested)
        self.view_menu.details_requested.connect(lambda shown: self.stage.show_details(shown=shown))
        self.view_menu.fill_requested.connect(lambda fill: self._fill(fill=fill))
        self.chat.send_requested.connect(self.chat_requested)
        self.chat_button.clicked.connect(self.flip_chat)
        self.files_desk.tab_changed.connect(self.chat.name_files_tab)
        self.files_desk.unsaved.show_files.connect(self.show_files)
        BoundKeys(self, self.commands())
