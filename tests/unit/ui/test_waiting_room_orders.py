"""Verbs in the waiting room: possible or not and why, at once and taken back, and what a refusal says."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from carena_desktop.session.chat_model import ChatLine, ChatSecurity, ChatState, ChatView, LineState
from carena_desktop.session.model import SessionState, StaffAccount, WaitingEntry
from carena_desktop.session.orders import Order, Verb, expected, still_as_seen, to_message
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.ui.keys import ACUITIES, WAITING_ROOM, Do
from carena_desktop.ui.letters import Letters
from carena_desktop.ui.pages.waiting_room.actions import ACTIONS, Offer, offer, refusals
from carena_desktop.ui.pages.waiting_room.chat_safety import standing
from carena_desktop.ui.pages.waiting_room.rows import Status
from carena_protocol.codec import decode_client, encode
from carena_protocol.e2ee.key_schedule import LinkUse
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import Presence, Role, VisitState
from carena_protocol.rows import AwayBy, Outcome, StaffMember, StaffPresence, TriageForm, WaitingChat
from carena_protocol.visit import TRANSITIONS, UNDOABLE
from tests.fakes.session import ACCOUNT, entry
from tests.unit.ui.conftest import LiveScene, Scene, settle

ADMINISTRATOR = StaffAccount(id="a1", username="a", display_name="A", role=Role.ADMINISTRATOR)
MINE = {"clinician_id": ACCOUNT.id, "clinician_name": ACCOUNT.display_name}
THEIRS = {"clinician_id": "other", "clinician_name": "Dr Other", "clinician_since_ms": 1_800_000_000_000}
ENTRIES = st.builds(
    lambda state, owner, presence, away: entry(1, state=state, presence=presence, away_by=away, **owner),
    st.sampled_from(VisitState),
    st.sampled_from([{}, MINE, THEIRS]),
    st.sampled_from(Presence),
    st.sampled_from([None, *AwayBy]),
)


@given(ENTRIES)
def test_what_is_offered_exists_in_the_protocols_machine(one: WaitingEntry) -> None:
    """No verb is shown as possible from a state in which the protocol has no such transition."""
    for verb, why in refusals(one, ACCOUNT, fresh=True).items():
        if not why:
            assert (one.state, verb) in TRANSITIONS
    assert offer(one, ACCOUNT) is Offer.NOTHING or one.state in {state for state, _ in TRANSITIONS}


@given(ENTRIES)
def test_every_refusal_says_why(one: WaitingEntry) -> None:
    """Not connected, wrong role, wrong state: every verb has words, and nothing is possible then."""
    away, foreign = refusals(one, ACCOUNT, fresh=False), refusals(one, ADMINISTRATOR, fresh=True)
    assert set(away) == set(foreign) == {action.verb for action in ACTIONS}
    assert all(away.values())
    assert all(foreign.values())
    assert offer(one, ADMINISTRATOR) is Offer.NOTHING


def test_a_colleagues_patient_is_named() -> None:
    """Who has the patient is said instead of the button."""
    claimed = entry(1, state=VisitState.CLAIMED, **THEIRS)
    assert "Dr Other" in refusals(claimed, ACCOUNT, fresh=True)[Verb.CLAIM]
    assert offer(claimed, ACCOUNT) is Offer.NOTHING


@pytest.mark.parametrize(
    "verb", [action.verb for action in ACTIONS] + [Verb.ADMIT, Verb.RESUME, Verb.IDENTITY, Verb.UNDO]
)
def test_every_verb_has_a_message_that_the_server_reads(verb: Verb) -> None:
    """An order becomes a frame of the protocol, with the version that was seen."""
    order = Order(
        verb, "v", 7, user="u2", note=" a note ", acuity=2, form=TriageForm(note="n"), other="w", other_version=3
    )
    frame = encode(to_message(order, "id"))
    message = decode_client(frame)
    assert (message.visit, message.version) == ("v", 7)  # type: ignore[union-attr]  # verbs of staff have both


def test_orders_never_print_what_is_written() -> None:
    """Notes and forms are not in the representation."""
    assert "Private" not in repr(Order(Verb.HOLD, "v", 1, note="Private", form=TriageForm(note="Private")))


def test_only_changes_that_hurt_nobody_are_expected() -> None:
    """Claiming is shown at once; admitting, finishing and transferring wait for the server."""
    for verb in (Verb.ADMIT, Verb.FINISH, Verb.TRANSFER, Verb.NO_SHOW, Verb.MERGE, Verb.UNDO):
        assert expected(entry(1), Order(verb, "visit-1", 1), ACCOUNT, 0) is None
    claimed = expected(entry(1), Order(Verb.CLAIM, "visit-1", 1), ACCOUNT, 0)
    assert claimed is not None
    assert (claimed.state, claimed.returns_to) == (VisitState.CLAIMED, VisitState.ARRIVED)


def test_a_patient_whose_page_came_back_is_as_seen() -> None:
    """A version that moved by the connection alone is no change; one that moved by a colleague is."""
    seen = entry(1)
    assert still_as_seen(seen, entry(1, version=2, presence=Presence.RECONNECTING))
    assert not still_as_seen(seen, entry(1, version=2, state=VisitState.CLAIMED, **THEIRS))


def test_the_key_table_is_sound() -> None:
    """No key twice, five acuities, and every single letter is known as one."""
    sequences = [key.sequence for key in WAITING_ROOM]
    assert len(set(sequences)) == len(sequences)
    assert sorted(ACUITIES.values()) == [1, 2, 3, 4, 5]
    assert {key.does for key in WAITING_ROOM if key.is_single} == set(Do) - {Do.LINK, Do.UNDO}


def test_letters_move_and_digits_set(scene: Scene, qtbot: QtBot) -> None:
    """J and K move, 2 sets the acuity: seen before any server has answered."""
    scene.online(entry(1), entry(2))
    page = scene.window.waiting_room
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_J)
    with qtbot.waitSignal(page.order_requested) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_2)
    assert asked.args == [Order(Verb.TRIAGE, "visit-2", 1, acuity=2)]
    row = page.table.selected()
    assert row is not None
    assert (row.visit, row.acuity, row.pending) == ("visit-2", 2, "Saving…")
    assert page.table.currentIndex().row() == 0


def test_letters_are_characters_in_a_field_and_can_be_switched_off(scene: Scene, qtbot: QtBot) -> None:
    """Typing "2" searches for it; with the switch off, no letter does anything."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    page.title.search.setFocus()
    with qtbot.assertNotEmitted(page.order_requested):
        qtbot.keyClick(page.title.search, Qt.Key.Key_2)
    page.title.search.clear()
    page.table.setFocus()
    Letters.on = False
    try:
        with qtbot.assertNotEmitted(page.order_requested):
            qtbot.keyClick(page.table, Qt.Key.Key_2)
    finally:
        Letters.on = True


async def test_what_was_done_can_be_taken_back(live_scene: LiveScene) -> None:
    """A claim is shown at once and confirmed; Ctrl+Z sends the undo for the version that the claim made."""
    live_scene.online(entry(1))
    page = live_scene.window.waiting_room
    live_scene.session.gate = asyncio.Event()
    page.do(Do.CLAIM)
    row = page.model.get("visit-1")
    assert row is not None
    assert (row.status, row.owner) == (Status.CLAIMED, "You")
    live_scene.session.gate.set()
    await live_scene.settled()
    assert page.undo.isVisible()
    assert page.flow.can_undo
    page.do(Do.UNDO)
    await live_scene.settled()
    assert [(one.verb, one.version) for one in live_scene.session.orders] == [(Verb.CLAIM, 1), (Verb.UNDO, 2)]
    assert not page.flow.can_undo


async def test_a_lost_race_says_who_and_when(live_scene: LiveScene) -> None:
    """The loser reads who has the patient and since when, and the row is the server's again."""
    live_scene.online(entry(1))
    live_scene.session.refusal = CommandRefusedError(
        ErrorCode.ALREADY_CLAIMED, "Dr Other", taken_at_ms=1_800_000_000_000
    )
    page = live_scene.window.waiting_room
    page.do(Do.CLAIM)
    await live_scene.settled()
    words = page.message.text.replace("\u2068", "").replace("\u2069", "")
    assert words.startswith("Taken by Dr Other at ")
    row = page.model.get("visit-1")
    assert row is not None
    assert (row.status, row.pending) == (Status.ARRIVED, "")


@pytest.mark.parametrize("verb", sorted(UNDOABLE - {Verb.FINISH, Verb.NO_SHOW}))
async def test_every_change_that_can_be_undone_offers_it(live_scene: LiveScene, verb: Verb) -> None:
    """After each of them the offer stands, in words that name the patient."""
    live_scene.online(entry(1))
    flow = live_scene.window.waiting_room.flow
    flow.send(Order(verb, "visit-1", 1, acuity=3))
    await live_scene.settled()
    assert flow.can_undo


def test_an_assignment_asks_to_whom(scene: Scene, qtbot: QtBot) -> None:
    """A asks, oneself first; Enter in the list sends the order for the one chosen; Escape sends nothing."""
    scene.online(entry(1))
    room = scene.session.snapshot.waiting_room
    staff = (
        StaffMember(id=ACCOUNT.id, name="x", role=Role.CLINICIAN, presence=StaffPresence.AVAILABLE),
        StaffMember(id="c2", name="Dr Two", role=Role.CLINICIAN, presence=StaffPresence.BUSY),
    )
    scene.session.publish(waiting_room=type(room)(room.version + 1, "Clinic", room.entries, (), staff))
    page = scene.window.waiting_room
    page.do(Do.ASSIGN)
    with qtbot.assertNotEmitted(page.order_requested):
        qtbot.keyClick(page.sheet, Qt.Key.Key_Escape)
    assert not page.sheet.isVisible()
    page.do(Do.ASSIGN)
    page.sheet.list.setCurrentRow(1)
    with qtbot.waitSignal(page.order_requested) as asked:
        qtbot.keyClick(page.sheet.list, Qt.Key.Key_Return)
    assert asked.args == [Order(Verb.ASSIGN, "visit-1", 1, user="c2")]


def test_finishing_asks_for_the_outcome(scene: Scene, qtbot: QtBot) -> None:
    """The outcome that is chosen goes with the order."""
    scene.online(entry(1, state=VisitState.IN_VISIT, admitted_at_ms=1_800_000_000_000, **MINE))
    page = scene.window.waiting_room
    page.drawer.finish.click()
    page.sheet.list.setCurrentRow(1)
    with qtbot.waitSignal(page.order_requested) as asked:
        page.sheet.confirm.click()
    assert asked.args[0].outcome is Outcome.REFERRED


def test_nothing_can_be_asked_while_the_connection_is_away(scene: Scene, qtbot: QtBot) -> None:
    """Keys and buttons say that the server is away, and send nothing."""
    scene.online(entry(1))
    scene.session.publish(state=SessionState.RECONNECTING)
    page = scene.window.waiting_room
    with qtbot.assertNotEmitted(page.order_requested):
        page.do(Do.CLAIM)
        page.do(Do.ACUITY_1)
    assert "Not connected" in page.message.text
    assert not page.drawer.levels.button(1).isEnabled()


async def test_writing_with_a_patient_who_waits(live_scene: LiveScene, qtbot: QtBot) -> None:
    """M opens the chat in the drawer; lines and quick replies go out; what comes is shown and looked at."""
    live_scene.online(entry(1, language="es-MX"))
    page, session = live_scene.window.waiting_room, live_scene.session
    page.do(Do.MESSAGE)
    await live_scene.settled()
    card = page.drawer.chat
    assert card.isVisible()
    card.message.setText("Hello")
    qtbot.keyClick(card.message, Qt.Key.Key_Return)
    card.replies[0].click()
    line = ChatLine("p1", "Gracias", 0, mine=False, state=LineState.RECEIVED)
    session.chats.show(ChatView("visit-1", ChatState.OPEN, present=True, lines=(line,), unread=1))
    said = [call for call in session.calls if call[0] in {"chat open", "say", "read"}]
    assert said == [
        ("chat open", "visit-1"),
        ("say", "visit-1", "Hello"),
        ("say", "visit-1", "Estaré con usted en unos minutos."),
        ("read", "visit-1"),
    ]
    assert card.words() == ("Gracias",)
    card.close_button.click()
    await live_scene.settled()
    assert ("chat close", "visit-1") in session.calls
    assert not card.isVisible()


def test_lines_nobody_looks_at_are_counted_in_the_row(scene: Scene) -> None:
    """Unread lines stand in the row and in its spoken text, and a request to write does, too."""
    scene.online(entry(1), entry(2, chat=WaitingChat.REQUESTED))
    page = scene.window.waiting_room
    scene.session.publish(chats=(ChatView("visit-1", ChatState.OPEN, present=True, unread=2),))
    spoken = [page.model.index(at, 1).data(Qt.ItemDataRole.AccessibleTextRole) for at in range(2)]
    assert spoken[0].endswith("2 messages not read")
    assert spoken[1].endswith("wants to write")


def test_a_chat_of_another_patient_is_not_shown(scene: Scene) -> None:
    """Selecting another patient shows that one's details; coming back shows the chat again."""
    scene.online(entry(1), entry(2))
    page = scene.window.waiting_room
    page.chat.open("visit-1")
    scene.session.publish(chats=(ChatView("visit-1", ChatState.OPEN, present=True),))
    assert page.drawer.chat.isVisible()
    page.table.step(1)
    settle()
    assert not page.drawer.chat.isVisible()
    page.table.step(-1)
    settle()
    assert page.drawer.chat.isVisible()
    scene.session.publish(account=None, chats=())
    assert page.drawer.chat.words() == ()


SECURITY = ChatSecurity(("🐙", "🚲", "🔔", "🌵"), ("octopus", "bicycle", "bell", "cactus"), "482913")


@pytest.mark.parametrize(
    ("changes", "tone", "has_code"),
    [
        ({}, "neutral", True),
        ({"link": LinkUse.USED}, "ok", False),
        ({"link": LinkUse.UNKNOWN_TO_DESKTOP}, "neutral", True),
        ({"verified_at_ms": 1_800_000_000_000}, "ok", False),
        ({"verified_at_ms": 1_800_000_000_000, "changed": True}, "warn", True),
    ],
)
def test_how_far_a_chat_is_verified(changes: dict[str, object], tone: str, *, has_code: bool) -> None:
    """A link made here or a device compared in a visit is enough; else the code is offered; another device warns."""
    found = standing(replace(SECURITY, **changes))  # type: ignore[arg-type]  # real fields
    assert (found.tone, bool(found.code)) == (tone, has_code)
    if has_code:
        assert found.code == "🐙 octopus, 🚲 bicycle, 🔔 bell, 🌵 cactus · 482 913"


def test_a_chats_card_shows_how_far_it_is_verified(scene: Scene) -> None:
    """The code stands above the lines once the keys are proved, and goes with them."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    page.do(Do.MESSAGE)
    scene.session.chats.show(ChatView("visit-1", ChatState.OPEN, present=True, security=SECURITY))
    settle()
    card = page.drawer.chat
    assert card.safety.isVisible()
    assert card.safety.code.endswith("482 913")
    scene.session.chats.show(ChatView("visit-1", ChatState.CLOSED))
    settle()
    assert not card.safety.isVisible()


async def test_codes_are_compared_in_the_card(live_scene: LiveScene) -> None:
    """Two answers under the code; each goes to the session once, and a verified chat asks nothing more."""
    live_scene.online(entry(1))
    page = live_scene.window.waiting_room
    page.do(Do.MESSAGE)
    await live_scene.settled()
    live_scene.session.chats.show(ChatView("visit-1", ChatState.OPEN, present=True, security=SECURITY))
    settle()
    safety = page.drawer.chat.safety
    safety.same.click()
    safety.other.click()
    await live_scene.settled()
    compared = [call for call in live_scene.session.calls if call[0] == "compared"]
    assert compared == [("compared", "visit-1", "same"), ("compared", "visit-1", "other")]
    verified = replace(SECURITY, verified_at_ms=1_800_000_000_000)
    live_scene.session.chats.show(ChatView("visit-1", ChatState.OPEN, present=True, security=verified))
    settle()
    assert not safety.same.isVisible()
    assert safety.words.startswith("Verified with this patient's device on")
