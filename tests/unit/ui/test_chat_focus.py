"""Where the keyboard is while one writes with a patient who waits."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from carena_desktop.session.chat_model import ChatState, ChatView
from carena_desktop.ui.keys import Do
from tests.fakes.session import entry
from tests.unit.ui.conftest import Scene, settle


def test_the_field_gets_the_keyboard_when_it_can_be_written_in(scene: Scene, qtbot: QtBot) -> None:
    """M opens the chat, which takes the server a moment: as soon as it is open one writes; Escape goes back."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    page.focus_first()
    page.do(Do.MESSAGE)
    settle()
    assert scene.window.focusWidget() is page.table
    scene.session.publish(chats=(ChatView("visit-1", ChatState.OPEN, present=True),))
    settle()
    assert scene.window.focusWidget() is page.drawer.chat.message
    qtbot.keyClick(page.drawer.chat.message, Qt.Key.Key_Escape)
    assert scene.window.focusWidget() is page.table
    assert page.drawer.chat.isVisible()


def test_a_line_that_comes_later_takes_no_keyboard(scene: Scene) -> None:
    """The keyboard is moved once, when it was asked for."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    page.do(Do.MESSAGE)
    scene.session.publish(chats=(ChatView("visit-1", ChatState.OPEN, present=True),))
    page.title.search.setFocus()
    scene.session.publish(chats=(ChatView("visit-1", ChatState.OPEN, present=True, unread=1),))
    settle()
    assert scene.window.focusWidget() is page.title.search


def test_closing_the_chat_gives_the_keyboard_to_the_list(scene: Scene) -> None:
    """What was pressed is gone with the chat."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    page.do(Do.MESSAGE)
    scene.session.publish(chats=(ChatView("visit-1", ChatState.OPEN, present=True),))
    settle()
    page.drawer.chat.close_button.setFocus()
    page.drawer.chat.close_button.click()
    settle()
    assert scene.window.focusWidget() is page.table
