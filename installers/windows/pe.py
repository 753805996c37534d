"""What a Windows library or module takes from which other: its import table, and nothing else of it.

binutils' objdump does not follow the tables that delvewheel moves to a section of their own.

Reference: Microsoft, PE Format: optional header, data directories, import directory table.
"""

import struct
from collections.abc import Callable
from typing import Final

_PE32_PLUS: Final = 0x20B
_IMPORTS: Final = 1
"""Index of the import table among the data directories."""


class PeError(ValueError):
    """The bytes are no 64-bit Windows library."""


def imports(data: bytes) -> dict[str, list[str]]:
    """Return the names that are taken from each library, by the library's name; raises PeError."""
    try:
        return _imports(data)
    except (struct.error, IndexError):
        raise PeError("cut off") from None


def _imports(data: bytes) -> dict[str, list[str]]:
    header = struct.unpack_from("<I", data, 0x3C)[0]
    if data[:2] != b"MZ" or data[header : header + 4] != b"PE\0\0":
        raise PeError("no PE header")
    sections = struct.unpack_from("<H", data, header + 6)[0]
    optional_size = struct.unpack_from("<H", data, header + 20)[0]
    optional = header + 24
    if struct.unpack_from("<H", data, optional)[0] != _PE32_PLUS:
        raise PeError("not for 64 bits")
    places = [
        struct.unpack_from("<IIII", data, optional + optional_size + 40 * number + 8) for number in range(sections)
    ]  # virtual size, virtual address, raw size, raw place

    def at(address: int) -> int:
        for size, start, raw_size, raw in places:
            if start <= address < start + max(size, raw_size):
                return int(raw + address - start)
        raise PeError("an address outside")

    table = struct.unpack_from("<I", data, optional + 112 + 8 * _IMPORTS)[0]
    found: dict[str, list[str]] = {}
    entry = at(table) if table else None
    while entry is not None:
        names, _, _, name, addresses = struct.unpack_from("<IIIII", data, entry)
        if name == 0:
            break
        found[_text(data, at(name))] = _names(data, at(names or addresses), at)
        entry += 20
    return found


def _names(data: bytes, place: int, at: Callable[[int], int]) -> list[str]:
    found = []
    while (thunk := struct.unpack_from("<Q", data, place)[0]) != 0:
        if not thunk >> 63:  # not by number
            found.append(_text(data, at(thunk & 0x7FFFFFFF) + 2))
        place += 8
    return found


def _text(data: bytes, place: int) -> str:
    return data[place : data.index(b"\0", place)].decode("ascii", "replace")
