"""Using the window by keyboard alone: keys go wherever the keyboard is, and Tab is the only way to another place."""

from typing import Any, Final

from demo.desktop import WAIT_S, Desktop, DriverError

MOST_TABS: Final = 60


class Keyboard:
    """The keys of one window."""

    def __init__(self, window: Desktop) -> None:
        self._window = window

    def press(self, keys: str) -> None:
        """Press keys, as "Tab" or "Ctrl+K"."""
        self._window.ask("key", keys=keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._window.ask("keys_of", text=text)

    def focus(self) -> str:
        """Return the name of what has the keyboard, "" for nothing."""
        found: dict[str, Any] | None = self._window.ask("focus")
        return str(found["name"]) if found is not None else ""

    def wait_for(self, name: str, timeout_s: float = WAIT_S) -> None:
        """Wait until something of this name has the keyboard."""
        self._window.wait(lambda: self.focus() == name, f"the keyboard on {name}", timeout_s)

    def tab_to(self, name: str) -> int:
        """Press Tab until something of this name has the keyboard; return how often. Raises DriverError."""
        seen: list[str] = []
        for pressed in range(MOST_TABS):
            now = self.focus()
            if now == name:
                return pressed
            seen.append(now)
            self.press("Tab")
        raise DriverError(f"Tab never came to {name!r}: {seen}")
