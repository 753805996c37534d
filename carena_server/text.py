"""What people type, made safe to show beside other text: NFC, no control characters, nothing that turns it around."""

import re
import unicodedata
from typing import Final

_BLANKS: Final = re.compile(r"\s+")
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They could make a name show as another one, or reverse the text beside it."""
_FORBIDDEN: Final = frozenset({"Cc", "Cs", "Co", "Cn"})


def clean(text: str) -> str:
    """Return what a person typed in one line: NFC, blanks joined. "" when it holds what no name or reason may hold."""
    line = _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if any(unicodedata.category(c) in _FORBIDDEN or c in _BIDI_CONTROLS for c in line):
        return ""
    return line if any(unicodedata.category(c)[0] in "LN" for c in line) else ""


def clean_text(text: str) -> str:
    """Return text of several lines, each cleaned as ``clean`` does; "" when nothing is left."""
    lines = [_BLANKS.sub(" ", line).strip() for line in unicodedata.normalize("NFC", text).splitlines()]
    joined = "\n".join(lines).strip()
    if any((unicodedata.category(c) in _FORBIDDEN and c != "\n") or c in _BIDI_CONTROLS for c in joined):
        return ""
    return joined
