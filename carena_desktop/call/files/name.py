"""File names that strangers chose: what of them is shown and saved under, and which are not taken. Sans-IO.

The portal's ``files/name.js`` does the same; ``carena_protocol/vectors/files.json`` holds the two together.
"""

import re
import unicodedata
from typing import Final

MAX_CHARS: Final = 120
MAX_BYTES: Final = 200
"""Under the 255 of most file systems, with room for a number and a temporary suffix."""
MAX_EXTENSION: Final = 16
NAMELESS: Final = "file"

_SEPARATORS: Final = re.compile(r"[/\\]")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Control, format (direction marks and joiners among them), surrogate, private use."""
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_RESERVED: Final = re.compile(r"^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$", re.IGNORECASE)

# fmt: off
REFUSED: Final = frozenset({
    "exe", "com", "scr", "pif", "msi", "msp", "msix", "appx", "dll",
    "cpl", "sys", "drv", "ocx", "bat", "cmd", "ps1", "psm1", "vbs",
    "vbe", "js", "jse", "mjs", "wsf", "wsh", "hta", "jar", "class",
    "lnk", "url", "scf", "inf", "reg", "chm", "hlp", "gadget", "msc",
    "application", "appref-ms", "settingcontent-ms", "library-ms", "search-ms", "iso", "img", "vhd", "vhdx",
    "docm", "dotm", "xlsm", "xltm", "xlam", "xll", "pptm", "potm", "ppam",
    "ppsm", "sldm", "one", "app", "command", "dmg", "pkg", "workflow", "sh",
    "bash", "run", "appimage", "desktop", "deb", "rpm", "svg", "html", "htm",
    "xhtml", "mht", "mhtml", "shtml", "xml", "xsl",
})
# fmt: on
"""Extensions that make something run, or a page that can, when the file is opened. With macros, too."""


def clean(name: str) -> str:
    """Return a name of one part that every file system takes and that shows what it is; idempotent."""
    text = unicodedata.normalize("NFC", name)
    text = "".join(" " if c in "\t\n\r\u2028\u2029" else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    text = _SEPARATORS.split(text.rstrip("/\\ "))[-1]
    text = " ".join(_FORBIDDEN.sub("_", text).split())
    text = text.strip(". ")
    stem = text.split(".", 1)[0].rstrip()
    return _shorten(f"_{text}" if _RESERVED.match(stem) else text) or NAMELESS


def extension(name: str) -> str:
    """Return the last extension of a cleaned name, in small letters, without its dot; "" for none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def is_refused(name: str) -> bool:
    """Whether a file of this name is not taken: opening it would run it."""
    return extension(clean(name)) in REFUSED


def _shorten(text: str) -> str:
    """Cut the middle: the beginning tells the file, the end its type."""
    if len(text) <= MAX_CHARS and len(text.encode()) <= MAX_BYTES:
        return text
    last = extension(text)
    tail = f".{text[-len(last) :]}" if last and len(last.encode()) <= MAX_EXTENSION else ""
    stem = text[: len(text) - len(tail)][: MAX_CHARS - len(tail)]
    while len((stem + tail).encode()) > MAX_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(". ") + tail).strip(". ")
