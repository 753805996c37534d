"""Alerts: nothing is missed, nobody is drowned, and no name is said."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from carena_desktop.session.model import WaitingRoom
from carena_desktop.ui import resources
from carena_desktop.ui.alert_outputs import Output, Ringing, Where, ringing
from carena_desktop.ui.alerts import PAUSE_S, Alert, AlertBoard, Event, Kind
from carena_desktop.ui.notifications import SOUNDS, badge
from carena_desktop.ui.sounder import Sounder
from carena_protocol.rows import RedFlag, Room, WaitingChat
from tests.fakes.session import entry
from tests.unit.ui.conftest import LiveScene, Scene, clear_away, furnish, settle

MINUTE = 60_000


def test_the_first_is_told_at_once_and_the_rest_as_one() -> None:
    """Ten who arrive at once are one alert and then one more that counts the other nine."""
    board = AlertBoard()
    board.add(Event(Kind.ARRIVED, 2))
    first = board.take(0.0)
    assert first is not None
    assert first.words == "A patient is waiting, acuity 2."
    board.add(*(Event(Kind.ARRIVED, level) for level in (5, 4, 3, None, None, 4, 2, 5, 3)))
    assert board.take(1.0) is None
    assert board.due_in(1.0) == PAUSE_S - 1.0
    second = board.take(PAUSE_S)
    assert second is not None
    assert (second.count, second.words) == (9, "9 patients waiting. The most urgent is acuity 2.")


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from(Kind), st.none() | st.integers(1, 5)), max_size=60))
def test_everything_is_told_once(happenings: list[tuple[float, Kind, int | None]]) -> None:
    """However it comes, the counts of all alerts add up to what happened, and two are never closer than the pause."""
    board, now, told, times = AlertBoard(), 0.0, 0, []
    for after, kind, level in happenings:
        now += after
        board.add(Event(kind, level))
        alert = board.take(now)
        if alert is not None:
            told += alert.count
            times.append(now)
    last = board.take(now + PAUSE_S)
    told += last.count if last is not None else 0
    assert told == len(happenings)
    assert all(later - earlier >= PAUSE_S for earlier, later in itertools.pairwise(times))


def test_quiet_holds_back_and_tells_afterwards() -> None:
    """While alerts are quiet nothing sounds; when the quiet is over it is told, with its count."""
    board = AlertBoard()
    board.snooze(0.0, 5)
    board.add(Event(Kind.ARRIVED, 3), Event(Kind.MESSAGE))
    assert board.take(10.0) is None
    assert board.due_in(10.0) == 290.0
    alert = board.take(300.0)
    assert alert is not None
    assert alert.count == 2


@pytest.mark.parametrize("event", [Event(Kind.RED_FLAG, 4), Event(Kind.ARRIVED, 1)])
def test_red_flags_and_acuity_one_break_the_quiet(event: Event) -> None:
    """What can't wait is told although alerts are quiet, and urgently."""
    board = AlertBoard()
    board.snooze(0.0, 30)
    board.add(event)
    alert = board.take(1.0)
    assert alert is not None
    assert alert.urgent


def test_the_most_important_gives_the_sound() -> None:
    """Of several kinds the sound is that of the most important, and every kind has its words."""
    board = AlertBoard()
    board.add(*(Event(kind) for kind in Kind))
    alert = board.take(0.0)
    assert alert is not None
    assert alert.kind is Kind.RED_FLAG
    assert alert.words.count(".") == len(Kind)


def test_every_kind_has_a_sound_file() -> None:
    """A kind without a file would be silent."""
    assert {kind: resources.path("sounds", SOUNDS[kind]).is_file() for kind in Kind} == dict.fromkeys(Kind, True)
    assert SOUNDS[Kind.RED_FLAG] not in {SOUNDS[kind] for kind in Kind if kind is not Kind.RED_FLAG}


@pytest.mark.usefixtures("qapp")
def test_the_badge_shows_a_count() -> None:
    """Nobody, some and very many look different."""
    images = [badge(count).pixmap(64, 64).toImage() for count in (0, 3, 4, 120)]
    assert all(one != other for at, one in enumerate(images) for other in images[at + 1 :])


def test_a_click_in_the_notification_area_brings_the_window(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the icon or the notification the person is one click from the list, also when the window was minimised."""
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    window = scene.window
    window.notice.show_waiting(1)
    (tray,) = window.notice.findChildren(QSystemTrayIcon)
    on_icon = (QSystemTrayIcon.ActivationReason.Trigger,)
    for click, said in ((tray.activated, on_icon), (tray.messageClicked, ())):
        window.showMinimized()
        settle()
        click.emit(*said)
        settle()
        assert not window.isMinimized()
        assert window.isVisible()
    window.showMinimized()
    tray.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    assert window.isMinimized()
    window.showNormal()


def given_alerts(scene: Scene) -> list[Alert]:
    """Collect what is given from now on."""
    found: list[Alert] = []
    scene.window.notice.given.connect(found.append)
    return found


def pass_time(scene: Scene, seconds: float) -> None:
    """Let time pass, tick, and give what is due."""
    scene.clock.advance(seconds)
    scene.window.waiting_room.tick()
    scene.window.notice.flush()


def test_a_red_flag_at_check_in_is_told_as_one(scene: Scene) -> None:
    """Who ticked a red flag rings differently from who did not."""
    scene.online(entry(1))
    found = given_alerts(scene)
    scene.session.show(entry(1), entry(2, red_flags=(RedFlag.CHEST_PAIN,)))
    assert [(alert.kind, alert.words) for alert in found] == [(Kind.RED_FLAG, "1 patient with a red flag waiting.")]


def test_targets_limits_and_reminders_are_told_when_they_pass(scene: Scene) -> None:
    """Over target, the room over its limit and a triage due again each ring once, behind whatever page is shown."""
    room = Room(id="main", name="Main", targets_min=(0, 10, 30, 60, 120), retriage_min=5, alarm_waiting=2)
    scene.session.publish(waiting_room=WaitingRoom(rooms=(room,)))
    scene.online(entry(0, acuity=2))
    pass_time(scene, 1)
    found = given_alerts(scene)
    scene.window.waiting_room.hide()
    pass_time(scene, 6 * 60)
    pass_time(scene, 6 * 60)
    scene.session.show(entry(0, acuity=2), entry(1))
    pass_time(scene, PAUSE_S)
    pass_time(scene, PAUSE_S)
    assert [(alert.kind, alert.count) for alert in found] == [
        (Kind.RETRIAGE, 1),
        (Kind.OVER_TARGET, 1),
        (Kind.QUEUE, 2),
    ]


def test_a_red_flag_ticked_while_waiting_is_told(scene: Scene) -> None:
    """What a patient adds on the page rings as a red flag, although the row was there; what staff enter does not."""
    scene.online(entry(1), entry(2))
    found = given_alerts(scene)
    flagged = entry(1, red_flags=(RedFlag.CHEST_PAIN,))
    scene.session.show(flagged, entry(2))
    assert [(alert.kind, alert.count) for alert in found] == [(Kind.RED_FLAG, 1)]
    scene.session.show(flagged, entry(2, version=2, red_flags=(RedFlag.FAINTING,)))
    pass_time(scene, PAUSE_S)
    assert len(found) == 1


def test_a_patient_who_wants_to_write_is_told(scene: Scene) -> None:
    """The wish for a message rings once, before anybody has opened the chat."""
    scene.online(entry(1))
    found = given_alerts(scene)
    scene.session.show(entry(1, chat=WaitingChat.REQUESTED))
    scene.session.show(entry(1, chat=WaitingChat.REQUESTED, acuity=3, version=2))
    pass_time(scene, PAUSE_S)
    assert [(alert.kind, alert.count) for alert in found] == [(Kind.MESSAGE, 1)]


TWO_ROOMS = (
    Room(id="main", name="Main", targets_min=(0, 10, 30, 60, 120)),
    Room(id="two", name="Follow-up", targets_min=(0, 10, 30, 60, 120), alarm_waiting=2),
)


def test_alerts_are_of_every_room_whatever_is_shown(scene: Scene) -> None:
    """While one room is looked at, another one's targets and limit still ring; looking elsewhere is no news."""
    scene.session.publish(waiting_room=WaitingRoom(rooms=TWO_ROOMS))
    scene.online(entry(0, acuity=2), entry(1, acuity=2, room="two"))
    pass_time(scene, 1)
    found = given_alerts(scene)
    scene.window.waiting_room.title.choose_room("main")
    pass_time(scene, 12 * 60)
    assert [(alert.kind, alert.count) for alert in found] == [(Kind.OVER_TARGET, 2)]
    scene.session.show(entry(0, acuity=2), entry(1, acuity=2, room="two"), entry(2, acuity=2, room="two"))
    pass_time(scene, PAUSE_S)
    assert {alert.kind for alert in found[1:]} >= {Kind.QUEUE}
    pass_time(scene, PAUSE_S)
    count = len(found)
    scene.window.waiting_room.title.choose_room("")
    pass_time(scene, PAUSE_S)
    assert len(found) == count


def test_a_quiet_room_tells_only_what_cannot_wait(scene: Scene) -> None:
    """Arrivals, targets and the badge leave it out; a red flag and acuity 1 are told all the same."""
    scene.session.publish(waiting_room=WaitingRoom(rooms=TWO_ROOMS))
    scene.window.waiting_room.quieten(("follow*",))
    scene.online(entry(0, acuity=3))
    pass_time(scene, 1)
    found = given_alerts(scene)
    scene.session.show(entry(0, acuity=3), entry(1, acuity=2, room="two"), entry(2, acuity=2, room="two"))
    pass_time(scene, 12 * 60)
    assert found == []
    assert scene.window.notice.waiting == 1
    flagged = entry(3, room="two", red_flags=(RedFlag.FAINTING,))
    everyone = scene.session.snapshot.waiting_room.entries
    scene.session.show(*everyone, flagged)
    pass_time(scene, PAUSE_S)
    scene.session.show(*everyone, flagged, entry(4, room="two", acuity=1))
    pass_time(scene, PAUSE_S)
    assert [alert.kind for alert in found] == [Kind.RED_FLAG, Kind.ARRIVED]


async def test_rooms_are_quietened_in_the_bells_menu(live_scene: LiveScene, qapp: QApplication) -> None:
    """One entry for each of several rooms, ticked while it is told; the choice is a setting of one's own."""
    made = furnish(live_scene, qapp)
    live_scene.session.publish(waiting_room=WaitingRoom(rooms=TWO_ROOMS))
    live_scene.online(entry(0))
    await live_scene.settled()
    page = live_scene.window.waiting_room

    def choices() -> dict[str, QAction]:
        return {action.text(): action for action in page.title.bell.menu().actions() if action.isCheckable()}

    assert [(words, action.isChecked()) for words, action in choices().items()] == [
        ("Tell me of Main", True),
        ("Tell me of Follow-up", True),
    ]
    choices()["Tell me of Follow-up"].trigger()
    assert made.settings._preferences.policies.items("QuietRooms") == ("Follow-up",)
    assert page.quiet_rooms == {"two"}
    assert not choices()["Tell me of Follow-up"].isChecked()
    choices()["Tell me of Follow-up"].trigger()
    assert page.quiet_rooms == frozenset()
    clear_away(made)


def test_what_is_so_at_sign_in_is_no_news(scene: Scene) -> None:
    """Patients over target before one signed in ring nobody."""
    room = Room(id="main", name="Main")
    scene.session.publish(waiting_room=WaitingRoom(rooms=(room,)))
    found = given_alerts(scene)
    scene.online(entry(0, acuity=1), entry(1, acuity=1))
    pass_time(scene, 1)
    assert found == []


def test_quiet_is_switched_in_the_title(scene: Scene) -> None:
    """The bell says that alerts are quiet, and offers to be told again."""
    scene.online(entry(1))
    page = scene.window.waiting_room
    page.title.snoozed.emit(15)
    assert page.title.bell.accessibleName() == "Alerts are quiet"
    found = given_alerts(scene)
    scene.session.show(entry(1), entry(2))
    assert found == []
    page.title.snoozed.emit(0)
    scene.window.notice.flush()
    assert page.title.bell.accessibleName() == "Alerts"
    assert [alert.words for alert in found] == ["A patient is waiting."]


def test_no_alert_names_a_patient(scene: Scene) -> None:
    """Whatever happens, no alert holds a name or a reason."""
    scene.online(entry(1))
    found = given_alerts(scene)
    scene.session.show(entry(1), entry(2, red_flags=(RedFlag.FAINTING,)), entry(3, acuity=1))
    pass_time(scene, PAUSE_S)
    assert found
    assert not any("Test Patient" in alert.words or "Reason" in alert.words for alert in found)
    assert QApplication.instance() is not None


DESK = Output("d", "Desk speaker")
HEADSET = Output("h", "Headset", usual=True)
TV = Output("t", "TV [lobby]")


@pytest.mark.parametrize(
    ("where", "names", "rings", "missing"),
    [
        (Where.USUAL, ("Desk speaker",), (HEADSET,), False),
        (Where.EVERY, (), (DESK, HEADSET, TV), False),
        (Where.ALSO, (), (HEADSET,), False),
        (Where.ALSO, ("desk SPEAKER",), (HEADSET, DESK), False),
        (Where.ALSO, ("TV [lobby]",), (HEADSET, TV), False),
        (Where.ALSO, ("*speaker",), (HEADSET, DESK), False),
        (Where.ALSO, ("Headset",), (HEADSET,), False),
        (Where.ALSO, ("Gone",), (DESK, HEADSET, TV), True),
        (Where.ALSO, ("D?sk*",), (DESK, HEADSET, TV), True),
    ],
)
def test_where_an_alert_sounds(
    where: Where, names: tuple[str, ...], rings: tuple[Output, ...], *, missing: bool
) -> None:
    """The usual output always; the named one beside it; everywhere when that is gone: only * is a wildcard."""
    assert ringing(where, names, (DESK, HEADSET, TV)) == Ringing(rings, missing=missing)


def test_without_any_output_nothing_fails() -> None:
    """A machine without sound rings nowhere."""
    for where in Where:
        assert ringing(where, ("Desk",), ()).outputs == ()


def rung(monkeypatch: pytest.MonkeyPatch, *, missing: bool = False) -> list[tuple[str, str, tuple[str, ...]]]:
    """Collect the sounds that are asked for from now on."""
    found: list[tuple[str, str, tuple[str, ...]]] = []

    def ring(_sounder: Sounder, sound: str, where: Where, names: tuple[str, ...]) -> Ringing:
        found.append((sound, where.value, names))
        return Ringing((HEADSET,), missing=missing)

    monkeypatch.setattr(Sounder, "ring", ring)
    return found


def test_each_kind_can_be_silent(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent kind is told and not heard; the others sound, and the main switch silences all."""
    scene.online(entry(1))
    heard, told = rung(monkeypatch), given_alerts(scene)
    notice = scene.window.notice
    notice.set_silent(frozenset({Kind.ARRIVED}))
    scene.session.show(entry(1), entry(2))
    pass_time(scene, PAUSE_S)
    assert (len(told), heard) == (1, [])
    notice.add(Event(Kind.MESSAGE))
    pass_time(scene, PAUSE_S)
    assert [sound for sound, _, _ in heard] == [SOUNDS[Kind.MESSAGE]]
    notice.set_sound(False)
    notice.add(Event(Kind.RED_FLAG))
    pass_time(scene, PAUSE_S)
    assert len(heard) == 1


def test_a_missing_output_is_said_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says that the chosen output is gone at the first sound without it, and when it is back."""
    scene.online(entry(1))
    notice, page = scene.window.notice, scene.window.waiting_room
    notice.set_outputs(Where.ALSO, ("Desk speaker",))
    heard = rung(monkeypatch, missing=True)
    notice.try_sound()
    assert heard == [(SOUNDS[Kind.ARRIVED], "also", ("Desk speaker",))]
    assert page.message.text.startswith("The output chosen for alerts is not plugged in.")
    page.message.show_text("")
    notice.try_sound()
    assert page.message.text == ""
    rung(monkeypatch)
    notice.try_sound()
    assert page.message.text == "The output chosen for alerts is back."
