"""The stage on which screens are drawn, for pictures and for tests."""

import gc
import weakref

import shiboken6
from PySide6.QtWidgets import QApplication

from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.theme import Theme
from scripts.scenes_visit import live
from scripts.stage import staged
from tests.unit.ui.conftest import settle


def play(application: QApplication, theme: Theme) -> weakref.ref[MainWindow]:
    """Show a scene, and put it away."""
    with staged(application, theme, live, (1000, 700)) as window:
        assert shiboken6.isValid(window)
        return weakref.ref(window)


def test_a_played_scene_leaves_no_window(qapp: QApplication, theme: Theme) -> None:
    """Of a window that was put away nothing stays, neither Qt's nor Python's part."""
    left = len(qapp.topLevelWidgets())
    gone = play(qapp, theme)
    settle()
    gc.collect()
    assert gone() is None
    assert len(qapp.topLevelWidgets()) <= left
