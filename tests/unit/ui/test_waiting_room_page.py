"""The waiting room as a person uses it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QPaintEvent
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from carena_desktop.session.model import KeyringState, SessionState, WaitingRoom
from carena_desktop.session.orders import Order, Verb
from carena_desktop.ui.keys import Do
from carena_desktop.ui.pages.waiting_room import page as waiting_page
from carena_desktop.ui.pages.waiting_room.table_model import Column
from carena_protocol.messages import Presence, Role, VisitState
from carena_protocol.rows import AwayBy, Outcome, Room
from tests.fakes.session import ACCOUNT, entry
from tests.unit.ui.conftest import LiveScene, Scene, settle

IN_VISIT = {"state": VisitState.IN_VISIT, "admitted_at_ms": 1_800_000_600_000}


class Paints(QObject):
    """Collects the regions a widget is asked to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.rects: list[QRect] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at paint events."""
        if isinstance(event, QPaintEvent):
            self.rects += [event.region().boundingRect()]
        return super().eventFilter(watched, event)


def plain(words: str) -> str:
    """Leave out what keeps a name's direction apart from the words around it."""
    return words.replace("\u2068", "").replace("\u2069", "")


def names(scene: Scene) -> list[str]:
    """The patients shown, in order."""
    model = scene.window.waiting_room.model
    return [str(model.index(row, Column.PATIENT).data()) for row in range(model.rowCount())]


def selected(scene: Scene) -> str:
    """The selected visit."""
    row = scene.window.waiting_room.table.selected()
    return row.visit if row is not None else ""


def test_controls_have_the_agreed_names(scene: Scene) -> None:
    """The table and the main button are found by their agreed names and roles."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    table = QAccessible.queryAccessibleInterface(page.table)
    assert table.text(QAccessible.Text.Name) == "Waiting room"
    assert table.role() is QAccessible.Role.Table
    button = QAccessible.queryAccessibleInterface(page.drawer.start)
    assert button.text(QAccessible.Text.Name) == "Start visit"
    assert button.role() is QAccessible.Role.Button


def test_the_longest_wait_is_on_top(scene: Scene) -> None:
    """Of one acuity the oldest check-in is first, and visits under way are last."""
    scene.online(entry(3), entry(1, **IN_VISIT), entry(2))
    assert names(scene) == ["Test Patient 2", "Test Patient 3", "Test Patient 1"]


def test_deltas_keep_the_selection(scene: Scene) -> None:
    """Arrivals, changes and departures around a selected patient leave the selection and never reset the model."""
    scene.online(entry(2), entry(3))
    page = scene.window.waiting_room
    resets: list[int] = []
    page.model.modelReset.connect(lambda: resets.append(1))
    page.table.select(page.model.index(1, 0))
    assert selected(scene) == "visit-3"
    scene.session.show(entry(1), entry(2), replace(entry(3), presence=Presence.RECONNECTING), entry(4))
    assert selected(scene) == "visit-3"
    scene.session.show(entry(3), entry(4))
    assert selected(scene) == "visit-3"
    assert resets == []


def test_when_the_selected_patient_goes_another_is_selected(scene: Scene) -> None:
    """There is always someone to start with while someone waits."""
    scene.online(entry(1), entry(2))
    assert selected(scene) == "visit-1"
    scene.session.show(entry(2))
    assert selected(scene) == "visit-2"
    assert scene.window.waiting_room.drawer.start.isEnabled()


def test_the_model_keeps_qts_rules(scene: Scene) -> None:
    """Qt's own checker accepts the model and the proxy through insertions, moves and removals."""
    page = scene.window.waiting_room
    testers = [
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal) for model in (page.model,)
    ]
    scene.online(entry(1), entry(2), entry(3))
    scene.session.show(entry(3), entry(1), entry(4))
    scene.session.show(entry(2), entry(4), entry(3))
    scene.session.show()
    assert page.model.rowCount() == 0
    assert len(testers) == 1


def test_enter_starts_the_selected_visit(scene: Scene, qtbot: QtBot) -> None:
    """Enter in the table asks to start; a held key asks once."""
    scene.online(entry(1), entry(2))
    page = scene.window.waiting_room
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.start_visit_requested) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert asked.args == ["visit-2"]


def test_tab_leaves_the_table(scene: Scene, qtbot: QtBot) -> None:
    """The table doesn't swallow Tab (WCAG 2.1.2)."""
    scene.online(entry(1), entry(2))
    page = scene.window.waiting_room
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Tab)
    assert scene.window.focusWidget() is not page.table


def test_slash_searches_and_escape_returns(scene: Scene, qtbot: QtBot) -> None:
    """A slash goes to the search, typing filters, Escape clears and goes back to the table."""
    scene.online(entry(1), entry(2, reason="Fever"))
    page = scene.window.waiting_room
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Slash)
    settle()
    assert scene.window.focusWidget() is page.title.search
    qtbot.keyClicks(page.title.search, "fev/")
    assert page.title.search.text() == "fev/"
    qtbot.keyClick(page.title.search, Qt.Key.Key_Backspace)
    assert names(scene) == ["Test Patient 2"]
    qtbot.keyClick(page.title.search, Qt.Key.Key_Escape)
    assert len(names(scene)) == 2
    assert scene.window.focusWidget() is page.table


def test_an_empty_search_says_so(scene: Scene) -> None:
    """No match and nobody waiting read differently."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    page.title.search.setText("nobody")
    assert page.empty.title == "No patient matches"
    page.title.search.clear()
    scene.session.show()
    assert page.empty.title == "No one is waiting"
    assert not page.drawer.start.isEnabled()


def test_headers_and_menu_sort(scene: Scene) -> None:
    """A click on a heading sorts by it, a second one turns it round, and the button says how."""
    scene.online(entry(1, name="B"), entry(2, name="A"))
    page = scene.window.waiting_room
    page._header_clicked(Column.PATIENT)
    assert names(scene) == ["A", "B"]
    assert page.filters.sort.words == "Name, A to Z"
    page._header_clicked(Column.PATIENT)
    assert names(scene) == ["B", "A"]
    page.filters._menu.actions()[0].trigger()
    assert page.filters.sort.words == "Acuity, then wait"


def test_the_clock_repaints_only_its_cells(scene: Scene) -> None:
    """A tick paints inside the Waiting column and nothing else of the table."""
    scene.online(*(entry(n) for n in range(5)))
    page = scene.window.waiting_room
    settle()
    paints = Paints()
    page.table.viewport().installEventFilter(paints)
    scene.clock.advance(1)
    page.table.tick()
    settle()
    page.table.viewport().removeEventFilter(paints)
    left = page.table.columnViewportPosition(Column.WAITING)
    column = QRect(left, 0, page.table.columnWidth(Column.WAITING), page.table.viewport().height())
    assert paints.rects
    assert all(column.contains(rect) for rect in paints.rects)


def test_times_run_with_the_servers_clock(scene: Scene) -> None:
    """Waits are counted on the server's clock, whatever this computer thinks the time is."""
    scene.online(entry(0))
    scene.session.publish(clock_offset_ms=90_000)
    page = scene.window.waiting_room
    page.tick()
    assert page.counter_row.median.number == "01:30"
    scene.clock.advance(5)
    page.tick()
    assert page.counter_row.median.number == "01:35"
    assert page.model.index(0, Column.WAITING).data() == "01:35"


def test_screen_readers_hear_every_cell(scene: Scene) -> None:
    """Each column has a text for readers, with durations in words."""
    scene.online(entry(0, presence=Presence.RECONNECTING))
    scene.clock.advance(61)
    model = scene.window.waiting_room.model
    spoken = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in Column]
    assert spoken == [
        "No acuity yet",
        "Test Patient 0, 47 y · 1 Jan 1980",
        "Reason 0",
        "Waiting for 1 minute 1 second",
        "Arrived, reconnecting",
        "Devices not tested yet",
        "No language given",
        "Assigned to nobody",
    ]


def test_arrivals_are_told_without_a_name(scene: Scene, qtbot: QtBot) -> None:
    """A new patient rings; the first list after signing in and changes don't."""
    page = scene.window.waiting_room
    scene.online(entry(1))
    with qtbot.assertNotEmitted(page.happened):
        scene.session.show(replace(entry(1), presence=Presence.RECONNECTING))
    with qtbot.waitSignal(page.happened):
        scene.session.show(entry(1), entry(2))


def test_a_lost_connection_is_said_and_stops_starting(scene: Scene) -> None:
    """While reconnecting the banner is up, the list stays and nothing can be started."""
    scene.online(entry(1))
    scene.session.publish(state=SessionState.RECONNECTING)
    page = scene.window.waiting_room
    assert page.banner.isVisible()
    assert names(scene) == ["Test Patient 1"]
    assert not page.drawer.start.isEnabled()
    scene.session.publish(state=SessionState.ONLINE)
    assert not page.banner.isVisible()
    assert page.drawer.start.isEnabled()


def test_someone_elses_visit_can_not_be_started(scene: Scene, qtbot: QtBot) -> None:
    """A patient in another clinician's visit is shown with the name, without an action."""
    scene.online(entry(1, **IN_VISIT, clinician_id="other", clinician_name="Dr Other"))
    page = scene.window.waiting_room
    assert not page.drawer.start.isEnabled()
    with qtbot.assertNotEmitted(page.start_visit_requested):
        qtbot.keyClick(page.table, Qt.Key.Key_Return)


OTHERS = {"clinician_id": "other", "clinician_name": "Dr Other"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({**IN_VISIT, **OTHERS}, "In visit with Dr Other."),
        ({"state": VisitState.CLAIMED, **OTHERS}, "Taken by Dr Other."),
        ({"state": VisitState.ON_HOLD, **OTHERS}, "In visit with Dr Other, on hold now."),
        (
            {"state": VisitState.STEPPED_AWAY, "away_by": AwayBy.STAFF, **OTHERS},
            "In visit with Dr Other, who has stepped away.",
        ),
        ({"state": VisitState.STEPPED_AWAY, "away_by": AwayBy.PATIENT, **OTHERS}, "The patient has stepped out."),
        ({"state": VisitState.STEPPED_AWAY, "away_by": AwayBy.PATIENT}, "The patient has stepped out."),
    ],
)
def test_enter_says_who_has_the_patient(
    scene: Scene, qtbot: QtBot, changes: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enter on a patient who can't be had is answered in the notice and aloud; the button says the same."""
    said: list[str] = []
    monkeypatch.setattr(waiting_page, "announce", lambda _widget, text, **_: said.append(text))
    scene.online(entry(1, **changes))
    page = scene.window.waiting_room
    with qtbot.assertNotEmitted(page.start_visit_requested):
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert plain(page.message.text) == words
    assert page.message.isVisible()
    assert [plain(one) for one in said] == [words]
    assert plain(page.drawer.start.toolTip()) == words
    assert plain(page.drawer.start.accessibleDescription()) == words


def test_enter_says_that_the_role_or_the_connection_refuses(scene: Scene, qtbot: QtBot) -> None:
    """Whoever may not start visits, and whoever has no server, reads that; starting is possible again afterwards."""
    scene.session.publish(account=replace(ACCOUNT, role=Role.ADMINISTRATOR), state=SessionState.ONLINE)
    scene.session.show(entry(1))
    page = scene.window.waiting_room
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.message.text == "Your role may not do this."
    scene.session.publish(account=ACCOUNT)
    scene.session.publish(state=SessionState.RECONNECTING)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.message.text == "Not connected to the server at the moment."
    for key in (Do.MESSAGE, Do.LINK):
        page.show_message("", "info")
        page.do(key)
        assert page.message.text == "Not connected to the server at the moment."
    scene.session.publish(state=SessionState.ONLINE)
    assert page.drawer.start.toolTip() == ""
    with qtbot.waitSignal(page.start_visit_requested) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert asked.args == ["visit-1"]


def test_enter_while_the_visit_is_being_started_asks_once(scene: Scene, qtbot: QtBot) -> None:
    """A second Enter on the patient whose visit is being started starts nothing and complains about nothing."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    page.set_starting("visit-1")
    with qtbot.assertNotEmitted(page.start_visit_requested):
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.message.text == ""
    assert page.drawer.start.words == "Starting…"


def test_my_own_visit_can_be_rejoined_or_finished(scene: Scene, qtbot: QtBot) -> None:
    """After a crash the visit is still mine: rejoin it, or finish it."""
    scene.online(entry(1, **IN_VISIT, clinician_id=ACCOUNT.id, clinician_name="me"))
    drawer = scene.window.waiting_room.drawer
    assert drawer.start.words == "Rejoin visit"
    drawer.finish.click()
    sheet = scene.window.waiting_room.sheet
    assert sheet.isVisible()
    with qtbot.waitSignal(scene.window.waiting_room.order_requested) as asked:
        sheet.confirm.click()
    assert asked.args == [Order(Verb.FINISH, "visit-1", 1, outcome=Outcome.COMPLETED)]


def test_a_keyring_notice_can_be_put_away(scene: Scene) -> None:
    """The notice is shown once and stays away until it changes."""
    scene.online(entry(1))
    scene.session.publish(keyring=KeyringState.LOCKED)
    notice = scene.window.waiting_room.keyring_notice
    assert notice.isVisible()
    notice._dismiss()
    scene.session.show(entry(1), entry(2))
    assert not notice.isVisible()


def test_a_visit_link_goes_to_the_clipboard(scene: Scene) -> None:
    """The link is copied and confirmed, and is not shown on the screen."""
    scene.online()
    page = scene.window.waiting_room
    page.show_link("https://clinic.test/visit#secret")
    assert QGuiApplication.clipboard().text() == "https://clinic.test/visit#secret"
    assert page.message.isVisible()
    assert "secret" not in page.message.text


def test_signing_out_forgets_every_patient(scene: Scene) -> None:
    """No row, no message and no search outlives the session."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    page.title.search.setText("x")
    scene.session.publish(state=SessionState.SIGNED_OUT, account=None)
    assert page.model.rowCount() == 0
    assert page.title.search.text() == ""
    assert page.drawer.row is None


def test_five_hundred_patients(scene: Scene) -> None:
    """A list far longer than any clinic's is shown, searched and changed."""
    crowd = [entry(n) for n in range(500)]
    scene.online(*crowd)
    page = scene.window.waiting_room
    assert page.model.rowCount() == 500
    page.title.search.setText("Patient 499")
    assert names(scene) == ["Test Patient 499"]
    page.title.search.clear()
    scene.session.show(*crowd[1:], entry(500))
    page.tick()
    assert page.model.rowCount() == 500


@pytest.mark.parametrize(
    "hostile",
    ["<h1>big</h1><img src=x>", "يوسف مثال", "a\u202egnp.exe", "N" * 120, "line\nbreak", "&amp; &lt;", ""],
)
def test_hostile_names_are_shown_as_text(scene: Scene, hostile: str) -> None:
    """Markup, right-to-left, overrides, length: a name is one plain line that doesn't move anything."""
    scene.online(entry(1), entry(2, name=hostile, reason=hostile or "-"))
    page = scene.window.waiting_room
    page.table.select(page.model.index(1, 0))
    settle()
    drawer = page.drawer
    assert drawer._name.textFormat() is Qt.TextFormat.PlainText
    assert drawer.facts.reason.textFormat() is Qt.TextFormat.PlainText
    assert drawer.width() == scene.theme.px(312)
    assert "\u202e" not in drawer._name.text()
    assert "\n" not in names(scene)[1]
    assert scene.window.width() == 1440


def test_a_narrow_window_folds_and_floats(scene: Scene) -> None:
    """Narrow: the rail shows icons and the patient's panel lies over the table until closed."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    scene.window.resize(1100, 800)
    settle()
    assert page.drawer_floats
    assert not page.drawer.isVisible()
    page._clicked(page.model.index(0, 0))
    assert page.drawer.isVisible()
    assert page.drawer.geometry().right() == page.width() - 1
    page.drawer.close_button.click()
    assert not page.drawer.isVisible()
    scene.window.resize(1440, 900)
    settle()
    assert page.drawer.isVisible()


def test_space_opens_the_details_where_they_float(scene: Scene, qtbot: QtBot) -> None:
    """In a narrow window the keyboard reaches the patient's panel and its button."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    scene.window.resize(1000, 800)
    settle()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.drawer.isVisible()
    assert scene.window.focusWidget() is page.drawer.start


def test_who_should_be_seen_at_once_is_over_target_at_once(scene: Scene) -> None:
    """Acuity 1 has a target of zero minutes: the row is painted, full and over, from the first second."""
    scene.session.publish(waiting_room=WaitingRoom(rooms=(Room(id="main", name="Main"),)))
    scene.online(entry(0, acuity=1))
    page = scene.window.waiting_room
    page.tick()
    assert page.counter_row.over.number == "1"
    assert not page.grab().isNull()


def test_a_colleagues_note_is_read_in_full(scene: Scene) -> None:
    """What was written at a hold, a transfer or a return stands whole beside the patient, and in the cell's tip."""
    note = "Waiting for the lab result; the daughter interprets, please keep the volume up and speak slowly."
    scene.online(entry(1, note=note), entry(2))
    page = scene.window.waiting_room
    facts = page.drawer.facts
    assert facts.handover.isVisible()
    assert note in facts.handover.text
    tip = page.model.index(0, Column.STATUS).data(Qt.ItemDataRole.ToolTipRole)
    assert note in str(tip)
    page.do(Do.DOWN)
    assert not facts.handover.isVisible()


def test_a_link_leads_into_the_room_that_is_chosen(scene: Scene, qtbot: QtBot) -> None:
    """With several rooms in one list the first is meant; with one chosen, that one; and only its rows are shown."""
    rooms = (Room(id="main", name="Main"), Room(id="two", name="Follow-up"))
    scene.session.publish(waiting_room=WaitingRoom(rooms=rooms))
    scene.online(entry(1), entry(2, room="two"))
    page = scene.window.waiting_room
    assert page.title.room.isVisible()
    with qtbot.waitSignal(page.visit_link_requested) as asked:
        page.title.link.click()
    assert asked.args == ["main"]
    page.title.choose_room("two")
    assert names(scene) == ["Test Patient 2"]
    assert page.counter_row.waiting.number == "1"
    with qtbot.waitSignal(page.visit_link_requested) as asked:
        page.title.link.click()
    assert asked.args == ["two"]


async def test_details_are_asked_for_once_and_again_after_a_break(live_scene: LiveScene, qtbot: QtBot) -> None:
    """A patient who stays selected is opened once; a refusal is said in words; after a break it is asked again."""
    live_scene.online(entry(1))
    page, session = live_scene.window.waiting_room, live_scene.session
    asked = ("details", "visit-1")
    with qtbot.waitSignal(page.details_requested, timeout=5000):
        page.table.select(page.model.index(0, 0))
    await live_scene.settled()
    assert session.calls.count(asked) == 1
    assert page.drawer.facts.loading.text() == "That visit is no longer here."
    session.publish(clock_offset_ms=5)
    assert not page._settled.isActive()
    session.publish(state=SessionState.RECONNECTING)
    with qtbot.waitSignal(page.details_requested, timeout=5000):
        session.publish(state=SessionState.ONLINE)
    await live_scene.settled()
    assert session.calls.count(asked) == 2
