"""Scroll areas as the screens use them: no frame, no stop for Tab, and as tall as wrapped text really is."""

from PySide6.QtCore import QEvent, QMargins, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget


class ScrollArea(QScrollArea):
    """A scroll area for content with wrapped labels.

    Qt takes the smallest height of such content for its narrowest width; asked for the real width, it is far less.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        content.setProperty("role", "scrolled")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Measure again when the content changes."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._measure()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure for the new width."""
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        content = self.widget()
        if content is None:
            return
        layout = content.layout()
        if layout is None:
            return
        height = 0  # nothing wraps: the layout's own smallest size is right
        if layout.hasHeightForWidth():
            self._judge_bar(layout)
            least = layout.minimumSize().width()
            height = layout.totalMinimumHeightForWidth(max(self.viewport().width(), least))
        if height != content.minimumHeight():
            content.setMinimumHeight(height)

    def _judge_bar(self, layout: QLayout) -> None:
        """Have no bar where all fits without it.

        WORKAROUND: Qt asks whether a bar can go at the width beside that bar, where words may need more lines, so one
        that was needed for a moment stays (qscrollarea.cpp, QScrollAreaPrivate::updateScrollBars).
        """
        least, most = layout.minimumSize().width(), self.maximumViewportSize()
        fits = least <= most.width() and layout.totalHeightForWidth(most.width()) <= most.height()
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded)


class GutterArea(ScrollArea):
    """Its bar stands in the content's own margin, so that what scrolls ends where what does not scroll ends."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = content.layout()
        self._margins = layout.contentsMargins() if layout is not None else QMargins()
        self.verticalScrollBar().rangeChanged.connect(lambda _least, most: self._give_way(bar=most > 0))

    def _judge_bar(self, layout: QLayout) -> None:
        """The words are as wide beside the bar as without it: Qt is right by itself."""

    def _give_way(self, *, bar: bool) -> None:
        content = self.widget()
        layout = content.layout() if content is not None else None
        if layout is None:
            return
        margins = QMargins(self._margins)
        taken = self.verticalScrollBar().sizeHint().width() if bar else 0
        if self.isRightToLeft():
            margins.setLeft(max(0, margins.left() - taken))
        else:
            margins.setRight(max(0, margins.right() - taken))
        if margins != layout.contentsMargins():
            layout.setContentsMargins(margins)


class FittedArea(ScrollArea):
    """As tall as what is in it at a width, and less where there is less room: then it scrolls, also by arrow keys."""

    def __init__(self, content: QWidget, width: int) -> None:
        super().__init__(content)
        self._wide = width
        self._content = content
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_width(self, width: int) -> None:
        """Be as tall as the content at another width."""
        if width != self._wide:
            self._wide = width
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the content's height at this width."""
        layout = self._content.layout()
        return QSize(self._wide, height_for(layout, self._wide) if layout is not None else 0)


def height_for(layout: QLayout, width: int) -> int:
    """Return the height that a layout likes at a width in pixels, whether its words wrap or not."""
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()


def scrolled(content: QWidget) -> ScrollArea:
    """Return ``content`` in an area that scrolls when it must."""
    return ScrollArea(content)


def vertical_scroll(content: QWidget) -> ScrollArea:
    """Return ``content`` in an area that scrolls up and down only."""
    return GutterArea(content)
