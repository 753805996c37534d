"""A QR code, drawn here from its modules: what it says goes to no service and into no file."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_QUIET = 4
"""Modules of white around it (ISO/IEC 18004)."""
_MODULE_PX = 4


class QrCode(QWidget):
    """Black on white in every look, for cameras. What it means has to be said in words beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[bytes, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def modules(self) -> tuple[bytes, ...]:
        """The rows drawn, a byte of 0 or 1 for each module."""
        return self._rows

    def show_text(self, text: str) -> None:
        """Draw what ``text`` says; empty draws nothing."""
        from segno import make_qr  # noqa: PLC0415 - once in an account's life; the window does not wait for it

        self._rows = tuple(bytes(row) for row in make_qr(text, error="m").matrix) if text else ()
        self.updateGeometry()
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Whole pixels for each module."""
        side = (len(self._rows) + 2 * _QUIET) * _MODULE_PX if self._rows else 0
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the modules."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#FFFFFF"))
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    at = QRectF((x + _QUIET) * _MODULE_PX, (y + _QUIET) * _MODULE_PX, _MODULE_PX, _MODULE_PX)
                    painter.fillRect(at, QColor("#000000"))
        painter.end()
        event.accept()
