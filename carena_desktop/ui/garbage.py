"""Collects Python's garbage on Qt's thread only.

Python's collector runs on whichever thread happens to allocate. What it finds there may be the wrapper of a widget
that nothing refers to any more: its C++ side is then taken apart on a thread that is not Qt's, and the process may die
later, in somebody else's code. The window has such threads (keyring, files, devices), so the automatic collection is
off while there is a window, and a timer on Qt's thread does the same by the same thresholds. What was imported by then
is never garbage and is not looked at again: a full collection was 30 ms of Qt's thread, for 70,000 objects.

Source: https://docs.python.org/3/library/gc.html (thresholds and generations);
https://doc.qt.io/qt-6/threads-qobject.html (widgets belong to the main thread, deletion included).
"""

import gc
import threading
from typing import Final

from PySide6.QtCore import QObject, QTimer

TICK_MS: Final = 250


class QtThreadGarbage(QObject):
    """Takes automatic collection over from Python until ``close``; make it on Qt's thread, before the first window.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(collect_if_due)
        self._timer.start()

    def close(self) -> None:
        """Give automatic collection back to Python; may be called twice."""
        if self._timer.isActive():
            self._timer.stop()
            gc.unfreeze()
            if self._was_on:
                gc.enable()


def collect_if_due() -> int:
    """Collect the oldest generation that Python would have collected by itself; return which, -1 for none.

    Raises:
        RuntimeError: Not called on the main thread, where Qt's objects live.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("garbage is collected on Qt's thread")
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if 0 < thresholds[generation] < counts[generation]:
            gc.collect(generation)
            return generation
    return -1
