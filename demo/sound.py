"""A loudspeaker that can be listened to: a private PulseAudio with one null sink, and a recorder on its monitor."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demo.processes import program, running, wait_until

RATE: Final = 48_000
_BLOCK: Final = 4800  # 100 ms: bins of 10 Hz
_SILENT_RMS: Final = 100.0


@dataclass(frozen=True, slots=True)
class Loudspeaker:
    """The sink's server; ``env`` makes an application play into it."""

    server: str

    @property
    def env(self) -> dict[str, str]:
        """Environment for the application."""
        return {"PULSE_SERVER": self.server}

    def record(self, seconds: float) -> NDArray[np.int16]:
        """Return what is played for the next seconds, mono."""
        command = [
            program("parec"), f"--server={self.server}", "--device=speaker.monitor", "--raw", "--format=s16le",
            f"--rate={RATE}", "--channels=1", "--latency-msec=50",
        ]  # fmt: skip
        wanted = int(seconds * RATE) * 2
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as recorder:
            assert recorder.stdout is not None  # noqa: S101 - PIPE
            heard = recorder.stdout.read(wanted)
            recorder.terminate()
        return np.frombuffer(heard[: len(heard) // 2 * 2], np.int16)

    def tone(self, hertz: float, seconds: float = 3.0) -> float:
        """Listen; return the share of the energy that a frequency had at best, 0 to 1."""
        return tone_share(self.record(seconds), hertz)


def tone_share(samples: NDArray[np.int16], hertz: float) -> float:
    """Return which share of the energy stands at ``hertz`` in the purest 100 ms of 48 kHz samples, 0 to 1.

    A pure tone has almost all of its energy there; speech, music and noise spread theirs. Blocks quieter than about
    -50 dBFS count as silence.
    """
    best = 0.0
    window = np.hanning(_BLOCK)
    bin_of_tone = round(hertz * _BLOCK / RATE)
    for start in range(0, len(samples) - _BLOCK + 1, _BLOCK // 2):
        block = samples[start : start + _BLOCK].astype(np.float64)
        if np.sqrt(np.mean(block**2)) < _SILENT_RMS:
            continue
        energy = np.abs(np.fft.rfft(block * window)) ** 2
        best = max(best, float(energy[bin_of_tone - 2 : bin_of_tone + 3].sum() / energy[1:].sum()))
    return best


@contextmanager
def loudspeaker(folder: Path) -> Iterator[Loudspeaker]:
    """Run PulseAudio for the length of the block, on its own socket and with its own state."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket = folder / "native"
    env = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "PULSE_RUNTIME_PATH": str(folder / "run")}
    env |= {"PULSE_STATE_PATH": str(folder / "state"), "HOME": str(folder)}
    command = [
        program("pulseaudio"), "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no",
        "--high-priority=no", "--disallow-exit",
        "-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
        "-L", f"module-null-sink sink_name=speaker rate={RATE} channels=2",
    ]  # fmt: skip
    with running(command, log=folder / "pulse.log", env=env) as process:
        server = f"unix:{socket}"
        question = [program("pactl"), f"--server={server}", "info"]

        def answers() -> bool:
            return subprocess.run(question, check=False, capture_output=True).returncode == 0

        wait_until(answers, 10, "pulseaudio", process)
        yield Loudspeaker(server)
