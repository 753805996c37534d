"""A sound server of the test's own: a loudspeaker whose sound can be read, and a microphone that can be spoken into."""

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000


class Pulse:
    """A running daemon; its clients find it by the environment."""

    def __init__(self, folder: Path) -> None:
        self._server = f"unix:{folder}/native"
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_SERVER": self._server,
            "PULSE_STATE_PATH": str(folder / "state"),
            "PULSE_RUNTIME_PATH": str(folder),
        }
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the daemon and wait until it answers."""
        modules = [
            f"module-native-protocol-unix auth-anonymous=1 socket={self._folder}/native",
            "module-null-sink sink_name=spk rate=48000 channels=2",
            "module-null-sink sink_name=cable rate=48000 channels=1",
            "module-remap-source source_name=mic master=cable.monitor",
        ]
        arguments = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no"]
        arguments += ["--high-priority=no", *(f"--load={module}" for module in modules)]
        program = shutil.which("pulseaudio")
        assert program, "pulseaudio is needed: apt-get install pulseaudio"
        self._process = subprocess.Popen(
            [program, *arguments], env={**os.environ, **self.environment}, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while self.control("info").returncode != 0:
            assert time.monotonic() < deadline, "the sound server did not come up"
            threading.Event().wait(0.05)
        self.control("set-default-sink", "spk")
        self.control("set-default-source", "mic")

    def stop(self) -> None:
        """End the daemon."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(5)
            self._process = None

    def control(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run pactl."""
        return subprocess.run(
            ["pactl", *arguments],
            env={**os.environ, **self.environment, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )

    def is_captured_by(self, pid: int) -> bool:
        """Whether the process has a microphone open, as the daemon sees it."""
        outputs = self.control("list", "source-outputs").stdout
        return f'application.process.id = "{pid}"' in outputs

    def listen(self, seconds: float) -> NDArray[np.int16]:
        """Return what the loudspeaker plays now, mono."""
        with subprocess.Popen(
            ["parec", "--device=spk.monitor", "--format=s16le", "--rate=48000", "--channels=1", "--latency-msec=50"],
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
        ) as recorder:
            assert recorder.stdout is not None
            data = recorder.stdout.read(int(seconds * RATE) * 2)
            recorder.kill()
        return np.frombuffer(data, np.int16)

    @contextlib.contextmanager
    def recording(self, sink: str = "spk") -> Iterator[Callable[[], NDArray[np.int16]]]:
        """Record a loudspeaker, mono; gives what was heard so far, beginning when the recorder gives its first."""
        command = ["parec", f"--device={sink}.monitor", "--format=s16le", "--rate=48000", "--channels=1"]
        heard = bytearray()
        with subprocess.Popen(
            [*command, "--latency-msec=50"], env={**os.environ, **self.environment}, stdout=subprocess.PIPE
        ) as recorder:
            assert recorder.stdout is not None
            pipe = recorder.stdout

            def take() -> None:
                while data := pipe.read(960):
                    heard.extend(data)

            taker = threading.Thread(target=take, name="parec-reader")
            taker.start()
            try:
                yield lambda: np.frombuffer(bytes(heard[: len(heard) // 2 * 2]), np.int16)
            finally:
                recorder.kill()
                taker.join(5)

    @contextlib.contextmanager
    def speaking(self, hertz: float) -> Iterator[None]:
        """Speak a tone into the microphone."""
        second = np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE) * 12000  # whole periods: no click at the seam
        data = second.astype(np.int16).tobytes() * 60
        command = ["pacat", "--device=cable", "--format=s16le", "--rate=48000", "--channels=1", "--latency-msec=50"]
        with subprocess.Popen(
            command, env={**os.environ, **self.environment}, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as player:
            assert player.stdin is not None
            pipe = player.stdin

            def feed() -> None:
                with contextlib.suppress(OSError):
                    pipe.write(data)

            feeder = threading.Thread(target=feed, name="pacat-feeder")
            feeder.start()
            try:
                yield
            finally:
                player.kill()
                feeder.join(5)
                with contextlib.suppress(OSError):
                    pipe.close()


def loudest_hertz(heard: NDArray[np.int16]) -> float:
    """Return the strongest frequency, 0 for silence."""
    samples = heard.astype(np.float64)
    if len(samples) == 0 or np.abs(samples).max() < 100:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))
