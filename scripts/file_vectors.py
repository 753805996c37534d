"""Write carena_protocol/vectors/files.json: records, names and kinds of files; the portal must give the same.

python -m scripts.file_vectors
"""

import json
from pathlib import Path
from typing import Any

from carena_desktop.call.files.name import clean, is_refused
from carena_desktop.call.files.sniff import sniff
from carena_protocol.e2ee.renewal import files_key
from carena_protocol.files import (
    AnyFileMessage,
    FileAccept,
    FileCancel,
    FileDecline,
    FileDone,
    FileGot,
    FileOffer,
    FileRules,
    FileSeal,
    PhotoRequest,
    Piece,
    encode,
)

PATH = Path(__file__).resolve().parent.parent / "carena_protocol" / "vectors" / "files.json"
ID, OTHER = "0123456789abcdef" * 2, "f" * 32
MESSAGES: tuple[AnyFileMessage, ...] = (
    FileRules(most=0),
    FileOffer(id=ID, name="größe.pdf", size=1, sha256="x" * 43 + "="),
    FileOffer(id=ID, name="a", size=2**40, sha256="x" * 43 + "=", answers=OTHER),
    FileAccept(id=ID, start=16384),
    FileDecline(id=ID, reason="too-large"),
    FileDecline(id=ID),
    FileGot(id=ID, end=1),
    FileDone(id=ID),
    FileCancel(id=ID, reason="corrupt"),
    PhotoRequest(id=ID),
)
BAD = (
    '{"t":"offer"}', '{"t":"nothing"}', '{"t":"rules","most":-1}', '{"t":"got","id":"x","end":1}', "[]", "{", "",
    f'{{"t":"offer","id":"{ID}","name":"","size":1,"sha256":"{"x" * 44}"}}',
    f'{{"t":"offer","id":"{ID}","name":"a","size":0,"sha256":"{"x" * 44}"}}',
    f'{{"t":"offer","id":"{ID}","name":"{"a" * 256}","size":1,"sha256":"{"x" * 44}"}}',
    f'{{"t":"done","id":"{ID}","more":1}}', f'{{"t":"decline","id":"{ID}","reason":"because"}}',
)  # fmt: skip
NAMES = (
    "photo.jpg", "../../etc/passwd", "C:\\Windows\\calc.txt", "..", "", ".bashrc", "invoice\u202egpj.exe",
    "a\u200bb\u2066c.pdf", "line\nbreak\x00.txt", "CON", "nul.txt", "COM1.tar.gz", "com¹.txt", "trailing. . ",
    "a:b|c?.txt", "scan.pdf.exe", "Röntgen 胸部.png", "/", "folder/", "x" * 300 + ".jpeg", "ü" * 150 + ".pdf",
    "a" * 119 + ".b", "\U0001f3e5" * 80 + ".png", "e\u0301.txt", "conin$.x", "a.docm", "page.HTML",
    "q.exe. ", "exe", "x." + "y" * 40, "a  b", "\ue000", "\u2028", "x" * 118 + ". a", "COM1 .txt",
    "con." + "x" * 130 + ".pdf",
)  # fmt: skip
HEADS = (
    b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"MZ\x90", b"\x7fELF", b"#!/bin/sh",
    b"RIFF\0\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypmp42",
    b"PK\x03\x04", b" <!DOCTYPE html>", "Grüße".encode(), b"\0\1", b"",
)  # fmt: skip


def vectors() -> dict[str, Any]:
    """Return them all."""
    root = bytes(range(32))
    key = files_key(root, "C>P")
    seal = FileSeal("C>P")
    seal.install(7, key)
    piece = Piece(ID, 16384, b"some bytes")
    return {
        "root": root.hex(),
        "keys": {direction: files_key(root, direction).hex() for direction in ("C>P", "P>C")},
        "epoch": 7,
        "messages": [encode(message)[1:].decode() for message in MESSAGES],
        "bad": list(BAD),
        "piece": {"id": piece.id, "start": piece.start, "data": piece.data.hex(), "plain": encode(piece).hex()},
        "records": [seal.seal(encode(said)).hex() for said in (MESSAGES[0], piece)],
        "names": [{"said": name, "shown": clean(name), "refused": is_refused(name)} for name in NAMES],
        "kinds": [{"head": head.hex(), "kind": sniff(head)} for head in HEADS],
    }


def render() -> str:
    """Return the file's content."""
    return json.dumps(vectors(), indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
