"""What the windows look like: Fusion, our palette, our style sheet, our font; light or dark, live.

Follows the system's colour scheme and contrast preference. May not know any page.
"""

from enum import StrEnum
from functools import cache, lru_cache
from string import Template
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory

from carena_desktop.ui import resources
from carena_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Tokens, as_dict, more_contrast

BODY_PX: Final = 13
FAMILY: Final = "Inter"
_FONT_FILES: Final = ("Inter_400Regular.ttf", "Inter_500Medium.ttf", "Inter_600SemiBold.ttf", "Inter_700Bold.ttf")
_TYPE_SIZES: Final = (10, 11, 12, 13, 14, 15, 17, 18, 20, 22, 24, 28, 34)
_LARGEST_SCALE: Final = 2.5
_IGNORED_SCALE: Final = 1.2
"""System fonts differ by a little between platforms; only a real wish for larger text counts."""


class Appearance(StrEnum):
    """What the person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


def system_text_scale(application: QGuiApplication) -> float:
    """How much larger than usual the system wants text, 1.0 to 2.5, from its default font."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    pixels = font.pixelSize()
    if pixels <= 0:
        screen = application.primaryScreen()
        dpi = screen.logicalDotsPerInchY() if screen is not None else 96.0  # type: ignore[redundant-expr]  # a headless platform has none
        pixels = round(font.pointSizeF() * dpi / 72)
    scale = pixels / BODY_PX
    return 1.0 if scale <= _IGNORED_SCALE else min(scale, _LARGEST_SCALE)


@cache
def _load_fonts() -> None:
    for file in _FONT_FILES:
        QFontDatabase.addApplicationFont(str(resources.path("fonts", "inter", file)))


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    return resources.path("icons", "lucide", f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=2048)
def tinted_pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    """Draw a Lucide icon in ``color``, ``size`` device-independent pixels square, for a screen of pixel ``ratio``."""
    data = _svg(name).replace("currentColor", color).replace('stroke-width="2"', 'stroke-width="1.8"')
    renderer = QSvgRenderer(QByteArray(data.encode()))
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class Theme(QObject):
    """The current look, and ``changed`` when it changes.

    Args:
        application: Whose style, font, palette and style sheet are set.
        appearance: Light, dark, or the system's.
        text_scale: 1.0 to 2.5; None takes the system's.
    """

    changed = Signal()

    def __init__(
        self,
        application: QApplication,
        *,
        appearance: Appearance = Appearance.SYSTEM,
        text_scale: float | None = None,
    ) -> None:
        super().__init__()
        self._application = application
        self._appearance = appearance
        self._system_scale = text_scale if text_scale is not None else system_text_scale(application)
        self._scale = self._system_scale
        self._tokens: Tokens = LIGHT
        self._dark = False
        self._applied: tuple[Tokens, float] | None = None
        _load_fonts()
        application.setStyle(QStyleFactory.create("Fusion"))
        hints = application.styleHints()
        self._system_scheme = hints.colorScheme()
        self._contrast = hints.accessibility().contrastPreference()
        hints.colorSchemeChanged.connect(self._follow_scheme)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow_contrast)
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The colours now."""
        return self._tokens

    @property
    def dark(self) -> bool:
        """Whether the dark scheme is on."""
        return self._dark

    @property
    def appearance(self) -> Appearance:
        """What the person chose."""
        return self._appearance

    def set_appearance(self, appearance: Appearance) -> None:
        """Choose light, dark or the system's scheme."""
        self._appearance = appearance
        self._apply()

    @property
    def scale(self) -> float:
        """How much larger than usual text is."""
        return self._scale

    def set_text_percent(self, percent: int) -> None:
        """Make text larger than the system's, 100 to 200; open windows stay laid out for what it was."""
        self._scale = min(self._system_scale * percent / 100, _LARGEST_SCALE)
        self._apply()

    def color(self, token: str) -> QColor:
        """Return the colour of a token by name."""
        return QColor(getattr(self._tokens, token))

    def px(self, size: float) -> int:
        """Scale a length that belongs to text."""
        return round(size * self._scale)

    def font(self, size: int, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False) -> QFont:
        """Return Inter, ``size`` in pixels at 100 % text; ``tabular`` figures are all as wide as each other."""
        font = QFont(FAMILY)
        font.setPixelSize(self.px(size))
        font.setWeight(weight)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def pixmap(self, name: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
        """Return a Lucide icon in a token's colour; ``size`` grows with the text."""
        return tinted_pixmap(name, getattr(self._tokens, token), self.px(size), ratio)

    def icon(self, name: str, token: str, size: int = 18) -> QIcon:
        """Return an icon for a button, sharp at pixel ratios 1, 2 and 3; paler when disabled."""
        icon = QIcon()
        for ratio in (1.0, 2.0, 3.0):
            icon.addPixmap(self.pixmap(name, token, size, ratio))
            icon.addPixmap(self.pixmap(name, "text3", size, ratio), QIcon.Mode.Disabled)
        return icon

    def _follow_scheme(self, scheme: Qt.ColorScheme) -> None:
        self._system_scheme = scheme
        self._apply()

    def _follow_contrast(self, contrast: Qt.ContrastPreference) -> None:
        self._contrast = contrast
        self._apply()

    def _apply(self) -> None:
        match self._appearance:
            case Appearance.SYSTEM:
                self._dark = self._system_scheme == Qt.ColorScheme.Dark
            case Appearance.LIGHT:
                self._dark = False
            case Appearance.DARK | Appearance.HIGH_CONTRAST:
                self._dark = True
        tokens = DARK if self._dark else LIGHT
        if self._contrast == Qt.ContrastPreference.HighContrast:
            tokens = more_contrast(tokens, dark=self._dark)
        if self._appearance is Appearance.HIGH_CONTRAST:
            tokens = HIGH_CONTRAST
        if (tokens, self._scale) == self._applied:
            return
        self._applied = (tokens, self._scale)
        self._tokens = tokens
        self._application.setFont(self.font(BODY_PX))
        self._application.setPalette(_palette(tokens))
        self._application.setStyleSheet(style_sheet(tokens, self._scale))
        self.changed.emit()


def style_sheet(tokens: Tokens, scale: float) -> str:
    """Return every file of ``resources/qss`` with ``$token`` and ``$fsNN`` (a type size in pixels) filled in."""
    values = as_dict(tokens) | {f"fs{size}": f"{round(size * scale)}px" for size in _TYPE_SIZES}
    # Qt drops a radius that is more than half the height: these are half the line plus the padding.
    values["r_pill"] = f"{int((14.5 * scale + 10) / 2)}px"
    values["r_chip"] = f"{int((14.5 * scale + 14) / 2)}px"
    values["r_badge"] = f"{int((13 * scale + 3) / 2)}px"
    files = sorted((resources.root() / "qss").glob("*.qss"))
    return "\n".join(Template(file.read_text("utf-8")).substitute(values) for file in files)


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.canvas,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.sunken,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.text3,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.on_accent,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Link: tokens.accent_text,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.ToolTipBase: tokens.surface,
        QPalette.ColorRole.ToolTipText: tokens.text,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.text3))
    return palette
