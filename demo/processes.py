"""Child processes that cannot be left behind.

Everything the demo and the end-to-end tests start goes through ``running``: its own process group, output in a file,
and an end by SIGTERM and then SIGKILL to the whole group, whatever happens to the caller.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

GRACE_S: Final = 5.0
_PR_SET_PDEATHSIG: Final = 1


class MissingProgramError(RuntimeError):
    """A program the demo needs is not installed."""


def program(*names: str) -> str:
    """Return the path of the first of ``names`` that is installed; raise MissingProgramError."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise MissingProgramError(f"not installed: {' or '.join(names)} (scripts/setup installs it)")


def die_with_parent() -> None:
    """Ask Linux to end this process when the one that started it ends; the last net under ``running``."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def end(process: subprocess.Popen[bytes], grace_s: float = GRACE_S) -> int:
    """End a process and its group; return its exit code."""
    for number, wait_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, grace_s)):
        if process.poll() is None:
            _signal_group(process.pid, number)
            try:
                process.wait(wait_s)
            except subprocess.TimeoutExpired:
                continue
    _signal_group(process.pid, signal.SIGKILL)  # grandchildren that outlived it
    return process.wait(grace_s)


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    pipe: bool = False,
    pass_fds: Sequence[int] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``command`` for the length of a ``with`` block.

    Args:
        command: Program and arguments.
        log: Where its error output goes, and its output unless ``pipe``.
        env: Its whole environment; ours when None.
        pipe: Give the caller its stdin and stdout.
        pass_fds: Descriptors it inherits.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE if pipe else subprocess.DEVNULL,
            stdout=subprocess.PIPE if pipe else output,
            stderr=output,
            env=None if env is None else dict(env),
            pass_fds=tuple(pass_fds),
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one async-signal-safe call, and no threads are running yet
        )
    try:
        yield process
    finally:
        end(process)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def wait_until(
    ready: Callable[[], bool], timeout_s: float, what: str, process: subprocess.Popen[bytes] | None = None
) -> None:
    """Poll ``ready`` until it is true.

    Raises:
        TimeoutError: Not within ``timeout_s``.
        RuntimeError: ``process`` ended meanwhile.
    """
    deadline = time.monotonic() + timeout_s
    while not ready():
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{what}: the process ended with code {process.returncode}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout_s:.0f} s")
        time.sleep(0.05)
