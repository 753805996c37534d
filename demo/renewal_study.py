"""What changes of connections and keys do to a real visit: server, window and browser, measured at both screens.

    python -m demo.renewal_study chromium|firefox SECONDS LEG_S KEYS_S REPORT_FILE

A gap is the time between two pictures that follow each other: at a leg, between the last of one connection and the
first of the next; at a key, the pair of pictures within which the keys changed.
"""

import itertools
import json
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from demo.browser import ROOT, browser, patient
from demo.clinic import clinic
from demo.desktop import Desktop, desktop
from demo.firefox import firefox_patient
from demo.steps import sign_in, start_visit

PROBE: Final = (ROOT / "demo" / "leg_probe.js").read_text(encoding="utf-8")
GENERATED: Final = {"CARENA_CAMERA": "generator", "CARENA_MICROPHONE": "generator"}
NAME: Final = "Test Patient"
SETTLE_S: Final = 4.0
LONGEST_MS: Final = 60_000.0

Evaluate = Callable[[str], Any]


@dataclass
class Gaps:
    """Of one screen, milliseconds."""

    legs: list[float] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, pictures: Sequence[Sequence[float]], changes: Sequence[float]) -> "Gaps":
        """Sort the gaps.

        Args:
            pictures: When each came, ms, and of which leg.
            changes: When keys changed, ms.
        """
        found = cls()
        for (before, leg), (after, later) in itertools.pairwise(pictures):
            gap = after - before
            if leg != later:
                found.legs.append(gap)
            elif bisect_left(changes, after) > bisect_left(changes, before):
                found.keys.append(gap)
            else:
                found.others.append(gap)
        return found


@dataclass
class Study:
    """What one visit showed."""

    browser: Gaps
    desktop: Gaps
    legs: int
    epochs: int
    unopened_by_browser: int
    unopened_by_desktop: int


@contextmanager
def person(kind: str, folder: Path, link: str) -> Iterator[Evaluate]:
    """A patient in Chromium or Firefox, checked in; yields what evaluates an expression in the page."""
    if kind == "firefox":
        with firefox_patient(folder / "firefox.log", (PROBE,)) as one:
            one.open(link)
            one.wait("document.getElementById('name')?.checkVisibility() === true", "the form")
            for element, text in (("name", NAME), ("birth-date", "1984-06-21"), ("reason", "Test reason")):
                one.fill(element, text)
            one.click("agree")
            one.press("Turn on camera")
            one.wait("[...document.querySelectorAll('video')].some((v) => v.videoWidth > 0)", "the camera's picture")
            one.press("Join the waiting room")
            yield one.evaluate
        return
    with browser() as launched, patient(launched, link) as other:
        other.context.add_init_script(PROBE)
        other.open()
        other.check_in(NAME, "1984-06-21", "Test reason")
        yield lambda expression: other.page.evaluate(f"async () => ({expression})")


def _connect(window: Desktop, evaluate: Evaluate) -> None:
    """Admit the patient and wait until both see each other."""
    start_visit(window, NAME)
    window.click("Allow camera and microphone")
    deadline = time.monotonic() + 40
    seen: list[Any] = []
    while window.figures()["remote_frames"] == 0 or not seen:
        if time.monotonic() > deadline:
            raise TimeoutError("the two do not see each other")
        seen = evaluate("window.carenaLegs()")["shown"]
        time.sleep(0.2)


def study(kind: str, seconds: float, leg_s: float, keys_s: float, folder: Path) -> Study:
    """Hold a visit for so long, with a new connection and new keys so often, and return what came of it."""
    often = {"CARENA_RENEW_LEG_S": str(leg_s), "CARENA_RENEW_KEYS_S": str(keys_s)}
    with (
        clinic(folder / "clinic", None) as place,
        desktop(folder / "desktop", extra_env=GENERATED | often) as window,
    ):
        sign_in(window, place)
        with person(kind, folder, place.visit_link()) as evaluate:
            _connect(window, evaluate)
            time.sleep(SETTLE_S)
            evaluate("window.carenaLegs()")
            before = evaluate("window.carenaCounts()")
            window.ask("times")
            time.sleep(seconds)
            page, here = evaluate("window.carenaLegs()"), window.ask("times")
            after = evaluate("window.carenaCounts()")
            figures = window.figures()
            window.click("End visit")
    installs = sorted(at for at, _, _, direction in page["installed"] if direction == "receive")
    epochs = sorted(at for at, _, _ in here["changes"])
    return Study(
        browser=Gaps.of(page["shown"], installs),
        desktop=Gaps.of(here["pictures"], epochs),
        legs=len({leg for _, leg, _, _ in page["installed"]}),
        epochs=len(installs),
        unopened_by_browser=after["unopened"] - before["unopened"],
        unopened_by_desktop=figures["unopened"],
    )


def main() -> None:
    """Do what the command line says."""
    kind, seconds, leg_s, keys_s, report = sys.argv[1:]
    path = Path(report)
    found = study(kind, float(seconds), float(leg_s), float(keys_s), path.parent / f"{path.stem}-files")
    path.write_text(json.dumps(asdict(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
