"""The visit's files as a person uses them."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from carena_desktop.call.files.model import FileState, FilesView, FileView, RequestState
from carena_desktop.call.files.sniff import Kind
from carena_desktop.call.model import Allowed, CallState, EndReason
from carena_desktop.ui.file_intents import connect_files
from carena_desktop.ui.pages.call.files_view_model import files_state, refusal, size
from tests.unit.ui.conftest import LiveScene, Scene, settle
from tests.unit.ui.test_call_page import accessible_names, connect

PHOTO = FileView("p", "pill bottle.jpg", 1_887_436, mine=False, state=FileState.DONE, kind=Kind.JPEG)
OFFERED = FileView("o", "results.pdf", 340_000, mine=False, state=FileState.OFFERED)
SENDING = FileView("s", "letter.pdf", 2_000_000, mine=True, state=FileState.MOVING, moved=500_000)


def dialog(scene: Scene) -> QFileDialog:
    """Return the dialog that asks for a file."""
    return next(d for d in scene.window.call.findChildren(QFileDialog) if d.isVisible())


def choose(scene: Scene, path: Path) -> None:
    """Choose a file, or a place for one."""
    shown = dialog(scene)
    shown.setOption(QFileDialog.Option.DontConfirmOverwrite)
    shown.fileSelected.emit(str(path))
    shown.close()
    settle()


async def finished(scene: LiveScene) -> None:
    """Wait until everything that was pressed is done."""
    async with asyncio.timeout(10):
        while scene.scope.task_names:  # noqa: ASYNC110 - several tasks; a poll is the simplest
            await asyncio.sleep(0.005)


def test_what_is_shown_of_each_standing() -> None:
    """A row says whose the file is, how large, how it stands, and offers what can be done with it."""
    state = files_state(FilesView(files=(PHOTO, OFFERED, SENDING), most=1), running=True)
    photo, offered, sending = state.rows
    assert photo.caption == "From the patient · 1.8 MB · not saved yet"
    assert (photo.may_save, photo.may_preview, photo.may_cancel) == (True, True, False)
    assert (offered.may_answer, offered.may_save) == (True, False)
    assert sending.caption == "From you · 1.9 MB · sending, 25 %"
    assert (sending.percent, sending.may_cancel) == (25, True)
    assert state.tab == "Files 3"
    assert state.offered == "The patient wants to send you 1 file."


@pytest.mark.parametrize(
    ("kind", "name", "warns"),
    [(Kind.PDF, "a.pdf", False), (Kind.PAGE, "a.pdf", True), (Kind.PDF, "a.jpg", True), (Kind.TEXT, "a.csv", False)],
)
def test_a_file_that_is_not_what_it_says_is_warned_about(kind: Kind, name: str, warns: bool) -> None:
    """The content decides: a page called PDF, or a PDF called picture, has a warning before it is saved."""
    view = FilesView(files=(replace(PHOTO, kind=kind, name=name),))
    assert bool(files_state(view, running=True).rows[0].warning) == warns


def test_nothing_can_be_sent_where_it_is_not_allowed() -> None:
    """A policy without files leaves no button, and says so."""
    state = files_state(FilesView(allowed=False, most=0), running=True)
    assert (state.may_send, state.may_ask) == (False, False)
    assert "organization" in state.empty
    assert not files_state(FilesView(most=5), running=False).may_send


def test_refusals_are_words() -> None:
    """Each reason why a file can't be sent has a sentence, with the limit in it where that is the reason."""
    assert "100.0 MB" in refusal("too-large", 100 * 1024 * 1024)
    sentences = {refusal(code, 0) for code in ("empty", "kind", "unreadable", "not-allowed")}
    assert len(sentences) == 4
    assert size(1) == "1 kB"


def test_the_panel_names_what_it_offers(scene: Scene) -> None:
    """Every button has its name for a screen reader, and says of which file it is."""
    connect(scene)
    scene.call.files.push(files=(PHOTO, OFFERED))
    scene.window.call.chat.show_files(shown=True)
    settle()
    names = accessible_names(scene.window.call.chat)
    assert {"Send file", "Ask for a photo", "Save file", "Preview picture", "Receive file", "Decline file"} <= names
    photo = scene.window.call.chat.files.cards()[0]
    assert photo.buttons["save"].accessibleDescription() == "pill bottle.jpg"


def test_the_keyboard_reaches_the_files(scene: Scene, qtbot: QtBot) -> None:
    """The arrows change from chat to files and back."""
    connect(scene)
    tabs = scene.window.call.chat.tabs
    tabs.setFocus()
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert scene.window.call.chat.files.isVisible()
    qtbot.keyClick(tabs, Qt.Key.Key_Left)
    assert scene.window.call.chat.message.isVisible()


def test_an_offer_is_said_beside_the_chat(scene: Scene) -> None:
    """Whoever writes sees that a file waits, and one press shows it."""
    connect(scene)
    scene.call.files.push(files=(OFFERED,))
    settle()
    offered = scene.window.call.chat.offered
    assert offered.isVisible()
    assert offered.action is not None
    offered.action.click()
    assert scene.window.call.chat.files.cards()[0].name.strip("\u2068\u2069") == "results.pdf"


async def test_what_is_pressed_reaches_the_call(live_scene: LiveScene, tmp_path: Path) -> None:
    """Sending, answering, asking and saving go to the desk with the right file."""
    connect(live_scene)
    live_scene.call.files.push(files=(PHOTO, OFFERED, SENDING))
    panel = live_scene.window.call.chat.files
    photo, offered, sending = panel.cards()
    offered.buttons["accept"].click()
    offered.buttons["decline"].click()
    sending.buttons["cancel"].click()
    panel.photo.click()
    panel.photo.click()
    panel.send.click()
    choose(live_scene, tmp_path / "letter.pdf")
    photo.buttons["save"].click()
    choose(live_scene, tmp_path / "photo.jpg")
    await finished(live_scene)
    asked = [what for what in live_scene.call.asked if "file" in what[0] or "photo" in what[0]]
    assert asked == [
        ("accept file", "o"),
        ("decline file", "o"),
        ("cancel file", "s"),
        ("ask photo", None),
        ("withdraw photo", None),
        ("send file", tmp_path / "letter.pdf"),
        ("save file", ("p", tmp_path / "photo.jpg")),
    ]
    assert "saved" in photo.caption


async def test_a_file_that_can_not_be_sent_or_saved_is_said(live_scene: LiveScene, tmp_path: Path) -> None:
    """What went wrong stands in the panel until something else is done."""
    connect(live_scene)
    live_scene.call.files.refuses = "empty"
    live_scene.intents.files.send(str(tmp_path / "empty.txt"))
    await finished(live_scene)
    assert live_scene.window.call.chat.files.problem.text == "This file is empty."


def test_a_picture_covers_the_page_until_escape(scene: Scene, qtbot: QtBot) -> None:
    """A preview is part of the page; Escape puts it away and nothing of it stays."""
    connect(scene)
    scene.call.files.push(files=(PHOTO,))
    desk = scene.window.call.files_desk
    image = QImage(80, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    desk.show_picture("p", image)
    settle()
    assert desk.picture.isVisible()
    assert desk.picture.size() == scene.window.call.size()
    qtbot.keyClick(desk.picture.close_button, Qt.Key.Key_Escape)
    desk.close_picture()
    assert desk.picture.isHidden()
    assert desk.picture.canvas.image.isNull()


@pytest.mark.parametrize("ended", [False, True])
def test_unsaved_files_are_asked_about_before_they_are_deleted(scene: Scene, ended: bool) -> None:
    """Ending the visit, or leaving one that has ended, asks first; back keeps everything, yes goes on."""
    connect(scene)
    page = scene.window.call
    left: list[str] = []
    page.end_requested.connect(left.append)
    page.leave_requested.connect(left.append)
    scene.call.files.push(files=(PHOTO,))
    if ended:
        scene.call.push(state=CallState.ENDED, end_reason=EndReason.REMOTE)
    press = page.stage.centre.back.click if ended else page.end.click
    press()
    assert page.files_desk.unsaved.isVisible()
    page.files_desk.unsaved.cancel.click()
    assert left == []
    press()
    page.files_desk.unsaved.delete.click()
    assert len(left) == 1


def test_saved_files_ask_nothing(scene: Scene) -> None:
    """A visit whose files are saved ends at once."""
    connect(scene)
    left: list[str] = []
    scene.window.call.end_requested.connect(left.append)
    scene.call.files.push(files=(replace(PHOTO, saved=True),))
    scene.window.call.end.click()
    assert left == ["visit-1"]


def test_another_visit_shows_nothing_of_the_last(scene: Scene) -> None:
    """Pictures, questions and problems of a visit are gone when the next begins."""
    connect(scene)
    page = scene.window.call
    scene.call.files.push(files=(PHOTO,), request=RequestState.OPEN)
    page.files_desk.show_picture("p", QImage(8, 8, QImage.Format.Format_RGB32))
    page.files_desk.panel.show_problem("old")
    scene.call.push(state=CallState.ASKING, visit="visit-2")
    scene.call.allow(Allowed.MICROPHONE_ONLY)
    settle()
    assert page.files_desk.picture.isHidden()
    assert page.files_desk.panel.problem.isHidden()


async def test_a_page_that_takes_the_place_of_another_shows_what_is_there(live_scene: LiveScene) -> None:
    """Another language makes another window in the middle of a visit: the files are in it at once."""
    connect(live_scene)
    live_scene.call.files.push(files=(PHOTO,))
    live_scene.window.call.chat.files.clear()
    connect_files(live_scene.window.call, live_scene.bridge, live_scene.intents.files)
    assert len(live_scene.window.call.chat.files.cards()) == 1


@pytest.mark.parametrize("running", [True, False])
def test_a_dropped_file_is_offered_while_files_may_be_sent(scene: Scene, tmp_path: Path, running: bool) -> None:
    """Files of this computer can be dropped on the panel; addresses, and files outside a call, are not taken."""
    connect(scene)
    if not running:
        scene.call.push(state=CallState.ENDED, end_reason=EndReason.REMOTE)
    scene.call.files.push(most=5)
    sent: list[str] = []
    scene.window.call.files_desk.send_requested.connect(sent.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.pdf")), QUrl("https://example.org/b.pdf")])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    scene.window.call.chat.files.dropEvent(drop)
    assert sent == ([str(tmp_path / "a.pdf")] if running else [])
