"""Alerts on real outputs of a sound server: the usual one, another beside it, and when that is pulled out."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.integration.call.pulse import Pulse

Heard = Callable[[], NDArray[np.int16]]
LOUD = 500


@pytest.fixture
def pulse() -> Iterator[Pulse]:
    """A sound server with a headset (the usual output) and a loudspeaker on the desk."""
    with tempfile.TemporaryDirectory(prefix="carena-alert-") as folder:
        made = Pulse(Path(folder))
        made.start()
        made.control("unload-module", "module-remap-source")
        plug_in(made)
        yield made
        made.stop()


def plug_in(pulse: Pulse) -> None:
    """Plug the loudspeaker on the desk in."""
    properties = "sink_properties=device.description=Desk"
    assert pulse.control("load-module", "module-null-sink", "sink_name=desk", properties).returncode == 0


class Ringer:
    """The program that rings."""

    def __init__(self, pulse: Pulse) -> None:
        command = [sys.executable, "-m", "tests.gui.alert_ringer"]
        env = {**os.environ, **pulse.environment, "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.outputs = self._line()

    def ring(self, where: str) -> str:
        """Ring; return what the program says about it."""
        assert self.process.stdin is not None
        self.process.stdin.write(where + "\n")
        self.process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        """End the program."""
        self.process.kill()
        with self.process:
            pass


def sounds(heard: Heard) -> bool:
    """Whether something was heard."""
    samples = heard()
    return bool(len(samples)) and int(np.abs(samples.astype(np.int32)).max()) > LOUD


def wait_for(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def rung_until_heard(ringer: Ringer, heard: Heard) -> bool:
    """Whether one of some rings is heard: an output that was just plugged in swallows the first two seconds."""
    return any(ringer.ring("also;Desk") and wait_for(lambda: sounds(heard), 4) for _ in range(4))


def test_the_other_output_rings_beside_the_usual_one(pulse: Pulse) -> None:
    """Usual: the headset alone. Also: both. Pulled out: everywhere there is, said; plugged in again: both."""
    with contextlib.closing(Ringer(pulse)) as ringer:
        assert "Desk" in ringer.outputs.split(",")
        usual = next(name for name in ringer.outputs.split(",") if "spk" in name.lower() or name == "Null Output")
        with pulse.recording() as headset, pulse.recording("desk") as desk:
            assert ringer.ring("usual") == f"{usual};0"
            assert wait_for(lambda: sounds(headset))
            assert not sounds(desk)
        with pulse.recording("desk") as desk:
            assert set(ringer.ring("also;Desk").split(";")[0].split(",")) == {usual, "Desk"}
            assert wait_for(lambda: sounds(desk))
        pulse.control("unload-module", "module-null-sink")  # all go, and the headset is plugged in again at once
        pulse.control("load-module", "module-null-sink", "sink_name=spk")
        with pulse.recording() as headset:
            assert wait_for(lambda: ringer.ring("list") == usual)
            assert ringer.ring("also;Desk") == f"{usual};1"
            assert rung_until_heard(ringer, headset)
        plug_in(pulse)
        assert wait_for(lambda: "Desk" in ringer.ring("list"))
        with pulse.recording("desk") as desk:
            assert ringer.ring("also;Desk").endswith(";0")
            assert rung_until_heard(ringer, desk)
