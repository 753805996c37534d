"""What the inner encryption costs: a frame sealed and opened, a visit at 720p30 both ways, an agreement, a renewal.

Times per frame are wall-clock medians of one frame at a time; the share of a core is processor time of everything that
the two directions of a visit need: 30 pictures of 1.5 Mbit/s and 50 packets of sound a second, sealed and opened. The
compared figure for a frame is AES-128-GCM alone, the floor under every implementation of RFC 9605's suite 4.
"""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from aiortc.codecs.vpx import Vp8Encoder, vp8_depayload
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.row import Row
from carena_desktop.call.engine.repairs.sealing import OPUS, VP8, _sealed
from carena_desktop.call.leg_security import LegSecurity
from carena_protocol.e2ee.patient import PatientSecurity, PatientStep
from carena_protocol.e2ee.sframe import Kind, Opener, Sealer, shim, shim_size

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURE: Final = bytes([0x31]) + bytes(6249)
"""A delta frame of 1.5 Mbit/s at 30 a second."""
SOUND: Final = bytes(100)
FRAMES: Final = 3000
AGREEMENTS: Final = 60
MOST_MS: Final = 0.2
MOST_OF_A_CORE: Final = 5.0
SDP: Final = "v=0\r\na=fingerprint:sha-256 " + ":".join(["AA"] * 32) + "\r\n"


def rows() -> Iterator[Row]:
    """Measure."""
    frames: tuple[tuple[Kind, bytes, str], ...] = (("video", PICTURE, VP8), ("audio", SOUND, OPUS))
    spent = 0.0
    for kind, frame, mime in frames:
        per_second = 30 if kind == "video" else 50
        sealer, opener = _pair(kind)
        payloads = Vp8Encoder._packetize(frame, 1) if kind == "video" else [frame]  # noqa: SLF001 - as the encoder does
        cipher = AESGCM(bytes(16))
        floor = _median(lambda cipher=cipher, frame=frame: cipher.encrypt(bytes(12), frame, b""))  # type: ignore[misc]  # defaults that bind
        sealing = _median(lambda: _sealed(mime, payloads, sealer))  # noqa: B023 - called before the next turn
        yield _row(f"seal a frame of {kind}, packets in, packets out", sealing, floor)
        sealed = iter([b"".join(map(_inside(kind), _sealed(mime, payloads, sealer))) for _ in range(FRAMES)])
        opening = _median(lambda: opener.open(data := next(sealed), _clear(kind, data)))  # noqa: B023 - as above
        yield _row(f"open a frame of {kind}", opening, floor)
        spent += per_second * _processor(kind, payloads, mime)
    share = spent * 100
    yield Row(
        "sealing and opening at 720p30, both ways",
        share,
        "% of a core",
        target=f"at most {MOST_OF_A_CORE:.0f}",
        met=share <= MOST_OF_A_CORE,
    )
    yield Row("agreement with ML-KEM-768, both ends in Python", _agreement(can_kem=True), "ms")
    yield Row("agreement without, both ends in Python", _agreement(can_kem=False), "ms")
    yield Row("renewal of the keys, both ends in Python", _renewal(), "ms")
    yield from _portal()


def _row(what: str, ours: float, floor: float) -> Row:
    return Row(what, ours, "ms p50", floor, "AES-128-GCM alone", f"at most {MOST_MS}", ours <= MOST_MS)


def _pair(kind: Kind) -> tuple[Sealer, Opener]:
    sealer, opener = Sealer("C>P", kind), Opener("C>P", kind, lambda: 0.0)
    sealer.install(1, bytes(16))
    opener.install(1, bytes(16))
    return sealer, opener


def _clear(kind: Kind, data: bytes) -> int:
    return shim_size(data) if kind == "video" else 0


def _inside(kind: Kind) -> Callable[[bytes], bytes]:
    return vp8_depayload if kind == "video" else bytes


def _median(call: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    found = []
    for _ in range(FRAMES):
        start = time.perf_counter()
        call()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def _processor(kind: Kind, payloads: list[bytes], mime: str) -> float:
    """Seconds of processor time of one frame sealed and one opened."""
    sealer, opener = _pair(kind)
    frame = b"".join(map(_inside(kind), payloads))
    ready = [sealer.seal(frame, shim(frame) if kind == "video" else b"") for _ in range(FRAMES)]
    start = time.process_time()
    for data in ready:
        _sealed(mime, payloads, sealer)
        opener.open(data, _clear(kind, data))
    return (time.process_time() - start) / FRAMES


class _Leg:
    """Both ends of one leg, joined without a network."""

    def __init__(self, *, can_kem: bool) -> None:
        self.desktop = LegSecurity(_DEVICES[0], "v/i/1", 1)
        self.patient = PatientSecurity(_DEVICES[1], "v/i/1", self.desktop.offered(SDP), SDP, can_kem=can_kem)
        self.patient.revealed(self.desktop.answered(self.patient.hello(SDP), SDP))
        proof = self.patient.opened()
        self.patient.take(self.desktop.opened())
        self.pass_on(proof)

    def pass_on(self, step: PatientStep) -> None:
        """Hand over what the patient says, and back, until nobody says anything."""
        for message in step.say:
            for said in self.desktop.take(message, 0.0).say:
                answer = self.patient.take(said)
                if answer is not None:
                    self.pass_on(answer)


_DEVICES: Final = (Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate())


def _agreement(*, can_kem: bool) -> float:
    found = []
    for _ in range(AGREEMENTS):
        start = time.perf_counter()
        _Leg(can_kem=can_kem)
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def _renewal() -> float:
    leg, found = _Leg(can_kem=False), []
    for number in range(1, AGREEMENTS):
        start = time.perf_counter()
        for said in leg.desktop.tick(60.0 * number).say:
            answer = leg.patient.take(said)
            if answer is not None:
                leg.pass_on(answer)
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def _portal() -> Iterator[Row]:
    """The portal's own code in Node, whose WebCrypto answers from a thread pool as a browser's does."""
    node = ROOT / ".venv" / "bin" / "node"
    script = Path(__file__).with_name("peers") / "portal_keys.mjs"
    done = subprocess.run([node, "--no-warnings", script, str(FRAMES)], check=True, capture_output=True, text=True)
    for name, ours in json.loads(done.stdout).items():
        yield Row(f"portal: {name}", ours, "ms p50", None, "", f"at most {MOST_MS}", ours <= MOST_MS)
