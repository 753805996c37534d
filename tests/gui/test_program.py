"""The real program with its real services and media process, started and ended as a person would."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.gui


@pytest.fixture
def program(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """``carena-desktop`` with a home of its own; ended by force if the test did not."""
    environment = {**os.environ, "CARENA_HOME": str(tmp_path), "CARENA_CAMERA": "generator"}
    environment["CARENA_MICROPHONE"] = "generator"
    running = subprocess.Popen(
        [sys.executable, "-m", "carena_desktop", "--server", "https://clinic.invalid"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield running
    if running.poll() is None:
        running.kill()
    running.communicate()


def wait_for_line(log: Path, words: str, seconds: float = 20) -> str:
    """Wait until the log has a line with ``words``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        text = log.read_text("utf-8") if log.exists() else ""
        if words in text:
            return text
        time.sleep(0.05)
    raise AssertionError(f"no {words!r} in the log")


def wait_for_children(process: psutil.Process, seconds: float = 20) -> list[psutil.Process]:
    """Wait until the program has started its media process."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if children := process.children(recursive=True):
            return children
        time.sleep(0.05)
    raise AssertionError("no media process")


def test_it_starts_and_leaves_nothing_behind(program: subprocess.Popen[str], tmp_path: Path) -> None:
    """The window opens, the media process is a child; SIGTERM ends both with exit code 0, and the frame is kept."""
    log = tmp_path / "logs" / "carena-desktop.log"
    wait_for_line(log, "window shown")
    children = wait_for_children(psutil.Process(program.pid))
    program.send_signal(signal.SIGTERM)
    output, _ = program.communicate(timeout=20)
    assert program.returncode == 0, output
    assert "Traceback" not in output
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert "ended" in log.read_text("utf-8")
    assert [path.name for path in tmp_path.rglob("window.json")] == ["window.json"]


def test_the_self_test_calls_itself(tmp_path: Path) -> None:
    """``--self-test --json`` makes a whole call without a display, and its verdict is the exit code."""
    environment = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    environment["CARENA_HOME"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "carena_desktop", "--self-test", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = json.loads(done.stdout)
    items = {item["name"]: item["ok"] for item in found["items"]}
    assert found["ok"], found
    assert done.returncode == 0
    assert {"video received", "video sent", "sound received", "sound sent", "data channel", "encryption"} <= set(items)
    assert "keyring" in items


def test_without_a_display_it_says_so(tmp_path: Path) -> None:
    """No display is a sentence and an exit code, not an abort."""
    left_out = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {key: value for key, value in os.environ.items() if key not in left_out}
    environment["CARENA_HOME"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "carena_desktop"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert "no display" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("program")
def test_a_second_start_hands_over_and_ends(tmp_path: Path) -> None:
    """With the same profile the second program gives its link to the first one and ends well, without a window."""
    log = tmp_path / "logs" / "carena-desktop.log"
    wait_for_line(log, "window shown")
    done = subprocess.run(
        [sys.executable, "-m", "carena_desktop", "carena://visit/v1"],
        cwd=ROOT, env={**os.environ, "CARENA_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "a running program took over" in wait_for_line(log, "took over")
    assert log.read_text("utf-8").count("window shown") == 1
