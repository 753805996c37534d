"""The window navigates between pages and carries the lamps in its title; it does nothing else."""

from collections.abc import Callable
from typing import Protocol, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from carena_desktop.call.model import CallSnapshot, CallState
from carena_desktop.call.ports import FrameReader, Stream
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.session.model import SessionSnapshot, SessionState
from carena_desktop.ui import resources
from carena_desktop.ui.bridge import Bridge
from carena_desktop.ui.commands import BoundKeys, Command
from carena_desktop.ui.components.program_bar import ProgramBar
from carena_desktop.ui.devices import DeviceNames
from carena_desktop.ui.file_intents import connect_files
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.intents import Intents
from carena_desktop.ui.lamp_tray import LampTray
from carena_desktop.ui.navigation import Page, page_for, patient_of
from carena_desktop.ui.notifications import AlertNotice
from carena_desktop.ui.pages.call.page import CallPage
from carena_desktop.ui.pages.call.view_model import Patient, window_title
from carena_desktop.ui.pages.devices.page import DevicesPage
from carena_desktop.ui.pages.sign_in.page import SignInPage
from carena_desktop.ui.pages.triage.page import TriagePage
from carena_desktop.ui.pages.waiting_room.page import WaitingRoomPage
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.waiting_wiring import WaitingWatch, connect_queue, connect_triage, connect_visit
from carena_desktop.ui.widgets.focus_ring import FocusRing
from carena_desktop.ui.window_mode import WindowMode, WindowModes

_USUAL = QSize(1440, 900)
_SMALLEST_START = QSize(1180, 700)


class Sheet(Protocol):
    """A widget that stands in the place of the pages."""

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes."""
        ...

    def focus_first(self) -> None:
        """Put the keyboard where work begins."""
        ...


class MainWindow(QMainWindow):
    """Four pages in a stack.

    Args:
        wall_ms: Local time in ms since the epoch.
        frames: The slot's reader of a stream.
        device_names: The devices that would open.
        now_s: Monotonic seconds.
    """

    close_requested = Signal()
    computer_check_requested = Signal()
    report_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        version: str,
        server: str,
        wall_ms: Callable[[], int],
        frames: Callable[[Stream], FrameReader],
        device_names: Callable[[], DeviceNames],
        now_s: Callable[[], float] = SYSTEM_CLOCK.monotonic,
    ) -> None:
        super().__init__()
        self.theme = theme
        self._session = SessionSnapshot()
        self._call = CallSnapshot()
        self._patient = Patient()
        self._left_visit = ""
        self._may_close = self._checking = False
        self.sign_in = SignInPage(theme, version, server)
        self.waiting_room = WaitingRoomPage(theme, wall_ms)
        self.call = CallPage(theme, wall_ms, frames, device_names)
        self.devices = DevicesPage(theme, frames)
        self.notice = AlertNotice(self, now_s)
        self.watch = WaitingWatch(self.waiting_room, self.notice)
        self.lamps = LampTray(theme, self)
        self._pages = QStackedWidget()
        for page in self._in_order():
            self._pages.addWidget(page)
        self.program_bar = ProgramBar(theme)
        self._whole = QWidget()
        self._outer = QStackedWidget()  # what covers everything stands beside it, not over it: nothing shows through
        self._cover: QWidget | None = None
        self._sheet: Sheet | None = None
        self._lay_out()
        self._add_triage(TriagePage(theme, now_s, self.waiting_room.now_ms))
        self._ring = FocusRing(theme, self)
        self.setWindowIcon(QIcon(str(resources.path("icons", "carena.svg"))))
        self.setWindowTitle("Carena")
        room = self.screen().availableGeometry().size()
        self.resize(_USUAL.boundedTo(room).expandedTo(_SMALLEST_START))
        self.setMinimumSize(720, 520)
        self.modes = WindowModes(theme, self)
        self.modes.changed.connect(self.call.show_mode)
        self.call.window_mode_requested.connect(self.modes.set)
        self.call.leave_requested.connect(self._leave_call)
        self.waiting_room.rail.devices_requested.connect(lambda: self._check_devices(on=True))
        for page in (self.sign_in, self.devices):
            page.computer_check_requested.connect(self.computer_check_requested)
        self.devices.leave_requested.connect(lambda: self._check_devices(on=False))
        self.waiting_room.rail.sound_requested.connect(self._set_sound)
        areas = (
            Command(tr("Next area"), lambda: self._next_region(1), "F6", listed=False),
            Command(tr("Area before"), lambda: self._next_region(-1), "Shift+F6", listed=False),
        )
        BoundKeys(self, areas, everywhere=True)

    def connect_to(self, bridge: Bridge, intents: Intents) -> None:
        """Render what the bridge brings, hand what the person wants to the intents."""
        bridge.session_changed.connect(self.render_session)
        bridge.call_changed.connect(self.render_call)
        bridge.frame_ready.connect(self.call.frame_ready)
        bridge.frame_ready.connect(self.devices.frame_ready)
        bridge.devices_changed.connect(self.devices.render_devices)
        bridge.devices_changed.connect(self.call.device_menu.render_devices)
        bridge.devices_changed.connect(self.call.share_desk.render_devices)
        connect_files(self.call, bridge, intents.files)
        self.call.share_desk.list_requested.connect(intents.devices.list_shareable)
        self.call.share_desk.requested.connect(intents.share)
        self.devices.check_requested.connect(intents.devices.check)
        self.devices.choice_requested.connect(intents.devices.choose)
        self.devices.test_sound_requested.connect(intents.devices.play_test_sound)
        self.call.device_menu.choice_requested.connect(intents.devices.choose)
        self.call.device_menu.aboutToShow.connect(intents.devices.list)
        self.waiting_room.rail.devices_requested.connect(intents.devices.list)
        self.sign_in.sign_in_requested.connect(intents.sign_in)
        self.sign_in.trust_answered.connect(intents.answer_trust)
        self.waiting_room.start_visit_requested.connect(intents.start_visit)
        connect_queue(self.waiting_room, intents.queue)
        connect_triage(self.triage, intents.queue)
        connect_visit(self.call.visit_desk, intents)
        self.waiting_room.visit_link_requested.connect(intents.create_link)
        self.waiting_room.rail.sign_out_requested.connect(intents.sign_out)
        intents.said.connect(self.waiting_room.show_message)
        intents.link_created.connect(self.waiting_room.show_link)
        intents.starting_changed.connect(self.waiting_room.set_starting)
        self.call.allowed.connect(intents.allow)
        self.call.microphone_requested.connect(intents.set_microphone)
        self.call.camera_requested.connect(intents.set_camera)
        self.call.chat_requested.connect(intents.send_chat)
        self.call.codes_compared.connect(intents.compare_codes)
        self.call.end_requested.connect(intents.end_visit)
        self.call.rejoin_requested.connect(intents.start_visit)
        self.call.finish_requested.connect(intents.finish_visit)
        self.call.finish_requested.connect(self._leave_call)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.program_bar)
        column.addWidget(self._outer, 1)
        self._outer.addWidget(self._pages)
        self.setCentralWidget(self._whole)

    @property
    def covered(self) -> bool:
        """Whether something hides everything."""
        return self._cover is not None

    @property
    def sheet(self) -> "Sheet | None":
        """What stands in the place of the pages, as settings do."""
        return self._sheet

    @property
    def front(self) -> "Sheet":
        """What can be used now: the sheet, or the page."""
        return self._sheet if self._sheet is not None else self._in_order()[self.page]

    def add_cover(self, widget: QWidget) -> None:
        """Take a widget that can stand in the place of everything."""
        self._outer.addWidget(widget)

    def cover(self, widget: QWidget | None) -> None:
        """Hide everything behind ``widget``, or show everything again."""
        if widget is not None:
            self.modes.set(WindowMode.NORMAL)  # a password needs room
        self._cover = widget
        self._compose()

    def show_sheet(self, sheet: "Sheet | None") -> None:
        """Show settings and the like in the place of the pages, or the pages again; a visit comes before both."""
        if sheet is not None and (self.page is Page.CALL or sheet is self._sheet):
            return
        self._sheet = sheet
        self._compose()

    def _compose(self) -> None:
        shown = self._cover or self._sheet or self._pages
        self._quieten_bar()
        if shown is self._outer.currentWidget():
            return
        self._outer.setCurrentWidget(cast("QWidget", shown))
        if self._cover is None:
            self.front.focus_first()

    @property
    def page(self) -> Page:
        """The page on screen."""
        return Page(self._pages.currentIndex())

    def render_session(self, snapshot: SessionSnapshot) -> None:
        """Show a session snapshot."""
        signed_out = self._session.account is not None and snapshot.account is None
        self._session = snapshot
        if signed_out:
            self.waiting_room.reset()
            self.watch.reset()
            self.triage.close_form()
        self.sign_in.render_snapshot(snapshot)
        self.waiting_room.render_snapshot(snapshot)
        self.triage.render_room(snapshot.waiting_room)
        self.call.visit_desk.render_session(snapshot)
        self._navigate()

    def render_call(self, snapshot: CallSnapshot) -> None:
        """Show a call snapshot."""
        if snapshot.state not in {CallState.ENDED, CallState.IDLE}:
            self._left_visit = ""
        self._call = snapshot
        self.setWindowTitle(window_title(snapshot))
        self.lamps.render_call(snapshot)
        self.devices.render_call(snapshot)
        self._navigate()

    def allow_close(self) -> None:
        """Close for real; called at the end of the shutdown."""
        self._may_close = True
        self.notice.close()
        self.lamps.close()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask for the shutdown; the window closes when it has happened."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def _navigate(self) -> None:
        self._patient = patient_of(self._session, self._call.visit, self._patient)
        self.call.render_call(self._call, self._patient)
        self.call.show_waiting(self.waiting_room.counters())
        self.call.show_service(away=self._session.state is not SessionState.ONLINE)
        page = page_for(self._session, self._call, self._left_visit, checking=self._checking)
        if self._checking and page is not Page.DEVICES:
            self._leave_check()
        if page is not Page.CALL or self._call.state in {CallState.ENDED, CallState.IDLE, CallState.ASKING}:
            self.modes.set(WindowMode.NORMAL)  # what has to be read and answered needs room
        if page == self.page and self.isVisible():
            return
        before = self.page
        self._pages.setCurrentIndex(page)
        self._quieten_bar()
        if before is Page.SIGN_IN and page is not Page.SIGN_IN:
            self.sign_in.forget()
        if page is Page.CALL and self._sheet is not None:
            self.show_sheet(None)
        elif not self.covered and self._sheet is None:
            self._in_order()[page].focus_first()

    def _quieten_bar(self) -> None:
        """What concerns the program stands above every page and sheet, but over no visit and no lock."""
        self.program_bar.set_quiet(quiet=self._cover is not None or self.page is Page.CALL)

    def _in_order(self) -> "tuple[SignInPage, WaitingRoomPage, CallPage, DevicesPage]":
        """The pages as ``Page`` counts them."""
        return (self.sign_in, self.waiting_room, self.call, self.devices)

    def _add_triage(self, page: TriagePage) -> None:
        self.triage = page
        self.add_cover(page)
        self.waiting_room.triage_requested.connect(self._begin_triage)
        page.left.connect(self._end_triage)

    def _begin_triage(self, visit: str) -> None:
        if self.triage.open(visit, self._session.waiting_room):
            self.show_sheet(self.triage)

    def _end_triage(self) -> None:
        if self._sheet is self.triage:
            self.show_sheet(None)

    def _check_devices(self, *, on: bool) -> None:
        self._checking = on
        if not on:
            self._leave_check()
        self._navigate()

    def _leave_check(self) -> None:
        """Whatever the check opened is closed; a visit that begins asks anew."""
        self._checking = False
        self.devices.reset()
        self.devices.check_requested.emit(False)  # noqa: FBT003 - a signal

    def _leave_call(self, visit: str) -> None:
        self._left_visit = visit
        self._navigate()

    def _set_sound(self, on: bool) -> None:  # noqa: FBT001 - a slot
        self.notice.set_sound(on)
        self.waiting_room.rail.set_sound(on=on)

    def _next_region(self, step: int) -> None:
        if self.covered:
            return
        regions: list[QWidget] = [r for r in self.front.regions() if r.isVisible() and r.isEnabled()]
        if not regions:
            return
        focus = self.focusWidget()
        here = next((i for i, r in enumerate(regions) if focus is r), -1 if step > 0 else 0)
        regions[(here + step) % len(regions)].setFocus(Qt.FocusReason.ShortcutFocusReason)
