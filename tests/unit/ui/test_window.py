"""What belongs to the window as a whole: looks, regions, closing, sounds."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QIcon, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import CallState
from carena_desktop.ui.alerts import PAUSE_S, Event, Kind
from carena_desktop.ui.devices import DeviceNames
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.pages.waiting_room.page import WaitingRoomPage
from carena_desktop.ui.resources import ResourceMissingError, path, root
from carena_desktop.ui.theme import Appearance, Theme
from tests.fakes.call import FakeCall
from tests.fakes.session import entry
from tests.unit.ui.conftest import Scene, settle


def pages(scene: Scene) -> tuple[QWidget, ...]:
    """Every page."""
    return (scene.window.sign_in, scene.window.waiting_room, scene.window.call, scene.window.devices)


def test_everything_that_takes_the_keyboard_has_a_name(scene: Scene) -> None:
    """No button, field or table is nameless for a screen reader."""
    nameless = [
        (type(widget).__name__, widget.objectName())
        for page in pages(scene)
        for widget in page.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QComboBox | QLineEdit | QTableView)
        and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and widget.parentWidget() is not None
        and not isinstance(widget.parentWidget(), QTableView)
    ]
    assert [found for found in nameless if found[0] != "ScrollLeftButton"] == []


def test_targets_are_large_enough(scene: Scene) -> None:
    """Every button is at least 24 by 24 (WCAG 2.2, 2.5.8)."""
    scene.online(entry(1))
    small = [
        button.accessibleName()
        for button in scene.window.findChildren(QAbstractButton)
        if button.isVisible() and button.accessibleName() and min(button.width(), button.height()) < 24
    ]
    assert small == []


def test_light_and_dark_change_at_once(scene: Scene) -> None:
    """Choosing a look changes palette and icons of the window that is open."""
    light = QApplication.palette().color(QPalette.ColorRole.Window)
    scene.theme.set_appearance(Appearance.DARK)
    assert scene.theme.appearance is Appearance.DARK
    dark = QApplication.palette().color(QPalette.ColorRole.Window)
    assert light == QColor("#F3F6F8")
    assert dark == QColor("#0E151B")


def test_f6_walks_the_regions(scene: Scene, qtbot: QtBot) -> None:
    """F6 goes through rail, search, table and patient and round again; Shift+F6 goes back."""
    scene.online(entry(1))
    page: WaitingRoomPage = scene.window.waiting_room
    page.table.setFocus()
    visited = []
    for _ in range(4):
        qtbot.keyClick(scene.window, Qt.Key.Key_F6)
        visited.append(scene.window.focusWidget())
    assert visited == [page.drawer.start, page.rail.waiting_room, page.title.search, page.table]
    qtbot.keyClick(scene.window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert scene.window.focusWidget() is page.title.search


def test_a_focused_button_has_a_ring(scene: Scene) -> None:
    """The ring stands around the button with the keyboard, outside it, and leaves with the focus."""
    scene.online(entry(1))
    button = scene.window.waiting_room.title.link
    button.setFocus()
    settle()
    ring = scene.window._ring
    assert ring.isVisible()
    corner = button.mapTo(scene.window, button.rect().topLeft())
    assert ring.geometry().topLeft().x() < corner.x()
    assert ring.geometry().contains(button.rect().translated(corner))
    scene.window.waiting_room.table.setFocus()
    settle()
    assert not ring.isVisible()


def test_closing_the_window_only_asks(scene: Scene, qtbot: QtBot) -> None:
    """The close button begins the shutdown; the window stays until it has happened."""
    with qtbot.waitSignal(scene.window.close_requested):
        scene.window.close()
    assert scene.window.isVisible()


def test_the_chime_can_be_switched_off(scene: Scene) -> None:
    """The rail's switch reaches the notice and says its state."""
    rail = scene.window.waiting_room.rail
    rail.sound.click()
    assert not scene.window.notice.sound_on
    assert rail.sound.accessibleName() == "Arrival chime off"


def test_an_arrival_rings_on_any_machine(scene: Scene) -> None:
    """Without audio device and notification area an alert of any kind is still no error."""
    scene.window.notice.add(*(Event(kind) for kind in Kind))
    scene.clock.advance(PAUSE_S)
    scene.window.notice.add(Event(Kind.RED_FLAG))


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_labels_are_not_clipped(qapp: QApplication, appearance: Appearance, scale: float) -> None:
    """At 100 and 200 % text every plain label has the room its words need (WCAG 2.2, 1.4.4)."""
    theme = Theme(qapp, appearance=appearance, text_scale=scale)
    page = WaitingRoomPage(theme, lambda: 1_800_000_000_000)
    page.resize(1440, 900)
    page.show()
    settle()
    clipped = [
        label.text()
        for label in (
            page.title.connection.text_label,
            page.counter_row.waiting._number,
            page.counter_row.waiting._unit,
        )
        if label.width() < label.fontMetrics().horizontalAdvance(label.text())
        or label.height() < label.fontMetrics().height()
    ]
    page.close()
    page.deleteLater()
    theme.deleteLater()
    assert clipped == []


def test_every_icon_that_is_used_is_there(theme: Theme) -> None:
    """Each Lucide file renders in a token's colour, and nothing outside the folder can be asked for."""
    for file in sorted((root() / "icons" / "lucide").glob("*.svg")):
        icon: QIcon = theme.icon(file.stem, "text")
        assert not icon.isNull()
    with pytest.raises(ResourceMissingError):
        path("icons", "lucide", "no-such-icon.svg")


def test_fonts_and_icons_carry_their_licences() -> None:
    """The licence texts lie beside what they cover."""
    assert "SIL Open Font License" in path("fonts", "inter", "OFL.txt").read_text("utf-8")
    assert "ISC License" in path("icons", "lucide", "LICENSE").read_text("utf-8")


def walk(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Every accessible object below ``interface`` that is showing."""
    for at in range(interface.childCount()):
        child = interface.child(at)
        if child is not None and child.isValid() and not child.state().invisible:
            yield child
            yield from walk(child)


@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_screen_reader_finds_a_name_wherever_the_keyboard_goes(scene: Scene, page: int) -> None:
    """In the accessibility tree everything that is focusable and showing has a name."""
    if page:
        scene.online(entry(1))
    if page == 2:
        scene.call.push(state=CallState.ASKING, visit="visit-1")
    settle()
    tree = list(walk(QAccessible.queryAccessibleInterface(scene.window)))
    nameless = [
        (found.role(), found.rect())
        for found in tree
        if found.state().focusable and not found.text(QAccessible.Text.Name)
    ]
    assert len(tree) > 10
    assert nameless == []


def test_the_systems_look_is_followed_at_once(qapp: QApplication) -> None:
    """When the system turns dark or wants contrast, the window does, unless the person chose a look."""
    theme = Theme(qapp, text_scale=1.0)
    hints = qapp.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.dark
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    assert theme.tokens.canvas == "#000000"
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.tokens.canvas == "#FFFFFF"
    theme.set_appearance(Appearance.LIGHT)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.dark
    theme.deleteLater()


def test_a_window_takes_everything_with_it(theme: Theme) -> None:
    """What was made for a window is gone with it, also what never got a place: each left widget slows every look."""

    def widgets_after_one() -> int:
        frames, names = FakeCall().frames, lambda: DeviceNames("", "")
        window = MainWindow(theme, version="0", server="", wall_ms=lambda: 0, frames=frames, device_names=names)
        window.deleteLater()
        settle()
        return len(QApplication.allWidgets())

    assert widgets_after_one() == widgets_after_one()
