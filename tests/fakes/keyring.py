"""An OS keyring in memory, with the moods of real ones. Subclasses the library's own base class."""

import threading

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Set ``locked`` to refuse, ``broken`` to fail, and clear ``prompt`` to block like a prompt nobody answers."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's, without types
        self.secrets: dict[tuple[str, str], str] = {}
        self.history: list[str] = []
        self.locked = False
        self.broken = False
        self.prompt = threading.Event()
        self.prompt.set()

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret or None."""
        self._mood()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store the secret."""
        self._mood()
        self.secrets[service, username] = password
        self.history.append(password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete the secret."""
        self._mood()
        if self.secrets.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")

    def _mood(self) -> None:
        if not self.prompt.wait(timeout=20):
            raise TimeoutError
        if self.locked:
            raise KeyringLocked("the text of this error must not matter")
        if self.broken:
            raise OSError("D-Bus went away")
