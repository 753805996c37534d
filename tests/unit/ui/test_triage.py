"""Triage: the form's reading, its draft, and the page as a nurse uses it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from carena_desktop.session.orders import Order, Verb
from carena_desktop.ui.pages.triage.draft import SAVE_AFTER_S, Draft, Saving, Typed, read, with_flag
from carena_desktop.ui.vitals import VITALS, Band
from carena_protocol.rows import Details, QueueEntry, RedFlag, Room, TriageForm, VisitState, VitalsSource
from tests.fakes.session import entry
from tests.unit.ui.conftest import LiveScene, Scene, settle

FORM = TriageForm(complaint="Cough", systolic=158, temperature_c=38.4, pain=3, note="Line one\nLine two")


def details(number: int, form: TriageForm | None = None) -> Details:
    """What the server knows about a patient."""
    one = entry(number)
    row = QueueEntry(
        visit=one.visit,
        version=1,
        state=VisitState.ARRIVED,
        presence=one.presence,
        name=one.name,
        birth_date=one.birth_date,
        reason=one.reason,
        checked_in_at=one.checked_in_at_ms,
    )
    return Details(entry=row, location="12 Example Street", triage=form)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [("heart_rate", "96", 96), ("temperature_c", "36,8", 36.8), ("temperature_c", " 37.25 ", 37.2), ("spo2", "", None)],
)
def test_numbers_are_read_as_people_write_them(name: str, typed: str, value: float | None) -> None:
    """Comma or point, with blanks around, or nothing at all."""
    form, problems = read(Typed(vitals={name: typed}))
    assert problems == {}
    assert getattr(form, name) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [("heart_rate", "9600"), ("heart_rate", "abc"), ("spo2", "101"), ("systolic", "120.5"), ("temperature_c", "98.6")],
)
def test_what_can_not_be_is_told_and_the_rest_is_kept(name: str, typed: str) -> None:
    """A slip of the hand is said beside its field; everything else is read all the same."""
    form, problems = read(Typed(texts={"complaint": "Cough"}, vitals={name: typed}))
    assert set(problems) == {name}
    assert getattr(form, name) is None
    assert form.complaint == "Cough"


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_in_words(typed: str) -> None:
    """No text breaks the form: each is a number in range, nothing, or a problem in words."""
    for vital in VITALS:
        form, problems = read(Typed(vitals={vital.field: typed}))
        value = getattr(form, vital.field)
        low, high = vital.possible
        assert value is None or low <= value <= high
        assert vital.field not in problems or problems[vital.field]


def test_ranges_are_words_and_not_a_score() -> None:
    """What is unusual is called low or high; the limits themselves are usual."""
    by_field = {vital.field: vital for vital in VITALS}
    assert [by_field["systolic"].band(value) for value in (110, 111, 139, 140)] == [
        Band.LOW,
        Band.USUAL,
        Band.USUAL,
        Band.HIGH,
    ]
    assert by_field["spo2"].band(95) is Band.LOW


def test_a_form_survives_being_shown_and_read_again() -> None:
    """What the server has comes back unchanged through the fields."""
    assert read(Typed.of(FORM, 2)) == (FORM, {})


def test_a_draft_is_saved_after_a_moment_of_quiet() -> None:
    """Typing puts the saving off; then one order saves everything, with the row's version."""
    draft = Draft("v", 3, Typed())
    draft.type(Typed(texts={"note": "a"}), now=10.0)
    draft.type(Typed(texts={"note": "ab"}), now=11.0)
    assert draft.due_in(11.0) == SAVE_AFTER_S
    order = draft.save()
    assert order is not None
    assert (order.version, order.ready, order.form) == (3, False, TriageForm(note="ab"))
    assert draft.save() is None
    draft.type(Typed(texts={"note": "abc"}), now=12.0)
    assert draft.done(order, 4, now_ms=5)
    assert draft.saving is Saving.CHANGED
    after = draft.save()
    assert after is not None
    assert after.version == 4


def test_a_refused_draft_keeps_what_was_typed() -> None:
    """After a refusal the text is there, unsaved, and goes with the next save under the row's new version."""
    draft = Draft("v", 1, Typed())
    draft.type(Typed(texts={"note": "kept"}), now=0.0)
    order = draft.save()
    assert order is not None
    assert draft.refused(order)
    draft.row_is(7)
    again = draft.save()
    assert again is not None
    assert (again.version, again.form) == (7, TriageForm(note="kept"))


def test_somebody_elses_order_is_not_ours() -> None:
    """An order of the table does not count as the draft's."""
    draft = Draft("v", 1, Typed())
    assert not draft.done(Order(Verb.TRIAGE, "v", 1, acuity=2), 2, 0)
    assert draft.saving is Saving.EMPTY


def test_flags_keep_the_order_of_the_list() -> None:
    """Ticking and unticking in any order gives the list's order, each once."""
    typed = with_flag(with_flag(Typed(), RedFlag.FAINTING, on=True), RedFlag.CHEST_PAIN, on=True)
    assert typed.red_flags == (RedFlag.CHEST_PAIN, RedFlag.FAINTING)
    assert with_flag(typed, RedFlag.CHEST_PAIN, on=False).red_flags == (RedFlag.FAINTING,)


def test_forms_never_print() -> None:
    """No representation of what is typed holds patient text."""
    assert "Private" not in repr(Typed(texts={"note": "Private"}, vitals={"spo2": "Private"}))


@pytest.fixture
def page(scene: Scene) -> Scene:
    """A patient's form, open, with details."""
    scene.online(entry(1, red_flags=(RedFlag.CHEST_PAIN,)), entry(2))
    scene.session.publish(
        waiting_room=scene.session.snapshot.waiting_room.__class__(
            version=9,
            entries=scene.session.snapshot.waiting_room.entries,
            rooms=(Room(id="main", name="Main", retriage_min=15),),
        )
    )
    scene.window.waiting_room.triage_requested.emit("visit-1")
    settle()
    return scene


def test_t_opens_the_form_of_the_selected_patient(scene: Scene, qtbot: QtBot) -> None:
    """The key T shows the form in the place of the waiting room, and asks for what is known."""
    scene.online(entry(1))
    window = scene.window
    window.waiting_room.table.setFocus()
    with qtbot.waitSignal(window.triage.details_requested) as asked:
        qtbot.keyClick(window.waiting_room.table, Qt.Key.Key_T)
    assert asked.args == ["visit-1"]
    assert window.triage.isVisible()
    assert window.triage.visit == "visit-1"


def test_a_saved_form_is_shown_and_not_over_what_is_typed(page: Scene) -> None:
    """Details fill the form; when they come after the first letter, the letter stays."""
    triage = page.window.triage
    triage.show_details(details(1, FORM))
    assert triage.complaint.text() == "Cough"
    assert triage.vitals.fields["systolic"].word.text() == "High"
    triage.complaint.setText("Mine")
    triage.complaint.textEdited.emit("Mine")
    triage.show_details(details(1, FORM))
    assert triage.complaint.text() == "Mine"


def test_digits_set_the_acuity_but_not_while_typing(page: Scene, qtbot: QtBot) -> None:
    """The key 2 chooses acuity 2 from a button, and is a character in a field."""
    triage = page.window.triage
    triage.back.setFocus()
    qtbot.keyClick(triage.back, Qt.Key.Key_2)
    assert triage._mark.level == 2
    triage.complaint.setFocus()
    qtbot.keyClick(triage.complaint, Qt.Key.Key_3)
    assert triage._mark.level == 2
    assert triage.complaint.text() == "3"


def test_ready_needs_an_acuity_that_a_person_chose(page: Scene, qtbot: QtBot) -> None:
    """Nothing is marked ready without an acuity: the program never supplies one."""
    triage = page.window.triage
    with qtbot.assertNotEmitted(triage.order_requested):
        triage.ready.click()
    assert "acuity" in triage.problem.text
    triage.acuity.buttons[3].click()
    with qtbot.waitSignal(triage.order_requested) as asked:
        triage.ready.click()
    (order,) = asked.args
    assert (order.acuity, order.ready, order.form.red_flags) == (3, True, (RedFlag.CHEST_PAIN,))


def test_a_number_that_can_not_be_stops_ready_only(page: Scene, qtbot: QtBot) -> None:
    """The field is shown and has the keyboard; a draft is saved without it."""
    triage = page.window.triage
    field = triage.vitals.fields["heart_rate"].edit
    triage.acuity.buttons[3].click()
    field.setFocus()
    qtbot.keyClicks(field, "960")
    with qtbot.assertNotEmitted(triage.order_requested):
        triage.ready.click()
    assert triage.vitals.fields["heart_rate"].word.text() == "From 10 to 300."
    with qtbot.waitSignal(triage.order_requested) as asked:
        triage.save_draft.click()
    assert asked.args[0].form.heart_rate is None


def test_acuity_one_shows_where_the_patient_is(page: Scene) -> None:
    """Who chooses 1 reads what to do and the place for the ambulance."""
    triage = page.window.triage
    triage.show_details(details(1))
    triage.acuity.buttons[1].click()
    assert "12 Example Street" in triage.acuity.emergency.text


def test_a_lock_or_a_visit_in_between_saves_the_draft(page: Scene, qtbot: QtBot) -> None:
    """When the page is hidden with something unsaved, it is saved."""
    triage = page.window.triage
    triage.note.setPlainText("Half a sent")
    with qtbot.waitSignal(triage.order_requested) as asked:
        page.window.show_sheet(None)
    assert asked.args[0].form.note == "Half a sent"


def test_a_patient_who_leaves_ends_the_form(page: Scene) -> None:
    """A row that is gone closes the form and forgets its text."""
    triage = page.window.triage
    triage.show_details(details(1, FORM))
    page.session.show(entry(2))
    settle()
    assert triage.visit == ""
    assert triage.complaint.text() == ""
    assert page.window.waiting_room.isVisible()


def test_signing_out_forgets_the_form(page: Scene) -> None:
    """No text of a patient outlives the session."""
    triage = page.window.triage
    triage.show_details(details(1, FORM))
    page.session.publish(account=None)
    assert triage.note.toPlainText() == ""


async def test_saving_goes_to_the_server_and_back(live_scene: LiveScene) -> None:
    """A form that is marked ready is carried out, and the waiting room comes back with the new acuity."""
    live_scene.online(entry(1))
    window = live_scene.window
    window.waiting_room.triage_requested.emit("visit-1")
    triage = window.triage
    triage.acuity.buttons[2].click()
    triage.vitals.source_chosen.emit(VitalsSource.STAFF)
    triage.ready.click()
    await live_scene.settled()
    assert [(one.verb, one.acuity) for one in live_scene.session.orders] == [(Verb.TRIAGE, 2)]
    assert not triage.isVisible()
    row = window.waiting_room.model.get("visit-1")
    assert row is not None
    assert row.acuity == 2
