"""The two windows of support: "Check this computer", and the report, which is read before it is saved."""

import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from carena_desktop.own_command import own_command
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import IconLabel, label
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.scrolling import vertical_scroll

_ICONS = {"ok": ("circle-check", "ok"), "note": ("triangle-alert", "warn"), "fail": ("circle-alert", "danger")}
_END_MS = 2000


def self_test_command(server: str, proxy: str = "") -> list[str]:
    """Return the command that tests this computer, as this program was started; "" leaves an option out."""
    options = {"--server": server, "--proxy": proxy}
    given = [word for option, value in options.items() if value for word in (option, value)]
    return [*own_command(), "--self-test", "--json", *given]


class CheckDialog(QDialog):
    """Runs the self-test in a process of its own, so that nothing it meets can take the window along.

    Args:
        theme: The look.
        parent: Whose dialog.
        command: What to run; see ``self_test_command``.
    """

    finished_check = Signal(str)
    """What the test printed, as JSON."""
    report_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget, command: Sequence[str]) -> None:
        super().__init__(parent)
        self._theme = theme
        self._command = list(command)
        self.setWindowTitle(tr("Check this computer"))
        self.summary = Notice(theme, "info")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        self.report = ActionButton(theme, tr("Save report for IT"), icon="download")
        self.again = ActionButton(theme, tr("Check again"), icon="refresh-cw")
        self.close_button = ActionButton(theme, tr("Done"), kind="primary")
        self.process = QProcess(self)
        self.process.finished.connect(self._finished)
        self.process.errorOccurred.connect(self._failed)
        self.report.clicked.connect(self.report_requested)
        self.again.clicked.connect(self.start)
        self.close_button.clicked.connect(self.accept)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.rows)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.report)
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(14)
        whole.addWidget(label(tr("Check this computer"), "title"))
        whole.addWidget(self.summary)
        whole.addWidget(vertical_scroll(inside), 1)
        whole.addLayout(buttons)
        self.resize(theme.px(620), theme.px(640))

    def start(self) -> None:
        """Begin, or begin anew."""
        if self.process.state() is not QProcess.ProcessState.NotRunning:
            return
        self._clear()
        self.again.setEnabled(False)
        self.summary.show_text(tr("A call to itself, then the way to the server. This takes about 15 seconds."))
        self.process.start(self._command[0], self._command[1:])

    def show_result(self, printed: str) -> None:
        """Show what a test printed."""
        self._clear()
        self.again.setEnabled(True)
        try:
            found = json.loads(printed)
            items = [(str(i["name"]), str(i["verdict"]), str(i["detail"]), str(i["advice"])) for i in found["items"]]
            works = found["ok"] is True
        except (ValueError, KeyError, TypeError):
            self._failed()
            return
        order = {"fail": 0, "note": 1}
        for item in sorted(items, key=lambda one: order.get(one[1], 2)):
            self.rows.addWidget(_row(self._theme, *item))
        noted = any(item[1] != "ok" for item in items)
        if not works:
            words, tone = tr("A visit can't work on this computer as it is."), "danger"
        elif noted:
            words, tone = tr("A visit can work on this computer. Some things could be better."), "warn"
        else:
            words, tone = tr("A visit can work on this computer."), "ok"
        self.summary.show_text(words, tone=tone)
        announce(self.summary, words)
        self.finished_check.emit(printed)

    def stop(self) -> None:
        """End what still runs."""
        if self.process.state() is not QProcess.ProcessState.NotRunning:
            self.process.kill()
            self.process.waitForFinished(_END_MS)

    def reject(self) -> None:
        """Close, and end the test."""
        self.stop()
        super().reject()

    def accept(self) -> None:
        """Close, and end the test."""
        self.stop()
        super().accept()

    def _finished(self, _code: int) -> None:
        if self.isVisible():
            self.show_result(bytes(self.process.readAllStandardOutput().data()).decode("utf-8", "replace"))

    def _failed(self) -> None:
        self.again.setEnabled(True)
        if self.isVisible():
            self.summary.show_text(tr("The check could not be run. Install Carena again, or ask IT."), tone="danger")

    def _clear(self) -> None:
        while (item := self.rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()


def _row(theme: Theme, name: str, verdict: str, detail: str, advice: str) -> QWidget:
    icon, tone = _ICONS.get(verdict, _ICONS["note"])
    made = QFrame()
    words = QVBoxLayout()
    words.setSpacing(1)
    title = label(name.capitalize(), "strong", wrap=True)
    words.addWidget(title)
    if advice:
        words.addWidget(label(tr_marked(advice), wrap=True))
    small = label(detail, "secondary", wrap=True)
    small.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    words.addWidget(small)
    row = QHBoxLayout(made)
    row.setContentsMargins(4, 8, 4, 8)
    row.setSpacing(12)
    row.addWidget(IconLabel(theme, icon, tone, 20), 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    state = {"ok": tr("Good"), "note": tr("Could be better"), "fail": tr("Does not work")}.get(verdict, verdict)
    made.setAccessibleName(f"{name}: {state}. {tr_marked(advice) if advice else ''} {detail}")
    return made


class ReportDialog(QDialog):
    """Shows a report word for word; what is seen is what is saved, and nothing is sent.

    Args:
        theme: The look.
        parent: Whose dialog.
        text: The report.
        name: For the file.
    """

    saved = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget, text: str, name: str) -> None:
        super().__init__(parent)
        self._name = name
        self.setWindowTitle(tr("Report for IT"))
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(tr("The report"))
        self.text.setTabChangesFocus(True)
        self.problem = Notice(theme, "danger")
        self.save = ActionButton(theme, tr("Save"), icon="download", kind="primary")
        self.cancel = ActionButton(theme, tr("Close"))
        self.save.clicked.connect(self._ask)
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        words = label(
            tr("This is all of it: no names, chat, files or passwords. It is saved where you say and sent nowhere."),
            "secondary",
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        column.addWidget(label(tr("Report for IT"), "title"))
        column.addWidget(words)
        column.addWidget(self.text, 1)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        self.resize(theme.px(720), theme.px(640))

    def write_to(self, path: Path) -> None:
        """Save what is shown; says so where that fails."""
        try:
            path.write_text(self.text.toPlainText(), "utf-8")
        except OSError:
            self.problem.show_text(tr("The report can't be saved there. Choose another folder."))
            return
        self.saved.emit(str(path))
        self.accept()

    def _ask(self) -> None:
        dialog = QFileDialog(self, tr("Save report for IT"), self._name, "JSON (*.json)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(lambda path: self.write_to(Path(path)))
        dialog.open()
