"""Callbacks that can't hurt each other or whoever calls them."""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from carena_desktop.session.ports import Unsubscribe
from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Listeners(Generic[_T]):
    """Subscribers of one kind of news, told in the order of their subscription. ``what`` names it in logs."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._callbacks: list[Callable[[_T], None]] = []

    def __bool__(self) -> bool:
        """Whether anybody listens."""
        return bool(self._callbacks)

    def add(self, callback: Callable[[_T], None]) -> Unsubscribe:
        """Add a subscriber; the function returned removes it and may be called twice."""
        entry = [callback]
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if entry:
                self._callbacks.remove(entry.pop())

        return unsubscribe

    def tell(self, news: _T) -> None:
        """Call every subscriber; one that raises is logged and the others are still told."""
        for callback in tuple(self._callbacks):
            try:
                callback(news)
            except Exception as error:  # noqa: BLE001 - a listener's bug must not stop the session
                _log.error("a listener of %s failed: %s", self._what, describe_error(error))
