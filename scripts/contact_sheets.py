"""Draw every screen of the desktop beside every other, one sheet for each look, for ``docs/guide/screens.md``.

    python -m scripts.contact_sheets [--only LOOK]

To be run, and looked at, when screens have changed. What is drawn are the scenes of ``scripts.screenshots``.
"""

import argparse
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QBuffer, QLocale
from PySide6.QtWidgets import QApplication

from carena_desktop.ui import i18n, resources
from carena_desktop.ui.theme import Appearance, Theme
from scripts.scenes_support import STAND_INS, SUPPORT_SCENES
from scripts.screenshots import SCENES
from scripts.stage import staged

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "images"
COLUMNS: Final = 4
WIDTH: Final = 400
HEIGHT: Final = 250
CAPTION: Final = 22
GAP: Final = 10
QUALITY: Final = 70


@dataclass(frozen=True)
class Look:
    """How everything on a sheet looks."""

    name: str
    appearance: Appearance
    percent: int = 100
    size: tuple[int, int] = (1440, 900)
    language: str = "en"


LOOKS: Final = (
    Look("light", Appearance.LIGHT),
    Look("dark", Appearance.DARK),
    Look("high-contrast", Appearance.HIGH_CONTRAST),
    Look("light-200", Appearance.LIGHT, percent=200),
    Look("light-1000", Appearance.LIGHT, size=(1000, 700)),
)


def shot(application: QApplication, theme: Theme, scene: object, look: Look) -> Image.Image:
    """Return one screen, made small."""
    with staged(application, theme, scene, look.size) as window:  # type: ignore[arg-type]  # one of the scenes
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        (STAND_INS[-1] if STAND_INS else window).grab().save(buffer, "PNG")
    STAND_INS.clear()  # the next look begins with scenes that have none
    with Image.open(io.BytesIO(buffer.data().data())) as picture:
        small = picture.convert("RGB")
        small.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        return small


def sheet(application: QApplication, look: Look) -> Image.Image:
    """Return the sheet of a look."""
    i18n.use(look.language, QLocale("es_ES" if look.language == "es" else "en_US"))
    theme = Theme(application, appearance=look.appearance, text_scale=look.percent / 100)
    scenes = (*SCENES, *SUPPORT_SCENES)
    rows = -(-len(scenes) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, rows * (HEIGHT + CAPTION + GAP) + GAP), (255, 255, 255))
    draw = ImageDraw.Draw(whole)
    font = ImageFont.truetype(str(resources.path("fonts", "inter", "Inter_500Medium.ttf")), 13)
    for at, scene in enumerate(scenes):
        left = GAP + at % COLUMNS * (WIDTH + GAP)
        top = GAP + at // COLUMNS * (HEIGHT + CAPTION + GAP)
        draw.text((left, top), scene.__name__.replace("_", " "), fill=(70, 85, 101), font=font)
        whole.paste(shot(application, theme, scene, look), (left, top + CAPTION))
    theme.deleteLater()
    return whole


def main() -> int:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    application = QApplication(sys.argv[:1])
    for look in LOOKS:
        if look.name.startswith(options.only):
            path = FOLDER / f"all-{look.name}.jpg"
            sheet(application, look).save(path, quality=QUALITY, optimize=True)
            print(path)
    i18n.use("en", QLocale("en_US"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
