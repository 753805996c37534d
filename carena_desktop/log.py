"""The log file: what happened, for support; never who, and never what was said.

First line of defence: our code logs codes, states and salted ids, and our types do not print their secrets. This
module is the second: a formatter that takes out what looks like a token, SDP, a candidate or an e-mail address, and
prints exceptions as types and places without their texts, whoever logged them. Libraries that quote frames in their
debug logs are held at warning.

Rubric: info is one line per lifecycle transition, never more than about one a second; debug is for a developer's own
machine and under the same rules.
"""

import hashlib
import logging
import logging.handlers
import os
import re
import secrets
import sys
from pathlib import Path
from types import TracebackType
from typing import Final

from carena_desktop.event_log import FILE_NAME as EVENTS_FILE
from carena_desktop.event_log import EventLog

FILE_NAME: Final = "carena-desktop.log"
MAX_FILE_BYTES: Final = 1_000_000
KEPT_FILES: Final = 4
_MAX_LINE_CHARS: Final = 4000
_TALKATIVE: Final = (
    "websockets",
    "aiohttp",
    "aioice",
    "aiortc",
    "asyncio",
    "qasync",
    "keyring",
    "secretstorage",
    "jeepney",
)
_QUOTES_OBJECTS: Final = frozenset({"asyncio", "qasync", "concurrent.futures"})

_SALT: Final = secrets.token_bytes(16)
_REDACTIONS: Final = (
    (re.compile(r"v=0[\s\\]+.*", re.DOTALL), "[sdp]"),
    (re.compile(r"a=(?:ice-|fingerprint|candidate|ssrc|crypto|setup|msid)\S.*"), "[sdp]"),
    (re.compile(r"candidate:\S.*"), "[candidate]"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*"), "[address]"),
    (re.compile(r"(?i)\b(bearer|authorization:)\s+\S.*"), r"\1 [secret]"),
    (re.compile(r"(?i)\b(password|token|ticket|secret|cookie)\b[\"']?\s*[:=]\s*[\"']?\S+"), r"\1 [secret]"),
    (re.compile(r"(?<![A-Za-z0-9_+/=-])(?=[A-Za-z0-9_+/=-]*[0-9A-Z])[A-Za-z0-9_+/=-]{22,}"), "[secret]"),
)


def salted_id(value: str) -> str:
    """Return an id for log lines: the same value has the same id until the program ends, and can't be found from it."""
    return hashlib.blake2s(value.encode("utf-8", "surrogatepass"), key=_SALT, digest_size=4).hexdigest()


def redact(text: str) -> str:
    """Return ``text`` without what looks like a secret or an address, and at most ``_MAX_LINE_CHARS`` long."""
    for pattern, replacement in _REDACTIONS:
        text = pattern.sub(replacement, text)
    return text if len(text) <= _MAX_LINE_CHARS else f"{text[:_MAX_LINE_CHARS]}[cut]"


class RedactingFormatter(logging.Formatter):
    """Formats a record on one line, redacted; an exception as its types and places."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and one more line per frame of an exception."""
        # The text of an exception cached by another handler would bring the message back.
        clean = logging.makeLogRecord(record.__dict__)
        clean.exc_text = None
        clean.stack_info = None
        error = clean.exc_info
        clean.exc_info = None
        if clean.name in _QUOTES_OBJECTS:
            # Its reports ("Task exception was never retrieved\nfuture: <Task ...>") quote the exception with its text.
            clean.msg, clean.args = re.split(r"[\n<(]", clean.getMessage(), maxsplit=1)[0].strip(), None
        line = redact(super().format(clean)).replace("\r", "\\r").replace("\n", "\\n")
        return f"{line}\n{self.formatException(error)}" if error and error[0] is not None else line

    def places(self, record: logging.LogRecord) -> list[str]:
        """Return the types and places of a record's exception, none where it has none."""
        if not record.exc_info or record.exc_info[0] is None:
            return []
        return [line.strip() for line in self.formatException(record.exc_info).splitlines()]

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return the exception's chain of types and places, without any of its texts or source lines."""
        lines: list[str] = []
        error = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(f"  {type(error).__module__}.{type(error).__qualname__}")
            trace = error.__traceback__
            while trace is not None:
                code = trace.tb_frame.f_code
                lines.append(f"    {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
                trace = trace.tb_next
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def set_up_logging(log_dir: Path, level: str, *, console: bool = False) -> Path | None:
    """Log to a rotating file that only the user may read, and to stderr with ``console``.

    A directory that can't be written costs the log, not the program.

    Args:
        log_dir: Made where it is missing.
        level: A name out of ``config.LOG_LEVELS``.
        console: Whether to log to stderr too.

    Returns:
        The file, or None where there is none.
    """
    root = logging.getLogger()
    formatter = RedactingFormatter()
    path: Path | None = log_dir / FILE_NAME
    handlers: list[logging.Handler] = []
    try:
        handlers.append(_file_handler(log_dir / FILE_NAME))
    except OSError:
        path = None
    if console or (path is None and sys.stderr is not None):
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    if path is not None:
        root.addHandler(EventLog(log_dir / EVENTS_FILE, formatter.places))
    set_level(level)
    logging.raiseExceptions = False  # it would print the record's arguments to stderr
    return path


def set_level(level: str) -> None:
    """Let the log tell so much from now on; ``level`` is a name out of ``config.LOG_LEVELS``."""
    root = logging.getLogger()
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _file_handler(path: Path) -> logging.Handler:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
    path.chmod(0o600)
    return logging.handlers.RotatingFileHandler(
        path, maxBytes=MAX_FILE_BYTES, backupCount=KEPT_FILES, encoding="utf-8", errors="backslashreplace"
    )
