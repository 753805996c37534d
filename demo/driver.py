"""The real desktop application in a process of its own, used by commands on stdin instead of a person's hands.

    python -m demo.driver [arguments of carena-desktop]

One JSON object a line in, one out: ``{"id": 1, "do": "click", "name": "Sign in", "role": "button"}`` is answered by
``{"id": 1, "value": ...}`` or ``{"id": 1, "error": "..."}``. The application is started as its entry point does and
knows nothing of this; widgets are found by accessible name (``demo.widgets``).
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, TextIO

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView

from carena_desktop import app
from carena_desktop.config import read_config
from carena_desktop.log import set_up_logging
from demo import widgets
from demo.observer import Observer

Arguments = dict[str, Any]
Command = Callable[[Arguments], Any]


class Hands(QObject):
    """Carries out commands on Qt's thread, where ``received`` is queued to."""

    received = Signal(str)

    def __init__(self, application: app.Application, answers: TextIO) -> None:
        super().__init__()
        self._application = application
        self._answers = answers
        self._observer = Observer(application.call)
        self._commands: dict[str, Command] = {
            "ping": lambda _: "pong",
            "find": self._find,
            "texts": lambda _: widgets.texts(),
            "click": lambda a: widgets.click(widgets.find(a["name"], a.get("role", "button"))),
            "type": lambda a: widgets.type_text(widgets.find(a["name"], "field"), a["text"]),
            "press": lambda a: widgets.press(widgets.find(a["name"], a.get("role")), a["key"]),
            "key": lambda a: widgets.key(a["keys"]),
            "keys_of": lambda a: widgets.keys_of(a["text"]),
            "focus": self._focus,
            "rows": lambda a: widgets.rows(self._table(a)),
            "select_row": lambda a: widgets.select_row(self._table(a), a["text"]),
            "choose_file": lambda a: widgets.choose_file(a["path"]),
            "screenshot": lambda a: widgets.screenshot(a["path"], widgets.Grab(a.get("what", "window"))),
            "session": lambda _: application.session.snapshot.state.value,
            "figures": lambda _: self._observer.figures(),
            "times": lambda _: self._observer.times(),
            "frame_number": lambda a: self._observer.frame_number(a["name"]),
            "clipboard": lambda _: QGuiApplication.clipboard().text(),
            "quit": self._quit,
        }
        self.received.connect(self.perform, Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def perform(self, line: str) -> None:
        """Carry out one command and answer it."""
        command = json.loads(line)
        answer: dict[str, Any] = {"id": command["id"]}
        try:
            answer["value"] = self._commands[command["do"]](command)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is the answer
            answer["error"] = f"{type(error).__name__}: {error}"
        self._answers.write(json.dumps(answer) + "\n")
        self._answers.flush()

    def _find(self, arguments: Arguments) -> dict[str, Any] | None:
        try:
            return widgets.describe(widgets.find(arguments["name"], arguments.get("role")))
        except widgets.MissingWidgetError:
            return None

    def _focus(self, _: Arguments) -> dict[str, Any] | None:
        try:
            return widgets.describe(widgets.with_keyboard())
        except widgets.MissingWidgetError:
            return None

    def _table(self, arguments: Arguments) -> QAbstractItemView:
        table = widgets.find(arguments["name"], "table")
        assert isinstance(table, QAbstractItemView)  # noqa: S101 - what the role means
        return table

    def _quit(self, _: Arguments) -> None:
        self._application.window.close()


def listen(hands: Hands) -> None:
    """Hand every line of stdin to Qt's thread; stdin's end closes the window."""
    for line in sys.stdin:
        hands.received.emit(line)
    hands.received.emit('{"id": 0, "do": "quit"}')


def run() -> int:
    """Put the application together as its entry point does, with a thread that listens beside it."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing the application prints may look like an answer
    config = read_config(sys.argv[1:], os.environ)
    set_up_logging(config.log_dir, config.log_level)
    application = app.build(config)
    hands = Hands(application, answers)
    threading.Thread(target=listen, args=(hands,), name="driver", daemon=True).start()
    return application.run(config.server)


if __name__ == "__main__":
    sys.exit(run())
