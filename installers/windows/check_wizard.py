"""Goes through the setup program's wizard as a person would, under Wine on a virtual display; for check_wine.

Keys are pressed by xdotool. What a page shows is kept as a picture; that a page did its work is seen by what it left.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageGrab

from demo.private_session import virtual_display
from installers.freeze import BuildError
from installers.linux.root import Root

_LIMIT_S: Final = 120.0
_SETTLED: Final = 4
"""So many pictures in a row, a quarter of a second apart, that are the same: nothing more is being drawn."""
_CARET: Final = 100
"""Pixels of a text field's caret, at most."""
_INSTALL_LIMIT_S: Final = 300.0
_FOCUS_S: Final = 1.0


class Wizard:
    """One run of a program with a wizard.

    Args:
        display: Where it is shown.
        title: Of its window.
        pictures: Folder for what the pages looked like.
        prefix: Of the pictures' names.
    """

    def __init__(self, display: str, title: str, pictures: Path, prefix: str) -> None:
        self._display = display
        self._title = title
        self._pictures = pictures
        self._prefix = prefix
        self._before: Image.Image | None = None

    def page(self, name: str, limit_s: float = _LIMIT_S) -> None:
        """Wait until there is something new to see and it stands still; keep it. Raises BuildError."""
        end = time.monotonic() + limit_s
        same, last = 0, self._grab()
        while same < _SETTLED or is_same(last, self._before):
            if time.monotonic() > end:
                self._keep(f"{name}-missing", last)
                raise BuildError(f"the wizard does not come to its page {name!r}")
            time.sleep(0.25)
            now = self._grab()
            same = same + 1 if self._windows() and is_same(now, last) else 0
            last = now
        self._before = last
        self._keep(name, last)

    def press(self, *keys: str) -> None:
        """Press keys in the newest window."""
        windows = self._windows()
        if not windows:
            raise BuildError("the wizard has no window")
        if self._run("getwindowfocus").stdout.split() != windows[-1:]:
            self._xdotool("windowfocus", windows[-1])
            time.sleep(_FOCUS_S)  # nothing tells when Wine has taken note of it
        self._xdotool("key", *keys)

    def write(self, text: str) -> None:
        """Write over what a field has."""
        self.press("ctrl+a")
        self._xdotool("type", "--delay", "30", text)

    def _windows(self) -> list[str]:
        done = self._run("search", "--onlyvisible", "--name", f"^{self._title}")
        return done.stdout.split()

    def _xdotool(self, *words: str) -> None:
        done = self._run(*words)
        if done.returncode != 0:
            raise BuildError(f"xdotool {words[0]}: {done.stderr[-300:]}")

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                ["xdotool", *words],
                env={"DISPLAY": self._display, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                capture_output=True, text=True, timeout=30, check=False,
            )  # fmt: skip
        except FileNotFoundError:
            raise BuildError("xdotool is missing (apt-get install xdotool)") from None

    def _grab(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self._display)

    def _keep(self, name: str, picture: Image.Image) -> None:
        box = picture.convert("L").point(lambda value: 255 if value else 0).getbbox()
        self._pictures.mkdir(parents=True, exist_ok=True)
        picture.crop(box).save(self._pictures / f"{self._prefix}-{name}.png")


def is_same(one: Image.Image, other: Image.Image | None) -> bool:
    """Whether two pictures differ in nothing but a caret that blinks."""
    if other is None:
        return False
    box = ImageChops.difference(one, other).getbbox()
    return box is None or (box[2] - box[0]) * (box[3] - box[1]) <= _CARET


@contextmanager
def running(root: Root, command: list[str], variables: tuple[str, ...]) -> Iterator[str]:
    """Run a program of Wine's on a display of its own; yield that. Raises BuildError when it does not end well."""
    with tempfile.TemporaryDirectory() as folder, virtual_display(Path(folder)) as display:
        log = (Path(folder) / "wine.log").open("wb")
        words = root.command("env", *variables, f"DISPLAY={display}", "sh", "-c", *command)
        process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield display
            code = process.wait(_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise BuildError("the wizard did not end") from None
        finally:
            process.kill()  # of unshare, which takes everything in it along
            process.wait()
            log.close()
        if code != 0:
            text = (Path(folder) / "wine.log").read_text("utf-8", errors="replace")
            raise BuildError(f"the wizard ended with {code}: {text[-800:]}")


def install(display: str, server: str, pictures: Path, installed: Callable[[], bool]) -> None:
    """Press through the setup program; raises BuildError.

    Args:
        display: Where its window is.
        server: What to write into the page that asks for the server.
        pictures: Folder for what the pages looked like.
        installed: Whether the program is there.
    """
    wizard = Wizard(display, "Carena Desktop Setup", pictures, "setup")
    wizard.page("1-welcome")
    wizard.press("Return")
    wizard.page("2-server")
    wizard.write("http://visits.example.org")
    wizard.press("Return")
    wizard.page("3-refused")  # without TLS there is no server
    wizard.press("Return")
    wizard.page("4-again")
    wizard.write(server)
    wizard.press("Return")
    wizard.page("5-folder")
    if installed():
        raise BuildError("the wizard installed before it was told to")
    wizard.press("Return")
    end = time.monotonic() + _INSTALL_LIMIT_S
    while not installed():
        if time.monotonic() > end:
            raise BuildError("the wizard installs nothing")
        time.sleep(0.5)
    wizard.page("6-finished")
    wizard.press("Return")


def remove(display: str, pictures: Path) -> None:
    """Press through the uninstaller; raises BuildError."""
    wizard = Wizard(display, "Carena Desktop Uninstall", pictures, "uninstall")
    wizard.page("1-confirm")
    wizard.press("Return")
    wizard.page("2-finished", _INSTALL_LIMIT_S)
    wizard.press("Return")
