"""A desktop session of its own: virtual display, message bus, unlocked keyring and empty user folders.

Tests and the headless demo run inside one, so that they neither need nor touch the display, the keyring and the
settings of the person who runs them.

    python -m demo.private_session -- pytest
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from demo.processes import program, running, wait_until

SCREEN: Final = "1600x1000x24"
_KEYRING_PASSWORD: Final = b"private session"  # unlocks a keyring that exists for this session only


@contextmanager
def virtual_display(folder: Path) -> Iterator[str]:
    """Run Xvfb on a free display; yield the value for DISPLAY."""
    read_end, write_end = os.pipe()
    command = [
        program("Xvfb"), "-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset",
    ]  # fmt: skip
    with running(command, log=folder / "xvfb.log", pass_fds=[write_end]):
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start: " + (folder / "xvfb.log").read_text(errors="replace")[-400:])
        yield f":{number}"


def user_folders(folder: Path) -> dict[str, str]:
    """Return the environment that puts every per-user folder under ``folder``."""
    env = {
        name: str(folder / name.lower())
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
    }
    for path in env.values():
        Path(path).mkdir(parents=True, exist_ok=True, mode=0o700)
    (Path(env["XDG_DATA_HOME"]) / "keyrings").mkdir(exist_ok=True, mode=0o700)
    return env


@contextmanager
def message_bus(folder: Path, env: Mapping[str, str]) -> Iterator[str]:
    """Run a private D-Bus session bus; yield its address."""
    read_end, write_end = os.pipe()
    command = [program("dbus-daemon"), "--session", "--nofork", "--nopidfile", f"--print-address={write_end}"]
    with running(command, log=folder / "dbus.log", env=env, pass_fds=[write_end]):
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            address = answer.readline().strip()
        if not address:
            raise RuntimeError("dbus-daemon did not start")
        yield address


@contextmanager
def unlocked_keyring(folder: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Run gnome-keyring on the bus of ``env``, with an unlocked login collection."""
    command = [program("gnome-keyring-daemon"), "--foreground", "--unlock", "--components=secrets"]
    with running(command, log=folder / "keyring.log", env=env, pipe=True) as process:
        assert process.stdin is not None  # noqa: S101 - pipe=True
        process.stdin.write(_KEYRING_PASSWORD)
        process.stdin.close()
        question = [
            program("dbus-send"), "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
            "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets",
        ]  # fmt: skip

        def owned() -> bool:
            answer = subprocess.run(question, check=False, capture_output=True, env=dict(env), timeout=5)
            return b"boolean true" in answer.stdout

        wait_until(owned, 10, "gnome-keyring", process)
        yield


@contextmanager
def private_session(
    *, display: bool = True, keyring: bool = True, keep_in: Path | None = None
) -> Iterator[dict[str, str]]:
    """Yield the environment of a session of its own; everything ends with the block.

    Args:
        display: Whether it has a virtual display; else it keeps the one of the caller.
        keyring: Whether its keyring runs and is unlocked.
        keep_in: Folder for its files, kept afterwards; a temporary one that is deleted when None.
    """
    with ExitStack() as stack:
        if keep_in is None:
            temporary = tempfile.TemporaryDirectory(prefix="carena-session-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(temporary))
        else:
            folder = keep_in
            folder.mkdir(parents=True, exist_ok=True)
        env = {**os.environ, **user_folders(folder)}
        env.pop("DBUS_SESSION_BUS_ADDRESS", None)
        env.pop("GNOME_KEYRING_CONTROL", None)
        if display:
            env["PULSE_SERVER"] = (
                f"unix:{folder}/no-sound"  # neither the person's sound nor a daemon that starts itself
            )
            env["DISPLAY"] = stack.enter_context(virtual_display(folder))
            env["QT_QPA_PLATFORM"] = "xcb"
            for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "SESSION_MANAGER", "XAUTHORITY"):
                env.pop(name, None)
        env["DBUS_SESSION_BUS_ADDRESS"] = stack.enter_context(message_bus(folder, env))
        if keyring:
            stack.enter_context(unlocked_keyring(folder, env))
        if not display and "XDG_RUNTIME_DIR" in os.environ:
            env["XDG_RUNTIME_DIR"] = os.environ["XDG_RUNTIME_DIR"]  # the person's display and sound are reached there
        yield env


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)


def main() -> int:
    """Run a command inside a private session; return its exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] != ["--"] or len(arguments) == 1:
        print("usage: python -m demo.private_session -- COMMAND...", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _stop)
    with private_session() as env:
        return subprocess.run(arguments[1:], check=False, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
