"""The safety code: four pictures with names, and six digits; equal on both sides, or somebody listens.

The names are English and serve as keys for translations; both sides have the list, the wire never carries a name.
"""

from dataclasses import dataclass
from typing import Final

PICTURES: Final[tuple[tuple[str, str], ...]] = (
    ("🐶", "dog"), ("🐱", "cat"), ("🦁", "lion"), ("🐎", "horse"), ("🦄", "unicorn"), ("🐷", "pig"), ("🐘", "elephant"),
    ("🐰", "rabbit"), ("🐼", "panda"), ("🐓", "rooster"), ("🐧", "penguin"), ("🐢", "turtle"), ("🐟", "fish"),
    ("🐙", "octopus"), ("🦋", "butterfly"), ("🌷", "flower"), ("🌳", "tree"), ("🌵", "cactus"), ("🍄", "mushroom"),
    ("🌍", "globe"), ("🌙", "moon"), ("☁️", "cloud"), ("🔥", "fire"), ("🍌", "banana"), ("🍎", "apple"),
    ("🍓", "strawberry"), ("🌽", "corn"), ("🍕", "pizza"), ("🎂", "cake"), ("❤️", "heart"), ("😀", "smile"),
    ("🤖", "robot"), ("🎩", "hat"), ("👓", "glasses"), ("🔧", "wrench"), ("🎅", "Santa"), ("👍", "thumb"),
    ("☂️", "umbrella"), ("⌛", "hourglass"), ("⏰", "alarm clock"), ("🎁", "gift"), ("💡", "light bulb"), ("📕", "book"),
    ("✏️", "pencil"), ("📎", "paperclip"), ("✂️", "scissors"), ("🔒", "padlock"), ("🔑", "key"), ("🔨", "hammer"),
    ("☎️", "telephone"), ("🏁", "flag"), ("🚂", "train"), ("🚲", "bicycle"), ("✈️", "airplane"), ("🚀", "rocket"),
    ("🏆", "trophy"), ("⚽", "ball"), ("🎸", "guitar"), ("🎺", "trumpet"), ("🔔", "bell"), ("⚓", "anchor"),
    ("🎧", "headphones"), ("📁", "folder"), ("📌", "pin"),
)  # fmt: skip
"""Sixty-four: six bits each."""


@dataclass(frozen=True, slots=True)
class SafetyCode:
    """``pictures`` are four indices into ``PICTURES``; ``digits`` are six."""

    pictures: tuple[int, int, int, int]
    digits: str

    @classmethod
    def of(cls, secret: bytes) -> "SafetyCode":
        """Return the code of 8 bytes: 24 bits for the pictures, the other 40 for the digits."""
        bits = int.from_bytes(secret[:3], "big")
        first, second, third, fourth = (bits >> shift & 63 for shift in (18, 12, 6, 0))
        return cls((first, second, third, fourth), f"{int.from_bytes(secret[3:8], 'big') % 1_000_000:06d}")

    @property
    def names(self) -> tuple[str, ...]:
        """The pictures in words."""
        return tuple(PICTURES[index][1] for index in self.pictures)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The pictures."""
        return tuple(PICTURES[index][0] for index in self.pictures)
