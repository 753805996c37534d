"""The real program dies and starts again; the report is written from outside the window."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gui.test_program import ROOT, wait_for_line

pytestmark = pytest.mark.gui

DIES = """
import sys
from pathlib import Path
from carena_desktop.support.crash import CrashWatch
watch = CrashWatch(Path(sys.argv[1]))
watch.start()
if sys.argv[2] == "native":
    import ctypes
    ctypes.string_at(0)
elif sys.argv[2] == "thread":
    import threading
    def work(): raise ValueError("Robin Sample")
    one = threading.Thread(target=work); one.start(); one.join()
elif sys.argv[2] == "qt":
    from PySide6.QtCore import QCoreApplication, qFatal
    from carena_desktop.ui import qt_messages
    qt_messages.take_messages(lambda category: watch.record("qt", None, category))
    qFatal("Robin Sample")
elif sys.argv[2] == "well":
    watch.stop()
else:
    raise KeyError("Robin Sample")
"""


@pytest.mark.parametrize(("how", "kinds"), [("native", {"native"}), ("python", {"python"}), ("thread", {"thread"}),
                                            ("qt", {"qt", "native"}), ("well", set())])  # fmt: skip
def test_every_death_leaves_a_record(tmp_path: Path, how: str, kinds: set[str]) -> None:
    """Below Python, in it, in a thread and in Qt: a record without the error's text; a good end leaves none."""
    subprocess.run(
        [sys.executable, "-c", DIES, str(tmp_path), how], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    from carena_desktop.support import crash  # noqa: PLC0415 - after the process

    records = crash.read(crash.left_behind(tmp_path, crash.is_running))
    assert {record.kind for record in records} == kinds
    assert all(record.places or record.what for record in records)
    assert "Robin" not in "".join(path.read_text() for path in tmp_path.iterdir())


def test_a_media_process_that_dies_leaves_a_record(tmp_path: Path) -> None:
    """The window's child has its own file, written when a signal ends it from below; one that ends well leaves none."""
    code = (
        "import asyncio, os, signal, sys\n"
        "from carena_desktop.call.engine.child import EngineOptions\n"
        "from carena_desktop.call.engine.host_process import ProcessEngine\n"
        "async def main():\n"
        "    engine = ProcessEngine(EngineOptions(system_devices=False, crashes=sys.argv[1]))\n"
        "    await engine.start()\n"
        "    await engine.stop()\n"
        "    print(len(os.listdir(sys.argv[1])))\n"
        "    await engine.start()\n"
        "    os.kill(engine.pid, signal.SIGSEGV)\n"
        "    await asyncio.sleep(0.5)\n"
        "    await engine.aclose()\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    script, folder = tmp_path / "dies.py", tmp_path / "crashes"
    folder.mkdir()
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, str(script), str(folder)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "0", done.stderr
    from carena_desktop.support import crash  # noqa: PLC0415 - after the process

    (record,) = crash.read(crash.left_behind(folder, crash.is_running))
    assert (record.kind, record.what) == ("native", "Segmentation fault")
    assert record.places


def test_diagnose_writes_the_report(tmp_path: Path) -> None:
    """``--diagnose FILE`` tests everything and writes what the window would show; a folder that isn't there is said."""
    environment = {**os.environ, "CARENA_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "carena_desktop", "--diagnose"]
    done = subprocess.run(
        [*command, str(tmp_path / "report.json")],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert {"media process", "keyring", "encoder speed"} <= {line["name"] for line in said["self_test"]}
    assert str(tmp_path) not in (tmp_path / "report.json").read_text("utf-8")


def test_a_killed_program_offers_nothing_and_a_crashed_one_does(tmp_path: Path) -> None:
    """The next start after a crash finds the record; a program that was killed from outside left nothing to say."""
    environment = {**os.environ, "CARENA_HOME": str(tmp_path), "CARENA_CAMERA": "generator"}
    log = tmp_path / "logs" / "carena-desktop.log"
    for number in (signal.SIGKILL, signal.SIGSEGV):
        running = subprocess.Popen(
            [sys.executable, "-m", "carena_desktop"], cwd=ROOT, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        wait_for_line(log, "window shown")
        log.write_text("")
        running.send_signal(number)
        running.communicate(timeout=20)
    from carena_desktop.support import crash  # noqa: PLC0415 - after the process

    left = crash.left_behind(tmp_path / "logs" / "crashes", crash.is_running)
    assert [record.kind for record in crash.read(left)] == ["native"]
