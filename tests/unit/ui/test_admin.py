"""What an administrator sees and does; what everyone else does not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import SessionState
from carena_desktop.ui.workspace import Workspace
from carena_protocol.admin_rest import AuditQuery, AuditVerdict, RoomUpdate
from carena_protocol.envelope import Role
from carena_protocol.errors import ErrorCode
from carena_protocol.rows import ArrivalFields, Demand, OpeningHours, OwnField, Room
from tests.fakes.session import ACCOUNT
from tests.unit.ui.conftest import LiveScene, cell, clear_away, furnish, settle

BOSS = replace(ACCOUNT, id="u9", display_name="Bo Administrator", role=Role.ADMINISTRATOR)


@pytest.fixture
async def desk(live_scene: LiveScene, qapp: QApplication) -> AsyncIterator[Workspace]:
    """An administrator has just signed in."""
    made = furnish(live_scene, qapp)
    live_scene.session.publish(state=SessionState.ONLINE, account=BOSS)
    await live_scene.settled()
    yield made
    clear_away(made)


async def section(scene: LiveScene, desk: Workspace, at: int) -> None:
    """Open a section and wait for its answers."""
    desk.admin.open(at)
    await scene.settled()


async def test_sign_in_leads_to_administration(live_scene: LiveScene, desk: Workspace) -> None:
    """An administrator has no patients: the accounts are the first thing there, once per sign-in."""
    page = desk.admin.page
    assert page is not None
    assert page.isVisible()
    table = desk.admin.people.table
    assert [cell(table, row, 0) for row in range(table.rowCount())] == ["alex", "robin"]
    page.back.click()
    live_scene.session.publish(clock_offset_ms=1)
    settle()
    assert not page.isVisible()


async def test_nobody_else_gets_there(live_scene: LiveScene, qapp: QApplication) -> None:
    """A clinician finds no way in: no page, no action."""
    made = furnish(live_scene, qapp)
    live_scene.online()
    made.admin.open()
    assert made.admin.page is None
    assert "Administration" not in [one.words for one in made.commands() if one.allowed()]
    clear_away(made)


async def test_accounts_are_made_and_changed(live_scene: LiveScene, desk: Workspace) -> None:
    """Each button asks for exactly its change, and passwords don't stay in their fields."""
    people, asked = desk.admin.people, live_scene.session.staff.admin.calls
    people.add.click()
    assert people.message.text == "Username, name and first password are needed."
    people.new_username.setText("sam")
    people.new_name.setText("Sam Nurse")
    people.new_role.box.setCurrentIndex(1)
    people.new_password.setText("four words in a row")
    people.add.click()
    await live_scene.settled()
    draft = {"username": "sam", "display_name": "Sam Nurse", "role": "nurse", "password": "four words in a row"}
    assert ("add_user", draft) in asked
    assert people.new_password.text() == ""
    people.table.selectRow(0)
    people.disable.click()
    people.password.setText("another long one")
    people.set_password.click()
    await live_scene.settled()
    assert ("update_user", {"id": "u1", "disabled": True}) in asked
    assert ("update_user", {"id": "u1", "password": "another long one"}) in asked
    assert people.password.text() == ""


async def test_a_refusal_is_told_where_it_was_asked(live_scene: LiveScene, desk: Workspace) -> None:
    """The words stand in the section."""
    live_scene.session.staff.admin.problem = SessionError(ErrorCode.FORBIDDEN)
    desk.admin.people.table.selectRow(0)
    desk.admin.people.save.click()
    await live_scene.settled()
    assert desk.admin.people.message.text == "Your account may not do that."


async def test_rooms_are_made_and_changed(live_scene: LiveScene, desk: Workspace) -> None:
    """Targets, triage first, reminders and alarms of a room are sent as they stand."""
    await section(live_scene, desk, 1)
    rooms, asked = desk.admin.rooms, live_scene.session.staff.admin.calls
    rooms.table.selectRow(0)
    rooms.targets[1].setValue(7)
    rooms.triage_first.click()
    rooms.alarm_waiting.setValue(12)
    rooms.save.click()
    rooms.new_name.setText("Evening")
    rooms.add.click()
    await live_scene.settled()
    update = next(call[1] for call in asked if call[0] == "update_room")
    assert isinstance(update, dict)
    assert update["targets_min"] == [0, 7, 30, 60, 120]
    assert update["triage_first"] is True
    assert update["alarm_waiting"] == 12
    assert ("add_room", "Evening") in asked


async def test_hours_and_questions_of_a_room_are_edited(live_scene: LiveScene, desk: Workspace) -> None:
    """What the room has is shown; days, texts and questions in two languages are sent as the server takes them."""
    admin = live_scene.session.staff.admin
    translated: dict[str, tuple[str, ...]] = {"es": ("A", "B"), "vi": ("1", "2")}
    own = OwnField(key="mrn", label="Record number", choices=("A", "B"), choices_in=translated)
    hours = (OpeningHours(day=1, start="08:00", to="12:00"), OpeningHours(day=1, start="14:00", to="18:00"))
    fields = ArrivalFields(call_back=Demand.REQUIRED, own=(own,))
    admin.clinic[0] = Room(
        id="main", name="Main room", hours=hours, zone="Europe/Madrid", closed_text="Old", fields=fields
    )
    await section(live_scene, desk, 1)
    rooms = desk.admin.rooms
    rooms.table.selectRow(0)
    assert rooms.hours.days[1].text() == "08:00-12:00, 14:00-18:00"
    assert rooms.hours.closed.text() == "Old"
    assert rooms.fields.usual["call_back"].field.box.currentData() == "required"
    rooms.hours.days[1].setText("8.00 \u2013 17:30")
    rooms.hours.days[7].setText("22:00-2:00")
    rooms.hours.closed.setText("Back on Monday.")
    rooms.hours.closed_es.setText("Volvemos el lunes.")
    language = rooms.fields.usual["language"].field
    language.box.activated.emit(language.box.findData("off"))
    rooms.fields.rows[0].question_es.setText("Número de historia")
    rooms.fields.add.click()
    rooms.fields.rows[1].question.setText("Pharmacy")
    rooms.fields.rows[1].required.click()
    rooms.fields.add.click()  # left empty: it is no question
    rooms.save.click()
    removed = rooms.fields.rows[0]
    removed.remove.click()
    assert removed not in rooms.fields.rows
    await live_scene.settled()
    update = next(call[1] for call in admin.calls if call[0] == "update_room")
    assert isinstance(update, dict)
    wish = msgspec.convert(update, RoomUpdate)
    assert wish.hours == (
        OpeningHours(day=1, start="08:00", to="17:30"),
        OpeningHours(day=7, start="22:00", to="02:00"),
    )
    assert (wish.zone, wish.closed_text) == ("Europe/Madrid", "Back on Monday.")
    assert wish.closed_texts == {"en": "Back on Monday.", "es": "Volvemos el lunes."}
    assert isinstance(wish.fields, ArrivalFields)
    assert (wish.fields.language, wish.fields.call_back) == (Demand.OFF, Demand.REQUIRED)
    assert [(one.label, one.labels, one.required) for one in wish.fields.own] == [
        ("Record number", {"es": "Número de historia"}, False),
        ("Pharmacy", {}, True),
    ]
    assert wish.fields.own[0].choices_in == translated


@pytest.mark.parametrize(
    ("line", "says"),
    [("weekdays", "Monday: write it like"), ("8:00-25:00", "Monday: write"), ("1:00-2:00," * 5, "Monday: at most")],
)
async def test_hours_that_cannot_be_read_are_said(live_scene: LiveScene, desk: Workspace, line: str, says: str) -> None:
    """The day is named, nothing is sent, and what was typed stays."""
    await section(live_scene, desk, 1)
    rooms = desk.admin.rooms
    rooms.table.selectRow(0)
    rooms.hours.days[1].setText(line)
    rooms.save.click()
    await live_scene.settled()
    assert rooms.message.text.startswith(says)
    assert rooms.hours.days[1].text() == line
    assert not any(call[0] == "update_room" for call in live_scene.session.staff.admin.calls)


async def test_a_translation_needs_every_answer(live_scene: LiveScene, desk: Workspace) -> None:
    """One answer less in Spanish would be read as another one."""
    await section(live_scene, desk, 1)
    rooms = desk.admin.rooms
    rooms.table.selectRow(0)
    rooms.fields.add.click()
    question = rooms.fields.rows[-1]
    question.question.setText("Insurance")
    question.choices.setText("None; Sample Health")
    question.choices_es.setText("Ninguno")
    rooms.save.click()
    await live_scene.settled()
    assert "as many answers in Spanish" in rooms.message.text


async def test_any_session_can_be_ended(live_scene: LiveScene, desk: Workspace) -> None:
    """Who, where and since when; the selected one ends."""
    await section(live_scene, desk, 2)
    access = desk.admin.access
    assert cell(access.sessions, 0, 0) == "Dr Alex Example"
    access.sessions.selectRow(1)
    access.revoke.click()
    await live_scene.settled()
    assert ("revoke_session", "s2") in live_scene.session.staff.admin.calls
    assert cell(access.emergencies, 0, 3) == "Colleague taken ill"


async def test_the_audit_log_is_filtered(live_scene: LiveScene, desk: Workspace) -> None:
    """The fields become the query, and the entries name people."""
    await section(live_scene, desk, 3)
    audit = desk.admin.audit
    assert audit.table.rowCount() == 40
    assert cell(audit.table, 0, 2) == "Dr Alex Example"
    audit.action.setText("visit.")
    audit.actor.box.setCurrentIndex(1)
    audit.days.box.setCurrentIndex(1)
    audit.search.click()
    await live_scene.settled()
    query = live_scene.session.staff.admin.calls[-1][1]
    assert isinstance(query, AuditQuery)
    assert (query.action, query.actor) == ("visit.", "u1")
    assert query.since == live_scene.clock.wall_ms() - 86_400_000


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (AuditVerdict(sound=True, entries=40, head="40:aa"), "The chain is whole, 40 entries."),
        (
            AuditVerdict(sound=False, entries=40, head="", broken_at=7, problem="entry 7 was changed"),
            "The chain is broken at entry 7: entry 7 was changed",
        ),
    ],
)
async def test_the_chain_is_verified(live_scene: LiveScene, desk: Workspace, verdict: AuditVerdict, said: str) -> None:
    """A whole chain and a broken one are told in words."""
    await section(live_scene, desk, 3)
    live_scene.session.staff.admin.verdict = verdict
    desk.admin.audit.verify.click()
    await live_scene.settled()
    assert desk.admin.audit.message.text.startswith(said)


async def test_the_log_is_exported_for_its_reader_alone(
    live_scene: LiveScene, desk: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is what the server gave, and nobody else may read it; a folder that can't be written is told."""
    opened: list[QFileDialog] = []
    monkeypatch.setattr(QFileDialog, "open", lambda self: opened.append(self))  # noqa: PLW0108 - bound to the dialog
    await section(live_scene, desk, 3)
    desk.admin.audit.export.click()
    await live_scene.settled()
    path = tmp_path / "audit.ndjson"
    opened[0].fileSelected.emit(str(path))
    assert path.read_bytes() == b'{"seq":1}\n{"seq":2}\n'
    assert path.stat().st_mode & 0o777 == 0o600
    opened[0].fileSelected.emit(str(path / "below"))
    assert desk.admin.audit.message.text == "The file can't be written there."
    opened[0].deleteLater()


async def test_signing_out_puts_it_away(live_scene: LiveScene, desk: Workspace) -> None:
    """The next person doesn't see what was open."""
    live_scene.session.publish(state=SessionState.SIGNED_OUT, account=None)
    settle()
    assert desk.admin.page is not None
    assert not desk.admin.page.isVisible()
    assert live_scene.window.sign_in.isVisible()
