"""The root of the desktop's own errors: a code, and whether trying again may help.

The words a person reads are chosen in the UI from the code. The text of these exceptions is the code and nothing
else, so that it may be logged.
"""

from enum import StrEnum


class CarenaError(Exception):
    """Something failed in a way that has a name.

    Attributes:
        code: Which failure.
        retryable: Whether the unchanged attempt may succeed later.
        retry_after_s: Seconds the other side asked to wait, where it did.
    """

    def __init__(self, code: StrEnum, *, retryable: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(code.value)
        self.code = code
        self.retryable = retryable
        self.retry_after_s = retry_after_s
