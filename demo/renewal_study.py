"""What changes of connections and keys do to a real visit: server, window and browser, measured at both screens.

    python -m demo.renewal_study chromium|firefox SECONDS LEG_S KEYS_S REPORT_FILE

A gap is the time between two pictures that follow each other: at a leg, between the last of one connection and the
first of the next; at a key, before the first picture that was sealed with the new keys. The moment at which keys were
installed would not do: it falls into a long gap more often than into a short one, whatever keys do.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

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

SOON: Final = 90_000
"""RTP ticks: a first picture that was not shown itself is that which followed it within a second."""

Evaluate = Callable[[str], Any]
Picture: TypeAlias = tuple[float, int, bool]
"""When it was shown, ms, of which leg, and whether it was the first under new keys."""


@dataclass
class Gaps:
    """Of one screen, milliseconds."""

    legs: list[float] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, pictures: Iterable[Picture]) -> "Gaps":
        """Sort the gaps between pictures that follow each other."""
        found = cls()
        for (before, leg, _), (after, later, are_keys_new) in itertools.pairwise(pictures):
            kind = found.legs if leg != later else found.keys if are_keys_new else found.others
            kind.append(after - before)
        return found


def in_browser(shown: Sequence[tuple[float, int, int | None]], begun: Sequence[tuple[int, int, int]]) -> list[Picture]:
    """Return the page's pictures, each with whether it is the first under new keys that could be seen.

    Args:
        shown: When each was presented, ms, of which stream, and its RTP timestamp (90 kHz).
        begun: Of leg and epoch the RTP timestamp of the first picture.
    """
    firsts: set[int] = set()
    for _, _, timestamp in begun:
        after = [(stamp - timestamp) % 2**32 if stamp is not None else 2**32 for _, _, stamp in shown]
        if (nearest := min(after, default=2**32)) < SOON:
            firsts.add(after.index(nearest))
    return [(at, leg, index in firsts) for index, (at, leg, _) in enumerate(shown)]


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
            one.check_in(link, NAME)
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
    return Study(
        browser=Gaps.of(in_browser(page["shown"], page["begun"])),
        desktop=Gaps.of(here["pictures"]),
        legs=len({leg for _, leg, _, _ in page["installed"]}),
        epochs=sum(direction == "receive" for _, _, _, direction in page["installed"]),
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
