"""A second log beside the first, for reports: only what is known to be ours, by type. One JSON object a line.

The readable log is cleaned of what looks private; this one never takes anything in that isn't on a list: a message's
text must be a constant of the module that logs it, and its arguments numbers, members of enumerations, salted ids or
descriptions of errors (``tasks.describe_error``). Anything else becomes an ellipsis, before it is written.
"""

import importlib.util
import logging
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Final

import msgspec

FILE_NAME: Final = "events.jsonl"
MAX_FILE_BYTES: Final = 500_000
UNSAID: Final = "\u2026"
_OURS: Final = ("carena_desktop.", "carena_protocol.")
_ERROR: Final = re.compile(
    r"[A-Z][A-Za-z]{0,40}(?:Error|Exception|Timeout|Warning|Interrupt|Exit|Cancelled)"
    r"(?: code=[a-z0-9_]{1,40})?(?: at [a-z0-9_]{1,60}\.py:[0-9]{1,6})?"
)
_SALTED: Final = re.compile(r"[0-9a-f]{8}")
_VERSION: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,6}){1,3}")

Argument = int | float | bool | str | None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One record."""

    at: str
    level: str
    logger: str
    message: str
    arguments: list[Argument] = []
    error: list[str] = []
    """Types and places of an exception, without any text."""


class EventLog(logging.Handler):
    """Appends to a file that only the user may read, and begins a new one when it is full.

    Args:
        path: The file; its predecessor is kept beside it as ``.1``.
        describe: Returns an exception's types and places.
    """

    def __init__(self, path: Path, describe: Callable[[logging.LogRecord], list[str]]) -> None:
        super().__init__(logging.INFO)
        self._path = path
        self._describe = describe

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; what can't be written is lost, and nothing else happens."""
        try:
            line = msgspec.json.encode(event_of(record, self._describe(record))) + b"\n"
            if self._path.exists() and self._path.stat().st_size + len(line) > MAX_FILE_BYTES:
                self._path.replace(self._path.with_suffix(".1"))
            handle = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            try:
                os.write(handle, line)
            finally:
                os.close(handle)
        except OSError:
            return


def event_of(record: logging.LogRecord, error: list[str]) -> Event:
    """Return what may be kept of a record."""
    ours = record.name.startswith(_OURS)
    known = ours and isinstance(record.msg, str) and record.msg in constants(record.name)
    arguments = record.args if isinstance(record.args, tuple) else ()
    return Event(
        at=datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        level=record.levelname.lower(),
        logger=record.name if ours else "library",
        message=str(record.msg) if known else UNSAID,
        arguments=[safe(value) for value in arguments] if known else [],
        error=error if ours else [],
    )


def safe(value: object) -> Argument:
    """Return a value that may be kept, or the ellipsis."""
    if isinstance(value, Enum):
        return value.value if isinstance(value.value, int | str) else UNSAID
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and any(kind.fullmatch(value) for kind in (_ERROR, _SALTED, _VERSION)):
        return value
    return UNSAID


def read(folder: Path, limit: int) -> list[Event]:
    """Return the newest ``limit`` events of a log folder, oldest first; what is no event of ours is left out."""
    lines: list[bytes] = []
    for name in (Path(FILE_NAME).with_suffix(".1").name, FILE_NAME):
        try:
            lines += (folder / name).read_bytes().splitlines()
        except OSError:
            continue
    found = []
    for line in lines[-limit:]:
        try:
            event = msgspec.json.decode(line, type=Event)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        if event.message == UNSAID or event.message in constants(event.logger):  # nobody wrote into our file
            found.append(event)
    return found


@cache
def constants(module: str) -> frozenset[str]:
    """Return every string constant of a module's code; empty for one that isn't ours or has no code."""
    if not module.startswith(_OURS):
        return frozenset()
    try:
        spec = importlib.util.find_spec(module)
        loader = spec.loader if spec is not None else None
        code = loader.get_code(module) if loader is not None and hasattr(loader, "get_code") else None
    except (ImportError, ValueError):
        return frozenset()
    return frozenset(_strings(code)) if isinstance(code, CodeType) else frozenset()


def _strings(code: CodeType) -> list[str]:
    found = []
    for constant in code.co_consts:
        if isinstance(constant, str):
            found.append(constant)
        elif isinstance(constant, CodeType):
            found += _strings(constant)
    return found
