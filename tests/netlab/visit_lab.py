"""A whole visit in the laboratory: the real server, the real window and a real browser, each behind its own network."""

import itertools
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from demo.browser import Patient, browser, chromium, patient
from demo.clinic import clinic
from demo.desktop import Desktop, desktop
from demo.relay import Relay
from demo.renewal_study import GENERATED, NAME, PROBE, Gaps
from demo.steps import sign_in, start_visit
from tests.netlab.laboratory import SERVER

TURN_PORT = 3490
LATER = {"CARENA_RENEW_LEG_S": "600", "CARENA_RENEW_KEYS_S": "30"}


@dataclass
class VisitLab:
    """A visit under way."""

    lab: Any
    window: Desktop
    person: Patient
    swaps: list[float] = field(default_factory=list)
    """Seconds between the last picture of a leg and the first of the next, at both screens, of the last ``gaps``."""

    def gaps(self, seconds: float) -> tuple[float, float]:
        """Wait so long; return the longest time without a picture since the last question, here and at the patient's.

        A picture that is still missing counts up to now.
        """
        time.sleep(seconds)
        here = self.window.ask("times")["pictures"]
        page = self.person.page.evaluate("({ ...window.carenaLegs(), now: performance.now() })")
        self.swaps = [gap / 1000 for seen in (here, page["shown"]) for gap in Gaps.of(seen).legs]
        moments = (
            [*(at for at, *_ in here), time.monotonic() * 1000],
            [*(at for at, *_ in page["shown"]), page["now"]],
        )
        found = (_longest(moments[0]), _longest(moments[1]))
        print(f"gaps {found}, at changes of the leg {self.swaps}")  # noqa: T201 - shown when a test fails, or with -s
        return found

    def wait_for_spare(self, within_s: float) -> None:
        """Wait until a second connection stands ready beside the one in use."""
        deadline = time.monotonic() + within_s
        while self.person.page.evaluate("window.carenaConnected()") < 2:
            assert time.monotonic() < deadline, f"no spare within {within_s:.0f} s: {self.window.figures()}"
            time.sleep(0.2)

    def path(self) -> str:
        """Return how the packets travel."""
        return str(self.window.figures()["path"])

    def wait_for_path(self, wanted: str, within_s: float) -> None:
        """Wait until the packets travel so."""
        deadline = time.monotonic() + within_s
        while self.path() != wanted:
            assert time.monotonic() < deadline, f"not {wanted} within {within_s:.0f} s: {self.window.figures()}"
            time.sleep(0.2)


def _longest(moments: list[float]) -> float:
    return max((later - before for before, later in itertools.pairwise(moments)), default=1e9) / 1000


@contextmanager
def visit(lab: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VisitLab]:
    """Hold a visit in a laboratory until the block ends; both see each other."""
    with (
        clinic(folder / "clinic", _turn(lab, folder), host=SERVER, prefix=_within(lab, "sv")) as place,
        desktop(folder / "desktop", extra_env=GENERATED | LATER, prefix=_within(lab, "cl")) as window,
    ):
        wrapper = folder / "chromium"
        wrapper.write_text(f'#!/bin/sh\nexec {" ".join(_within(lab, "pt"))} {chromium()} "$@"\n', encoding="utf-8")
        wrapper.chmod(0o755)
        monkeypatch.setenv("CARENA_CHROMIUM", str(wrapper))
        sign_in(window, place)
        with browser() as launched, patient(launched, place.visit_link()) as person:
            person.context.add_init_script(PROBE)
            person.open()
            person.check_in(NAME, "1984-06-21", "Test reason")
            start_visit(window, NAME)
            window.click("Allow camera and microphone")
            deadline = time.monotonic() + 40
            while window.figures()["remote_fps"] < 10 or person.frames_presented() < 10:
                assert time.monotonic() < deadline, "the two do not see each other"
                time.sleep(0.2)
            going = VisitLab(lab, window, person)
            going.gaps(3)
            yield going


def _within(lab: Any, who: str) -> list[str]:
    return ["ip", "netns", "exec", str(lab.ns(who))]


def _turn(lab: Any, folder: Path) -> Relay:
    """A relay that takes the server's time-limited credentials."""
    secret, secret_file, log = secrets.token_urlsafe(24), folder / "turn-secret", folder / "turn.log"
    secret_file.touch(mode=0o600)
    secret_file.write_text(secret, encoding="ascii")
    with log.open("wb") as output:
        lab.popen(
            "sv", "turnserver", "-n", "--listening-ip", SERVER, "--relay-ip", SERVER, "--listening-port", TURN_PORT,
            "--use-auth-secret", "--static-auth-secret", secret, "--realm", "carena", "--no-tls", "--no-dtls",
            "--no-cli", "--no-rfc5780", "--min-port", "51000", "--max-port", "51999", "--log-file", "stdout",
            "--simple-log", "--pidfile", folder / "turn.pid", "--userdb", folder / "turn.sqlite",
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    lab.wait_port("sv", TURN_PORT)
    address = f"turn:{SERVER}:{TURN_PORT}"
    return Relay(f"{address}?transport=udp", secret_file, log, more_urls=(f"{address}?transport=tcp",))
