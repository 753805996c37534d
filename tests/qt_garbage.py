"""Holds that widgets of earlier tests are taken apart on Qt's thread: see ``carena_desktop.ui.garbage``.

Once a process has a QApplication the automatic collection is off and each test ends with what is due.
"""

import gc
import sys

import pytest


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Collect between tests, on the thread that has the windows."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    from carena_desktop.ui.garbage import collect_if_due  # noqa: PLC0415 - most test processes have no Qt

    gc.disable()
    collect_if_due()
