"""What a Windows library or module takes from which other: its import table; and what it gives.

binutils' objdump does not follow the tables that delvewheel moves to a section of their own.

Reference: Microsoft, PE Format: optional header, data directories, import directory table.
"""

import struct
from typing import Final

_PE32_PLUS: Final = 0x20B
_EXPORTS: Final = 0
_IMPORTS: Final = 1
"""Index of a table among the data directories."""


class PeError(Exception):
    """The bytes are no 64-bit Windows library."""


def imports(data: bytes) -> dict[str, list[str]]:
    """Return the names that are taken from each library, by the library's name; raises PeError."""
    try:
        return _imports(_Image(data))
    except (struct.error, IndexError, ValueError):
        raise PeError("cut off") from None


def exports(data: bytes) -> dict[str, int]:
    """Return where in the file each exported function begins, by its name; raises PeError."""
    try:
        return _exports(_Image(data))
    except (struct.error, IndexError, ValueError):
        raise PeError("cut off") from None


class _Image:
    """Finds addresses in a file. May raise struct.error, IndexError and ValueError."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        header = self.number("<I", 0x3C)
        if data[:2] != b"MZ" or data[header : header + 4] != b"PE\0\0":
            raise PeError("no PE header")
        count, size = self.number("<H", header + 6), self.number("<H", header + 20)
        self._optional = header + 24
        if self.number("<H", self._optional) != _PE32_PLUS:
            raise PeError("not for 64 bits")
        first = self._optional + size + 8
        # virtual size, virtual address, raw size, raw place
        self._sections = [struct.unpack_from("<IIII", data, first + 40 * number) for number in range(count)]

    def number(self, kind: str, place: int) -> int:
        return int(struct.unpack_from(kind, self.data, place)[0])

    def at(self, address: int) -> int:
        for size, start, raw_size, raw in self._sections:
            if start <= address < start + max(size, raw_size):
                return int(raw + address - start)
        raise PeError("an address outside")

    def table(self, index: int) -> int | None:
        address = self.number("<I", self._optional + 112 + 8 * index)
        return self.at(address) if address else None

    def text(self, place: int) -> str:
        return self.data[place : self.data.index(b"\0", place)].decode("ascii", "replace")


def _imports(image: _Image) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    entry = image.table(_IMPORTS)
    while entry is not None:
        names, _, _, name, addresses = struct.unpack_from("<IIIII", image.data, entry)
        if name == 0:
            break
        found[image.text(image.at(name))] = _names(image, image.at(names or addresses))
        entry += 20
    return found


def _names(image: _Image, place: int) -> list[str]:
    found = []
    while (thunk := image.number("<Q", place)) != 0:
        if not thunk >> 63:  # not by number
            found.append(image.text(image.at(thunk & 0x7FFFFFFF) + 2))
        place += 8
    return found


def _exports(image: _Image) -> dict[str, int]:
    entry = image.table(_EXPORTS)
    if entry is None:
        return {}
    count = image.number("<I", entry + 24)
    functions, names, places = (image.at(image.number("<I", entry + offset)) for offset in (28, 32, 36))
    found = {}
    for number in range(count):
        index = image.number("<H", places + 2 * number)
        address = image.number("<I", functions + 4 * index)
        found[image.text(image.at(image.number("<I", names + 4 * number)))] = image.at(address)
    return found
