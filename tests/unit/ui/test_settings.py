"""What a person may choose, what the organization has chosen, and that it is kept."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import CallState
from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.policy.resolve import Level, Source
from carena_desktop.ui import i18n
from carena_desktop.ui.alert_outputs import Output
from carena_desktop.ui.letters import Letters
from carena_desktop.ui.pages.settings.alert_rows import OutputRow, SoundOfKindRow
from carena_desktop.ui.pages.settings.rows import ChoiceRow, SettingRow, SwitchRow
from carena_desktop.ui.pages.settings.sections import percent
from carena_desktop.ui.preferences import Preferences
from carena_desktop.ui.theme import Appearance, Theme
from carena_desktop.ui.widgets.record_table import RecordTable
from carena_desktop.ui.workspace import Workspace
from scripts import licences
from tests.fakes.session import entry
from tests.unit.ui.conftest import LiveScene, cell, clear_away, furnish, settle


@pytest.fixture
async def desk(live_scene: LiveScene, qapp: QApplication, tmp_path: Path) -> AsyncIterator[Workspace]:
    """A signed-in window whose organization has set the look of notifications, with the settings open."""
    managed = Source(Level.MACHINE_MANDATORY, "managed.json", {"NotificationText": "neutral"})
    made = furnish(live_scene, qapp, folder=tmp_path, sources=(managed,))
    live_scene.online(entry(1))
    live_scene.window.waiting_room.rail.settings.click()
    settle()
    yield made
    clear_away(made)
    live_scene.theme.set_appearance(Appearance.LIGHT)


def row(desk: Workspace, title: str) -> SettingRow:
    """The row with a title."""
    page = desk.settings.page
    assert page is not None
    return next(one for one in page.findChildren(SettingRow) if one.title == title)


def choose(found: SettingRow, words: str) -> None:
    """Pick a line of a row's list."""
    assert isinstance(found, ChoiceRow)
    at = found.box.findText(words)
    assert at >= 0, words
    found.box.setCurrentIndex(at)
    found.box.activated.emit(at)
    settle()


async def test_the_settings_take_the_place_of_the_page(live_scene: LiveScene, desk: Workspace, qtbot: QtBot) -> None:
    """They open from the rail with the keyboard in the list of sections; Escape goes back to the table."""
    page = desk.settings.page
    assert page is not None
    assert page.isVisible()
    assert not live_scene.window.waiting_room.isVisible()
    qtbot.keyClick(page.list, Qt.Key.Key_Escape)
    settle()
    assert live_scene.window.waiting_room.isVisible()
    assert not page.isVisible()


async def test_the_look_changes_at_once_and_is_kept(live_scene: LiveScene, desk: Workspace, tmp_path: Path) -> None:
    """High contrast is on as soon as it is chosen, and stands in the user's file under the policy's name."""
    choose(row(desk, "Look"), "High contrast")
    assert live_scene.theme.appearance is Appearance.HIGH_CONTRAST
    assert live_scene.theme.tokens.canvas == "#000000"
    assert json.loads((tmp_path / "settings.json").read_text()) == {"Appearance": "high_contrast"}


async def test_rail_and_palette_are_the_same_settings(live_scene: LiveScene, desk: Workspace, tmp_path: Path) -> None:
    """The rail's sound and the palette's look write the same settings, and the page shows them."""
    live_scene.window.waiting_room.rail.sound_requested.emit(False)
    dark = next(one for one in desk.commands() if one.words == "Look: dark")
    assert dark.allowed()
    dark.run()
    assert not dark.allowed()
    assert json.loads((tmp_path / "settings.json").read_text()) == {"Appearance": "dark", "ArrivalSound": False}
    found = row(desk, "Play a sound")
    assert isinstance(found, SwitchRow)
    assert not found.switch.isChecked()
    assert not live_scene.window.notice.sound_on


async def test_what_the_organization_has_set_has_a_padlock(desk: Workspace) -> None:
    """It can be read and not changed, and says who decided."""
    found = row(desk, "What a notification says")
    assert found.padlocked
    assert found.who == "Set by your organization"
    assert not found.control.isEnabled()
    assert isinstance(found, ChoiceRow)
    assert found.box.currentText() == "Neutral text"
    assert not row(desk, "Play a sound").padlocked


async def test_single_letters_can_be_switched_off(desk: Workspace) -> None:
    """The switch reaches the keys of every page."""
    found = row(desk, "Single letters as keys")
    assert isinstance(found, SwitchRow)
    assert Letters.on
    found.switch.click()
    assert not Letters.on


async def test_the_time_of_the_lock_can_be_chosen(desk: Workspace) -> None:
    """A person may choose the time where nobody else did."""
    choose(row(desk, "Lock without use"), "5 minutes")
    found = row(desk, "Lock without use")
    assert isinstance(found, ChoiceRow)
    assert found.box.currentText() == "5 minutes"
    choose(found, "30 minutes")
    assert found.box.currentText() == "30 minutes"


async def test_another_language_asks_for_another_window(desk: Workspace, qtbot: QtBot) -> None:
    """Language and size of text can't change in place; the owner of the window is told."""
    with qtbot.waitSignal(desk.settings.refit_requested):
        choose(row(desk, "Language"), "Español")
    with qtbot.waitSignal(desk.settings.refit_requested):
        choose(row(desk, "Size of the text"), "150%")


async def test_about_lists_policies_and_licences(desk: Workspace) -> None:
    """Every policy with who set it, and everything that the program is made with."""
    page = desk.settings.page
    assert page is not None
    rows = [
        [cell(table, row, column) for column in range(table.columnCount())]
        for table in page.findChildren(RecordTable)
        for row in range(table.rowCount())
    ]
    assert ["NotificationText", "neutral", "your organization", "managed.json"] in rows
    assert ["Appearance", "system", "built in", ""] in rows
    assert any(row[0] == "PySide6" for row in rows)
    assert any(row[0].startswith("FFmpeg") for row in rows)


def test_the_list_of_licences_is_up_to_date() -> None:
    """A new dependency without ``python -m scripts.licences`` fails here."""
    assert licences.OUT.read_text("utf-8") == licences.content()


async def test_a_visit_comes_before_the_settings(live_scene: LiveScene, desk: Workspace) -> None:
    """A question about devices closes them, and they don't open in a visit."""
    live_scene.call.push(state=CallState.ASKING, visit="visit-1")
    settle()
    assert live_scene.window.call.isVisible()
    desk.settings.open()
    settle()
    assert live_scene.window.call.isVisible()
    assert "Settings" not in [one.words for one in desk.commands() if one.allowed()]


async def test_the_lock_closes_the_settings(live_scene: LiveScene, desk: Workspace) -> None:
    """Behind the lock stands the page, not what was open before it."""
    desk.lock.lock()
    settle()
    assert desk.screen.isVisible()
    assert live_scene.window.sheet is None


def test_a_setting_that_cannot_be_written_is_not_in_force(tmp_path: Path, qtbot: QtBot) -> None:
    """A folder that can't be written leaves everything as it was, and says so."""
    (tmp_path / "file").write_text("")
    preferences = Preferences(PolicyDesk(), tmp_path / "file" / "below")
    with qtbot.waitSignal(preferences.failed):
        preferences.set("Appearance", "dark")
    assert preferences.policies.text("Appearance") == "system"


async def test_numbers_are_written_by_the_language(desk: Workspace) -> None:
    """Per cent stand apart in Spanish."""
    assert desk.settings.page is not None
    i18n.use("es", QLocale("es_ES"))
    try:
        assert percent(150) == "150 %"
    finally:
        i18n.use("en", QLocale("en_US"))


def test_each_kind_of_alert_has_a_switch(desk: Workspace, live_scene: LiveScene, tmp_path: Path) -> None:
    """Off stands in the policy's list, on takes it out again, and the alerts follow at once."""
    message, arrival = row(desk, "A patient who waits writes"), row(desk, "A patient arrives")
    assert isinstance(message, SoundOfKindRow)
    assert isinstance(arrival, SoundOfKindRow)
    message.switch.click()
    arrival.switch.click()
    assert json.loads((tmp_path / "settings.json").read_text()) == {"SilentAlerts": ["message", "arrival"]}
    assert not message.switch.isChecked()
    arrival.switch.click()
    message.switch.click()
    assert json.loads((tmp_path / "settings.json").read_text()) == {}
    assert message.switch.isChecked()
    assert live_scene.window.notice.sound_on


@pytest.mark.usefixtures("qapp")
def test_another_output_can_be_chosen(theme: Theme, tmp_path: Path) -> None:
    """It is listed by name, kept, and one that is not plugged in says so and stays chosen."""
    preferences = Preferences(PolicyDesk(), tmp_path)
    preferences.set("AlertOutputs", "also")
    plugged = [Output("h", "Headset", usual=True), Output("d", "Desk speaker")]
    made = OutputRow(theme, preferences, lambda: tuple(plugged))
    made.show()
    settle()
    assert [made.box.itemText(at) for at in range(made.box.count())] == ["None chosen", "Desk speaker"]
    choose_output = made.box.findText("Desk speaker")
    made.box.setCurrentIndex(choose_output)
    made.box.activated.emit(choose_output)
    assert preferences.policies.items("AlertDevices") == ("Desk speaker",)
    plugged.pop()
    made.hide()
    made.show()
    assert made.box.currentText() == "Desk speaker (not plugged in)"
    preferences.set("AlertOutputs", "every")
    assert not made.isVisible()
    preferences.close()
    made.close()
    made.deleteLater()


def test_compact_rows_are_remembered(live_scene: LiveScene, desk: Workspace, tmp_path: Path) -> None:
    """More rows fit at once, the setting is kept, and off they are as before."""
    table = live_scene.window.waiting_room.table
    tall = table.verticalHeader().defaultSectionSize()
    found = row(desk, "Compact rows")
    assert isinstance(found, SwitchRow)
    found.switch.click()
    low = table.verticalHeader().defaultSectionSize()
    assert low <= tall * 0.8
    assert json.loads((tmp_path / "settings.json").read_text()) == {"CompactRows": True}
    found.switch.click()
    assert table.verticalHeader().defaultSectionSize() == tall


async def test_the_sections_fold_to_icons_where_there_is_little_room(desk: Workspace) -> None:
    """Under 820 pixels the list gives its room to the section; each icon keeps its name, told and as a tooltip."""
    desk.settings.open()
    page = desk.settings.page
    assert page is not None
    page.resize(780, 600)
    item = page.list.item(1)
    assert (item.text(), item.toolTip()) == ("", "Appearance")
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Appearance"
    page.resize(1200, 600)
    assert (item.text(), item.toolTip()) == ("Appearance", "")
