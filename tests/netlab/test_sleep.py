"""A laptop that sleeps: its programs stand still, and the network takes them for gone."""

import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from demo.browser import browser, patient
from demo.clinic import clinic
from demo.desktop import Desktop, desktop
from demo.renewal_study import PROBE
from tests.e2e.scene import GENERATED, begin_visit, eventually

pytestmark = [pytest.mark.netlab, pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(240)]

NAME = "Test Patient"
ASLEEP_S = 45.0
WITHIN_S = 5.0


def tell(window: Desktop, what: signal.Signals) -> None:
    """Send a signal to the application and its media process."""
    application = psutil.Process(window.pid)
    for process in (*application.children(recursive=True), application):
        process.send_signal(what)


def test_a_visit_goes_on_after_sleep(tmp_path: Path) -> None:
    """Five seconds after it wakes both see each other again, in the same visit, without another admit or consent."""
    with (
        clinic(tmp_path / "clinic", None) as place,
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        browser() as chromium,
        patient(chromium, place.visit_link()) as person,
    ):
        person.context.add_init_script(PROBE)
        begin_visit(window, place, person, NAME)
        eventually(lambda: window.figures()["remote_frames"] > 60, "pictures", 40)
        leg = window.figures()["leg"]

        tell(window, signal.SIGSTOP)
        time.sleep(ASLEEP_S)
        person.wait_to_see("connection is lost")
        person.page.evaluate("window.carenaLegs()")
        asleep_until, page_until = time.monotonic() * 1000, person.page.evaluate("performance.now()")
        tell(window, signal.SIGCONT)
        window.ask("ping")
        time.sleep(2 * WITHIN_S)
        here = [at for at, *_ in window.ask("times")["pictures"] if at > asleep_until + 1000]
        page: dict[str, Any] = person.page.evaluate("window.carenaLegs()")
        there = [at for at, *_ in page["shown"] if at > page_until]
        took = [
            (moments[0] - begun) / 1000 for moments, begun in ((here, asleep_until), (there, page_until)) if moments
        ]
        print(f"seconds after waking, here and there: {took}")  # noqa: T201 - with -s
        assert len(took) == 2, window.figures()
        assert max(took) <= WITHIN_S
        assert window.figures()["state"] == "active"
        assert window.figures()["leg"] > leg
        assert window.find("Allow camera and microphone", "button") is None
        assert person.errors == []
