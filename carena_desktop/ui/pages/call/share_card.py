"""The question before a screen is shared, asked every time: which one, and what that means."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout

from carena_desktop.call.ports import PORTAL, Shareable
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.sheet import go_round
from carena_desktop.wayland import is_wayland

_ID = Qt.ItemDataRole.UserRole
_ROWS = 6


class ShareCard(QFrame):
    """Emits ``chosen`` with an id, or ``cancelled``. Nothing is chosen beforehand, so a stray Enter shares nothing."""

    chosen = Signal(str)
    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._found: tuple[Shareable, ...] | None = None
        self.setProperty("role", "ask")
        self._question = label("", "heading", wrap=True)
        self._none = label("", "body", wrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Screens and windows"))
        self.list.setProperty("role", "choices")
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.share = ActionButton(theme, tr("Share"), icon="screen-share", kind="primary", large=True)
        self.cancel = ActionButton(theme, tr("Cancel"), large=True)
        self.list.currentRowChanged.connect(lambda row: self.share.setEnabled(row >= 0))
        self.list.itemActivated.connect(lambda _item: self._share())
        self.share.clicked.connect(self._share)
        self.cancel.clicked.connect(self.cancelled)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 22)
        column.setSpacing(14)
        column.addWidget(self._question)
        column.addWidget(self._none)
        column.addWidget(self.list)
        column.addWidget(
            label(
                tr(
                    "They see all that is on it, also what appears later: other windows, messages, names. Close what "
                    "they must not see."
                ),
                "secondary",
                wrap=True,
            )
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.share, 1)
        buttons.addWidget(self.cancel, 1)
        column.addLayout(buttons)
        self.setFixedWidth(theme.px(460))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.hide()

    def ask(self, patient: str) -> None:
        """Ask for a visit with ``patient``; what there is comes with ``show_found``."""
        question = tr("What may {name} see?").format(name=text.isolate(patient) if patient else tr("the patient"))
        self._question.setText(question)
        self.setAccessibleName(question)
        self.show_found(None)
        self.show()

    def show_found(self, found: tuple[Shareable, ...] | None) -> None:
        """List what can be shared; None while it is being looked for."""
        if found == self._found and found is not None:
            return
        self._found = found
        self.list.clear()
        for each in found or ():
            kind = "monitor" if each.is_screen else "app-window"
            item = QListWidgetItem(self._theme.icon(kind, "text2", 16), "")
            item.setText(tr("What your system lets you choose") if each.id == PORTAL else text.isolate(each.name))
            item.setData(_ID, each.id)
            self.list.addItem(item)
        self.list.setCurrentRow(-1)
        self.list.setVisible(bool(found))
        row = max(self.list.sizeHintForRow(0), self._theme.px(34))
        self.list.setFixedHeight(row * min(_ROWS, max(1, len(found or ()))) + 2 * self.list.frameWidth() + 4)
        self._none.setVisible(not found)
        self._none.setText(tr("Looking for screens and windows…") if found is None else _nothing())
        self.share.setEnabled(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the keyboard where nothing happens by accident."""
        super().showEvent(event)
        self.cancel.setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's
        """Tab stays inside: what lies behind is not to be answered now."""
        return go_round(self, forward=forward)

    def _share(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen.emit(item.data(_ID))


def _nothing() -> str:
    """Why nothing can be shared."""
    if is_wayland():
        return tr(
            "Nothing can be shared: this session is Wayland, and its desktop portal for sharing screens, or PipeWire, "
            "is missing. IT can install them; a session on Xorg needs neither."
        )
    return tr("Nothing can be shared: the system does not let Carena see its screens.")
