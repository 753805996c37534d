"""Where faulthandler writes when a process dies below Python: a file opened at the start, for then it is too late.

Used by the window's process and by the media process; ``carena_desktop.support.crash`` reads it at the next start.
"""

import contextlib
import faulthandler
import os
from pathlib import Path
from typing import IO


def open_native(folder: Path, pid: int) -> IO[bytes] | None:
    """Open the file of a process and have faulthandler write into it; None where the folder can't be written."""
    path = folder / f"native-{pid}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb", buffering=0)
    except OSError:
        return None
    faulthandler.enable(file)
    return file


def close_native(file: IO[bytes], folder: Path, pid: int) -> None:
    """End well: nothing is written any more, and an empty file goes."""
    faulthandler.disable()
    file.close()
    path = folder / f"native-{pid}.txt"
    with contextlib.suppress(OSError):
        if path.stat().st_size == 0:
            path.unlink()
