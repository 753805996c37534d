"""What every test relies on: a display or none, and the programs that must not be missing in CI."""

import os
import shutil

import pytest

pytest_plugins = ["tests.qt_garbage", "tests.transports"]

NEEDED = {
    "Xvfb": ("Xvfb",),
    "a browser": ("chromium", "google-chrome-stable", "google-chrome", "chromium-browser"),
    "coturn": ("turnserver",),
    "a keyring": ("gnome-keyring-daemon",),
    "D-Bus": ("dbus-daemon",),
}

if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # make test has a virtual display; a bare pytest may not


def pytest_sessionstart() -> None:
    """Refuse to call an incomplete machine tested: in CI nothing may be skipped for a missing program."""
    if not os.environ.get("CI"):
        return
    missing = [what for what, names in NEEDED.items() if not any(shutil.which(name) for name in names)]
    if missing:
        raise pytest.UsageError(f"missing in CI: {', '.join(missing)} (scripts/setup installs it)")
