"""Rings alerts on the machine's real outputs as its input says, one line for one ring; run as a program by a test."""

import sys

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from carena_desktop.ui.alert_outputs import Where
from carena_desktop.ui.sounder import Sounder, outputs


def say(line: str) -> None:
    """Tell the test."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def listed() -> str:
    """Return the names of the outputs that are plugged in."""
    return ",".join(sorted(one.name for one in outputs()))


def main() -> None:
    """Say the outputs, then ring for each line "WHERE;NAME" and say where it sounded."""
    application = QApplication(sys.argv[:1])
    owner = QObject()
    sounder = Sounder(owner)

    def asked() -> None:
        line = sys.stdin.readline().strip()
        if not line:
            application.quit()
            return
        if line == "list":
            say(listed())
            return
        where, _, name = line.partition(";")
        now = sounder.ring("arrival.wav", Where(where), (name,) if name else ())
        names = ",".join(sorted(one.name for one in now.outputs))
        say(f"{names};{int(now.missing)}")

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(asked)
    say(listed())
    application.exec()


if __name__ == "__main__":
    main()
