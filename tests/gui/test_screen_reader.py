"""The window as a screen reader gets it: over AT-SPI, by a client of its own process with Debian's bindings.

``CARENA_UPDATE_SNAPSHOTS=1`` writes the Tab orders anew; look at the difference before it is committed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from demo.processes import running, wait_until

pytestmark = [pytest.mark.gui, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "a11y"
SNAPSHOT = FOLDER / "tab_order.json"
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
SYSTEM_PYTHON = "/usr/bin/python3"
WALKED = (
    *("sign_in", "sign_in_code", "trust", "enrol", "enrol_codes", "waiting", "waiting_empty", "waiting_reconnecting"),
    *("asking", "live", "safety", "share_question", "ended", "devices_on", "lock", "lock_in_visit", "palette"),
    *("settings", "settings_appearance", "settings_shortcuts", "settings_account", "settings_privacy"),
    *("waiting_gone", "waiting_assign", "waiting_acuity", "waiting_chat", "triage", "triage_problem"),
    *("identity", "transfer", "files", "files_unsaved", "security", "unsafe", "sharing", "live_details"),
    *(
        "settings_about",
        "admin_accounts",
        "admin_rooms",
        "admin_sessions",
        "admin_audit",
        "emergency_told",
        "emergency_own",
        "chat_verified",
    ),
)
"""One scene of each screen."""
ORDERED = ("sign_in", "waiting", "devices_off", "live", "lock", "settings", "admin_accounts")
MOST_STOPS = 60
NO_NAME_NEEDED = {"frame", "application", "window"}


class Asked:
    """A process that answers a line with a line."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def __call__(self, line: str) -> str:
        """Ask, and wait for the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().decode().strip()


class Reader:
    """The window's program, and the screen reader beside it."""

    def __init__(self, program: Asked, client: Asked) -> None:
        self._program = program
        self._client = client

    def show(self, scene: str) -> list[dict[str, Any]]:
        """Play a scene, and return what the reader sees of it."""
        assert self._program(f"scene {scene}") == "ready"
        nodes: list[dict[str, Any]] = []

        def seen() -> bool:
            found = self.ask("walk")
            nodes[:] = found if isinstance(found, list) else []
            return any("focusable" in node["states"] for node in nodes)

        wait_until(seen, 15, f"the scene {scene} over AT-SPI")
        return nodes

    def ask(self, question: str) -> Any:
        """Return what the reader says."""
        return json.loads(self._client(json.dumps({"ask": question})))

    def tab(self) -> tuple[str, str]:
        """Press Tab; return which widget has the keyboard then, and what is read."""
        moves = self.ask("focused")["moves"]
        widget = self._program("tab")
        wait_until(lambda: self.ask("focused")["moves"] > moves, 10, f"the focus on {widget} over AT-SPI")
        focused = self.ask("focused")
        return widget, f"{focused['role']}: {focused['name']}"

    def say(self) -> None:
        """Have the window announce something."""
        assert self._program("say") == "done"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Both processes on a bus of their own."""
    folder = tmp_path_factory.mktemp("a11y")
    env = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    with ExitStack() as stack:
        bus = [str(LAUNCHER), "--launch-immediately"]
        stack.enter_context(running(bus, log=folder / "bus.log", env=env))
        program = [sys.executable, str(FOLDER / "program.py")]
        client = [SYSTEM_PYTHON, str(FOLDER / "reader.py")]
        started = []
        for command, name in ((program, "program"), (client, "reader")):
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            process = stack.enter_context(
                subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env={**env, "PYTHONPATH": str(ROOT) if name == "program" else ""},
                )
            )
            stack.callback(process.wait, 20)
            assert process.stdin is not None
            stack.callback(process.stdin.close)
            started.append(Asked(process))
        yield Reader(*started)


@pytest.mark.parametrize("scene", WALKED)
def test_nothing_that_can_be_reached_is_without_a_name(reader: Reader, scene: str) -> None:
    """On every screen each node that shows and takes the keyboard has a name (WCAG 2.2, 4.1.2)."""
    nameless = [
        node["role"]
        for node in reader.show(scene)
        if "focusable" in node["states"] and not node["name"] and node["role"] not in NO_NAME_NEEDED
    ]
    assert nameless == []


def test_the_queue_is_a_table(reader: Reader) -> None:
    """It has rows, columns with headings, and cells that are read in words and not by colour."""
    reader.show("waiting")
    table = reader.ask("table")
    assert table["name"] == "Waiting room"
    assert table["rows"] > 5
    assert table["columns"] == len(table["headings"]) > 4
    assert all(table["headings"])
    assert all(cell.strip() for cell in table["cells"])
    assert table["cells"][0].startswith("Acuity ")


def test_lists_of_administrators_are_tables(reader: Reader) -> None:
    """The audit log is read with headings, too."""
    reader.show("admin_audit")
    table = reader.ask("table")
    assert table["name"] == "Audit log"
    assert table["headings"] == ["Number", "When", "Who", "Action", "About", "Detail"]
    assert table["rows"] == 40


@pytest.mark.timeout(240)
def test_the_tab_orders(reader: Reader) -> None:
    """Tab goes through each screen in the order that is written down, comes round, and is swallowed by nothing."""
    found: dict[str, list[str]] = {}
    for scene in ORDERED:
        reader.show(scene)
        stops = [reader.tab()]
        while len(stops) < MOST_STOPS and (stop := reader.tab())[0] != stops[0][0]:
            assert stop[0] != stops[-1][0], f"{scene}: Tab doesn't leave {stop[1]}"
            stops.append(stop)
        assert len(stops) < MOST_STOPS, f"{scene}: Tab doesn't come round"
        found[scene] = [read for _, read in stops]
    if os.environ.get("CARENA_UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert found == json.loads(SNAPSHOT.read_text("utf-8"))


def test_announcements_arrive(reader: Reader) -> None:
    """What happens without the person doing anything is told at once, and what is urgent as such (WCAG 2.2, 4.1.3)."""
    reader.show("waiting")
    reader.ask("announcements")
    reader.say()
    said: list[dict[str, Any]] = []

    def heard() -> bool:
        said.extend(reader.ask("announcements"))
        return any(one["text"] == "Connection lost. Reconnecting." for one in said)

    wait_until(heard, 10, "the announcement")
    assert next(one for one in said if one["text"].startswith("Connection"))["politeness"] == 2
