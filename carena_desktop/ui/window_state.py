"""Where the window stood: its frame, and nothing of what was in it. Restored onto a living screen or not at all."""

import json
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from carena_desktop.private_file import write_private

FILE_NAME: Final = "window.json"
VERSION: Final = 1
_SEEN_PX: Final = 120
"""So much of the title's width and a strip below it has to be on a screen."""
_TITLE_PX: Final = 40


def save(window: QMainWindow, folder: Path) -> None:
    """Keep the frame; a full screen is kept as the frame before it. A folder that can't be written costs nothing."""
    normal = window.normalGeometry()
    state = {
        "version": VERSION,
        "frame": [normal.x(), normal.y(), normal.width(), normal.height()],
        "maximized": window.isMaximized(),
    }
    try:
        write_private(folder / FILE_NAME, json.dumps(state).encode())
    except OSError:
        return


def restore(window: QMainWindow, folder: Path) -> bool:
    """Put the window where it stood, where that is on a living screen; return whether it was."""
    frame, maximized = _read(folder / FILE_NAME)
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    place = None if frame is None else fitted(frame, screens)
    if place is None:
        return False
    window.setGeometry(place)
    if maximized:
        window.showMaximized()
    return True


def forget(folder: Path) -> None:
    """Begin with the usual frame at the next start."""
    (folder / FILE_NAME).unlink(missing_ok=True)


def fitted(frame: QRect, screens: list[QRect]) -> QRect | None:
    """Return where a frame may stand, None where too little of its upper edge is on a screen to take hold of it.

    What was drawn wide on a large screen becomes as small as the one that is left; its buttons would be out of reach.
    """
    title = QRect(frame.x(), frame.y(), frame.width(), _TITLE_PX)
    shares = [(part.width(), screen) for screen in screens if _is_seen(part := title.intersected(screen))]
    if not shares:
        return None
    _, screen = max(shares, key=lambda share: share[0])
    room = screen.adjusted(0, _TITLE_PX, 0, 0)
    place = QRect(frame)
    if frame.width() > room.width():
        place.setX(room.x())
        place.setWidth(room.width())
    if frame.height() > room.height():
        place.setY(room.y())
        place.setHeight(room.height())
    return place


def _is_seen(part: QRect) -> bool:
    return part.width() >= _SEEN_PX and part.height() >= _TITLE_PX // 2


def _read(path: Path) -> tuple[QRect | None, bool]:
    try:
        state = json.loads(path.read_bytes())
        numbers = state["frame"]
        sound = len(numbers) == 4 and all(isinstance(n, int) and abs(n) < 100_000 for n in numbers)  # noqa: PLR2004 - a frame
        if state["version"] != VERSION or not sound or min(numbers[2:]) < 1:
            return None, False
        return QRect(*numbers), state["maximized"] is True
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None, False
