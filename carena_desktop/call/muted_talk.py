"""Notices that the person talks although the microphone is muted; pure.

The level is measured in this computer and leaves it in no form; a muted microphone sends silence whatever is said.
"""

from collections import deque
from typing import Final

VOICE_LEVEL: Final = 0.45
"""-33 dBFS after noise suppression and gain control: a voice at the desk, not a keyboard."""
WINDOW: Final = 20
"""Levels, ten a second."""
ENOUGH: Final = 8
SHOWN_S: Final = 5.0


class MutedTalk:
    """Give it every level; ``noticed`` stays for some seconds after the last word."""

    def __init__(self) -> None:
        self._loud: deque[bool] = deque(maxlen=WINDOW)
        self._until = float("-inf")

    def take(self, level: float, now: float, *, muted: bool) -> None:
        """Take a level measured at ``now``, monotonic seconds."""
        if not muted:
            self.forget()
            return
        self._loud.append(level >= VOICE_LEVEL)
        if sum(self._loud) >= ENOUGH:
            self._until = now + SHOWN_S

    def noticed(self, now: float) -> bool:
        """Whether to say so now."""
        return now < self._until

    def forget(self) -> None:
        """The microphone is not muted any more, or not open."""
        self._loud.clear()
        self._until = float("-inf")
