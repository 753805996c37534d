"""The policies in force while the program runs: those of its start, and what a signed-in server adds or takes back.

Pure but for the listeners it calls, on the caller's thread.
"""

from collections.abc import Callable, Mapping, Sequence

from carena_desktop.policy.resolve import Level, Policies, Source, resolve

Unsubscribe = Callable[[], None]


class PolicyDesk:
    """Holds the sources and tells who asked when what is in force changes.

    Args:
        sources: Of the program's start.
    """

    def __init__(self, sources: Sequence[Source] = ()) -> None:
        self._sources = tuple(sources)
        self._server: tuple[Source, ...] = ()
        self._listeners: list[Callable[[Policies], None]] = []
        self._policies = resolve(self._sources)

    @property
    def policies(self) -> Policies:
        """What is in force now."""
        return self._policies

    def on_change(self, callback: Callable[[Policies], None]) -> Unsubscribe:
        """Call ``callback`` with every change; return the function that stops it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def server_says(self, origin: str, locked: Mapping[str, object], default: Mapping[str, object]) -> None:
        """Take what the signed-in server sets; it can tighten what an administrator set and never loosen it."""
        self._server = (Source(Level.SERVER_LOCKED, origin, locked), Source(Level.SERVER_DEFAULT, origin, default))
        self._resolve()

    def signed_out(self) -> None:
        """Forget what the server said."""
        self._server = ()
        self._resolve()

    def user_says(self, origin: str, values: Mapping[str, object]) -> None:
        """Replace the user's own settings, after they were written."""
        kept = [source for source in self._sources if source.level is not Level.USER_SETTINGS]
        self._sources = (*kept, Source(Level.USER_SETTINGS, origin, values))
        self._resolve()

    def _resolve(self) -> None:
        before, self._policies = self._policies, resolve((*self._sources, *self._server))
        if self._policies != before:
            for listener in tuple(self._listeners):
                listener(self._policies)
