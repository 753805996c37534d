"""What is left of a program that died: written by the dying one, offered by the next. Nothing is sent anywhere.

Native crashes go through faulthandler into a file that was opened at the start; Python's through the hooks for the main
thread, other threads and Qt. A record holds types and places and no text of an exception, for that may quote anything.
"""

import logging
import os
import re
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Final

import msgspec

from carena_desktop.log import RedactingFormatter
from carena_desktop.native_crash import close_native, open_native
from carena_desktop.private_file import write_private
from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)

MAX_RECORDS: Final = 10
MAX_NATIVE_BYTES: Final = 64 * 1024
_FATAL: Final = re.compile(r"(?:Fatal Python error: |Windows fatal exception: )([A-Za-z0-9 _-]{1,60})")
_FRAME: Final = re.compile(r'File "[^"\n]*?([A-Za-z0-9_]{1,80}\.py)", line ([0-9]{1,7}) in ([A-Za-z0-9_<>]{1,80})')
_TYPE: Final = re.compile(
    r"(?:[A-Za-z_]\w{0,60}\.){1,8}[A-Z_]\w{0,60}"
    r"(?:Error|Exception|Exit|Interrupt|Warning|Timeout|Expired|Closed|ExceptionGroup|Iteration|Lost|Full|Empty)"
)
_PLACE: Final = re.compile(r"[A-Za-z0-9_]{1,80}\.py:[0-9]{1,7} [A-Za-z0-9_<>]{1,80}")
_CATEGORY: Final = re.compile(r"default|qt(?:\.[a-z0-9]{1,30}){0,5}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00")


class CrashRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One death or one unhandled error."""

    at: str = ""
    kind: str
    """native, python, thread or qt."""
    what: str = ""
    places: list[str] = []


class CrashWatch:
    """Holds the hooks of one process.

    Args:
        folder: Where records go; made when it is missing.
        pid: Of this process.
    """

    def __init__(self, folder: Path, pid: int | None = None) -> None:
        self._folder = folder
        self._pid = os.getpid() if pid is None else pid
        self._native: IO[bytes] | None = None
        self._written = 0

    def start(self) -> None:
        """Take the hooks; a folder that can't be written costs the records, not the program."""
        sys.excepthook = self._unhandled
        threading.excepthook = self._unhandled_in_thread
        self._native = open_native(self._folder, self._pid)

    def stop(self) -> None:
        """End well: give the hooks back and leave no empty file."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        if self._native is not None:
            close_native(self._native, self._folder, self._pid)
            self._native = None

    def record(self, kind: str, error: BaseException | None, what: str = "") -> None:
        """Write one record, at most ``MAX_RECORDS`` a process."""
        if self._written >= MAX_RECORDS:
            return
        self._written += 1
        lines = []
        if error is not None:
            lines = RedactingFormatter().formatException((type(error), error, error.__traceback__)).splitlines()
        record = CrashRecord(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            kind=kind,
            what=what or (lines[0].strip() if lines else ""),
            places=[line.strip() for line in lines[1:]],
        )
        try:
            write_private(self._folder / f"{kind}-{self._pid}-{self._written}.json", msgspec.json.encode(record))
        except OSError:
            return

    def _unhandled(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Keep an error nobody caught out of stderr, where its text would stand."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("unhandled: %s", describe_error(error), exc_info=(kind, error, trace))
        self.record("python", error)

    def _unhandled_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value
        if error is None or isinstance(error, SystemExit):
            return
        _log.error("unhandled: %s", describe_error(error), exc_info=(type(error), error, error.__traceback__))
        self.record("thread", error)


def left_behind(folder: Path, is_running: Callable[[int], bool]) -> list[Path]:
    """Return the records of processes that are gone, oldest first; takes away what they left empty.

    Args:
        folder: Where records go.
        is_running: Whether a process id is one of a running process.
    """
    found = []
    for path in folder.glob("*-*"):
        parts = path.stem.split("-")
        if path.suffix not in {".txt", ".json"} or len(parts) < 2 or not parts[1].isdigit():  # noqa: PLR2004 - kind, pid
            continue
        if is_running(int(parts[1])):
            continue
        try:
            if path.stat().st_size == 0:
                path.unlink()
            else:
                found.append((path.stat().st_mtime, path))
        except OSError:
            continue
    return [path for _, path in sorted(found)]


def read(paths: list[Path]) -> list[CrashRecord]:
    """Return the newest ``MAX_RECORDS`` records; of a native one only what its form allows is taken."""
    found = []
    for path in paths[-MAX_RECORDS:]:
        try:
            with path.open("rb") as file:
                content = file.read(MAX_NATIVE_BYTES)
            found.append(_native(content, path) if path.suffix == ".txt" else _typed(content))
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            continue
    return found


def forget(paths: list[Path]) -> None:
    """Take records away that were offered."""
    for path in paths:
        path.unlink(missing_ok=True)


def _native(content: bytes, path: Path) -> CrashRecord:
    text = content.decode("utf-8", "replace")
    fatal = _FATAL.search(text)
    places = [f"{name}:{line} {function}" for name, line, function in _FRAME.findall(text)][:60]
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return CrashRecord(at=at, kind="native", what=fatal.group(1) if fatal else "", places=places)


def is_code(line: str) -> bool:
    """Whether a line is the type of an error or a place in code, and nothing else."""
    return _TYPE.fullmatch(line) is not None or _PLACE.fullmatch(line) is not None


def _typed(content: bytes) -> CrashRecord:
    record = msgspec.json.decode(content, type=CrashRecord)
    kind = record.kind if record.kind in {"python", "thread", "qt"} else "python"
    form = _CATEGORY if kind == "qt" else _TYPE
    return CrashRecord(
        at=record.at if _MOMENT.fullmatch(record.at) else "",
        kind=kind,
        what=record.what if form.fullmatch(record.what) else "",
        places=[place for place in record.places if is_code(place)][:60],
    )


def is_running(pid: int) -> bool:
    """Whether a process of that id runs; True where nobody can tell."""
    if pid == os.getpid():
        return True
    if sys.platform == "win32":
        return _is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_running_on_windows(pid: int) -> bool:
    import ctypes  # noqa: PLC0415 - one platform's way; os.kill would end the process there

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - exists on Windows only
    handle = kernel.OpenProcess(0x1000, 0, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if handle:
        kernel.CloseHandle(handle)
    return bool(handle)
