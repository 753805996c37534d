"""The demonstration is a promise made in the README: it has to work with either kind of patient."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(180)]

KEYS = {
    "ok", "admit_to_first_remote_frame_ms", "remote_fps", "patient_fps", "remote_audio_frames_per_s", "path",
    "srtp_profile", "chat_round_trip", "screenshots",
}  # fmt: skip


@pytest.mark.parametrize("kind", [[], ["--python-patient"]], ids=["browser", "python"])
def test_the_headless_demonstration_holds_a_real_visit(kind: list[str], tmp_path: Path) -> None:
    """It admits a patient, measures both sides, leaves three screenshots and a report, and says so by exit code 0."""
    command = [sys.executable, "-m", "demo.run", "--headless", "--hold", "5", "--out", str(tmp_path), *kind]

    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=150)

    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "demo-report.json").read_text(encoding="utf-8"))
    assert set(report) == KEYS
    assert report["ok"] is True
    assert report["chat_round_trip"] is True
    assert report["remote_fps"] > 5
    assert report["patient_fps"] > 5
    assert report["remote_audio_frames_per_s"] > 40
    assert 0 < report["admit_to_first_remote_frame_ms"] < 20_000
    assert all((tmp_path / name).stat().st_size > 10_000 for name in report["screenshots"])
    assert len(report["screenshots"]) == 3
