"""Buttons that keep their icon in the theme's colours."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton

from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import restyle

_ICON_TOKENS = {
    "primary": "on_accent",
    "danger": "on_danger",
    "secondary": "text",
    "ghost": "text2",
    "link": "accent_text",
    "rail": "rail_text2",
    "stage": "on_stage",
    "level": "text",
}

_WIDEST = 120
"""What a call's control takes at least however large the text is; words that are longer take what they need."""

_BRIEF = 40
"""Of an icon that stands alone."""


class ActionButton(QPushButton):
    """A push button with an icon. Kinds: primary, secondary, danger, ghost, link, stage.

    ``name`` is the accessible name where it says more than the text.
    """

    def __init__(
        self, theme: Theme, text: str, *, icon: str = "", kind: str = "secondary", name: str = "", large: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._kind = kind
        self._words = ""
        self._brief = False
        self._tip = ""
        self._show_words(text)
        self.setProperty("kind", kind)
        self.setProperty("large", "true" if large else "false")
        self.setMinimumHeight(theme.px(44 if large else 36))
        self.setMinimumWidth(theme.px(36))
        self.setAccessibleName(name or text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)  # Enter presses the button that has the keyboard
        if not text:
            self.setToolTip(name)
        theme.changed.connect(self._retint)
        self._retint()

    @property
    def icon_name(self) -> str:
        """The Lucide icon shown, or empty."""
        return self._icon_name

    def set_action(self, text: str, icon: str, name: str = "") -> None:
        """Show another text and icon; the accessible name follows."""
        changed = icon != self._icon_name
        self._icon_name = icon
        self._show_words(text)
        self.setAccessibleName(name or text)
        if changed:
            self._retint()

    def set_kind(self, kind: str) -> None:
        """Become another kind of button."""
        if kind != self._kind:
            self._kind = kind
            restyle(self, "kind", kind)
            self._retint()

    def set_brief(self, *, brief: bool) -> None:
        """Show the icon alone, with the words as its tip, where there is no room for them."""
        if brief == self._brief:
            return
        self._brief = brief
        if brief:
            self._tip = self.toolTip()
        self.setToolTip(" ".join((self._words, f"({self._tip})" if self._tip else "")).strip() if brief else self._tip)
        self._show_words(self._words)

    @property
    def words(self) -> str:
        """The text without the space that keeps it off the icon."""
        return self._words

    def _show_words(self, words: str) -> None:
        self._words = words
        shown = "" if self._brief else f" {words}" if words and self._icon_name else words
        if shown != self.text():
            self.setText(shown)

    def _retint(self) -> None:
        if not self._icon_name:
            self.setIcon(QIcon())
        else:
            side = self._theme.px(18)
            self.setIcon(self._theme.icon(self._icon_name, _ICON_TOKENS[self._kind], 18))
            self.setIconSize(QSize(side, side))


class CallButton(QToolButton):
    """A large in-call control, icon above word; ``off`` marks what does not run, in words, icon and tint."""

    def __init__(self, theme: Theme, text: str, icon: str, *, name: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._state = "plain"
        self._tip = ""
        self._least = min(theme.px(84), _WIDEST)
        self.setProperty("role", "call")
        self.setProperty("state", "plain")
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setMinimumSize(self._least, theme.px(58))
        theme.changed.connect(self._retint)
        self._retint()

    def set_action(self, text: str, icon: str, name: str, state: str = "plain") -> None:
        """Show another action. States: plain, off (what it controls is off), on (the panel it opens is open)."""
        if text != self.text():
            self.setText(text)
            if self.is_brief:
                self._show_tip()
        self.setAccessibleName(name)
        if (icon, state) != (self._icon_name, self._state):
            self._icon_name, self._state = icon, state
            restyle(self, "state", state)
            self._retint()

    @property
    def is_brief(self) -> bool:
        """Whether the icon stands alone."""
        return self.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly

    def set_brief(self, *, brief: bool) -> None:
        """Show the icon alone, with the word in its tip, where there is no room for words: cut ones say nothing."""
        if brief is self.is_brief:
            return
        if brief:
            self._tip = self.toolTip()
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonIconOnly if brief else style.ToolButtonTextUnderIcon)
        self.setMinimumWidth(self._theme.px(_BRIEF) if brief else self._least)
        self._show_tip()

    def _show_tip(self) -> None:
        key = f"({self._tip})" if self._tip else ""
        self.setToolTip(f"{self.text()} {key}".strip() if self.is_brief else self._tip)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as every other button; Qt presses tool buttons by Space alone."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():
                self.click()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _retint(self) -> None:
        token = {"plain": "text", "off": "warn", "on": "on_accent"}[self._state]
        side = self._theme.px(22)
        self.setIcon(self._theme.icon(self._icon_name, token, 22))
        self.setIconSize(QSize(side, side))
