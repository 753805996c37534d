"""What a file is, by its first bytes and never by its name. Sans-IO.

Signatures: WHATWG MIME Sniffing Standard section 6, and the formats' own specifications for what that does not have.
"""

from enum import StrEnum
from typing import Final

HEAD_BYTES: Final = 512


class Kind(StrEnum):
    """Enough to choose an icon, a preview and a warning by."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    BMP = "bmp"
    HEIC = "heic"
    TIFF = "tiff"
    PDF = "pdf"
    ARCHIVE = "archive"
    """Or an office document, which is one."""
    SOUND = "sound"
    FILM = "film"
    DICOM = "dicom"
    TEXT = "text"
    PAGE = "page"
    """Text with markup that a browser would run."""
    PROGRAM = "program"
    UNKNOWN = "unknown"


PREVIEWED: Final = frozenset({Kind.JPEG, Kind.PNG, Kind.BMP})
"""What the preview's process decodes; the decoders of these three are in every package."""

_STARTS: Final = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"BM", Kind.BMP),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"%PDF-", Kind.PDF),
    (b"PK\x03\x04", Kind.ARCHIVE),
    (b"PK\x05\x06", Kind.ARCHIVE),
    (b"\x1f\x8b\x08", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"Rar!\x1a\x07", Kind.ARCHIVE),
    (b"ID3", Kind.SOUND),
    (b"OggS", Kind.SOUND),
    (b"fLaC", Kind.SOUND),
    (b"\x1a\x45\xdf\xa3", Kind.FILM),
    (b"MZ", Kind.PROGRAM),
    (b"\x7fELF", Kind.PROGRAM),
    (b"\xfe\xed\xfa\xce", Kind.PROGRAM),
    (b"\xfe\xed\xfa\xcf", Kind.PROGRAM),
    (b"\xce\xfa\xed\xfe", Kind.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Kind.PROGRAM),
    (b"\xca\xfe\xba\xbe", Kind.PROGRAM),
    (b"#!", Kind.PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", Kind.PROGRAM),  # a Windows shortcut
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.UNKNOWN),  # old office documents, installers: could be either
)
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc", b"avif"})
_MARKUP: Final = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml", b"<body", b"<iframe", b"<head")

_EXTENSIONS: Final = {
    Kind.JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    Kind.PNG: frozenset({"png"}),
    Kind.GIF: frozenset({"gif"}),
    Kind.WEBP: frozenset({"webp"}),
    Kind.BMP: frozenset({"bmp", "dib"}),
    Kind.HEIC: frozenset({"heic", "heif", "hif", "avif"}),
    Kind.TIFF: frozenset({"tif", "tiff", "dng", "nef", "cr2", "arw"}),
    Kind.PDF: frozenset({"pdf"}),
    Kind.ARCHIVE: frozenset({"zip", "gz", "tgz", "7z", "rar", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"}),
}
"""Of the kinds whose names have to agree with them; a name of none of these says nothing that could be wrong."""


def sniff(head: bytes) -> Kind:
    """Return what begins with ``head``, its first ``HEAD_BYTES`` or all of it."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": Kind.WEBP, b"WAVE": Kind.SOUND, b"AVI ": Kind.FILM}.get(head[8:12], Kind.UNKNOWN)
    if head[4:8] == b"ftyp":
        return Kind.HEIC if head[8:12] in _HEIC_BRANDS else Kind.FILM
    if head[128:132] == b"DICM":
        return Kind.DICOM
    if head[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9"}:
        return Kind.SOUND
    return _text(head)


def contradicts(extension: str, kind: Kind) -> bool:
    """Whether a name's extension promises something else than the content is."""
    promised = [other for other, names in _EXTENSIONS.items() if extension in names]
    return bool(promised) and kind not in promised


def _text(head: bytes) -> Kind:
    if not head:
        return Kind.UNKNOWN
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x0c").lower()
    if start.startswith(_MARKUP):
        return Kind.PAGE
    if any(byte < 0x20 and byte not in b"\t\n\x0c\r\x1b" for byte in head):  # noqa: PLR2004 - the first printable one
        return Kind.UNKNOWN
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # a character cut off at the end is none
            return Kind.UNKNOWN
    return Kind.TEXT
