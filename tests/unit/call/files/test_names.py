"""Names and contents that strangers chose."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.files import name as file_name
from carena_desktop.call.files.name import clean, is_refused
from carena_desktop.call.files.sniff import Kind, contradicts, sniff


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\calc.txt", "calc.txt"),
        ("..", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\u200bb\u2066c.pdf", "abc.pdf"),
        ("line\nbreak\x00.txt", "line break.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM1.tar.gz", "_COM1.tar.gz"),
        ("com¹.txt", "_com¹.txt"),
        ("trailing. . ", "trailing"),
        ("a:b|c?.txt", "a_b_c_.txt"),
        ("scan.pdf.exe", "scan.pdf.exe"),
        ("Röntgen 胸部.png", "Röntgen 胸部.png"),
        ("/", "file"),
        ("folder/", "folder"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(said: str, shown: str) -> None:
    """Separators, direction marks, control characters, reserved names, leading dots go; both extensions stay."""
    assert clean(said) == shown


@given(st.text(max_size=400))
def test_every_name_becomes_one_that_every_system_takes(said: str) -> None:
    """Whatever is said, the name is one visible, short part that stays in its folder; cleaning is idempotent."""
    shown = clean(said)
    assert shown
    assert len(shown) <= file_name.MAX_CHARS
    assert len(shown.encode()) <= file_name.MAX_BYTES
    assert not set(shown) & set('/\\<>:"|?*\0')
    assert not shown.startswith((".", " "))
    assert not shown.endswith((".", " "))
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for c in shown)
    assert shown.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}
    assert clean(shown) == shown


def test_a_long_name_keeps_its_type() -> None:
    """A name that is too long loses its middle, never its extension."""
    assert clean("x" * 300 + ".jpeg").endswith("x.jpeg")
    assert clean("ü" * 150 + ".pdf").endswith("ü.pdf")


@pytest.mark.parametrize(
    "name", ["run.exe", "scan.pdf.EXE", "x.docm", "a.svg", "y.lnk", "page.html", "z.js", "q.exe. "]
)
def test_what_would_run_when_opened_is_not_taken(name: str) -> None:
    """Programs, scripts, shortcuts, pages and documents with macros are refused by name, whatever is before it."""
    assert is_refused(name)


@pytest.mark.parametrize("name", ["scan.pdf", "photo.HEIC", "exe", "letter.docx", "notes.txt", "data", "film.mp4"])
def test_ordinary_files_are_taken(name: str) -> None:
    """Documents, pictures, sounds and films pass."""
    assert not is_refused(name)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Kind.JPEG),
        (b"\x89PNG\r\n\x1a\n\0\0", Kind.PNG),
        (b"RIFF\0\0\0\0WEBPVP8 ", Kind.WEBP),
        (b"RIFF\0\0\0\0WAVEfmt ", Kind.SOUND),
        (b"\0\0\0\x18ftypheic\0\0", Kind.HEIC),
        (b"\0\0\0\x18ftypmp42\0\0", Kind.FILM),
        (b"%PDF-1.7", Kind.PDF),
        (b"PK\x03\x04", Kind.ARCHIVE),
        (b"MZ\x90\0", Kind.PROGRAM),
        (b"#!/bin/sh", Kind.PROGRAM),
        (b"\x7fELF\2", Kind.PROGRAM),
        (bytes(128) + b"DICM", Kind.DICOM),
        (b"  <!DOCTYPE HTML>", Kind.PAGE),
        (b"\xef\xbb\xbf<svg onload=", Kind.PAGE),
        ("Grüße".encode(), Kind.TEXT),
        (b"\0\1\2", Kind.UNKNOWN),
        (b"", Kind.UNKNOWN),
    ],
)
def test_the_content_says_what_a_file_is(head: bytes, kind: Kind) -> None:
    """The first bytes decide."""
    assert sniff(head) is kind


def test_a_name_that_promises_something_else_is_noticed() -> None:
    """A program called .pdf is a contradiction; a text called .csv is none."""
    assert contradicts("pdf", Kind.PROGRAM)
    assert contradicts("jpg", Kind.PDF)
    assert not contradicts("jpeg", Kind.JPEG)
    assert not contradicts("csv", Kind.TEXT)


@given(st.binary(max_size=600))
def test_any_bytes_have_a_kind(head: bytes) -> None:
    """Nothing that a stranger sends makes sniffing fail."""
    assert sniff(head) in Kind
