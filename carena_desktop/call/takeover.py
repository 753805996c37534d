"""Whether both sides show the leg in use: then the one before has done its work. Sans-IO, pure."""

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["audio", "video", "screen"]


class Takeover:
    """Of one leg from the other; ``began`` makes it the next leg's."""

    def __init__(self) -> None:
        self._played: set[Kind] = set()
        self._here = False
        self._there = False

    @property
    def is_done(self) -> bool:
        """Whether both sides have said so."""
        return self._here and self._there

    def began(self) -> None:
        """Another leg serves; nobody shows it yet."""
        self._played.clear()
        self._here = self._there = False

    def plays(self, kind: Kind, *, camera: bool, screen: bool) -> None:
        """Note that something of the leg is presented here.

        Args:
            kind: What.
            camera: Whether the other party's camera has a picture to come.
            screen: Whether it shares a screen: that has to be here as well, or its picture would stand still.
        """
        self._played.add(kind)
        awaited = {"video"} if camera else set[Kind]()
        if screen:
            awaited.add("screen")
        self._here = self._here or awaited <= self._played

    def is_shown_there(self) -> None:
        """The other party shows it."""
        self._there = True
