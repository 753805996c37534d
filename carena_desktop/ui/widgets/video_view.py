"""Shows the newest picture of a stream. It pulls on paint, so a busy window drops pictures and never queues them.

No conversion: ``Picture.data`` is already what Qt paints (RGB32). The picture's memory belongs to the slot; the view
lets go of it before the slot is read again or closed.
"""

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from carena_desktop.call.ports import FrameReader, Picture
from carena_desktop.ui.theme import Theme

_RADIUS = 12.0
_VEIL_PIXELS = 20
"""Across; no face can be told from so few."""
_FILL_MARGIN = 4 / 3


class VideoView(QWidget):
    """A picture with rounded corners on the stage's dark ground.

    Args:
        name: The accessible name.
        fill: Fill the widget and cut what doesn't fit, instead of showing all of the picture.
        mirrored: Show as in a mirror, for the self view.
        framed: Draw a thin frame.
        empty: Words in place of a picture, within a frame.
    """

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        fill: bool = False,
        mirrored: bool = False,
        framed: bool = False,
        empty: str = "",
    ) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self._fill = fill
        self._mirrored = mirrored
        self._framed = framed
        self._empty = empty
        self._reader: FrameReader | None = None
        self._picture: Picture | None = None
        self._image: QImage | None = None
        self._shown = False
        self._veiled = False
        self._frames = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def frames_painted(self) -> int:
        """How many different pictures have been painted since ``attach``."""
        return self._frames

    @property
    def frame_number(self) -> int:
        """The number of the picture on screen, -1 for none."""
        return self._picture.number if self._picture is not None and self._shown else -1

    @property
    def is_clear(self) -> bool:
        """Whether a picture is on screen, as it came: not the bare ground, and not a veiled one."""
        return self.frame_number >= 0 and not self._veiled

    def attach(self, reader: FrameReader | None) -> None:
        """Take pictures from ``reader``; None lets go of the last one."""
        self._image = None
        self._picture = None
        self._reader = reader
        self._frames = 0
        self._request_size()
        self.update()

    @property
    def fills(self) -> bool:
        """Whether the picture fills the widget and is cut where it doesn't fit."""
        return self._fill

    def set_fill(self, *, fill: bool) -> None:
        """Fill the widget, or show all of the picture."""
        if fill != self._fill:
            self._fill = fill
            self.update()

    def set_mirrored(self, *, mirrored: bool) -> None:
        """Show as in a mirror, or as it is: what has writing on it must be readable."""
        if mirrored != self._mirrored:
            self._mirrored = mirrored
            self.update()

    def set_framed(self, *, framed: bool) -> None:
        """Draw a thin frame, as around a picture that lies over another, or fill the corners of the ground."""
        if framed != self._framed:
            self._framed = framed
            self.update()

    def show_picture(self, *, shown: bool) -> None:
        """Show pictures, or the bare ground (the other camera is off: a frozen face would be a lie)."""
        if shown != self._shown:
            self._shown = shown
            self.update()

    def set_veiled(self, *, veiled: bool) -> None:
        """Show the last picture so blurred that nobody takes it for what is there now, or as it is."""
        if veiled != self._veiled:
            self._veiled = veiled
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Take the newest picture and draw it."""
        painter = QPainter(self)
        self._take()
        if self._framed:
            self._draw_framed(painter, self._image if self._shown else None)
        else:
            painter.fillRect(self.rect(), self._theme.color("stage"))
            if self._shown and self._image is not None:
                self._draw(painter, self._image)
            self._round_corners(painter)
        painter.end()
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the engine how many pixels are shown."""
        super().resizeEvent(event)
        self._request_size()

    def sizeHint(self) -> QSize:
        """Sixteen to nine."""
        return QSize(640, 360)

    def _take(self) -> None:
        if self._reader is None:
            return
        picture = self._reader.take()
        if picture is None:
            return
        self._image = QImage(picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32)
        self._picture = picture
        self._frames += 1

    def _target(self, image: QImage) -> QRectF:
        room = QRectF(self.rect())
        mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding if self._fill else Qt.AspectRatioMode.KeepAspectRatio
        target = QRectF()
        target.setSize(QSizeF(image.size()).scaled(room.size(), mode))
        target.moveCenter(room.center())
        return target

    def _draw(self, painter: QPainter, image: QImage) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._mirrored:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        target = self._target(image)
        if self._veiled:
            painter.setClipRect(self.rect(), Qt.ClipOperation.IntersectClip)
            painter.drawImage(target, _rough(image))
            painter.fillRect(target, QColor(0, 0, 0, 102))
        else:
            painter.drawImage(target, image)
        painter.resetTransform()

    def _draw_framed(self, painter: QPainter, image: QImage | None) -> None:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        brush = QBrush(self._theme.color("stage"))
        if image is not None and not image.isNull():
            target = self._target(image)
            place = QTransform()
            if self._mirrored:
                place.translate(self.width(), 0).scale(-1, 1)
            place.translate(target.left(), target.top())
            seen = _rough(image) if self._veiled else image
            place.scale(target.width() / seen.width(), target.height() / seen.height())
            brush = QBrush(seen)
            brush.setTransform(place)
        painter.setBrush(brush if image is None or self._fill else self._theme.color("stage"))
        painter.setPen(QPen(self._theme.color("accent" if image is not None else "border"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        if image is not None and not self._fill:  # a brush would repeat what does not reach the edges
            inside = QPainterPath()
            inside.addRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), _RADIUS - 1, _RADIUS - 1)
            painter.setClipPath(inside)
            self._draw(painter, image)
        if image is None and self._empty:
            painter.setPen(self._theme.color("on_stage2"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._empty)

    def _round_corners(self, painter: QPainter) -> None:
        room = QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outside = QPainterPath()
        outside.addRect(room)
        inside = QPainterPath()
        inside.addRoundedRect(room, _RADIUS, _RADIUS)
        painter.fillPath(outside.subtracted(inside), self._theme.color("canvas"))

    def _request_size(self) -> None:
        if self._reader is not None and self.width() > 0 and self.height() > 0:
            # A picture that is cut to fill must come larger than what is seen of it.
            ratio = self.devicePixelRatioF() * (_FILL_MARGIN if self._fill else 1.0)
            self._reader.request_size(round(self.width() * ratio), round(self.height() * ratio))


def _rough(image: QImage) -> QImage:
    return image.scaledToWidth(_VEIL_PIXELS, Qt.TransformationMode.SmoothTransformation)
