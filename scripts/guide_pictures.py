"""Draw the pictures of the desktop that stand in ``docs/images``, from the scenes of ``scripts.screenshots``.

    python -m scripts.guide_pictures

To be run, and looked at, when a screen of the guide has changed. The rest of the guide is drawn with each build
(``scripts.docs``).
"""

import os
import sys
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from carena_desktop.ui import i18n
from carena_desktop.ui.theme import Appearance, Theme
from scripts.scenes_support import STAND_INS
from scripts.screenshots import SCENES
from scripts.stage import staged

IMAGES: Final = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDTH: Final = 860
LANGUAGES: Final = {"en": QLocale("en_US"), "es": QLocale("es_ES")}
"""The picture, its scene, look and size of text in per cent, the window's size, the language."""
PICTURES: Final = (
    ("admin-accounts-light", "admin_accounts", "light", 100, (1440, 900), "en"),
    ("admin-audit-light", "admin_audit", "light", 100, (1440, 900), "en"),
    ("admin-rooms-light", "admin_rooms", "light", 100, (1440, 1500), "en"),
    ("enrol-light", "enrol", "light", 100, (1440, 900), "en"),
    ("live-dark", "live", "dark", 100, (1440, 900), "en"),
    ("live-high-contrast", "live", "high_contrast", 100, (1440, 900), "en"),
    ("lock-in-visit-light-es", "lock_in_visit", "light", 100, (1440, 900), "es"),
    ("lock-light", "lock", "light", 100, (1440, 900), "en"),
    ("palette-light", "palette", "light", 100, (1440, 900), "en"),
    ("settings-account-dark", "settings_account", "dark", 100, (1440, 900), "en"),
    ("settings-appearance-light", "settings_appearance", "light", 100, (1440, 900), "en"),
    ("settings-light-es", "settings", "light", 100, (1440, 900), "es"),
    ("sign-in-code-light", "sign_in_code", "light", 100, (1440, 900), "en"),
    ("waiting-dark", "waiting", "dark", 100, (1440, 900), "en"),
    ("waiting-gone-light", "waiting_gone", "light", 100, (1440, 900), "en"),
    ("waiting-high-contrast", "waiting", "high_contrast", 100, (1440, 900), "en"),
    ("waiting-light-1100", "waiting", "light", 100, (1100, 760), "en"),
    ("waiting-light-200", "waiting", "light", 200, (1440, 900), "en"),
    ("waiting-light-es", "waiting", "light", 100, (1440, 900), "es"),
    ("waiting-light", "waiting", "light", 100, (1440, 900), "en"),
)


def main() -> int:
    """Draw all of them."""
    application = QApplication(sys.argv[:1])
    scenes = {scene.__name__: scene for scene in SCENES}
    for name, scene, look, percent, size, language in PICTURES:
        i18n.use(language, LANGUAGES[language])
        theme = Theme(application, appearance=Appearance(look), text_scale=percent / 100)
        with staged(application, theme, scenes[scene], size) as window:
            picture = (STAND_INS[-1] if STAND_INS else window).grab()
        smooth = Qt.TransformationMode.SmoothTransformation
        picture.scaledToWidth(min(WIDTH, picture.width()), smooth).save(str(IMAGES / f"desktop-{name}.png"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
