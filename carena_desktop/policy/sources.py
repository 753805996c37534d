r"""Where policies are read from: the only module of this package with I/O.

Linux: ``/etc/carena/policies/{managed,recommended}/*.json``, which must be root's and nobody else's to write.
Windows: ``Software\Policies\Carena\Desktop`` of HKLM and HKCU, and its key ``Recommended``.
macOS: the managed preferences of ``org.carena.desktop``. Everywhere: ``settings.json`` of the user.
"""

import importlib
import json
import os
import plistlib
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from carena_desktop.policy.kinds import Value
from carena_desktop.policy.resolve import Level, Source
from carena_desktop.private_file import write_private

LINUX_FOLDER: Final = Path("/etc/carena/policies")
MAC_FOLDER: Final = Path("/Library/Managed Preferences")
MAC_DOMAIN: Final = "org.carena.desktop"
WINDOWS_KEY: Final = r"Software\Policies\Carena\Desktop"
MAX_FILE_BYTES: Final = 256 * 1024
SETTINGS_FILE: Final = "settings.json"
ENVIRONMENT: Final = {
    "CARENA_SERVER": "ServerUrl",
    "CARENA_LOG_LEVEL": "LogLevel",
    "CARENA_RELAY_ONLY": "RelayOnly",
    "CARENA_PROXY": "Proxy",
    "CARENA_UPDATE_NOTICE": "UpdateNotice",
    "CARENA_APPEARANCE": "Appearance",
    "CARENA_TEXT_SIZE": "TextSizePercent",
    "CARENA_LOCK_TIMEOUT": "LockTimeoutMinutes",
    "CARENA_LANGUAGE": "Language",
}
"""Variables of the environment that are policies."""


def system_sources() -> list[Source]:
    """Return what this machine's administrator says."""
    platform = sys.platform  # a name of its own, or mypy judges the branches of other systems unreachable
    if platform == "win32":
        return registry_sources(_registry_key)
    if platform == "darwin":
        return mac_sources(MAC_FOLDER, os.environ.get("USER", ""))
    return [
        *json_folder(LINUX_FOLDER / "managed", Level.MACHINE_MANDATORY, owner=0),
        *json_folder(LINUX_FOLDER / "recommended", Level.MACHINE_RECOMMENDED, owner=0),
    ]


def user_source(config_dir: Path) -> list[Source]:
    """Return what the user's ``settings.json`` says."""
    path = config_dir / SETTINGS_FILE
    return [_json_file(path, Level.USER_SETTINGS, owner=None)] if path.exists() else []


def save_setting(config_dir: Path, name: str, value: Value) -> None:
    """Write one of the user's own settings, None removes it; what else stands in the file is kept. Raises OSError.

    A file that can't be read as an object is replaced: nothing of it was in force.
    """
    path = config_dir / SETTINGS_FILE
    try:
        values = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        values = {}
    values = values if isinstance(values, dict) else {}
    if value is None:
        values.pop(name, None)
    else:
        values[name] = list(value) if isinstance(value, tuple) else value
    write_private(path, (json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode())


def environment_source(environ: Mapping[str, str]) -> list[Source]:
    """Return what the environment says."""
    return [
        Source(Level.ENVIRONMENT, variable, {name: environ[variable]})
        for variable, name in ENVIRONMENT.items()
        if environ.get(variable)
    ]


def json_folder(folder: Path, level: Level, *, owner: int | None) -> Iterator[Source]:
    """Yield a source for each ``*.json`` of a folder, in the order of the names.

    Args:
        folder: Which.
        level: How strongly its files speak.
        owner: The user id that must own the folder and its files; None for no such rule.
    """
    try:
        # A symbolic link is judged by what it leads to; so is a folder on the way, by whoever may change it.
        names = sorted(path.name for path in folder.iterdir() if path.suffix == ".json")
        problem = _unsafe(folder.stat(), owner)
    except FileNotFoundError:
        return
    except OSError as error:
        yield Source(level, str(folder), problem=f"can't be read: {error.strerror}")
        return
    for name in names:
        yield Source(level, str(folder / name), problem=problem) if problem else _json_file(folder / name, level, owner)


def mac_sources(folder: Path, user: str) -> list[Source]:
    """Return the managed preferences: of everyone, then of ``user``; configuration profiles write them."""
    found = []
    for path, level in (
        (folder / f"{MAC_DOMAIN}.plist", Level.MACHINE_MANDATORY),
        (folder / user / f"{MAC_DOMAIN}.plist", Level.USER_MANDATORY),
    ):
        if not user and level is Level.USER_MANDATORY:
            continue
        try:
            values = plistlib.loads(_read(path, None))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, plistlib.InvalidFileException) as error:
            found.append(Source(level, str(path), problem=f"can't be read ({type(error).__name__})"))
            continue
        known = {key: value for key, value in values.items() if not str(key).startswith("Payload")}
        found.append(Source(level, str(path), known))
    return found


def _json_file(path: Path, level: Level, owner: int | None) -> Source:
    try:
        values = json.loads(_read(path, owner))
    except _UnsafeError as error:
        return Source(level, str(path), problem=str(error))
    except OSError as error:
        return Source(level, str(path), problem=f"can't be read: {error.strerror}")
    except (ValueError, RecursionError):
        return Source(level, str(path), problem="is not JSON")
    if not isinstance(values, dict):
        return Source(level, str(path), problem="is no JSON object")
    return Source(level, str(path), values)


class _UnsafeError(Exception):
    """Somebody else could have written this."""


def _read(path: Path, owner: int | None) -> bytes:
    with path.open("rb") as file:
        if problem := _unsafe(os.fstat(file.fileno()), owner):
            raise _UnsafeError(problem)
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise _UnsafeError("is too large and was ignored")
    return content


def _unsafe(status: os.stat_result, owner: int | None) -> str:
    if owner is None:
        return ""
    if status.st_uid != owner:
        return "does not belong to root and was ignored"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "can be written by others than root and was ignored"
    return ""


def registry_sources(read_key: Callable[[str, str], dict[str, object]]) -> list[Source]:
    """Return what Group Policy has written.

    Args:
        read_key: Returns the values of a key, by the hive's short name and the key's path.
    """
    found = []
    for hive, mandatory, recommended in (
        ("HKLM", Level.MACHINE_MANDATORY, Level.MACHINE_RECOMMENDED),
        ("HKCU", Level.USER_MANDATORY, Level.USER_RECOMMENDED),
    ):
        for key, level in ((WINDOWS_KEY, mandatory), (rf"{WINDOWS_KEY}\Recommended", recommended)):
            if values := read_key(hive, key):
                found.append(Source(level, rf"{hive}\{key}", values))
    return found


def _registry_key(hive: str, key: str) -> dict[str, object]:
    """Return a key's values; a list stands in a key of its own, whose values are its items."""
    winreg: Any = importlib.import_module("winreg")  # exists on Windows only
    root = winreg.HKEY_LOCAL_MACHINE if hive == "HKLM" else winreg.HKEY_CURRENT_USER
    values: dict[str, object] = {}
    try:
        with winreg.OpenKey(root, key) as opened:
            keys, count, _ = winreg.QueryInfoKey(opened)
            for index in range(count):
                name, value, _ = winreg.EnumValue(opened, index)
                values[name] = value
            for index in range(keys):
                name = winreg.EnumKey(opened, index)
                if name != "Recommended":
                    values[name] = list(_registry_key(hive, rf"{key}\{name}").values())
    except OSError:
        return values
    return values
