"""The heap of the media process stays small: many threads that make and drop pictures leave nothing behind."""

import subprocess
import sys
import textwrap

import pytest

from carena_desktop.call.engine import heap

CHURN = """
    import sys, threading
    import numpy as np
    from carena_desktop.call.engine import heap
    if sys.argv[1] == "restrained":
        assert heap.restrain()

    def resident_mb():
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * 4096 / 1e6

    def make_and_drop():
        kept = []
        for turn in range(60):
            kept.append([np.ones(1_400_000 + 5000 * (turn % 7), np.uint8) for _ in range(4)])
            kept.append(np.ones(200_000, np.uint8))  # what stays a little longer, in between
            del kept[:-4]

    for _ in range(2):
        threads = [threading.Thread(target=make_and_drop) for _ in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    print(resident_mb())
"""


QUEUED = """
    import sys
    import numpy as np
    from carena_desktop.call.engine import heap
    assert heap.restrain()

    def resident_mb():
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * 4096 / 1e6

    queue, kept = [], []
    for _ in range(40):
        queue.append(np.ones(1_400_000, np.uint8))
        kept.append(np.ones(200_000, np.uint8))
    queue.clear()
    before = resident_mb()
    assert heap.trim()
    print(before - resident_mb())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc only; other systems keep their own heap")
def test_the_room_of_a_queue_that_was_worked_off_goes_back_to_the_system() -> None:
    """Of 56 MB of pictures between blocks that stay at least 40 MB are given back."""
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(QUEUED)], capture_output=True, text=True, check=True)
    assert float(run.stdout) > 40


def resident_mb(how: str) -> float:
    """What a process holds after eight threads have handled pictures and ended."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHURN), how], capture_output=True, text=True, check=True
    )
    return float(run.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc only; other systems keep their own heap")
def test_pictures_leave_the_heap_when_they_are_dropped() -> None:
    """Restrained, a process holds markedly less after the same work than one left to glibc's defaults."""
    assert resident_mb("restrained") < 0.8 * resident_mb("left alone")


def test_another_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no glibc nothing is set and nothing fails."""
    monkeypatch.setattr(sys, "platform", "win32")
    assert not heap.restrain()
    assert not heap.trim()
