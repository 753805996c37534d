"""What the browser does without one half of the encryption: a desktop whose hook is out, a worker that died."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.browser import Patient, patient
from demo.clinic import Clinic
from demo.desktop import desktop
from demo.renewal_study import PROBE
from tests.e2e.scene import GENERATED, begin_visit, eventually
from tests.e2e.test_encryption import OPEN_WORKER

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.adversary, pytest.mark.timeout(180)]

HOOK_OUT = {"PYTHONPATH": str(Path(__file__).parent / "open_hook")}
NAME = "Test Patient"
WORKERS = """
window.carenaWorkers = [];
const NativeWorker = window.Worker;
window.Worker = class extends NativeWorker {
  constructor(...args) {
    super(...args);
    window.carenaWorkers.push(this);
  }
};
"""
SENT = """async () => {
  let sum = 0;
  for (const connection of window.carenaConnections)
    for (const report of (await connection.getStats()).values())
      if (report.type === "outbound-rtp") sum += report.bytesSent;
  return sum;
}"""
SOUND = """async () => {
  let sum = 0;
  for (const connection of window.carenaConnections)
    for (const report of (await connection.getStats()).values())
      if (report.type === "inbound-rtp" && report.kind === "audio")
        sum += report.totalSamplesReceived - report.concealedSamples;
  return sum;
}"""
"""Samples that were decoded, not made up for what is missing."""


def counted(person: Patient) -> int:
    """Return how many frames the page could not open so far."""
    counts = person.page.evaluate("window.carenaCounts()")
    return int(counts["unopened"]) if counts else 0


def test_a_desktop_that_seals_nothing_is_neither_seen_nor_heard(
    place: Clinic, chromium: Browser, tmp_path: Path
) -> None:
    """A page that opens nothing plays its plain frames; the true one plays none, counts them and says so."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED | HOOK_OUT) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        worker = re.compile(r"/e2ee/worker\.js")
        person.context.route(worker, lambda route: route.fulfill(body=OPEN_WORKER, content_type="text/javascript"))
        person.context.add_init_script(PROBE)
        begin_visit(window, place, person, NAME)
        eventually(lambda: person.frames_presented() > 30, "plain pictures, on a page without the defence")
        eventually(lambda: person.page.evaluate(SOUND) > 0, "plain sound")

        person.context.unroute(worker)
        person.page.reload()
        person.wait_for_visit()
        eventually(lambda: counted(person) > 200, "frames that were counted and dropped", 40)
        person.wait_to_see("Securing the connection")
        assert person.frames_presented() == 0
        assert person.page.evaluate(SOUND) == 0
        assert window.figures()["unopened"] == 0


def test_a_page_whose_worker_is_gone_sends_nothing_more_and_stops(
    place: Clinic, chromium: Browser, tmp_path: Path
) -> None:
    """The browser has nothing to seal with: not a byte of media leaves, and some seconds later both ends stop."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        for script in (WORKERS, PROBE):
            person.context.add_init_script(script)
        begin_visit(window, place, person, NAME)
        eventually(lambda: window.figures()["remote_frames"] > 30, "pictures")

        person.page.evaluate("window.carenaWorkers.forEach((worker) => worker.terminate())")
        sent = person.page.evaluate(SENT)
        window.stay(1)
        seen = window.figures()["remote_frames"]
        assert person.page.evaluate(SENT) - sent < 20_000  # what was sealed before is on its way
        sent = person.page.evaluate(SENT)
        person.wait_to_see("could not be made sure that nobody listens")
        window.wait_to_see("This call was not safe and was stopped")
        assert window.figures()["remote_frames"] == seen
        assert person.page.evaluate(SENT) <= sent
