"""What stands beside the picture: the chat with files and patient, and above it the safety code while it is compared.

The code is read aloud with the camera on, so it takes room from the picture and never lies over the face.
"""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from carena_desktop.ui.pages.call.chat_panel import ChatPanel
from carena_desktop.ui.pages.call.safety_card import SafetyCard
from carena_desktop.ui.theme import Theme

_WIDTH = 340
_LEAST = 230
_GAP = 12


class SideColumn(QWidget):
    """Keeps what the person wants to see, and shows as much of it as there is room for.

    Where the code and the chat do not fit both, the chat comes back when the code has been compared.
    """

    def __init__(self, theme: Theme, picture: QSize) -> None:
        super().__init__()
        self._theme = theme
        self._picture = picture
        self._room = QSize()
        self._wants_chat = True
        self._wants_code = self._is_small = False
        self.code = SafetyCard(theme)
        self.chat = ChatPanel(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(self.code)
        column.addWidget(self.chat, 1)
        column.addStretch(0)
        self._arrange()

    def hasHeightForWidth(self) -> bool:
        """Never: what stands here scrolls by itself, and makes the page no taller."""
        return False

    def sizeHint(self) -> QSize:
        """As low as can be, for the same reason."""
        return QSize(self.minimumWidth(), self.minimumSizeHint().height())

    @property
    def shows_chat(self) -> bool:
        """Whether the chat stands there now."""
        return not self.chat.isHidden()

    @property
    def shows_code(self) -> bool:
        """Whether the safety code stands there now."""
        return not self.code.isHidden()

    def want_chat(self, *, shown: bool) -> None:
        """Show the chat, where the code leaves room for it, or hide it."""
        self._wants_chat = shown
        self._arrange()

    def open_chat(self) -> None:
        """Show the chat, and put the code away where both have no room."""
        self.want_chat(shown=True)
        if not self.shows_chat:
            self.show_code(shown=False)

    def show_code(self, *, shown: bool) -> None:
        """Show the safety code or put it away."""
        self._wants_code = shown
        self._arrange()

    def set_small(self, *, small: bool) -> None:
        """Leave the room to the picture while the window is small."""
        self._is_small = small
        self._arrange()

    def fit(self, room: QSize) -> None:
        """Share ``room``, in pixels, with the picture."""
        self._room = room
        self._arrange()

    def _arrange(self) -> None:
        width = self._theme.px(_WIDTH)
        if self._room.isValid():
            left = self._room.width() - self._picture.width() - _GAP
            width = max(self._theme.px(_LEAST), min(width, left))
        if width != self.width():
            self.setFixedWidth(width)
        self.code.fit(QSize(width, self._room.height()))
        self.code.setVisible(self._wants_code)
        # Whoever is writing goes on writing: letters that reach no field are keys.
        writing = self.chat.isAncestorOf(self.focusWidget() or self)
        self.chat.setVisible(self._wants_chat and (not self._wants_code or self._both_fit or writing))
        self.setVisible((self._wants_chat or self._wants_code) and not self._is_small)

    @property
    def _both_fit(self) -> bool:
        need = self.code.sizeHint().height() + _GAP + self.chat.minimumSizeHint().height()
        return not self._room.isValid() or need <= self._room.height()
