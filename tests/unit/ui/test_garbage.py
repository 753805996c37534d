"""Widgets that nothing refers to any more are taken apart on Qt's thread."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from carena_desktop.ui.garbage import QtThreadGarbage, collect_if_due


class Fragile(QObject):
    """Notes on which thread it went."""

    gone: list[str]

    def __init__(self, gone: list[str]) -> None:
        super().__init__()
        self.gone = gone
        self.itself = self

    def __del__(self) -> None:
        """Note it."""
        self.gone.append(threading.current_thread().name)


pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def garbage() -> Iterator[QtThreadGarbage]:
    """The collector at work."""
    gc.collect()
    collector = QtThreadGarbage()
    yield collector
    collector.close()


def _litter() -> None:
    """Allocate as much as makes Python collect everything."""
    kept = [[number] for number in range(200_000)]
    assert kept


def _on_a_thread() -> None:
    thread = threading.Thread(target=_litter, name="busy")
    thread.start()
    thread.join()


@pytest.mark.usefixtures("garbage")
def test_a_busy_thread_takes_no_widget_apart(qtbot: QtBot) -> None:
    """While another thread allocates nothing is collected there; Qt's thread does it within a moment."""
    gone: list[str] = []
    Fragile(gone)
    _on_a_thread()
    assert gone == []
    kept = [[number] for number in range(10_000)]  # enough for a collection to be due
    qtbot.waitUntil(lambda: bool(gone), timeout=5000)
    assert gone == ["MainThread"]
    assert kept


def test_without_it_the_busy_thread_does() -> None:
    """Python's own collection does take Qt's objects apart on the thread that allocates: the reason for all this."""
    gc.collect()
    gone: list[str] = []
    was_on = gc.isenabled()
    gc.enable()
    Fragile(gone)
    _on_a_thread()
    if not was_on:
        gc.disable()
    assert gone == ["busy"]


def test_the_end_gives_collection_back() -> None:
    """Closed, also twice, Python collects as before."""
    was_on = gc.isenabled()
    gc.enable()
    collector = QtThreadGarbage()
    assert not gc.isenabled()
    collector.close()
    collector.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    if not was_on:
        gc.disable()


def test_off_before_it_stays_off() -> None:
    """Where automatic collection was off it stays off, and what was put aside is looked at again all the same."""
    was_on = gc.isenabled()
    gc.disable()
    collector = QtThreadGarbage()
    assert gc.get_freeze_count() > 0
    collector.close()
    assert not gc.isenabled()
    assert gc.get_freeze_count() == 0
    if was_on:
        gc.enable()


def test_no_other_thread_may_ask() -> None:
    """Asked on another thread it raises instead of collecting there."""
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            collect_if_due()
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert len(errors) == 1
