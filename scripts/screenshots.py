"""Render every screen with made-up people into a folder, light and dark, at 100 and 200 % text.

    python -m scripts.screenshots FOLDER [--only NAME] [--size 1440x900]

Needs no server, no device and no display. What is looked at here is what the tests drive: the real window on the fakes.
The scenes are in scripts/scenes_*.py.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from carena_desktop.ui import i18n
from carena_desktop.ui.theme import Appearance, Theme
from scripts.scenes_clinic import CLINIC_SCENES
from scripts.scenes_support import STAND_INS, SUPPORT_SCENES
from scripts.scenes_visit import VISIT_SCENES
from scripts.scenes_waiting import WAITING_SCENES
from scripts.scenes_workspace import WORKSPACE_SCENES
from scripts.stage import staged

LOCALES = {"en": QLocale("en_US"), "es": QLocale("es_ES")}
SCENES = (*WAITING_SCENES, *CLINIC_SCENES, *VISIT_SCENES, *WORKSPACE_SCENES)


def main() -> int:
    """Render what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--exactly", default="", help="scenes by their whole names, comma-separated")
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--looks", default="light-100,dark-100,light-200,dark-200", help="also high_contrast-100")
    parser.add_argument("--language", default="en", choices=sorted(LOCALES))
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    options.folder.mkdir(parents=True, exist_ok=True)
    exactly = options.exactly.split(",") if options.exactly else []
    application = QApplication(sys.argv[:1])
    i18n.use(options.language, LOCALES[options.language])
    for look in options.looks.split(","):
        appearance, percent = look.split("-")
        theme = Theme(application, appearance=Appearance(appearance), text_scale=int(percent) / 100)
        for scene in (*SCENES, *SUPPORT_SCENES):
            if scene.__name__.startswith(options.only) and (not exactly or scene.__name__ in exactly):
                path = options.folder / f"{scene.__name__}-{look}.png"
                with staged(application, theme, scene, (width, height)) as window:
                    (STAND_INS[-1] if STAND_INS else window).grab().save(str(path))
                STAND_INS.clear()
                print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
