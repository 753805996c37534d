"""Whole visits with nothing faked but the camera, the microphone and the people."""

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser

from demo.browser import browser
from demo.clinic import Clinic, clinic
from demo.relay import Relay, relay


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail when a test leaves a process behind."""
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    yield
    deadline = time.monotonic() + 5
    while left := [p for p in psutil.Process().children(recursive=True) if p.pid not in before and is_alive(p)]:
        if time.monotonic() > deadline:
            pytest.fail(f"left behind: {[process.name() for process in left]}")
        time.sleep(0.1)


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process still runs; one that nobody has waited for yet does not."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """Return a browser with a generated camera and microphone."""
    with browser() as launched:
        yield launched


@pytest.fixture
def turn(tmp_path: Path) -> Iterator[Relay]:
    """Return a relay."""
    with relay(tmp_path / "relay") as running:
        yield running


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Clinic]:
    """Return a clinic's server without a relay."""
    with clinic(tmp_path / "clinic", None) as running:
        yield running
