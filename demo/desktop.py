"""One clinician's workstation: the real application in its own process and session, and our hands on it.

Every call here waits for what a person would wait for, with a bound, and raises when it does not happen.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from demo.private_session import private_session
from demo.processes import running

ROOT: Final = Path(__file__).resolve().parent.parent
ANSWER_S: Final = 20.0
WAIT_S: Final = 20.0


class DriverError(RuntimeError):
    """The application did not do what was asked."""


class Link:
    """A running application that answers commands (``demo.driver``)."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, env: Mapping[str, str]) -> None:
        self.folder = folder
        self.env = env
        self._process = process
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._next = 1
        threading.Thread(target=self._read, name="desktop-answers", daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - pipe=True
        for line in self._process.stdout:
            self._answers.put(json.loads(line))
        self._answers.put(None)

    def ask(self, do: str, **arguments: Any) -> Any:
        """Send one command and return its value; raises DriverError."""
        number, self._next = self._next, self._next + 1
        assert self._process.stdin is not None  # noqa: S101 - pipe=True
        try:
            self._process.stdin.write(json.dumps({"id": number, "do": do, **arguments}).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise DriverError(f"{do}: the application has ended") from None
        deadline = time.monotonic() + ANSWER_S
        while True:
            try:
                answer = self._answers.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise DriverError(f"{do}: no answer within {ANSWER_S:.0f} s") from None
            if answer is None:
                raise DriverError(f"{do}: the application has ended")
            if answer["id"] == number:
                break
        if "error" in answer:
            raise DriverError(f"{do} {arguments.get('name', '')}: {answer['error']}")
        return answer["value"]

    @property
    def pid(self) -> int:
        """Of the application's process."""
        return self._process.pid

    def stay(self, seconds: float) -> None:
        """Let time pass while the application runs; raises DriverError if it ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.ask("ping")
            time.sleep(0.25)

    def wait_until_closed(self) -> None:
        """Wait until the person has closed the window."""
        self._process.wait()

    def close(self, timeout_s: float = 15) -> int:
        """Close the window as a person does and return the exit code."""
        with suppress(DriverError):  # it may end before the answer is out
            self.ask("quit")
        return self._process.wait(timeout_s)


class Desktop(Link):
    """The window as its user has it; ``name`` arguments are accessible names."""

    def find(self, name: str, role: str | None = None) -> dict[str, Any] | None:
        """Return what a screen reader says about a visible widget, or None."""
        found: dict[str, Any] | None = self.ask("find", name=name, role=role)
        return found

    def texts(self) -> list[str]:
        """Return everything that can be read in the window now, in lower case."""
        return [str(line).lower() for line in self.ask("texts")]

    def session_state(self) -> str:
        """Return the state of the session (``SessionState``)."""
        return str(self.ask("session"))

    def wait_for(self, name: str, role: str | None = None, timeout_s: float = WAIT_S, *, enabled: bool = True) -> None:
        """Wait until a widget is visible, and enabled unless that does not matter."""
        self.wait(lambda: (w := self.find(name, role)) is not None and (w["enabled"] or not enabled), name, timeout_s)

    def wait_to_see(self, text: str, timeout_s: float = WAIT_S) -> None:
        """Wait until ``text`` stands in some visible widget."""
        self.wait(lambda: any(text in str(line) for line in self.ask("texts")), text, timeout_s)

    def wait(self, condition: Any, what: str, timeout_s: float = WAIT_S) -> None:
        """Wait until ``condition()`` is true; raises DriverError with what was visible instead."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > deadline:
                seen = self.ask("texts")
                raise DriverError(f"{what!r}: not within {timeout_s:.0f} s; visible: {seen}")
            time.sleep(0.1)

    def click(self, name: str, role: str = "button") -> None:
        """Click a button or box once it is there and enabled."""
        self.wait_for(name, role)
        self.ask("click", name=name, role=role)

    def type(self, name: str, text: str) -> None:
        """Type into a field once it is there and enabled."""
        self.wait_for(name, "field")
        self.ask("type", name=name, text=text)

    def press(self, name: str, key: str, role: str | None = None) -> None:
        """Press a key on a widget."""
        self.ask("press", name=name, key=key, role=role)

    def rows(self, name: str) -> list[list[str]]:
        """Return the texts of a table's rows."""
        found: list[list[str]] = self.ask("rows", name=name)
        return found

    def wait_for_row(self, name: str, text: str, timeout_s: float = WAIT_S) -> None:
        """Wait until a table has a row with ``text`` in it."""
        self.wait_for(name, "table", timeout_s)
        self.wait(lambda: any(text in cell for row in self.rows(name) for cell in row), text, timeout_s)

    def select_row(self, name: str, text: str) -> None:
        """Click the row with ``text`` in it."""
        self.ask("select_row", name=name, text=text)

    def screenshot(self, path: Path, what: str = "window") -> None:
        """Save a picture of the window, or of the whole ``screen``."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.ask("screenshot", path=str(path), what=what)

    def figures(self) -> dict[str, Any]:
        """Return what the application measured about the visit (``CallFigures``) and its state."""
        found: dict[str, Any] = self.ask("figures")
        return found

    def frame_number(self, name: str = "Patient's video") -> int | None:
        """Return the frame number that can be read in a picture on the screen now, None also without the picture."""
        number: int | None = self.ask("frame_number", name=name)
        return number


@contextmanager
def desktop(
    folder: Path,
    *,
    arguments: Sequence[str] = (),
    display: bool = True,
    keyring: bool = True,
    extra_env: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
) -> Iterator[Desktop]:
    """Run the application in a session of its own for the length of the block.

    Args:
        folder: Where its error output goes; the session's user folders are in ``folder/session``.
        arguments: For carena-desktop.
        display: Whether it has a display of its own, else the person's.
        keyring: Whether its session has an unlocked keyring.
        extra_env: Added to its environment; its PYTHONPATH comes behind ours.
        prefix: Words before the command, such as those that run it in a network namespace.
    """
    with private_session(display=display, keyring=keyring, keep_in=folder / "session") as session:
        asked = extra_env or {}
        path = os.pathsep.join([str(ROOT), *filter(None, [asked.get("PYTHONPATH")])])
        env = {**session, **asked, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
        command = [*prefix, sys.executable, "-X", "faulthandler", "-m", "demo.driver", *arguments]
        with running(command, log=folder / "desktop.log", env=env, pipe=True) as process:
            window = Desktop(process, folder, env)
            yield window
            if process.poll() is None:
                window.close()
