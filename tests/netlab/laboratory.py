"""Builds the laboratory, runs a call in it and reads what came of it.

The laboratory itself (namespaces, link emulator, coturn, a room to meet in, the patient's page) lies beside the
repository, in ``../shared/netlab``.
"""

import importlib
import itertools
import json
import os
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "netlab"
SERVER = "198.51.100.10"
SIGNALING = f"http://{SERVER}:8080"
MARGIN_S = 40

STUN: dict[str, Any] = {"urls": [f"stun:{SERVER}:3478"]}


def turn(url: str) -> dict[str, Any]:
    """A TURN server's entry with the laboratory's credentials."""
    return {"urls": [url], "username": "carena", "credential": "lab-secret"}


UDP = turn(f"turn:{SERVER}:3478?transport=udp")
TCP = turn(f"turn:{SERVER}:3478?transport=tcp")
TLS = turn(f"turns:{SERVER}:5349?transport=tcp")

Fault = Callable[[Any], None]


@dataclass
class Profile:
    """What the network is like, and what happens to it: seconds after the start, and what."""

    seconds: float = 20
    setup: Fault = lambda _lab: None
    script: Sequence[tuple[float, Fault]] = ()
    ice: Sequence[dict[str, Any]] = (STUN, UDP)
    patient_ice: Sequence[dict[str, Any]] = (STUN, UDP)
    share_at: float | None = None
    """When the clinician begins to share a screen."""


@dataclass
class Result:
    """What both ends noted; times in seconds since the leg was begun."""

    audio: list[float]
    video: list[float]
    states: list[tuple[float, str]]
    figures: list[dict[str, Any]]
    delays: list[tuple[float, float, float]] = field(repr=False)
    link: dict[str, Any] = field(repr=False)
    patient: list[dict[str, Any]] = field(repr=False)

    def audio_rate(self, start: float, end: float) -> float:
        """20 ms frames of sound played per second."""
        return sum(start <= at < end for at in self.audio) / (end - start)

    def video_rate(self, start: float, end: float) -> float:
        """Pictures decoded per second."""
        return sum(start <= at < end for at in self.video) / (end - start)

    def longest_gap(self, moments: list[float], start: float, end: float) -> float:
        """The longest time without anything."""
        inside = [start, *(at for at in moments if start <= at < end), end]
        return max(after - before for before, after in itertools.pairwise(inside))

    def added_delay(self, start: float, end: float, share: float = 0.95) -> float:
        """Seconds that sound is heard later than the fastest packet could have been: the path's variation and ours."""
        within = [(transit, waits) for at, transit, waits in self.delays if start <= at < end]
        fastest = min(transit for transit, _ in within)
        return sorted(transit - fastest + waits for transit, waits in within)[int(share * len(within))]

    def connected(self) -> float:
        """When the leg was connected."""
        return next(at for at, state in self.states if state == "connected")

    def patient_rate(self, name: str, seconds: float = 5) -> float:
        """How a counter of the patient's page grew per second, at the end of the call (the page goes on alone)."""
        last = next(
            before
            for before, after in reversed([*itertools.pairwise(self.patient)])
            if after.get("apk", 0) > before.get("apk", 0)
        )
        before = next(one for one in reversed(self.patient) if last["ms"] - one["ms"] >= seconds * 1000)
        return float(last.get(name, 0) - before.get(name, 0)) / float(last["ms"] - before["ms"]) * 1000


def run(profile: Profile, tag: str) -> Result:
    """Run one call between our engine and a browser's page."""
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    lab_module = importlib.import_module("lab")
    with lab_module.Lab(tag) as lab:
        profile.setup(lab)
        environment = {**os.environ, "SSL_CERT_FILE": str(lab.dir / "cert.pem"), "HOME": str(lab.dir)}
        query = urllib.parse.urlencode({"ice": json.dumps(list(profile.patient_ice)), "policy": "all"})
        browser = [
            chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--mute-audio",
            "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            "--autoplay-policy=no-user-gesture-required", "--disable-features=WebRtcHideLocalIpsWithMdns",
            "--ignore-certificate-errors", f"--unsafely-treat-insecure-origin-as-secure={SIGNALING}",
            f"--user-data-dir={lab.dir}/browser", f"{SIGNALING}/page/patient.html?{query}",
        ]  # fmt: skip
        lab.popen("pt", *browser, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        report = lab.dir / "clinician.json"
        command = [
            sys.executable, "-m", "tests.netlab.clinician", f"{SIGNALING}/ws",
            json.dumps(list(profile.ice)), str(profile.seconds), str(report),
            *(() if profile.share_at is None else (str(profile.share_at),)),
        ]  # fmt: skip
        errors = (lab.dir / "clinician.err").open("wb")
        with errors:
            clinician = lab.popen("cl", *command, env=environment, cwd=ROOT, stderr=errors)
            started = _offered(lab)
            for at, fault in profile.script:
                time.sleep(max(0.0, started + at - time.monotonic()))
                fault(lab)
            code = clinician.wait(profile.seconds + MARGIN_S)
        assert code == 0, (lab.dir / "clinician.err").read_text()[-2000:]
        noted = json.loads(report.read_text())
        noted.pop("began")
        return Result(**noted, link=lab.link_stats(), patient=_patient(lab))


def _offered(lab: Any) -> float:
    """Wait until the two have met in the room; return the moment."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if {"join cl", "join pt"} <= {word for word in ("join cl", "join pt") if word in _log(lab)}:
            return time.monotonic()
        time.sleep(0.1)
    raise AssertionError("the two ends did not meet")


def _log(lab: Any) -> str:
    return str((lab.dir / "signal.log").read_text())


def _patient(lab: Any) -> list[dict[str, Any]]:
    code = f"import urllib.request;print(urllib.request.urlopen('{SIGNALING}/log').read().decode())"
    found = json.loads(lab.ex("sv", sys.executable, "-c", code))
    return [entry for entry in found if entry["type"] == "stats"]
