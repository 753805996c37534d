"""The patient's side in Firefox: the real portal, driven over WebDriver BiDi, which Firefox speaks without a helper.

Debian's Firefox can't be driven by Playwright, whose Firefox is a patched one. ``--remote-debugging-port`` opens a
websocket (W3C WebDriver BiDi); the few commands that are needed are here.
"""

import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from demo.processes import MissingProgramError, running, wait_until

PROGRAMS: Final = ("firefox-esr", "firefox")
WAIT_S: Final = 25.0
_LISTENING: Final = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_SETTINGS: Final[dict[str, Any]] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.peerconnection.ice.loopback": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
    "extensions.systemAddon.update.enabled": False,
    "browser.safebrowsing.update.enabled": False,
}


class FirefoxError(RuntimeError):
    """Firefox refused a command, or did not do within the time what was waited for."""


def firefox() -> str:
    """Return the path of a Firefox; raises MissingProgramError."""
    for name in PROGRAMS:
        if path := shutil.which(name):
            return path
    raise MissingProgramError("not installed: firefox-esr (scripts/setup installs it)")


class _BiDi:
    """Commands and their answers, one at a time; events are left out."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._next = 1

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number, self._next = self._next, self._next + 1
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=WAIT_S))
            if answer.get("id") == number:
                break
        if answer.get("type") == "error":
            raise FirefoxError(f"{method}: {answer.get('error')}: {answer.get('message')}")
        found: dict[str, Any] = answer["result"]
        return found


class FirefoxPatient:
    """A person with the visit link open in Firefox.

    Args:
        bidi: An open session.
        scripts: Run in the page before any of its own.
    """

    def __init__(self, bidi: _BiDi, scripts: tuple[str, ...] = ()) -> None:
        self._bidi = bidi
        self._context: str = bidi.ask("browsingContext.getTree")["contexts"][0]["context"]
        for script in scripts:
            self.before_its_own(script)

    def open(self, link: str) -> None:
        """Open the link."""
        self._bidi.ask("browsingContext.navigate", context=self._context, url=link, wait="complete")

    def before_its_own(self, script: str) -> str:
        """Run a script in every page from now on, before any of its own; return what ``forget`` takes."""
        found = self._bidi.ask("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")
        return str(found["script"])

    def forget(self, script: str) -> None:
        """Run it no more."""
        self._bidi.ask("script.removePreloadScript", script=script)

    def choose_file(self, element: str, path: Path) -> None:
        """Choose a file for the input with this id, as its dialog would."""
        expression = f"document.getElementById({json.dumps(element)})"
        target = {"context": self._context}
        found = self._bidi.ask("script.evaluate", expression=expression, target=target, awaitPromise=False)
        place = {"sharedId": found["result"]["sharedId"]}
        self._bidi.ask("input.setFiles", context=self._context, element=place, files=[str(path)])

    def evaluate(self, expression: str) -> Any:
        """Return what an expression is in the page, as JSON can say it; raises FirefoxError."""
        text = f"(async () => JSON.stringify(await ({expression}) ?? null))()"
        target = {"context": self._context}
        found = self._bidi.ask("script.evaluate", expression=text, target=target, awaitPromise=True)
        if found["type"] == "exception":
            raise FirefoxError(found["exceptionDetails"]["text"])
        return json.loads(found["result"]["value"])

    def wait(self, expression: str, what: str, timeout_s: float = WAIT_S) -> None:
        """Wait until an expression is true in the page."""
        deadline = time.monotonic() + timeout_s
        while not self.evaluate(expression):
            if time.monotonic() > deadline:
                raise FirefoxError(f"{what}: not within {timeout_s:.0f} s")
            time.sleep(0.1)

    def click(self, element: str) -> None:
        """Click the element with this id, once it can be."""
        found = f"document.getElementById({json.dumps(element)})"
        self.wait(f"{found} !== null && !{found}.disabled && {found}.checkVisibility()", element)
        self.evaluate(f"{found}.click()")

    def check_in(self, link: str, name: str, birth_date: str = "1984-06-21", reason: str = "Test reason") -> None:
        """Open the link, fill the form, agree, turn the camera on and join the waiting room."""
        self.open(link)
        self.wait("document.getElementById('name')?.checkVisibility() === true", "the form")
        for element, text in (("name", name), ("birth-date", birth_date), ("reason", reason)):
            self.fill(element, text)
        self.click("agree")
        self.press("Turn on camera")
        self.wait("[...document.querySelectorAll('video')].some((v) => v.videoWidth > 0)", "the camera's picture")
        self.press("Join the waiting room")

    def fill(self, element: str, text: str) -> None:
        """Type into the field with this id."""
        found = f"document.getElementById({json.dumps(element)})"
        event = "new Event('input', {bubbles: true})"
        self.evaluate(f"({found}.value = {json.dumps(text)}, {found}.dispatchEvent({event}))")

    def press(self, text: str) -> None:
        """Click the visible button with this text on it."""
        all_buttons = "[...document.querySelectorAll('button')]"
        found = f"{all_buttons}.find((one) => one.checkVisibility() && one.textContent.trim() === {json.dumps(text)})"
        self.wait(f"{found} !== undefined", text)
        self.evaluate(f"{found}.click()")

    def is_shown(self, element: str) -> bool:
        """Whether the element with this id can be seen."""
        found = f"document.getElementById({json.dumps(element)})"
        return bool(self.evaluate(f"{found} !== null && {found}.checkVisibility()"))


@contextmanager
def firefox_patient(
    log: Path, scripts: tuple[str, ...] = (), *, downloads: Path | None = None
) -> Iterator[FirefoxPatient]:
    """Run headless Firefox with a fresh profile, a generated camera and microphone, for the length of the block.

    Args:
        log: Where its output goes.
        scripts: Run in every page before its own.
        downloads: Where it saves what the person downloads.
    """
    saving = {} if downloads is None else {"browser.download.folderList": 2, "browser.download.dir": str(downloads)}
    with tempfile.TemporaryDirectory(prefix="carena-firefox-") as profile:
        settings = _SETTINGS | saving
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items()]
        Path(profile, "user.js").write_text("\n".join(lines), encoding="utf-8")
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("", encoding="utf-8")
        command = [firefox(), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        with running(command, log=log) as process:

            def address() -> str | None:
                found = _LISTENING.search(log.read_text(encoding="utf-8", errors="replace"))
                return found[1] if found else None

            wait_until(lambda: address() is not None, 60, "firefox", process)
            with connect(f"{address()}/session", max_size=None, open_timeout=20) as socket:
                bidi = _BiDi(socket)
                bidi.ask("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
                yield FirefoxPatient(bidi, scripts)
                with suppress(FirefoxError, WebSocketException, TimeoutError):
                    bidi.ask("browser.close")
