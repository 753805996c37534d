"""The check and the report as a person meets them."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLayout, QWidget
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import CallSnapshot
from carena_desktop.policy.resolve import Level, Policies, Source, resolve
from carena_desktop.support.crash import CrashWatch
from carena_desktop.support.desk import CRASH_KEY, SupportDesk
from carena_desktop.support.report import CRASHES
from carena_desktop.ui.support_dialogs import CheckDialog, ReportDialog, self_test_command
from carena_desktop.ui.theme import Theme
from tests.unit.ui.conftest import Scene, settle

ITEMS = [
    {"name": "media process", "verdict": "ok", "detail": "process 1", "advice": ""},
    {"name": "clock", "verdict": "fail", "detail": "+3600.0 s", "advice": "Set it."},
    {"name": "keyring", "verdict": "note", "detail": "absent", "advice": "You have to sign in."},
]


def printed(*, ok: bool = False, items: object = ITEMS) -> str:
    """What a self-test prints."""
    return json.dumps({"ok": ok, "items": items})


@pytest.fixture
def desk(scene: Scene, tmp_path: Path) -> SupportDesk:
    """Support for a window on fakes."""
    return SupportDesk(
        scene.window, Policies, log_dir=tmp_path / "logs", state_dir=tmp_path / "state", clock=scene.clock
    )


def test_the_command_is_this_program() -> None:
    """The test runs as the program runs, against the server that is typed."""
    assert self_test_command("") == [sys.executable, "-m", "carena_desktop", "--self-test", "--json"]
    assert self_test_command("a.test")[-2:] == ["--server", "a.test"]


def widgets(layout: QLayout) -> Iterator[QWidget]:
    """What stands in a layout, in its order."""
    for index in range(layout.count()):
        item = layout.itemAt(index)
        assert item is not None
        widget = item.widget()
        assert widget is not None
        yield widget


def test_a_check_runs_and_shows_the_worst_first(scene: Scene, qtbot: QtBot) -> None:
    """What a process prints becomes rows with advice, failures first, and one sentence above."""
    dialog = CheckDialog(scene.theme, scene.window, [sys.executable, "-c", f"print({printed()!r})"])
    dialog.open()
    with qtbot.waitSignal(dialog.finished_check, timeout=20_000):
        dialog.start()
    names = [shown.accessibleName().split(":")[0] for shown in widgets(dialog.rows)]
    assert names == ["clock", "keyring", "media process"]
    assert "can't work" in dialog.summary.text
    dialog.show_result(printed(ok=True, items=ITEMS[:1]))
    assert dialog.summary.text == "A visit can work on this computer."
    dialog.accept()
    dialog.deleteLater()
    settle()


@pytest.mark.parametrize("said", ["", "{", "[]", '{"ok": true}', '{"items": [{"name": 1}]}'])
def test_a_check_that_says_nonsense_says_so(scene: Scene, said: str) -> None:
    """A test that died or was broken is a sentence, and can be tried again."""
    dialog = CheckDialog(scene.theme, scene.window, ["/nonexistent"])
    dialog.open()
    dialog.show_result(said)
    assert "could not be run" in dialog.summary.text
    assert dialog.again.isEnabled()
    dialog.reject()
    dialog.deleteLater()
    settle()


def test_a_program_that_is_missing_is_said(scene: Scene, qtbot: QtBot) -> None:
    """The check's own program can't be started: a sentence, not silence."""
    dialog = CheckDialog(scene.theme, scene.window, ["/nonexistent"])
    dialog.open()
    dialog.start()
    qtbot.waitUntil(lambda: "could not be run" in dialog.summary.text, timeout=10_000)
    dialog.reject()
    dialog.deleteLater()
    settle()


def test_closing_ends_a_running_check(scene: Scene, qtbot: QtBot) -> None:
    """No process outlives its window."""
    dialog = CheckDialog(scene.theme, scene.window, [sys.executable, "-c", "import time; time.sleep(60)"])
    dialog.open()
    dialog.start()
    qtbot.waitUntil(lambda: dialog.process.processId() != 0, timeout=10_000)
    dialog.reject()
    assert dialog.process.processId() == 0
    dialog.deleteLater()
    settle()


def test_what_is_shown_is_what_is_saved(theme: Theme, scene: Scene, tmp_path: Path) -> None:
    """The text on screen goes into the file, unchanged; a place that can't be written is said and nothing is lost."""
    dialog = ReportDialog(theme, scene.window, '{"a": 1}\n', "carena-report.json")
    dialog.open()
    assert dialog.text.isReadOnly()
    dialog.write_to(tmp_path / "missing" / "report.json")
    assert "can't be saved" in dialog.problem.text
    dialog.write_to(tmp_path / "report.json")
    assert (tmp_path / "report.json").read_text("utf-8") == '{"a": 1}\n'
    assert not dialog.isVisible()
    dialog.deleteLater()
    settle()


def test_both_ways_lead_to_the_check_and_the_report(desk: SupportDesk, scene: Scene) -> None:
    """The sign-in screen and the device check open it; the report shows policies and the last check's lines."""
    scene.window.report_requested.emit()
    assert desk.report is not None
    assert '"format": "carena-report/1"' in desk.report.text.toPlainText()
    desk.report.reject()
    desk._found(printed())
    desk.show_report()
    assert '"name": "clock"' in desk.report.text.toPlainText()
    desk.report.reject()
    asked: list[str] = []
    scene.window.computer_check_requested.disconnect(desk.check_computer)
    scene.window.computer_check_requested.connect(lambda: asked.append("check"))
    scene.window.sign_in.check_computer.click()
    scene.window.devices.check_computer.click()
    assert asked == ["check", "check"]
    settle()


@pytest.mark.parametrize(
    ("level", "given"),
    [
        (Level.COMMAND_LINE, ["--proxy", "http://proxy.test:3128"]),
        (Level.MACHINE_MANDATORY, []),
        (Level.ENVIRONMENT, []),
    ],
)
def test_the_check_goes_the_way_of_this_start(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: Level, given: list[str]
) -> None:
    """A proxy that was an option of this start is one of the test's; what is found elsewhere the test finds itself."""
    policies = resolve([Source(level, "x", {"Proxy": "http://proxy.test:3128"})])
    made = SupportDesk(scene.window, lambda: policies, log_dir=tmp_path, state_dir=tmp_path, clock=scene.clock)
    monkeypatch.setattr(CheckDialog, "start", lambda _dialog: None)
    scene.window.sign_in.server.setText("a.test")
    made.check_computer()
    assert made.check is not None
    assert made.check._command == [*self_test_command("a.test"), *given]
    made.check.reject()
    settle()


def test_a_crash_is_offered_and_forgotten_when_put_away(desk: SupportDesk, scene: Scene, tmp_path: Path) -> None:
    """The strip offers the report; saving it, or putting the offer away, takes the records."""
    folder = tmp_path / "logs" / CRASHES
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    desk.offer_crashes()
    assert scene.window.program_bar.shown is None
    for leave in ("save", "dismiss"):
        CrashWatch(folder, pid=child).record("python", ValueError("x"))
        desk.offer_crashes()
        shown = scene.window.program_bar.shown
        assert shown is not None
        assert shown.key == CRASH_KEY
        if leave == "save":
            shown.on_action()
            assert desk.report is not None
            assert "builtins.ValueError" in desk.report.text.toPlainText()
            desk.report.write_to(tmp_path / "saved.json")
        else:
            shown.on_dismiss()
        scene.window.program_bar.withdraw(CRASH_KEY)
        assert list(folder.iterdir()) == []
    desk.call_changed(CallSnapshot())
    settle()
