"""The colours can be read."""

import re

import pytest

from carena_desktop.ui.theme import style_sheet
from carena_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Tokens, contrast, more_contrast

SCHEMES = {
    "light": LIGHT,
    "dark": DARK,
    "light, more contrast": more_contrast(LIGHT, dark=False),
    "dark, more contrast": more_contrast(DARK, dark=True),
    "high contrast": HIGH_CONTRAST,
}
TEXT_PAIRS = (
    ("text", "canvas"),
    ("text", "surface"),
    ("text", "selection"),
    ("text2", "canvas"),
    ("text2", "surface"),
    ("text2", "selection"),
    ("text3", "surface"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("accent_text", "canvas"),
    ("danger", "danger_tint"),
    ("text", "danger_tint"),
    ("on_danger", "danger_fill"),
    ("on_danger", "danger_fill_hover"),
    ("warn", "warn_tint"),
    ("ok", "ok_tint"),
    ("info", "info_tint"),
    ("rail_text", "rail"),
    ("rail_text2", "rail"),
    ("rail_text", "rail_active"),
    ("on_badge", "badge"),
    ("on_avatar", "avatar"),
    ("on_stage", "overlay"),
    ("on_stage2", "overlay"),
    ("on_stage", "stage"),
    ("on_stage2", "stage"),
    ("text2", "neutral_tint"),
    ("text", "sunken"),
    ("text", "accent_tint"),
    ("live", "overlay"),
    ("danger", "selection"),
    ("warn", "selection"),
    ("accent_text", "selection"),
    ("danger", "surface"),
    ("warn", "surface"),
    ("ok", "surface"),
    ("danger", "sunken"),
    ("text2", "sunken"),
    ("text3", "canvas"),
    ("text3", "sunken"),
    ("text2", "accent_tint"),
    ("text", "hover"),
    ("rail_text2", "rail_active"),
)
SHAPE_PAIRS = (
    ("border", "surface"),
    ("border", "canvas"),
    ("focus", "canvas"),
    ("focus", "surface"),
    ("rail_focus", "rail"),
)


@pytest.mark.parametrize("scheme", list(SCHEMES))
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_text_has_contrast(scheme: str, ink: str, paper: str) -> None:
    """Every pair of text and ground has at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    tokens: Tokens = SCHEMES[scheme]
    assert contrast(getattr(tokens, ink), getattr(tokens, paper)) >= 4.5


@pytest.mark.parametrize("scheme", list(SCHEMES))
@pytest.mark.parametrize(("line", "paper"), SHAPE_PAIRS)
def test_shapes_have_contrast(scheme: str, line: str, paper: str) -> None:
    """Control borders and focus rings have at least 3 to 1 (WCAG 2.2, 1.4.11)."""
    tokens = SCHEMES[scheme]
    assert contrast(getattr(tokens, line), getattr(tokens, paper)) >= 3


def test_contrast_is_the_standard_one() -> None:
    """Black on white is 21 to 1 and a colour on itself 1 to 1."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#0B6E75", "#0B6E75") == pytest.approx(1)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_style_sheets_are_complete(scale: float) -> None:
    """Every name in the style sheets is known and type grows with the scale."""
    sheet = style_sheet(LIGHT, scale)
    assert "$" not in sheet
    assert f"font-size: {round(13 * scale)}px" in sheet


@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_high_contrast_text_has_seven_to_one(ink: str, paper: str) -> None:
    """In the high-contrast look every pair of text and ground reaches the enhanced ratio (WCAG 2.2, 1.4.6)."""
    assert contrast(getattr(HIGH_CONTRAST, ink), getattr(HIGH_CONTRAST, paper)) >= 7


@pytest.mark.parametrize(("shape", "paper"), [*SHAPE_PAIRS, ("line", "surface"), ("line", "canvas")])
def test_high_contrast_shapes_can_be_told(shape: str, paper: str) -> None:
    """Edges, lines and the focus stand out as clearly as text must elsewhere."""
    assert contrast(getattr(HIGH_CONTRAST, shape), getattr(HIGH_CONTRAST, paper)) >= 4.5


def test_a_part_says_itself_when_it_has_the_keyboard() -> None:
    """No rule has the state before the part: Qt draws ``:focus::tab`` around the whole bar, focused or not."""
    for tokens in SCHEMES.values():
        assert re.findall(r":(?:focus|hover|disabled|selected)::", style_sheet(tokens, 1.0)) == []
