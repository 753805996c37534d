"""The demonstration: a clinic, its relay, a clinician's window and simulated patients on this machine.

    make demo               the window opens signed in; admit a patient, or open the printed link and be one
    make demo HEADLESS=1    on a virtual display, by itself: a visit of 20 s, screenshots and demo-out/demo-report.json

Everything it starts ends with it, and everything it wrote outside ``demo-out`` is deleted.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from demo.clinic import Clinic, clinic
from demo.desktop import Desktop, desktop
from demo.processes import MissingProgramError
from demo.relay import Relay, relay
from demo.simulated import Person, Simulated, python_patient, simulated_patient
from demo.sound import loudspeaker
from demo.steps import sign_in, start_visit
from demo.visit_report import measure_visit, write_report

ROOT: Final = Path(__file__).resolve().parent.parent
PATIENT: Final = Person("Alex Example", "1984-06-21", "Cough since Monday")
WAITING: Final = (
    Person("Robin Sample", "1991-11-30", "Renewal of a prescription"),
    Person("Kim Muster", "1958-04-17", "Dizziness in the morning"),
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    headless: bool
    hold_s: float
    out: Path
    python_patient: bool


def options() -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="A visit on this machine, from sign-in to its end.")
    parser.add_argument("--headless", action="store_true", help="on a virtual display, by itself")
    parser.add_argument("--hold", type=float, default=20, metavar="SECONDS", help="length of the visit (headless)")
    parser.add_argument("--out", type=Path, default=ROOT / "demo-out", help="where screenshots and the report go")
    parser.add_argument("--python-patient", action="store_true", help="no browser, even where there is one")
    found = parser.parse_args()
    no_display = not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return Options(
        headless=found.headless or no_display,
        hold_s=found.hold,
        out=found.out.resolve(),
        python_patient=found.python_patient,
    )


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"demo: {text}", flush=True)


def start_relay(stack: ExitStack, folder: Path) -> Relay | None:
    """Start coturn if it is installed."""
    try:
        return stack.enter_context(relay(folder))
    except MissingProgramError as error:
        say(f"no relay: {error}")
        return None


def start_sound(stack: ExitStack, folder: Path, *, headless: bool) -> dict[str, str]:
    """Return the environment that says which devices to use: generated ones and an unheard loudspeaker, or the real."""
    if not headless:
        return {}
    devices = {"CARENA_CAMERA": "generator", "CARENA_MICROPHONE": "generator"}
    try:
        return devices | stack.enter_context(loudspeaker(folder)).env
    except MissingProgramError as error:
        say(f"no loudspeaker: {error}")
        return devices


def attend(window: Desktop, place: Clinic, patient: Simulated, wanted: Options) -> bool:
    """Do the whole visit through the window; return whether it really happened."""
    shots = {name: wanted.out / f"{name}.png" for name in ("sign-in", "waiting-room", "visit")}
    window.wait_for("Sign in", "button")
    window.screenshot(shots["sign-in"])
    sign_in(window, place)
    for person in (PATIENT, *WAITING):
        window.wait_for_row("Waiting room", person.name)
    window.screenshot(shots["waiting-room"])
    say(f"admitting {PATIENT.name} through the window")
    pressed_at_ms = start_visit(window, PATIENT.name)
    window.click("Allow camera and microphone")
    report = measure_visit(window, patient, pressed_at_ms=pressed_at_ms, hold_s=wanted.hold_s, shot=shots["visit"])
    patient.screenshot(wanted.out / "patient.png")
    window.click("End visit")
    report.require(patient.saw_the_end(), "the patient's page shows the end of the visit")
    report.screenshots = [str(path.name) for path in shots.values() if path.stat().st_size > 0]
    write_report(report, wanted.out / "demo-report.json")
    return report.ok


def by_hand(window: Desktop, place: Clinic, link: str) -> bool:
    """Sign in, then leave the window to the person until it is closed."""
    sign_in(window, place)
    say("the window is yours: choose a patient and press Enter; close it to end the demo")
    say(f"to be a patient yourself, open  {link}  (the browser will warn about the demo's own certificate)")
    window.wait_until_closed()
    return True


def run(wanted: Options) -> bool:
    """Start everything, do the visit, end everything; return whether all of it happened."""
    if wanted.headless and wanted.out.exists():
        shutil.rmtree(wanted.out)
    wanted.out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="carena-demo-", ignore_cleanup_errors=True))
        )
        turn = start_relay(stack, folder / "relay")
        place = stack.enter_context(clinic(folder / "clinic", turn))
        say(f"server on {place.url}, authority {place.fingerprint}")
        link = place.visit_link(reusable=True)
        say(f"visit link: {link}")
        devices = start_sound(stack, folder / "sound", headless=wanted.headless)
        window = stack.enter_context(desktop(folder / "desktop", display=wanted.headless, extra_env=devices))
        for person in WAITING:
            stack.enter_context(python_patient(folder, place, link, person))
        make = python_patient if wanted.python_patient else simulated_patient
        patient: Simulated = stack.enter_context(make(folder, place, link, PATIENT))
        say(f"patients: {patient.kind} ({PATIENT.name}) and {len(WAITING)} who wait")
        happened = attend(window, place, patient, wanted) if wanted.headless else by_hand(window, place, link)
    say(f"{'done' if happened else 'FAILED'} after {time.monotonic() - started:.0f} s; see {wanted.out}")
    return happened


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)


def main() -> int:
    """Run the demonstration; return 0 only if all of it happened."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        return 0 if run(options()) else 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
