"""A window over the whole screen whose picture carries a number that grows: something to be shared and recognised.

Says "shown" once it is there. It takes neither clicks nor the keyboard.
"""

import sys
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from demo.frame_code import write_number

FPS: Final = 10
MODULUS: Final = 1 << 16


class NumberedWindow(QWidget):
    """Counts ten a second."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Numbers")
        self.setWindowFlags(
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowTransparentForInput
            | Qt.WindowType.WindowDoesNotAcceptFocus
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._number = 0
        timer = QTimer(self)
        timer.timeout.connect(self._count)
        timer.start(1000 // FPS)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The number along the upper edge, grey below."""
        picture = np.full((self.height(), self.width(), 4), 128, np.uint8)
        write_number(picture, self._number)
        image = QImage(picture.data, self.width(), self.height(), self.width() * 4, QImage.Format.Format_RGB32)
        painter = QPainter(self)
        painter.drawImage(0, 0, image)
        painter.end()
        event.accept()

    def _count(self) -> None:
        self._number = (self._number + 1) % MODULUS
        self.raise_()
        self.update()


def main() -> None:
    """Show it until killed."""
    application = QApplication(sys.argv)
    window = NumberedWindow()
    window.setGeometry(application.primaryScreen().geometry())
    window.show()
    application.processEvents()
    print("shown", flush=True)
    application.exec()


if __name__ == "__main__":
    main()
