"""Refusals as they go over the wire: a code, why, and the row as it is where staff may see it."""

from msgspec import UNSET

from carena_protocol.errors import RETRYABLE, ErrorCode, RefusalReason
from carena_protocol.messages import Error, QueueEntry


def refusal(code: ErrorCode, reason: RefusalReason | None = None, entry: QueueEntry | None = None) -> Error:
    """Return an error message."""
    return Error(
        code=code,
        reason=UNSET if reason is None else reason,
        retryable=code in RETRYABLE,
        entry=UNSET if entry is None else entry,
    )
