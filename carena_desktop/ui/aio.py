"""The one module that knows qasync: asyncio on Qt's event loop.

If qasync stops being kept up, this module and ``app`` change and nothing else. It starts no tasks of its own.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import qasync
from PySide6.QtWidgets import QApplication

_T = TypeVar("_T")


def run(application: QApplication, main: Coroutine[Any, Any, _T]) -> _T:
    """Run ``main`` on Qt's loop until it returns, then close the loop; the counterpart of ``asyncio.run``."""
    # The windows close before the coroutine that shuts everything down has ended: Qt must not leave the loop by itself.
    application.setQuitOnLastWindowClosed(False)
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(main)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
        asyncio.set_event_loop(None)
