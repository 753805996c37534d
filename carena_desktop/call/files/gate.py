"""What another device says about files waits here until its code is compared (``call.pinned_device``). Sans-IO."""

from typing import Final

from carena_protocol.files import AnyFileMessage, Piece

MOST_MESSAGES: Final = 64
"""On one leg; what is more is offered again with the next."""


class FileGate:
    """Open, or held: then nothing reaches the transfers. Pieces of files that nobody accepted are dropped."""

    def __init__(self) -> None:
        self._waiting: dict[int, list[AnyFileMessage]] = {}
        self.is_held = False
        """Whether nothing passes."""

    def takes(self, leg: int, said: AnyFileMessage | Piece) -> bool:
        """Whether a message has to wait."""
        if self.is_held and not isinstance(said, Piece):
            waiting = self._waiting.setdefault(leg, [])
            if len(waiting) < MOST_MESSAGES:
                waiting.append(said)
        return self.is_held

    def closed(self, leg: int) -> None:
        """A leg is over: whoever spoke over it says it again over the next."""
        self._waiting.pop(leg, None)

    def hold(self, *, held: bool, leg: int) -> tuple[AnyFileMessage, ...]:
        """Close the gate or open it.

        Args:
            held: Which.
            leg: That carries files, 0 for none.

        Returns:
            What waited on that leg; what waited on others comes again.
        """
        waiting, self._waiting, self.is_held = self._waiting, {}, held
        return () if held else tuple(waiting.get(leg, ()))
