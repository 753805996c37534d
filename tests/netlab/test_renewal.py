"""What a visit must outlive: another network, a firewall that closes, an outage, and the way from relay to direct."""

import importlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.netlab.laboratory import FOLDER
from tests.netlab.visit_lab import VisitLab, visit

pytestmark = [
    pytest.mark.netlab,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # the laboratory leaves logs open
]

DIRECT = ("-p", "udp", "-d", "10.71.2.0/24", "-j", "DROP")
"""A rule of the clinician's gateway that lets packets reach the relay and not the patient."""
MOST_ONE_WAY_S = 1.5
MOST_UNSEEN_S = 0.2
DIRECT_BACK = ("-p", "udp", "-s", "10.71.2.0/24", "-j", "DROP")


@pytest.fixture
def lab() -> Iterator[Any]:
    """The laboratory."""
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    with importlib.import_module("lab").Lab("renew") as made:
        yield made


@pytest.fixture
def going(lab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VisitLab]:
    """A visit on a direct path, with a spare ready beside it."""
    with visit(lab, tmp_path, monkeypatch) as one:
        one.wait_for_spare(40)
        one.gaps(1)
        yield one


def test_another_address(going: VisitLab) -> None:
    """From one network into another: three seconds without a picture at the most, and the call goes on."""
    going.lab.set_address("cl", "10.71.1.77")
    gaps = going.gaps(12)
    assert max(gaps) <= 3.0, gaps
    assert going.window.figures()["state"] == "active"


def test_udp_is_blocked_in_the_middle(going: VisitLab) -> None:
    """A firewall begins to drop UDP: four seconds later the call goes through the relay's TCP port."""
    assert going.path() == "direct"
    going.lab.block_udp("cl")
    gaps = going.gaps(12)
    assert max(gaps) <= 4.0, gaps
    going.wait_for_path("relayed", 5)


def test_an_outage_of_three_quarters_of_a_minute(going: VisitLab) -> None:
    """Nothing passes for 45 s, neither media nor signaling: within 5 s of its end both see each other again."""
    going.lab.link("cl", outage=True)
    time.sleep(45)
    going.lab.link("cl", outage=False)
    back = time.monotonic() * 1000
    going.person.page.evaluate("window.carenaLegs()")
    begun = going.person.page.evaluate("performance.now()")
    time.sleep(10)
    here = [at for at, *_ in going.window.ask("times")["pictures"] if at > back]
    there = [at for at, *_ in going.person.page.evaluate("window.carenaLegs()")["shown"] if at > begun]
    assert here, going.window.figures()
    assert there
    assert (here[0] - back) / 1000 <= 5.0
    assert (there[0] - begun) / 1000 <= 5.0
    assert going.window.figures()["state"] == "active"


@pytest.mark.parametrize(("delay_ms", "most"), [(0, 0.8), (25, 1.4)], ids=["near", "100 ms there and back"])
def test_a_direct_path_that_closes(going: VisitLab, delay_ms: float, most: float) -> None:
    """Beside a direct leg a spare stands ready: a firewall that closes costs less than a second of picture nearby."""
    assert going.path() == "direct"
    going.lab.link("both", "both", delay_ms=delay_ms)
    going.gaps(3)
    for rule in (DIRECT, DIRECT_BACK):
        going.lab.fw("cl", "-I", "FORWARD", *rule)
    gaps = going.gaps(6)
    assert max(gaps) <= most, gaps
    assert going.path() == "relayed"


@pytest.mark.parametrize("rule", [DIRECT, DIRECT_BACK], ids=["to the patient", "from the patient"])
def test_a_direct_path_that_closes_one_way(going: VisitLab, rule: tuple[str, ...]) -> None:
    """One direction alone is closed, the other goes on: whoever hears nothing is noticed as fast as if both were."""
    assert going.path() == "direct"
    going.gaps(3)
    going.lab.fw("cl", "-I", "FORWARD", *rule)
    gaps = going.gaps(6)
    assert max(gaps) <= MOST_ONE_WAY_S, gaps
    assert going.path() == "relayed"
    assert going.window.figures()["state"] == "active"


def test_a_direct_path_that_loses_packets_is_left_unseen(going: VisitLab) -> None:
    """A fifth of the packets is lost on the direct path alone: the relay takes over make before break, and stays."""
    assert going.path() == "direct"
    for rule in (DIRECT, DIRECT_BACK):
        going.lab.fw(
            "cl", "-I", "FORWARD", *rule[:-2], "-m", "statistic", "--mode", "random", "--probability", "0.2", *rule[-2:]
        )
    going.wait_for_path("relayed", 40)
    going.gaps(2)
    assert going.swaps
    assert max(going.swaps) <= MOST_UNSEEN_S, going.swaps
    leg = going.window.figures()["leg"]
    going.gaps(45)
    assert going.swaps == []
    assert (going.window.figures()["leg"], going.path()) == (leg, "relayed")


def test_from_the_relay_to_a_direct_path_and_back(lab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a direct path opens it is taken within a minute, unseen; when it closes the relay takes over in seconds."""
    for rule in (DIRECT, DIRECT_BACK):
        lab.fw("cl", "-I", "FORWARD", *rule)
    with visit(lab, tmp_path, monkeypatch) as going:
        assert going.path() == "relayed"
        for rule in (DIRECT, DIRECT_BACK):
            lab.fw("cl", "-D", "FORWARD", *rule)
        going.wait_for_path("direct", 60)
        going.gaps(2)
        assert going.swaps
        assert max(going.swaps) <= 0.2, going.swaps
        for rule in (DIRECT, DIRECT_BACK):
            lab.fw("cl", "-I", "FORWARD", *rule)
        gaps = going.gaps(10)
        assert max(gaps) <= 4.0, gaps
        assert going.path() == "relayed"


@pytest.mark.parametrize(
    "faults",
    [{"delay_ms": 20, "burst": {"loss": 0.10, "len": 8}}, {"delay_ms": 100, "jitter_ms": 30}],
    ids=["burst-10", "jitter-100"],
)
def test_a_bad_link_is_no_closed_path(going: VisitLab, faults: dict[str, Any]) -> None:
    """With a spare at hand a tenth lost in bursts, or 100 and 30 ms of jitter, change neither leg nor path in 40 s."""
    leg = going.window.figures()["leg"]
    going.lab.link("cl", "both", **faults)
    going.gaps(40)
    figures = going.window.figures()
    assert (figures["leg"], figures["path"], figures["state"]) == (leg, "direct", "active")
