"""The dark half of the sign-in screen: the product's name and three statements that hold today."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import IconLabel, label
from carena_desktop.ui.widgets.marks import Mark

_STATEMENTS = (
    (
        "shield-check",
        mark("Encrypted visits"),
        mark("Picture, sound and chat are encrypted up to the patient."),
    ),
    ("circle-dot", mark("Nothing is recorded"), mark("Chat is kept in memory and ends with the visit.")),
    ("eye", mark("Access is logged"), mark("Sign-ins and visits are in the server's audit log.")),
)


class SidePanel(QFrame):
    """Decoration with text; nothing in it takes the keyboard."""

    def __init__(self, theme: Theme, version: str) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self._footer = label(f"Carena Desktop {version}", "secondary")
        brand = QHBoxLayout()
        brand.setSpacing(12)
        brand.addWidget(Mark(theme, 34))
        name = label("Carena", "brand")
        brand.addWidget(name)
        brand.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 44, 48, 36)
        column.setSpacing(0)
        column.addLayout(brand)
        column.addStretch(1)
        column.addWidget(label(tr("See every patient\non time."), "hero"))
        column.addSpacing(theme.px(28))
        for icon, title, words in _STATEMENTS:
            column.addWidget(_statement(theme, icon, tr_marked(title), tr_marked(words)))
            column.addSpacing(theme.px(14))
        column.addStretch(1)
        column.addWidget(self._footer)
        self.setMinimumWidth(theme.px(420))


def _statement(theme: Theme, icon: str, title: str, words: str) -> QWidget:
    made = QWidget()
    text = QVBoxLayout()
    text.setSpacing(1)
    text.addWidget(label(title, "strong"))
    text.addWidget(label(words, "secondary", wrap=True))
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(14)
    row.addWidget(IconLabel(theme, icon, "badge", 20), 0, Qt.AlignmentFlag.AlignVCenter)
    row.addLayout(text, 1)
    return made
