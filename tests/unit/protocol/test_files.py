"""Messages about files, and the records that seal them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_protocol import files
from carena_protocol.errors import ErrorCode
from carena_protocol.files import (
    FileAccept,
    FileOffer,
    FileOpener,
    FileSeal,
    PhotoRequest,
    Piece,
    decode,
    encode,
)
from carena_protocol.limits import FILE_PIECE_BYTES, MAX_FILE_NAME_CHARS, MAX_FILE_RECORD_BYTES
from carena_protocol.peer import PeerMessageError
from scripts.file_vectors import PATH, render

ID = "0123456789abcdef" * 2


def pair(epoch: int = 1) -> tuple[FileSeal, FileOpener]:
    """Return the two ends of one direction."""
    seal, opener = FileSeal("C>P"), FileOpener("C>P")
    seal.install(epoch, bytes(16))
    opener.install(epoch, bytes(16))
    return seal, opener


@pytest.mark.parametrize(
    "said",
    [
        FileOffer(id=ID, name="größe.pdf", size=1, sha256="x" * 44),
        FileAccept(id=ID, start=0),
        PhotoRequest(id=ID),
        Piece(ID, 2**40, b"\0" * FILE_PIECE_BYTES),
    ],
    ids=lambda said: type(said).__name__,
)
def test_what_is_sealed_is_opened(said: files.AnyFileMessage | Piece) -> None:
    """A message and a piece arrive as they were said, within the size of a record."""
    seal, opener = pair()
    record = seal.seal(encode(said))
    assert len(record) <= MAX_FILE_RECORD_BYTES
    assert decode(opener.open(record)) == said


def test_the_longest_name_fits_into_a_record() -> None:
    """Whatever characters a name has, its offer can be sent."""
    seal, _ = pair()
    said = FileOffer(id=ID, name="\U0001f3e5" * MAX_FILE_NAME_CHARS, size=1, sha256="x" * 44, answers=ID)
    assert len(seal.seal(encode(said))) <= MAX_FILE_RECORD_BYTES


def test_a_record_opens_once_in_order_and_in_its_direction() -> None:
    """Replayed, reordered, reflected and changed records are refused."""
    seal, opener = pair()
    first, second = seal.seal(b"\x01{}"), seal.seal(b"\x01{}")
    reflected = FileOpener("P>C")
    reflected.install(1, bytes(16))
    assert opener.open(second) == b"\x01{}"
    for refused in (first, second):
        with pytest.raises(PeerMessageError):
            opener.open(refused)
    with pytest.raises(PeerMessageError):
        reflected.open(second)
    for place in range(len(second)):
        changed = bytearray(seal.seal(b"\x01{}"))
        changed[place] ^= 1
        with pytest.raises(PeerMessageError):
            opener.open(bytes(changed))


def test_records_of_the_last_epochs_still_open() -> None:
    """A record that waited while keys were renewed opens; one of long ago does not."""
    seal, opener = pair()
    old = seal.seal(b"\x01{}")
    for epoch in (2, 3):
        opener.install(epoch, bytes([epoch]) * 16)
    assert opener.open(old) == b"\x01{}"
    older = seal.seal(b"\x01{}")
    opener.install(4, bytes([4]) * 16)
    with pytest.raises(PeerMessageError):
        opener.open(older)


def test_nothing_is_sealed_without_a_key() -> None:
    """Before the first keys nothing leaves."""
    with pytest.raises(PeerMessageError) as refused:
        FileSeal("C>P").seal(b"x")
    assert refused.value.code is ErrorCode.WRONG_STATE


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_refused(plain: bytes) -> None:
    """What a peer seals may be anything; it is one of ours or an error."""
    for start in (b"", b"\x01", b"\x02"):
        try:
            decode(start + plain)
        except PeerMessageError:
            continue


def test_no_message_prints_what_it_says() -> None:
    """A log line with a message in it tells neither name nor hash."""
    said = FileOffer(id=ID, name="canary.pdf", size=1, sha256="x" * 44)
    assert "canary" not in f"{said!r} {Piece(ID, 0, b'canary')!r}"


def test_the_committed_vectors_are_the_generated_ones() -> None:
    """The portal is tested against what this code does now."""
    assert Path(PATH).read_text("utf-8") == render(), "run: python -m scripts.file_vectors"
    assert len(json.loads(render())["names"]) > 20
