"""Takes what Qt says into the log, by level and category; its words go through the log's redaction like all others.

A fatal message is recorded before Qt ends the process.
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def take_messages(on_fatal: Callable[[str], None]) -> None:
    """Have Qt's messages logged from now on; ``on_fatal`` gets the category of the one that ends the program."""

    def handle(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        category = getattr(context, "category", "") or "default"
        _log.log(_LEVELS.get(kind, logging.WARNING), "qt %s: %s", category, text)
        if kind is QtMsgType.QtFatalMsg:
            on_fatal(category)

    qInstallMessageHandler(handle)


def give_back() -> None:
    """Have Qt write to stderr again."""
    qInstallMessageHandler(None)
