"""A real gnome-keyring on a bus of its own: unlocked, locked, never unlocked, and no bus at all."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from demo.private_session import message_bus, private_session, user_folders
from demo.processes import program, running

ROOT = Path(__file__).resolve().parents[3]

# Runs in a process of its own: the bus address is read once per process.
USE = """
import asyncio, json, sys, time
from carena_desktop.session.credentials import KeyringCredentials, system_backend
from carena_desktop.session.world import CredentialKey

async def use():
    store = KeyringCredentials()
    key = CredentialKey("https://clinic.test", "alex")
    out = {"backend": type(system_backend()).__module__ if system_backend() else None}
    before = time.perf_counter()
    if sys.argv[1] == "lock":
        out["first"] = await store.save(key, "one")
        import secretstorage
        bus = secretstorage.dbus_init()
        secretstorage.get_default_collection(bus).lock()
    out["save"] = await store.save(key, "two" * 40)
    out["load"] = await store.load(key)
    out["delete"] = await store.delete(key)
    out["gone"] = await store.load(key)
    out["seconds"] = time.perf_counter() - before
    store.close()
    print(json.dumps(out))

asyncio.run(use())
"""


def _use(env: Mapping[str, str], how: str = "") -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", USE, how],
        env=dict(env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout)
    return result


def _files(env: Mapping[str, str]) -> Iterator[bytes]:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        for path in Path(env[name]).rglob("*"):
            if path.is_file():
                yield path.read_bytes()


def test_an_unlocked_keyring_keeps_and_forgets(tmp_path: Path) -> None:
    """Through the Secret Service the token makes the round trip, and no file has it in the clear."""
    with private_session(display=False, keep_in=tmp_path) as env:
        result = _use(env)
        assert all(b"twotwo" not in content for content in _files(env))
    assert result["backend"] == "keyring.backends.SecretService"
    assert result["save"] == "stored"
    assert result["load"] == ["stored", "two" * 40]
    assert result["delete"] == "unknown"
    assert result["gone"] == ["unknown", None]


def test_a_locked_keyring_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A collection that is locked, with nobody to prompt, answers LOCKED soon and stores nothing."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):  # else the system's prompter opens a window and waits for a person
        monkeypatch.delenv(name, raising=False)
    with private_session(display=False, keep_in=tmp_path) as env:
        result = _use(env, "lock")
        assert all(b"twotwo" not in content for content in _files(env))
    assert (result["first"], result["save"]) == ("stored", "locked")
    assert result["load"] == ["locked", None]
    assert result["delete"] in {"locked", "failed"}
    assert float(str(result["seconds"])) < 20


def test_a_keyring_never_unlocked_is_said(tmp_path: Path) -> None:
    """A daemon that was never given a password has no collection to write to: LOCKED, and no file."""
    env = {**os.environ, **user_folders(tmp_path)}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL"):
        env.pop(name, None)
    with message_bus(tmp_path, env) as address:
        env["DBUS_SESSION_BUS_ADDRESS"] = address
        daemon = [program("gnome-keyring-daemon"), "--foreground", "--components=secrets"]
        with running(daemon, log=tmp_path / "keyring.log", env=env):
            result = _use(env)
            assert all(b"twotwo" not in content for content in _files(env))
    assert result["save"] == "locked"
    assert result["load"] == ["locked", None]


@pytest.mark.parametrize("address", [None, "unix:path=/nonexistent/bus"])
def test_no_bus_is_absent(tmp_path: Path, address: str | None) -> None:
    """Without a message bus there is no keyring: ABSENT at once, whatever other backends are installed."""
    env = {**os.environ, **user_folders(tmp_path), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"):
        env.pop(name, None)
    if address is not None:
        env["DBUS_SESSION_BUS_ADDRESS"] = address
    result = _use(env)
    assert result["backend"] is None
    assert (result["save"], result["load"]) == ("absent", ["absent", None])
