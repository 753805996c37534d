"""What must be in sight in a visit, in the smallest window that is supported and at the largest text."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import Verification
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.pages.call.page import CallPage
from carena_desktop.ui.theme import Appearance, Theme
from carena_desktop.ui.widgets.buttons import CallButton
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.scrolling import ScrollArea, height_for
from scripts.scenes_visit import CODE, files, identity, live, live_details, live_muted, safety, safety_changed, sharing
from scripts.stage import staged
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession
from tests.unit.ui.conftest import settle

SIZES = [(1000, 700), (1440, 900)]
Played = Callable[[FakeSession, FakeCall], None]


@pytest.fixture(params=[1.0, 2.0], ids=["100", "200"])
def text(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Theme]:
    """The light look at 100 and at 200 % text."""
    made = Theme(qapp, appearance=Appearance.LIGHT, text_scale=request.param)
    yield made
    made.deleteLater()


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft], ids=["ltr", "rtl"])
def direction(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    """Both directions of reading."""
    before = qapp.layoutDirection()
    qapp.setLayoutDirection(request.param)
    yield
    qapp.setLayoutDirection(before)


def muted_and_sharing(session: FakeSession, call: FakeCall) -> None:
    """Muted, an advice about the line, and a shared window."""
    live_muted(session, call)
    call.share("window:2")


def place(part: QWidget, window: MainWindow) -> QRect:
    """Where a part lies in the window."""
    return QRect(part.mapTo(window, part.rect().topLeft()), part.size())


def face(page: CallPage, window: MainWindow) -> QRect:
    """Where the patient's face is: in the middle of the picture, a third of it wide and half of it high."""
    stage = place(page.stage.video, window)
    height = min(stage.height(), stage.width() * 9 // 16)
    middle = QRect(0, 0, height * 16 // 27, height // 2)
    middle.moveCenter(stage.center())
    return middle


@pytest.mark.usefixtures("direction")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", [safety, safety_changed])
def test_the_face_is_seen_while_codes_are_compared(
    qapp: QApplication, text: Theme, scene: Played, size: tuple[int, int]
) -> None:
    """Nothing lies over the middle of the picture, and code and answers are in sight beside it."""
    with staged(qapp, text, scene, size) as window:
        page = window.call
        card, middle = page.side.code, face(page, window)
        assert card.isVisible()
        over = (*page.stage.children(), card)
        for part in over:
            if isinstance(part, QWidget) and part.isVisible() and part is not page.stage.pictures:
                assert not place(part, window).intersects(middle), part
        for part in (card, card.same, card.different, card.later):
            assert part.isVisible()
            assert window.rect().contains(place(part, window))
        assert {"482 913", "octopus"} <= {part.text() for part in card.findChildren(QLabel) if part.isVisible()}
        assert "another device" not in page.stage.problem.accessibleName()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", [live, live_muted, sharing, muted_and_sharing, safety_changed, files])
def test_controls_and_entry_need_no_scrolling(
    qapp: QApplication, text: Theme, scene: Played, size: tuple[int, int]
) -> None:
    """Every control of the call is whole in the window, and so is the chat's entry once the chat is opened."""
    with staged(qapp, text, scene, size) as window:
        page = window.call
        for _ in range(2):
            buttons = [*page.findChildren(CallButton), page.end]
            if page.side.shows_chat and page.chat.message.isVisible():
                buttons += [page.chat.send]
                assert window.rect().contains(place(page.chat.message, window))
            for button in buttons:
                assert button.width() >= button.sizeHint().width(), button.accessibleName()
                assert window.rect().contains(place(button, window)), button.accessibleName()
            if not page.chat.message.isVisible():
                page.open_chat(shown=True)
                page.chat.show_files(shown=False)
            settle()
        assert page.chat.message.isVisible()


@pytest.mark.parametrize("size", SIZES)
def test_the_connections_numbers_leave_their_button_free(
    qapp: QApplication, text: Theme, size: tuple[int, int]
) -> None:
    """No number is squeezed or lies under *View*: where the stage is low, the panel scrolls."""
    with staged(qapp, text, live_details, size) as window:
        stage = window.call.stage
        for beside in (stage.view, stage.identity, stage.self_view):
            assert not place(stage.details, window).intersects(place(beside, window)), beside
        for part in stage.details.findChildren(QLabel):
            assert part.isHidden() or part.height() >= part.sizeHint().height(), part.text()
        assert place(stage, window).contains(place(stage.details, window))


@pytest.mark.parametrize("size", SIZES)
def test_the_question_who_this_is_has_its_answers_in_sight(
    qapp: QApplication, text: Theme, size: tuple[int, int]
) -> None:
    """Words and fields keep their heights and scroll where the page is low; both answers are whole."""
    with staged(qapp, text, identity, size) as window:
        card = window.call.visit_desk.card
        for part in (*card.boxes.values(), *card.said.values(), *card.findChildren(QLabel)):
            need = part.heightForWidth(part.width()) if part.hasHeightForWidth() else part.sizeHint().height()
            assert part.height() >= need, part
        for answer in (card.confirm, card.cancel):
            assert window.rect().contains(place(answer, window))
        for _ in range(3):
            card.focusNextPrevChild(True)
        settle()
        field = window.focusWidget()
        assert field is not None
        assert place(card, window).contains(place(field, window))


@pytest.mark.usefixtures("theme")
def test_words_that_fit_without_a_bar_have_none(qtbot: QtBot) -> None:
    """A bar that was there for a moment goes again, though with it the words would need more lines."""
    content = QWidget()
    column = QVBoxLayout(content)
    column.addWidget(label("one two three four five six seven eight nine ten eleven twelve", wrap=True))
    area = ScrollArea(content)
    qtbot.addWidget(area)
    area.show()
    settle()
    bar = area.verticalScrollBar().sizeHint().width()
    wide = next(width for width in range(200, 100, -1) if height_for(column, width - bar) > height_for(column, width))
    tall = height_for(column, wide)
    for height, is_short in ((tall, False), (tall - 4, True), (tall, False)):
        area.resize(wide, height)
        settle()
        assert (area.verticalScrollBar().maximum() > 0) is is_short
        assert area.verticalScrollBar().isVisible() is is_short


def test_the_chat_comes_back_when_the_code_was_compared(qapp: QApplication, theme: Theme) -> None:
    """Where both have no room the code takes the chat's, until it is answered or the chat is asked for."""
    with staged(qapp, theme, live, (1000, 700)) as window:
        page = window.call
        page.safety.click()
        assert (page.side.shows_code, page.side.shows_chat) == (True, False)
        assert page.chat_button.accessibleName() == "Show chat"
        page.side.code.later.click()
        assert (page.side.shows_code, page.side.shows_chat) == (False, True)
        page.safety.click()
        page.chat_button.click()
        assert (page.side.shows_code, page.side.shows_chat) == (False, True)


def test_nobody_who_writes_is_interrupted(qapp: QApplication, theme: Theme) -> None:
    """Another device shows the code beside what is being written: letters that lose their field would be keys."""

    def writing(session: FakeSession, call: FakeCall) -> None:
        live(session, call)
        calls.append(call)

    calls: list[FakeCall] = []
    with staged(qapp, theme, writing, (1000, 700)) as window:
        page = window.call
        page.chat.message.setFocus()
        calls[0].push(security=replace(CODE, verification=Verification.CHANGED))
        settle()
        assert (page.side.shows_code, page.side.shows_chat) == (True, True)
        assert window.rect().contains(place(page.chat.message, window))
        assert window.rect().contains(place(page.side.code.different, window))


def test_long_names_of_pictures_are_whole(qapp: QApplication) -> None:
    """Names that have no room in a row stand two by two, beside their pictures."""
    names = ("alarm clock", "headphones", "strawberry", "light bulb")

    def long_names(session: FakeSession, call: FakeCall) -> None:
        live(session, call)
        call.push(security=replace(CODE, names=names))

    for scale in (1.0, 2.0):
        large = Theme(qapp, appearance=Appearance.LIGHT, text_scale=scale)
        with staged(qapp, large, long_names, (1000, 700)) as window:
            window.call.safety.click()
            settle()
            shown = [part for part in window.call.side.code.findChildren(QLabel) if part.text() in names]
            assert len(shown) == len(names)
            for part in shown:
                assert part.width() >= part.sizeHint().width(), part.text()
        large.deleteLater()
