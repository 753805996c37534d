"""The own picture, small, with the lamps: what the capture really does. It never covers much of the patient."""

import math
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.readings import Lamp
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import Pill
from carena_desktop.ui.widgets.video_view import VideoView

TILE: Final = (216, 132)
"""Of a small picture where there is room."""
COVERS: Final = 1 / 12
"""Of a picture of sixteen to nine that fills the stage, at most, however large the text is."""
_EDGE: Final = 8
_BRIEF_EDGE: Final = 4


def self_view_size(stage: QSize, largest: QSize) -> QSize:
    """Return how large the self view may be on a stage: as large as wanted, or as much as it may cover."""
    width = min(stage.width(), stage.height() * 16 / 9)
    most = width * width * 9 / 16 * COVERS
    scale = min(1.0, math.sqrt(most / (largest.width() * largest.height())))
    return QSize(math.floor(largest.width() * scale), math.floor(largest.height() * scale))


class SelfView(QWidget):
    """The tile. Its lamps are words where there is room, and icons with the words as tips where there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._largest = QSize(theme.px(TILE[0]), theme.px(TILE[1]))
        self.setFixedSize(self._largest)
        self.video = VideoView(theme, tr("Self view"), fill=True, mirrored=True, framed=True)
        self.video.setParent(self)
        self.camera = Pill(theme, "video-off", tr("Camera off"), "stage")
        self.sharing = Pill(theme, "screen-share", tr("Screen shared"), "live")
        self.microphone = Pill(theme, "mic-off", tr("Microphone off"), "stage")
        self._pills = (self.camera, self.sharing, self.microphone)
        for pill in self._pills:
            pill.setParent(self)

    def fit(self, stage: QSize) -> None:
        """Be as large as is right over a stage of this size."""
        self.setFixedSize(self_view_size(stage, self._largest))

    def set_lamps(self, camera: Lamp, microphone: Lamp, *, sharing: bool) -> None:
        """Paint the lamps; the one of a shared screen is there while one is."""
        for pill, lamp in ((self.camera, camera), (self.microphone, microphone)):
            pill.set(lamp.icon, lamp.words, "live" if lamp.live else "stage")
        self.sharing.setVisible(sharing)
        self.video.show_picture(shown=camera.live)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the picture fill the tile."""
        super().resizeEvent(event)
        self.video.setGeometry(self.rect())
        self._arrange()

    def _arrange(self) -> None:
        """The camera's lamp above, the others below; as icons in a row where words do not fit."""
        shown = [pill for pill in self._pills if not pill.isHidden()]
        for pill in shown:
            pill.set_brief(brief=False)
        sizes = [pill.sizeHint() for pill in shown]
        wide, high = max(size.width() for size in sizes), sum(size.height() for size in sizes)
        brief = wide > self.width() - 2 * _EDGE or high > self.height() - 2 * _EDGE
        below, along = self.height() - _EDGE, _BRIEF_EDGE
        for pill in shown:
            pill.set_brief(brief=brief)
            pill.resize(pill.sizeHint())
            if brief:
                pill.move(along, self.height() - _BRIEF_EDGE - pill.height())
                along += pill.width() + _BRIEF_EDGE // 2
        for pill in reversed(() if brief else shown):
            below -= pill.height()
            pill.move(_EDGE, _EDGE if pill is self.camera else below)
