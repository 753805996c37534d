"""What a visit was like, from frames and packets, and whether that is a visit."""

import json
import statistics
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from demo.desktop import Desktop
from demo.simulated import REPLY, Simulated

FIRST_FRAME_S: Final = 30.0
SAMPLE_S: Final = 0.5
MIN_FPS: Final = 5.0
MIN_AUDIO_FRAMES_PER_S: Final = 40.0
MIN_DISTINCT: Final = 5


@dataclass(slots=True)
class Report:
    """The demo's report; ``ok`` only while nothing required is missing."""

    ok: bool = True
    admit_to_first_remote_frame_ms: float | None = None
    remote_fps: float = 0.0
    patient_fps: float = 0.0
    remote_audio_frames_per_s: float = 0.0
    path: str = "unknown"
    srtp_profile: str = ""
    chat_round_trip: bool = False
    screenshots: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def require(self, condition: object, what: str) -> None:
        """Note what should have happened and did not."""
        if not condition:
            self.ok = False
            self.missing.append(what)
            print(f"demo: MISSING: {what}", flush=True)

    def as_json(self) -> dict[str, Any]:
        """Return the report as its file has it; ``missing`` only where something is."""
        found = asdict(self)
        if not self.missing:
            del found["missing"]
        return found


def measure_visit(window: Desktop, patient: Simulated, *, pressed_at_ms: float, hold_s: float, shot: Path) -> Report:
    """Hold the visit for ``hold_s`` seconds and measure it from both sides."""
    report = Report()
    window.wait(lambda: window.figures()["remote_frames"] > 0, "a remote frame", FIRST_FRAME_S)
    first_ms = window.figures()["first_remote_frame_at_ms"]
    report.admit_to_first_remote_frame_ms = round(first_ms - pressed_at_ms, 1)
    window.wait(lambda: patient.frames_presented() > 0, "a frame at the patient", FIRST_FRAME_S)
    report.chat_round_trip = exchange_chat(window, patient)

    start, frames, presented = time.monotonic(), window.figures()["remote_frames"], patient.frames_presented()
    audio: list[float] = []
    seen: set[int | None] = set()
    seen_by_patient: set[int | None] = set()
    while time.monotonic() - start < hold_s:
        time.sleep(SAMPLE_S)
        audio.append(window.figures()["remote_audio_frames_per_s"])
        seen.add(window.frame_number())
        seen_by_patient.add(patient.remote_frame_number())
    window.screenshot(shot)
    end = window.figures()
    elapsed = time.monotonic() - start
    report.remote_fps = round((end["remote_frames"] - frames) / elapsed, 2)
    report.patient_fps = round((patient.frames_presented() - presented) / elapsed, 2)
    report.remote_audio_frames_per_s = round(statistics.mean(audio), 2)
    report.path, report.srtp_profile = str(end["path"]), str(end["srtp_profile"])

    report.require(report.remote_fps >= MIN_FPS, f"at least {MIN_FPS} frames/s from the patient")
    report.require(report.patient_fps >= MIN_FPS, f"at least {MIN_FPS} frames/s at the patient")
    report.require(report.remote_audio_frames_per_s >= MIN_AUDIO_FRAMES_PER_S, "sound from the patient")
    report.require(len(seen - {None}) >= MIN_DISTINCT, "moving, numbered pictures in the window")
    report.require(len(seen_by_patient - {None}) >= MIN_DISTINCT, "moving, numbered pictures at the patient")
    report.require(report.path in {"direct", "relayed"}, "a path that packets took")
    report.require(report.srtp_profile.startswith("SRTP_"), "an SRTP profile")
    report.require(report.chat_round_trip, "a chat line each way")
    return report


def exchange_chat(window: Desktop, patient: Simulated) -> bool:
    """Write from the window, read at the patient, answer, read in the window."""
    question = "Can you hear me well?"
    window.type("Message", question)
    window.click("Send")
    if not patient.reads(question):
        return False
    patient.say(REPLY)
    window.wait_to_see(REPLY)
    return True


def write_report(report: Report, path: Path) -> None:
    """Write the report and show it."""
    text = json.dumps(report.as_json(), indent=2)
    path.write_text(text + "\n", encoding="utf-8")
    print(text, flush=True)
