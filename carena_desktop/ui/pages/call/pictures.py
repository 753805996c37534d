"""The patient's two pictures: the camera's, and a shared screen's. One fills the stage, the other lies small over it.

A shared screen is large by itself; a press on the small picture, or the key, changes the two. A screen is shown from
its first picture on, and what an earlier one left in the slot is thrown away before.
"""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from carena_desktop.call.ports import FrameReader
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.self_view import TILE, self_view_size
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.video_view import VideoView

_MARGIN: Final = 14
_GAP: Final = 10
_ABOVE: Final = 96
"""What lies over the stage's upper edge: identity and quality."""
_BESIDE: Final = 130
"""What lies in the lower left corner: the button of the views."""
_PAD: Final = 6
_SHARE: Final = 0.24
"""Of the stage's width, at most: what it covers of the large one can't be read."""
_LEAST: Final = 120


class SwapButton(QAbstractButton):
    """Covers the small picture; shows an icon in its corner and leaves the rest to be seen."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("X")
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon on a dark ground."""
        side = self._theme.px(26)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRect(_PAD, self.height() - side - _PAD, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("stage"))
        painter.drawRoundedRect(ground, 6, 6)
        inside = ground.adjusted(4, 4, -4, -4)
        self._theme.icon("arrow-up-down", "on_stage", inside.width()).paint(painter, inside)
        painter.end()
        event.accept()


class Pictures(QWidget):
    """What comes from the patient, to be laid under everything of the stage."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.camera = VideoView(theme, tr("Patient's video"))
        self.shared = VideoView(theme, tr("Patient's screen"))
        self.swap = SwapButton(theme, self)
        for view in (self.camera, self.shared):
            view.setParent(self)
        self.shared.hide()
        self._screen_reader: FrameReader | None = None
        self._has_camera = False
        self._is_shared = False
        self._is_here = False
        self._wants_camera = False
        self._fills = False
        self._is_small = False
        self.swap.clicked.connect(self.flip)

    @property
    def fills(self) -> bool:
        """Whether the camera's picture, where it is large, fills the room and is cut."""
        return self._fills

    @property
    def has_screen(self) -> bool:
        """Whether a shared screen is shown."""
        return self._is_shared and self._is_here

    @property
    def can_swap(self) -> bool:
        """Whether there are two pictures."""
        return self.has_screen and self._has_camera and not self._is_small

    def set_fill(self, *, fill: bool) -> None:
        """Fill the room with the camera's picture, or show all of it; a screen is always shown whole."""
        self._fills = fill
        self._arrange()

    def set_small(self, *, small: bool) -> None:
        """Show the large picture only: the window is small."""
        self._is_small = small
        self._arrange()

    def set_veiled(self, *, camera: bool, screen: bool) -> None:
        """Blur what is shown and old; a message over it says so."""
        self.camera.set_veiled(veiled=camera)
        self.shared.set_veiled(veiled=screen)

    def attach(self, camera: FrameReader | None, screen: FrameReader | None) -> None:
        """Take pictures from these readers; None lets go of the last ones."""
        self.camera.attach(camera)
        self.shared.attach(None)
        self._screen_reader = screen
        self._is_shared = self._is_here = self._wants_camera = False
        self._arrange()

    def render_pictures(self, *, camera: bool, screen: bool) -> None:
        """Show what there is.

        Args:
            camera: Whether the camera's pictures come.
            screen: Whether a shared screen's do.
        """
        self._has_camera = camera
        self.camera.show_picture(shown=camera)
        if screen is not self._is_shared and self._screen_reader is not None:
            self._is_shared, self._is_here = screen, False
            if screen:
                self._screen_reader.take()  # of an earlier share
                self._wants_camera = False
            else:
                if self.shared.isVisible():
                    announce(self, tr("The patient shares no screen any more"))
                self.shared.attach(None)
        self._arrange()

    def screen_came(self) -> None:
        """A picture of the shared screen is waiting."""
        if not self._is_shared:
            return
        if not self._is_here:
            self._is_here = True
            self.shared.attach(self._screen_reader)
            self._arrange()
            announce(self, tr("The patient shares a screen"))
        self.shared.update()

    def flip(self) -> None:
        """Change the two pictures' places."""
        if self.can_swap:
            self._wants_camera = not self._wants_camera
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place both."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        screen, both = self.has_screen, self.can_swap
        camera_large = not screen or (both and self._wants_camera)
        large, small = (self.camera, self.shared) if camera_large else (self.shared, self.camera)
        for view, is_small in ((large, False), (small, True)):
            view.set_framed(framed=is_small)
            view.setGeometry(self._tile() if is_small else self.rect())
        self.camera.set_fill(fill=not camera_large or self._fills)
        large.lower()
        small.raise_()
        large.setVisible(True)
        small.setVisible(both)
        self.shared.show_picture(shown=screen)
        self.swap.setGeometry(self._tile())
        self.swap.setVisible(both)
        self.swap.raise_()
        self.swap.setAccessibleName(tr("Show the screen large") if camera_large else tr("Show the patient large"))

    def _tile(self) -> QRect:
        """Above the self view; beside it where there is no room above, smaller where there is little."""
        own = self_view_size(self.size(), QSize(self._theme.px(TILE[0]), self._theme.px(TILE[1])))
        own_width, own_height = own.width(), own.height()
        width = min(self._theme.px(TILE[0]), max(_LEAST, round(self.width() * _SHARE)))
        height = width * TILE[1] // TILE[0]
        top = self.height() - _MARGIN - own_height - _GAP - height
        if top >= self._theme.px(_ABOVE):
            return QRect(self.width() - _MARGIN - width, top, width, height)
        right = self.width() - _MARGIN - own_width - _GAP
        left = max(self._theme.px(_BESIDE), right - width)
        fitting = max(0, min(width, right - left))
        lower = fitting * height // width
        return QRect(left, self.height() - _MARGIN - lower, fitting, lower)
