"""Large files that go both ways while the connections are replaced under them, with a page in either browser."""

import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import pytest

from demo.desktop import Desktop
from demo.steps import choose_file

SIZE = 12 * 1024 * 1024
"""At 2 MB/s at most it takes longer than one leg lives here."""
OFTEN = {"CARENA_RENEW_LEG_S": "4", "CARENA_RENEW_KEYS_S": "2"}
LIMIT_S = 100.0
MORE = 1.25
"""Times the file's size that passed at most: what was on its way at a change comes again, and what is said of it."""

COUNTER = """
window.carenaFiles = { sent: 0, came: 0 };
const send = RTCDataChannel.prototype.send;
RTCDataChannel.prototype.send = function (data) {
  if (this.label === "carena-files") window.carenaFiles.sent += data.byteLength;
  return send.call(this, data);
};
const listen = EventTarget.prototype.addEventListener;
RTCDataChannel.prototype.addEventListener = function (type, ...rest) {
  const isFile = type === "message" && this.label === "carena-files";
  if (isFile) listen.call(this, type, ({ data }) => { window.carenaFiles.came += data.byteLength; });
  return listen.call(this, type, ...rest);
};
"""
"""Counts the bytes of the files' channels, from outside the portal's code."""


class Page(Protocol):
    """The patient's page, in whichever browser; ``COUNTER`` was added to it."""

    def attach(self, path: Path) -> None:
        """Choose a file to be sent."""

    def press(self, words: str) -> None:
        """Press a button."""

    def evaluate(self, expression: str) -> Any:
        """Return what an expression is."""

    def download(self) -> Path:
        """Save what came; return where it is."""


def digest(path: Path) -> str:
    """SHA-256."""
    return sha256(path.read_bytes()).hexdigest()


def percent(window: Desktop, way: str) -> int | None:
    """Return how far the file is that is ``sending`` or ``receiving``; None when none is."""
    found = [text for text in window.texts() if f"{way}, " in text]
    return int(found[0].rpartition(f"{way}, ")[2].split()[0]) if found else None


def pass_both_ways(window: Desktop, page: Page, folder: Path) -> None:
    """Send a file each way at once, through changes of the leg; assert that both arrive, resumed and unchanged."""
    folder.mkdir()
    scan, letter, saved = folder / "scan.pdf", folder / "letter.pdf", folder / "saved.pdf"
    for path in (scan, letter):
        path.write_bytes(b"%PDF-1.7 " + secrets.token_bytes(SIZE))
    page.attach(scan)
    window.click("Show files")
    window.click("Receive file")
    window.click("Send file")
    choose_file(window, letter)
    page.press("Receive")
    seen: dict[str, list[tuple[int, int]]] = {"sending": [], "receiving": []}
    _watch(window, page, seen)
    for way, found in seen.items():
        assert len({leg for leg, _ in found}) >= 2, f"no change of the connection while {way}: {found}"
        assert [moved for _, moved in found] == sorted(moved for _, moved in found), f"went back while {way}: {found}"
    passed = page.evaluate("window.carenaFiles")
    assert max(passed["sent"], passed["came"]) < MORE * SIZE, "what had arrived was sent again"
    window.click("Save file")
    choose_file(window, saved)
    _until(saved.exists, "the saved file")
    assert digest(saved) == digest(scan)
    assert digest(page.download()) == digest(letter)


def _watch(window: Desktop, page: Page, seen: dict[str, list[tuple[int, int]]]) -> None:
    """Note leg and percent of both ways until both files are there."""
    is_here = "[...document.querySelectorAll('#files button')].some((one) => one.textContent === 'Save')"

    def both() -> bool:
        for way, found in seen.items():
            if (moved := percent(window, way)) is not None:
                found.append((window.figures()["leg"], moved))
        return any("not saved yet" in text for text in window.texts()) and bool(page.evaluate(is_here))

    _until(both, "both files")


def _until(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not done():
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: not within {LIMIT_S:.0f} s")
        time.sleep(0.2)
