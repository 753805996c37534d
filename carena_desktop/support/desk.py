"""Joins support to the window: the check, the report, the offer after a crash, the last call's figures."""

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from carena_desktop.call.model import CallSnapshot
from carena_desktop.clock import Clock
from carena_desktop.policy.resolve import Level, Policies
from carena_desktop.support import crash, report
from carena_desktop.support.findings import Finding, Verdict
from carena_desktop.support.last_call import LastCall
from carena_desktop.ui.components.program_bar import Message
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.support_dialogs import CheckDialog, ReportDialog, self_test_command

CRASH_KEY = "crash"


class SupportDesk(QObject):
    """One per window.

    Args:
        window: Whose.
        policies: Returns what is in force.
        log_dir: Where events and crash records are.
        state_dir: Where the last call's figures are.
        clock: The time.
    """

    def __init__(
        self, window: MainWindow, policies: Callable[[], Policies], *, log_dir: Path, state_dir: Path, clock: Clock
    ) -> None:
        super().__init__(window)
        self._window = window
        self._policies = policies
        self._log_dir = log_dir
        self._state_dir = state_dir
        self._clock = clock
        self._last_call = LastCall(state_dir)
        self._findings: list[Finding] = []
        self.check: CheckDialog | None = None
        self.report: ReportDialog | None = None
        window.computer_check_requested.connect(self.check_computer)
        window.report_requested.connect(self.show_report)

    def offer_crashes(self) -> None:
        """Say that the last start ended badly, where one did."""
        left = crash.left_behind(self._log_dir / report.CRASHES, crash.is_running)
        if left:
            words = tr("Carena did not end well last time. A report helps IT to find out why; it is sent nowhere.")
            self._window.program_bar.say(
                Message(
                    CRASH_KEY,
                    words,
                    tr("Show report"),
                    lambda: self.show_report(left),
                    lambda: crash.forget(left),
                    tone="warn",
                )
            )

    def call_changed(self, call: CallSnapshot) -> None:
        """Keep the figures of a call that ends."""
        self._last_call.changed(call, self._clock.wall_ms())

    def check_computer(self) -> None:
        """Open the check and begin."""
        proxy = self._policies().settings["Proxy"]  # an option of this start only: the test would go another way
        given = str(proxy.value) if proxy.level is Level.COMMAND_LINE else ""
        command = self_test_command(self._window.sign_in.server.text().strip(), given)
        dialog = CheckDialog(self._window.theme, self._window, command)
        dialog.finished_check.connect(self._found)
        dialog.report_requested.connect(self.show_report)
        dialog.finished.connect(dialog.deleteLater)
        self.check = dialog
        dialog.open()
        dialog.start()

    def show_report(self, crashes: list[Path] | None = None) -> None:
        """Show the report of now; crash records that are in it go once it is saved."""
        built = report.build(
            self._policies(), self._findings, log_dir=self._log_dir, state_dir=self._state_dir, clock=self._clock
        )
        parent = self.check if self.check is not None and _visible(self.check) else self._window
        dialog = ReportDialog(self._window.theme, parent, report.as_text(built), report.file_name(self._clock))
        dialog.saved.connect(lambda _path: crash.forget(crashes or []))
        dialog.finished.connect(dialog.deleteLater)
        self.report = dialog
        dialog.open()

    def _found(self, printed: str) -> None:
        items = json.loads(printed)["items"]
        self._findings = [
            Finding(item["name"], Verdict(item["verdict"]), item["detail"], item["advice"]) for item in items
        ]


def _visible(dialog: CheckDialog) -> bool:
    try:
        return dialog.isVisible()
    except RuntimeError:  # Qt has deleted it
        return False
