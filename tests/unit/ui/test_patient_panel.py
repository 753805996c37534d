"""What is known about the patient, beside the picture of the visit."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import CallState, ChatLine, Delivery
from carena_protocol.rows import TriageForm
from tests.unit.ui.conftest import Scene, settle
from tests.unit.ui.test_triage import details
from tests.unit.ui.test_visit_desk import begin

FORM = TriageForm(systolic=158, diastolic=94, allergies="Penicillin (hives)")


def test_details_are_asked_for_when_somebody_looks(scene: Scene, qtbot: QtBot) -> None:
    """Each look is a read of patient data: nothing is asked for before, and the same version is asked for once."""
    asked: list[str] = []
    scene.window.call.visit_desk.details_requested.connect(asked.append)
    begin(scene)
    chat = scene.window.call.chat
    assert asked == []
    chat.show_patient()
    settle()
    chat.show_files(shown=True)
    chat.show_patient()
    settle()
    assert asked == ["visit-1"]
    scene.window.call.visit_desk.show_details(details(1, FORM))
    assert chat.patient.facts.facts["allergies"].value.text().strip("\u2068\u2069") == "Penicillin (hives)"
    qtbot.keyClick(chat.tabs, Qt.Key.Key_Left)
    assert chat.tabs.currentIndex() == 1


def test_another_patients_details_are_not_shown(scene: Scene) -> None:
    """An answer that comes late is about somebody else and is dropped."""
    begin(scene)
    chat = scene.window.call.chat
    chat.show_patient()
    scene.window.call.visit_desk.show_details(details(2, FORM))
    assert chat.patient.facts.facts["allergies"].isHidden()


def test_the_patient_is_forgotten_with_the_visit(scene: Scene) -> None:
    """When the call is over nothing of the patient stays in the panel."""
    begin(scene)
    chat = scene.window.call.chat
    chat.show_patient()
    scene.window.call.visit_desk.show_details(details(1, FORM))
    scene.call.push(state=CallState.ENDED)
    settle()
    assert chat.patient.facts.isHidden()
    assert chat.patient.facts.facts["allergies"].value.text() == ""


def test_a_refusal_is_said_and_the_next_look_asks_again(scene: Scene) -> None:
    """Why there is nothing more stands where it would."""
    asked: list[str] = []
    scene.window.call.visit_desk.details_requested.connect(asked.append)
    begin(scene)
    panel = scene.window.call.chat.patient
    scene.window.call.chat.show_patient()
    settle()
    panel.refuse_details("visit-1", "Your account may not do that.")
    assert panel.facts.loading.text() == "Your account may not do that."
    scene.window.call.chat.show_files(shown=True)
    scene.window.call.chat.show_patient()
    settle()
    assert asked == ["visit-1", "visit-1"]


def said(*lines: tuple[str, bool]) -> tuple[ChatLine, ...]:
    """Lines of a chat: words, and whether they are ours."""
    return tuple(
        ChatLine(str(at), words, 0, mine=mine, delivery=Delivery.DELIVERED if mine else Delivery.RECEIVED)
        for at, (words, mine) in enumerate(lines)
    )


def test_what_the_patient_writes_is_not_missed_behind_another_tab(scene: Scene) -> None:
    """Lines that could not be seen are counted on the tab, and on the button while all of it is hidden."""
    begin(scene)
    page = scene.window.call
    page.chat.show_patient()
    scene.call.push(chat=said(("Hello?", False), ("One moment", True), ("It hurts", False)))
    settle()
    assert page.chat.tabs.tabText(0) == "Chat 2"
    page.chat.show_files(shown=False)
    assert page.chat.tabs.tabText(0) == "Chat"
    page.flip_chat()
    scene.call.push(chat=said(("Hello?", False), ("One moment", True), ("It hurts", False), ("Here", False)))
    settle()
    assert page.chat_button.text() == "Chat 1"
    assert page.chat_button.accessibleName() == "Show chat, 1 not read"
    page.flip_chat()
    settle()
    assert (page.chat_button.text(), page.chat_button.accessibleName()) == ("Chat", "Hide chat")
