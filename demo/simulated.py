"""The demo's patients: Chromium on the real portal when it is installed, else Python with the same protocol."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from carena_protocol.e2ee import link_secret
from demo.browser import Patient, browser, chromium, patient
from demo.clinic import Clinic
from demo.processes import MissingProgramError, running

REPLY = "Yes, very well."


@dataclass(frozen=True, slots=True)
class Person:
    """Who checks in; nobody real."""

    name: str
    birth_date: str
    reason: str


class Simulated(Protocol):
    """A patient whose half of the visit can be measured."""

    kind: str

    def frames_presented(self) -> int:
        """Return how many of the clinician's pictures arrived so far."""
        ...

    def remote_frame_number(self) -> int | None:
        """Return the number read in the clinician's newest picture."""
        ...

    def reads(self, text: str) -> bool:
        """Return whether a line of chat arrived, after waiting for it."""
        ...

    def say(self, text: str) -> None:
        """Write a line of chat."""
        ...

    def saw_the_end(self) -> bool:
        """Return whether the patient learned that the visit is over, after waiting for it."""
        ...

    def screenshot(self, path: Path) -> None:
        """Save what the patient sees, where there is something to see."""
        ...


class BrowserPatient:
    """Chromium on the real portal."""

    kind = "Chromium on the portal"

    def __init__(self, person: Patient) -> None:
        self._person = person

    def frames_presented(self) -> int:
        """Count the pictures the page presented."""
        return self._person.frames_presented()

    def remote_frame_number(self) -> int | None:
        """Read the number out of the page's video element."""
        return self._person.remote_frame_number()

    def reads(self, text: str) -> bool:
        """Wait for the line on the page."""
        self._person.wait_to_see(text)
        return True

    def say(self, text: str) -> None:
        """Type and send the line."""
        self._person.say(text)

    def saw_the_end(self) -> bool:
        """Wait until the page no longer shows a visit."""
        return self._person.visit_ended()

    def screenshot(self, path: Path) -> None:
        """Save a picture of the page."""
        self._person.screenshot(path)


class ProcessPatient:
    """The Python patient in its own process; what it received is what it printed last."""

    kind = "Python with the portal's protocol"

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._newest: dict[str, Any] = {"state": "", "video_frames": 0, "number": None, "chat_lines": 0}
        threading.Thread(target=self._read, args=(lines,), name="python-patient", daemon=True).start()

    def _read(self, lines: Iterator[bytes]) -> None:
        for line in lines:
            self._newest = json.loads(line)

    def _becomes(self, key: str, values: tuple[object, ...], timeout_s: float = 20) -> bool:
        deadline = time.monotonic() + timeout_s
        while self._newest[key] not in values and time.monotonic() < deadline:
            time.sleep(0.1)
        return self._newest[key] in values

    def frames_presented(self) -> int:
        """Count the pictures decoded."""
        return int(self._newest["video_frames"])

    def remote_frame_number(self) -> int | None:
        """Return the number in the newest picture."""
        number: int | None = self._newest["number"]
        return number

    def reads(self, text: str) -> bool:
        """Wait for a line of chat; the process keeps its text to itself and answers by itself."""
        del text
        return self._becomes("chat_lines", (1,))

    def say(self, text: str) -> None:
        """Nothing to do: it replied when it read."""
        assert text == REPLY  # noqa: S101 - what it was started with

    def saw_the_end(self) -> bool:
        """Wait for the server's word that the visit is over."""
        return self._becomes("state", ("finished", "left"))

    def screenshot(self, path: Path) -> None:
        """Nothing to see."""


@contextmanager
def python_patient(folder: Path, place: Clinic, link: str, who: Person) -> Iterator[ProcessPatient]:
    """Run a Python patient for the length of the block."""
    secret, ours = link_secret.split(link.rpartition("#")[2])
    wanted = {
        "server": place.url,
        "authority": str(place.authority),
        "secret": secret,
        "ours": ours.hex(),
        "name": who.name,
        "birth_date": who.birth_date,
        "reason": who.reason,
        "reply": REPLY,
    }
    command = [sys.executable, "-m", "demo.python_patient"]
    with running(command, log=folder / "python-patient.log", pipe=True) as process:
        assert process.stdin is not None  # noqa: S101 - pipe=True
        assert process.stdout is not None  # noqa: S101 - pipe=True
        process.stdin.write(json.dumps(wanted).encode() + b"\n")
        process.stdin.flush()
        yield ProcessPatient(iter(process.stdout))


@contextmanager
def browser_patient(link: str, who: Person) -> Iterator[BrowserPatient]:
    """Run Chromium on the portal, checked in, for the length of the block."""
    with browser() as launched, patient(launched, link) as person:
        person.open()
        person.check_in(who.name, who.birth_date, who.reason)
        yield BrowserPatient(person)


@contextmanager
def simulated_patient(folder: Path, place: Clinic, link: str, who: Person) -> Iterator[Simulated]:
    """Run the best patient this machine has, checked in and waiting."""
    try:
        chromium()
    except MissingProgramError:
        with python_patient(folder, place, link, who) as substitute:
            yield substitute
    else:
        with browser_patient(link, who) as person:
            yield person
