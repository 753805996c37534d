"""Questions over a page: Tab stays inside, and the keyboard comes back to where it was."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from carena_desktop.call.ports import DevicesView, Shareable
from carena_desktop.ui.widgets.sheet import FloatingSheet
from tests.unit.ui.conftest import Scene, activate, settle
from tests.unit.ui.test_visit_desk import begin


@pytest.mark.parametrize("veiled", [True, False])
def test_tab_goes_round_inside_and_the_keyboard_comes_back(qtbot: QtBot, scene: Scene, veiled: bool) -> None:
    """Three stops forward and one back are all inside; Escape gives the keyboard to the button that had it."""
    theme = scene.theme
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(900, 600)
    behind = QPushButton("Behind", page)
    sheet = FloatingSheet(theme, page, veiled=veiled)
    inside = [QPushButton(words) for words in ("One", "Two", "Three")]
    lines = QWidget()
    column = QVBoxLayout(lines)
    for button in inside[:2]:
        column.addWidget(button)
    sheet.put(lines, buttons=(inside[2],))
    page.show()
    activate(page)
    behind.setFocus()
    sheet.show()
    sheet.place()
    inside[0].setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        seen.append(page.focusWidget())
    assert seen == [inside[1], inside[2], inside[0]]
    qtbot.keyClick(inside[0], Qt.Key.Key_Backtab)
    assert page.focusWidget() is inside[2]
    qtbot.keyClick(inside[2], Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert page.focusWidget() is behind


def test_the_question_what_to_share_keeps_tab(scene: Scene, qtbot: QtBot) -> None:
    """From Cancel, where nothing happens by accident, one Tab comes to what can be shared."""
    begin(scene)
    page = scene.window.call
    page.share.click()
    page.share_desk.render_devices(DevicesView(shareable=(Shareable("window:1", "Letter", is_screen=False),)))
    settle()
    assert scene.window.focusWidget() is page.stage.share.cancel
    qtbot.keyClick(page.stage.share.cancel, Qt.Key.Key_Tab)
    assert scene.window.focusWidget() is page.stage.share.list
