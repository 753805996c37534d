"""The colours and sizes of the product as values; everything painted takes them from here.

Plain data, no Qt: the contrast test walks over these tables.
"""

from dataclasses import dataclass, fields, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour scheme. Values are ``#RRGGBB``."""

    canvas: str
    surface: str
    sunken: str
    text: str
    text2: str
    text3: str
    border: str
    line: str
    hover: str
    selection: str
    accent: str
    accent_hover: str
    accent_text: str
    on_accent: str
    accent_tint: str
    danger: str
    danger_tint: str
    danger_fill: str
    danger_fill_hover: str
    on_danger: str
    warn: str
    warn_tint: str
    ok: str
    ok_tint: str
    info: str
    info_tint: str
    neutral_tint: str
    focus: str
    rail: str
    rail_active: str
    rail_text: str
    rail_text2: str
    rail_focus: str
    badge: str
    on_badge: str
    avatar: str
    on_avatar: str
    stage: str
    on_stage: str
    on_stage2: str
    overlay: str
    live: str


LIGHT: Final = Tokens(
    canvas="#F3F6F8",
    surface="#FFFFFF",
    sunken="#F7F9FB",
    text="#14202B",
    text2="#465565",
    text3="#5B6B7B",
    border="#7F8FA0",
    line="#DDE3E9",
    hover="#EDF2F5",
    selection="#E6F2F4",
    accent="#0B6E75",
    accent_hover="#095D63",
    accent_text="#0A636A",
    on_accent="#FFFFFF",
    accent_tint="#E0F1F1",
    danger="#B42318",
    danger_tint="#FDECEA",
    danger_fill="#C4271B",
    danger_fill_hover="#A81F14",
    on_danger="#FFFFFF",
    warn="#8A5A00",
    warn_tint="#FFF4D6",
    ok="#1F7A4D",
    ok_tint="#E5F4EC",
    info="#1B5E9B",
    info_tint="#E7F1FA",
    neutral_tint="#E9EEF2",
    focus="#1659D6",
    rail="#0F2A33",
    rail_active="#1B424E",
    rail_text="#FFFFFF",
    rail_text2="#C4D5DB",
    rail_focus="#7FB2FF",
    badge="#8FE0D8",
    on_badge="#0B2A2E",
    avatar="#2F6B7D",
    on_avatar="#FFFFFF",
    stage="#10181F",
    on_stage="#F2F6F9",
    on_stage2="#B6C4D0",
    overlay="#1C252D",
    live="#5BD690",
)

DARK: Final = Tokens(
    canvas="#0E151B",
    surface="#161F27",
    sunken="#111920",
    text="#E8EEF3",
    text2="#B6C4D0",
    text3="#93A4B3",
    border="#62727F",
    line="#26323C",
    hover="#1C2730",
    selection="#15313A",
    accent="#4FC3BD",
    accent_hover="#6AD3CD",
    accent_text="#6FD3CD",
    on_accent="#06231F",
    accent_tint="#12333A",
    danger="#FF8A7E",
    danger_tint="#3A1916",
    danger_fill="#C4271B",
    danger_fill_hover="#D63A2D",
    on_danger="#FFFFFF",
    warn="#F5C560",
    warn_tint="#352A0F",
    ok="#7BD6A3",
    ok_tint="#12301F",
    info="#8CC3F5",
    info_tint="#132C42",
    neutral_tint="#222D37",
    focus="#7FB2FF",
    rail="#0A1015",
    rail_active="#1D3640",
    rail_text="#F4F8FA",
    rail_text2="#B6C4D0",
    rail_focus="#7FB2FF",
    badge="#8FE0D8",
    on_badge="#0B2A2E",
    avatar="#2F6B7D",
    on_avatar="#FFFFFF",
    stage="#0A1015",
    on_stage="#F2F6F9",
    on_stage2="#B6C4D0",
    overlay="#1C252D",
    live="#5BD690",
)


HIGH_CONTRAST: Final = Tokens(
    canvas="#000000",
    surface="#000000",
    sunken="#141414",
    text="#FFFFFF",
    text2="#FFFFFF",
    text3="#E6E6E6",
    border="#FFFFFF",
    line="#BDBDBD",
    hover="#262626",
    selection="#00344F",
    accent="#FFE14D",
    accent_hover="#FFF0A3",
    accent_text="#FFE14D",
    on_accent="#000000",
    accent_tint="#332C00",
    danger="#FFB3AB",
    danger_tint="#330300",
    danger_fill="#FFB3AB",
    danger_fill_hover="#FFD6D1",
    on_danger="#000000",
    warn="#FFD466",
    warn_tint="#2E2200",
    ok="#7CF0A8",
    ok_tint="#00260F",
    info="#A6D8FF",
    info_tint="#001B33",
    neutral_tint="#262626",
    focus="#00E5FF",
    rail="#000000",
    rail_active="#262626",
    rail_text="#FFFFFF",
    rail_text2="#FFFFFF",
    rail_focus="#00E5FF",
    badge="#FFE14D",
    on_badge="#000000",
    avatar="#FFFFFF",
    on_avatar="#000000",
    stage="#000000",
    on_stage="#FFFFFF",
    on_stage2="#FFFFFF",
    overlay="#000000",
    live="#7CF0A8",
)
"""Every text at 7 to 1 at least (WCAG 2.2, 1.4.6), every shape at 4.5; what is told by tint has an icon and a word."""


def more_contrast(tokens: Tokens, *, dark: bool) -> Tokens:
    """Return the scheme for people who ask the system for more contrast: stronger text and lines, the same tints."""
    strong = "#FFFFFF" if dark else "#000000"
    second = "#DDE6EE" if dark else "#2A3744"
    return replace(
        tokens,
        text=strong,
        text2=second,
        text3=second,
        border=second,
        line=tokens.border,
        canvas="#000000" if dark else "#FFFFFF",
    )


def as_dict(tokens: Tokens) -> dict[str, str]:
    """Return the colours by name, for style sheets."""
    return {field.name: getattr(tokens, field.name) for field in fields(tokens)}


def relative_luminance(color: str) -> float:
    """Relative luminance of ``#RRGGBB`` (WCAG 2.2, definition of relative luminance)."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004 - WCAG's constant
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    high, low = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)
