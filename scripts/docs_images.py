"""Render the pictures of docs/desktop.md: the real window on made-up people, made smaller for reading.

    python -m scripts.docs_images [--only NAME]

What is drawn is what scripts/screenshots.py draws; this picks some of it.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from carena_desktop.ui import i18n
from carena_desktop.ui.theme import Appearance, Theme
from scripts import screenshots, stage

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDTH = 860
COLOURS = 256


@dataclass(frozen=True)
class Shot:
    """One picture: a scene, how it looks, how large the window is."""

    scene: str
    look: Appearance = Appearance.LIGHT
    percent: int = 100
    size: tuple[int, int] = (1440, 900)
    language: str = "en"

    @property
    def file(self) -> str:
        """Its name."""
        parts = ["desktop", self.scene.replace("_", "-"), self.look.value.replace("_", "-")]
        parts += [str(self.percent)] if self.percent != 100 else []  # noqa: PLR2004 - the usual size
        parts += [str(self.size[0])] if self.size[0] != 1440 else []  # noqa: PLR2004 - the usual width
        parts += [self.language] if self.language != "en" else []
        return "-".join(parts) + ".png"


SHOTS = (
    Shot("sign_in_code"),
    Shot("waiting"),
    Shot("waiting", Appearance.DARK),
    Shot("waiting", Appearance.HIGH_CONTRAST),
    Shot("waiting", percent=200),
    Shot("waiting", size=(1100, 760)),
    Shot("waiting", language="es"),
    Shot("live", Appearance.DARK),
    Shot("live", Appearance.HIGH_CONTRAST),
    Shot("patient"),
    Shot("lock"),
    Shot("lock_in_visit", language="es"),
    Shot("palette"),
    Shot("settings_appearance"),
    Shot("settings", language="es"),
    Shot("settings_account", Appearance.DARK),
    Shot("enrol"),
    Shot("waiting_gone"),
    Shot("admin_accounts"),
    Shot("admin_rooms", size=(1440, 1500)),
    Shot("admin_audit"),
)


def draw(application: QApplication, shot: Shot, to: Path) -> None:
    """Render one picture."""
    scenes = {scene.__name__: scene for scene in screenshots.SCENES}
    i18n.use(shot.language, QLocale("es_ES" if shot.language == "es" else "en_US"))
    theme = Theme(application, appearance=shot.look, text_scale=shot.percent / 100)
    with stage.staged(application, theme, scenes[shot.scene], shot.size) as window:
        window.grab().save(str(to))
    theme.deleteLater()
    with Image.open(to) as picture:
        height = round(picture.height * WIDTH / picture.width)
        small = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    small.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE).save(to, optimize=True)


def main() -> int:
    """Render what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="begin of a scene's name")
    only = parser.parse_args().only
    application = QApplication(sys.argv[:1])
    for shot in SHOTS:
        if shot.scene.startswith(only):
            draw(application, shot, FOLDER / shot.file)
            print(shot.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
