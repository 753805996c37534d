"""Which new passwords are taken: NIST SP 800-63B section 3.1.1.2. Length and a blocklist; no rules of composition.

The list is that of zxcvbn 4.5.0 (MIT), as far as its entries are long enough to be a password here. It may not keep or
log what it was shown.
"""

import gzip
import itertools
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from carena_protocol.errors import ErrorCode

_LIST: Final = Path(__file__).with_name("common_passwords.txt.gz")
_SHORTEST_WORD: Final = 4
_REST: Final = 4
"""A password that is a word of the context and fewer other characters than this is no password."""


def refused(password: str, *, min_length: int, context: tuple[str, ...] = ()) -> ErrorCode | None:
    """Return why a new password is not taken, None when it is.

    ``min_length`` counts characters. ``context`` are words that an attacker tries first: the username, the person's
    and the clinic's name.
    """
    text = unicodedata.normalize("NFKC", password)
    if len(text) < min_length:
        return ErrorCode.PASSWORD_TOO_SHORT
    folded = text.casefold()
    if folded in _common() or folded.strip("0123456789!.?*#") in _common() or _is_pattern(folded):
        return ErrorCode.PASSWORD_BLOCKED
    words = {word.casefold() for phrase in (*context, "carena") for word in (phrase, *phrase.split())}
    for word in words:
        if len(word) >= _SHORTEST_WORD and word in folded and len(folded.replace(word, "")) < _REST:
            return ErrorCode.PASSWORD_BLOCKED
    return None


def _is_pattern(text: str) -> bool:
    """Whether it is a short piece again and again, or a run such as 123456789012 or abcdefghijkl."""
    for size in range(1, 5):
        if text == (text[:size] * len(text))[: len(text)]:
            return True
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}


@cache
def _common() -> frozenset[str]:
    return frozenset(gzip.decompress(_LIST.read_bytes()).decode("utf-8").split("\n")) - {""}
