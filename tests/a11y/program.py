"""The window with a scene in it, for a screen reader of another process; told what to do by lines on stdin.

scene NAME    play a scene of the screenshot script; answers "ready"
tab           press Tab as the system would; answers with which widget has the keyboard
say           announce something urgent; answers "done"
"""

import sys
from contextlib import ExitStack

from PySide6.QtCore import QElapsedTimer, QSocketNotifier, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from carena_desktop.ui.a11y import announce
from carena_desktop.ui.theme import Appearance, Theme
from scripts import screenshots, stage

PATIENCE_MS = 1000
SCENES = {scene.__name__: scene for scene in screenshots.SCENES}


class Program:
    """Plays one scene after the other."""

    def __init__(self) -> None:
        self.application = QApplication(["carena-a11y"])
        self.application.setApplicationName("carena-a11y")
        self.application.setQuitOnLastWindowClosed(False)
        self.theme = Theme(self.application, appearance=Appearance.LIGHT, text_scale=1.0)
        self.scene = ExitStack()
        self.window: QMainWindow | None = None
        self.notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self.notifier.activated.connect(self.line)

    def moved(self, window: QMainWindow, before: QWidget | None) -> QWidget | None:
        """Wait until something else has the keyboard, and return it; what keeps it keeps it for a second."""
        patience = QElapsedTimer()
        patience.start()
        while window.focusWidget() is before and patience.elapsed() < PATIENCE_MS:
            self.application.processEvents()
        return window.focusWidget()

    def line(self) -> None:
        """Take a line."""
        words = sys.stdin.readline().split()
        if not words:
            self.scene.close()
            self.application.quit()
            return
        if words[0] == "scene":
            self.scene.close()
            self.scene = ExitStack()
            self.window = self.scene.enter_context(stage.staged(self.application, self.theme, SCENES[words[1]]))
            self.window.activateWindow()
            answer = "ready"
        elif words[0] == "tab" and self.window is not None:
            QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Tab)
            focus = self.moved(self.window, self.window.focusWidget())
            answer = f"{type(focus).__name__}-{id(focus):x}" if focus is not None else "nothing"
        elif words[0] == "say" and self.window is not None:
            announce(self.window, "Connection lost. Reconnecting.", urgent=True)
            answer = "done"
        else:
            answer = "unknown"
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    program = Program()
    sys.exit(program.application.exec())
