"""A visit whose keys change each second and whose connection each five: Chromium and Firefox, with and without loss.

Everything is real but the cameras: server, window, media process, portal. Gaps are between pictures at both screens;
the median of all gaps in the same run stands beside them, as the machine's own unrest is in both. Loss needs root: the
whole visit then runs in a network namespace of its own that drops packets.

The environment may set CARENA_BENCH_SECONDS.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.row import Row

SECONDS: Final = float(os.environ.get("CARENA_BENCH_SECONDS", "60"))
LEG_S: Final = 5
KEYS_S: Final = 1
LOSS: Final = 0.03
NAMESPACE: Final = "carena-legs"
PERIOD_MS: Final = 40.0
LONGEST_MS: Final = 150.0


@contextmanager
def lossy() -> Iterator[list[str]]:
    """Make a network namespace whose packets get lost; yield the words that run a command in it."""
    within = ["ip", "netns", "exec", NAMESPACE]
    drop = ["-i", "lo", "-p", "udp", "-m", "statistic", "--mode", "random", "--probability", str(LOSS), "-j", "DROP"]
    subprocess.run(["ip", "netns", "add", NAMESPACE], check=True)
    try:
        for command in (
            ["ip", "link", "set", "lo", "up"],
            ["ip", "link", "add", "here", "type", "veth", "peer", "name", "there"],
            ["ip", "addr", "add", "10.98.76.1/24", "dev", "here"],
            ["ip", "link", "set", "here", "up"],
            ["ip", "link", "set", "there", "up"],
            [
                "ip",
                "route",
                "add",
                "default",
                "via",
                "10.98.76.2",
                "dev",
                "here",
            ],  # or Firefox takes itself for offline
            ["iptables", "-A", "INPUT", *drop],
        ):
            subprocess.run([*within, *command], check=True)
        yield within
    finally:
        subprocess.run(["ip", "netns", "del", NAMESPACE], check=True)


def measure(browser: str, prefix: list[str]) -> dict[str, Any]:
    """Hold the visit and return its study."""
    with tempfile.TemporaryDirectory(prefix="carena-legs-", ignore_cleanup_errors=True) as folder:
        report = Path(folder, "report.json")
        words = ["-m", "demo.renewal_study", browser, str(SECONDS), str(LEG_S), str(KEYS_S), str(report)]
        subprocess.run([*prefix, sys.executable, *words], check=True)
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


def _of(browser: str, loss: str, study: dict[str, Any], *, judged: bool) -> Iterable[Row]:
    where = f"{browser}, {loss}"
    for screen, name in (("browser", "patient"), ("desktop", "clinician")):
        gaps = study[screen]
        usual = statistics.median(gaps["others"])
        for what, key in (("leg", "legs"), ("key change", "keys")):
            median = statistics.median(gaps[key])
            said = f"gap at a {what}, {name}'s screen, p50 ({where})"
            yield Row(said, median, "ms", usual, "all other gaps, p50", f"<= {PERIOD_MS:.0f}", median <= PERIOD_MS)
        longest, other = max(gaps["legs"]), max(gaps["others"])
        target, met = (f"<= {LONGEST_MS:.0f}", longest <= LONGEST_MS) if judged else ("", None)
        said = f"gap at a leg, {name}'s screen, longest ({where})"
        yield Row(said, longest, "ms", other, "all other gaps, longest", target, met)
    failures = study["unopened_by_browser"] + study["unopened_by_desktop"]
    yield Row(f"frames that could not be opened ({where})", failures, "frames", target="0", met=failures == 0)
    yield Row(f"connections ({where})", study["legs"], "legs")
    yield Row(f"renewals of keys ({where})", study["epochs"], "epochs")


def rows() -> Iterable[Row]:
    """Measure and yield the rows."""
    for browser in ("chromium", "firefox"):
        yield from _of(browser, "no loss", measure(browser, []), judged=True)
    if os.geteuid() != 0:
        print("   without root nothing is measured with loss", file=sys.stderr)
        return
    for browser in ("chromium", "firefox"):
        with lossy() as prefix:
            yield from _of(browser, f"{LOSS:.0%} loss", measure(browser, prefix), judged=False)
