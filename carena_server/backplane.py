"""How parts of the service tell each other that something changed: lossy hints after a commit, never the change itself.

Whoever gets a hint reads the store; whoever misses one reads it at the next tick. One process needs no more than the
loopback below; a message bus can stand behind the same port.
"""

from collections.abc import Callable
from typing import Final, Protocol

QUEUE_CHANGED: Final = "queue"


class Backplane(Protocol):
    """Publish and subscribe, without promises."""

    def publish(self, subject: str) -> None:
        """Hint that ``subject`` changed."""
        ...

    def subscribe(self, subject: str, callback: Callable[[], None]) -> None:
        """Call ``callback`` on the event loop for every hint. It must be quick and must not raise."""
        ...


class Loopback:
    """The backplane of a single process."""

    def __init__(self) -> None:
        self._callbacks: dict[str, list[Callable[[], None]]] = {}

    def publish(self, subject: str) -> None:
        """See ``Backplane``."""
        for callback in self._callbacks.get(subject, ()):
            callback()

    def subscribe(self, subject: str, callback: Callable[[], None]) -> None:
        """See ``Backplane``."""
        self._callbacks.setdefault(subject, []).append(callback)
