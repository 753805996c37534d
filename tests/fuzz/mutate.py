"""Makes inputs out of good ones: what a fuzzer does, deterministic for a seed and fast enough for a million."""

import random
from collections.abc import Sequence
from typing import Final

INTERESTING: Final = (
    b"", b"\x00", b"\xff", b"\x7f", b"\x80", b"\r\n", b"\n", b'"', b"\\", b"\\ud800", b"\\u0000", b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80", b"{", b"}", b"[", b"]", b"null", b"true", b"-1", b"0", b"1e999", b"9223372036854775808",
    b"a=", b"m=audio 0 ", b"a=fingerprint:sha-512 AA", b"a=rtpmap:0 PCMU/8000", b"a=candidate:", b"../", b"..\\",
    b"CON", b".exe", b"\xe2\x80\xae", b"\x31", b"\x10\x00\x00\x9d\x01\x2a", b"\xff\xff\xff\xff\xff\xff\xff\xff",
)  # fmt: skip
"""Pieces that parsers stumble over."""
LONGEST: Final = 70_000
"""A little more than the largest message."""


class Mutator:
    """Gives one input after the other.

    Args:
        seeds: Good inputs.
        seed: Of the random numbers.
    """

    def __init__(self, seeds: Sequence[bytes], seed: int) -> None:
        self._seeds = list(seeds)
        self._random = random.Random(seed)  # noqa: S311 - to be repeatable

    def next(self) -> bytes:
        """Return a good input after one to six changes, or, one time in twenty, noise."""
        chance = self._random
        if chance.random() < 0.05:
            return chance.randbytes(chance.randrange(64))
        data = bytearray(chance.choice(self._seeds))
        for _ in range(chance.randint(1, 6)):
            self._change(data)
        return bytes(data[:LONGEST])

    def _change(self, data: bytearray) -> None:
        chance = self._random
        at = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(data):
                data[at] = chance.randrange(256)
            case 2:
                del data[at : at + chance.choice((1, 2, 4, 16, 64))]
            case 3:
                data[at:at] = chance.choice(INTERESTING)
            case 4:
                size = chance.choice((1, 4, 16, 200))
                data[at:at] = data[at : at + size] * chance.choice((1, 2, 30))
            case 5:
                other = chance.choice(self._seeds)
                start = chance.randrange(len(other) + 1)
                data[at:] = other[start:]
            case _:
                del data[at:]
