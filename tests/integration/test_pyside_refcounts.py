"""PySide6 must not steal or leak references to the singletons.

PySide6 6.12.0 on Python 3.11 lost a reference to True, False or None with each signal emission and each void call, and
aborted the process when the count reached zero, minutes into a visit. This is why pyproject.toml pins it below 6.12
while Python 3.11 is supported.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QSize, QTimer, Signal
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

CALLS = 1000
TOLERANCE = 5


class Speaker(QObject):
    """Signals of the kinds the application emits."""

    flag = Signal(bool)
    thing = Signal(object)


def _singletons() -> dict[str, int]:
    return {"True": sys.getrefcount(True), "False": sys.getrefcount(False), "None": sys.getrefcount(None)}


def _drift(call: Callable[[], object]) -> dict[str, int]:
    """How many references to each singleton ``CALLS`` calls gain (or lose, when negative)."""
    for _ in range(10):
        call()  # caches fill
    before = _singletons()
    for _ in range(CALLS):
        call()
    after = _singletons()
    return {name: after[name] - before[name] for name in before}


def _frame() -> QVideoFrame:
    return QVideoFrame(QVideoFrameFormat(QSize(64, 64), QVideoFrameFormat.PixelFormat.Format_YUV420P))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("what", ["bool signal", "object signal", "void method", "bool method", "map and unmap"])
def test_singletons_keep_their_counts(what: str) -> None:
    """A thousand calls of each kind leave the reference counts of True, False and None where they were, within 5."""
    speaker, timer, frame = Speaker(), QTimer(), _frame()
    heard: list[object] = []
    speaker.flag.connect(lambda value: heard.append(value) if len(heard) < 1 else None)
    speaker.thing.connect(lambda _value: None)

    def map_and_unmap() -> None:
        frame.map(QVideoFrame.MapMode.ReadOnly)
        frame.unmap()

    calls: dict[str, Callable[[], object]] = {
        "bool signal": lambda: speaker.flag.emit(True),
        "object signal": lambda: speaker.thing.emit(None),
        "void method": lambda: timer.setInterval(5),
        "bool method": timer.isActive,
        "map and unmap": map_and_unmap,
    }
    drift = _drift(calls[what])
    assert all(abs(change) < TOLERANCE for change in drift.values()), drift
    assert QCoreApplication.instance() is not None
