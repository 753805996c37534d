"""The way from the program's start to its window: nothing on it that the window does not need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_START = """
import logging, os, sys

class Shown(logging.Handler):
    def emit(self, record):
        if record.getMessage() == "window shown":
            print(*sorted(sys.modules), flush=True)
            os._exit(0)

logging.getLogger("carena_desktop.app").addHandler(Shown())
from carena_desktop.__main__ import main
main([])
"""
NOT_YET = (
    "aiohttp", "aiortc", "av", "cryptography.x509", "keyring", "livekit", "numpy", "PySide6.QtMultimedia", "segno",
    "urllib.request", "websockets",
)  # fmt: skip
"""Sign-in, media and rare dialogs: together they take longer to load than the window."""


@pytest.mark.slow
def test_nothing_is_loaded_before_the_window_that_it_does_not_need(tmp_path: Path) -> None:
    """The libraries of the sign-in, of calls and of rare dialogs come after the window, so that it is there at once."""
    environment = {
        **os.environ, "CARENA_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "CARENA_CAMERA": "generator",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", _START],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "carena_desktop.ui.main_window" in loaded
    assert sorted(loaded & set(NOT_YET)) == []
