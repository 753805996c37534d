"""The heap of the media process stays small: the pictures of all threads share one arena, and unused room goes back."""

import re
import subprocess
import sys
import textwrap

import pytest

from carena_desktop.call.engine import heap

PICTURE_BYTES = 1_400_000
HOLDING = """
    import ctypes, sys, threading
    import numpy as np
    from carena_desktop.call.engine import heap
    if sys.argv[1] == "restrained":
        assert heap.restrain()
    holding, told = threading.Barrier(9), threading.Barrier(9)

    def hold_a_picture():
        picture = np.ones(1_400_000, np.uint8)
        holding.wait(30)
        told.wait(30)

    threads = [threading.Thread(target=hold_a_picture) for _ in range(8)]
    [thread.start() for thread in threads]
    holding.wait(30)
    libc = ctypes.CDLL(None)
    libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
    libc.fflush(None)
    told.wait(30)
    [thread.join() for thread in threads]
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


def places(how: str) -> tuple[int, int]:
    """How many arenas a process has, and bytes outside of them, while eight threads hold a picture each."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(HOLDING), how], capture_output=True, text=True, check=True
    )
    outside = re.findall(r'<total type="mmap" count="\d+" size="(\d+)"/>', run.stdout)
    return run.stdout.count("<heap nr="), sum(map(int, outside))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc only; other systems keep their own heap")
def test_the_pictures_of_all_threads_are_in_one_arena() -> None:
    """Restrained, no thread has an arena of its own and no picture a mapping that is made and given back with it."""
    arenas, outside = places("restrained")
    assert (arenas, outside // PICTURE_BYTES) == (1, 0)
    arenas, outside = places("left alone")
    assert arenas > 1
    assert outside >= PICTURE_BYTES


def test_another_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no glibc nothing is set and nothing fails."""
    monkeypatch.setattr(sys, "platform", "win32")
    assert not heap.restrain()
    assert not heap.trim()
