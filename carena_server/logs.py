"""What may be said in a log: codes and salted ids. Never a name, a token, an address of a patient, or a payload."""

import hashlib
import logging
import secrets
import traceback
from typing import Final

_SALT: Final = secrets.token_bytes(16)


def tag(identifier: str) -> str:
    """Return a short name for an identifier: the same within one run of the server, meaningless outside it."""
    return hashlib.blake2s(identifier.encode(), key=_SALT, digest_size=4).hexdigest()


def failure(error: BaseException) -> str:
    """Return type and place of an exception without its message, which could quote what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def configure(level: str) -> None:
    """Log to stderr; uvicorn only says what is wrong."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("uvicorn.error", "uvicorn.asgi", "websockets", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    access = logging.getLogger("uvicorn.access")
    access.handlers = []
    access.propagate = False
