"""Where policies are read from, and what is refused there."""

import json
import os
import plistlib
from pathlib import Path

import pytest

from carena_desktop.policy.resolve import Level, resolve
from carena_desktop.policy.sources import (
    MAX_FILE_BYTES,
    environment_source,
    json_folder,
    mac_sources,
    registry_sources,
    save_setting,
    user_source,
)

ME = os.getuid() if hasattr(os, "getuid") else 0


def write(folder: Path, name: str, values: object) -> Path:
    """Write a policy file that only its owner may write."""
    folder.mkdir(mode=0o755, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(values))
    path.chmod(0o644)
    return path


def test_the_files_of_a_folder_are_read_in_order(tmp_path: Path) -> None:
    """Each ``*.json`` is a source; of two that speak of the same the first by name wins."""
    folder = tmp_path / "managed"
    write(folder, "20-site.json", {"ServerUrl": "https://b.example"})
    write(folder, "10-all.json", {"ServerUrl": "https://a.example"})
    write(folder, "notes.txt", {"ServerUrl": "https://c.example"})
    found = list(json_folder(folder, Level.MACHINE_MANDATORY, owner=ME))
    assert [Path(source.origin).name for source in found] == ["10-all.json", "20-site.json"]
    assert resolve(found).text("ServerUrl") == "https://a.example"


def test_no_folder_is_no_source(tmp_path: Path) -> None:
    """A machine without policies has none, and nothing is wrong with it."""
    assert list(json_folder(tmp_path / "none", Level.MACHINE_MANDATORY, owner=0)) == []


@pytest.mark.parametrize("spoiled", ["file", "folder"])
def test_what_others_can_write_is_refused(tmp_path: Path, spoiled: str) -> None:
    """A file, or a folder, that others than its owner may write sets nothing and is reported."""
    folder = tmp_path / "managed"
    path = write(folder, "site.json", {"RelayOnly": False})
    (path if spoiled == "file" else folder).chmod(0o777)
    (found,) = json_folder(folder, Level.MACHINE_MANDATORY, owner=ME)
    assert found.values == {}
    assert "written by others" in found.problem


def test_anothers_file_is_refused(tmp_path: Path) -> None:
    """A file that does not belong to the administrator sets nothing."""
    write(tmp_path / "managed", "site.json", {"RelayOnly": False})
    (found,) = json_folder(tmp_path / "managed", Level.MACHINE_MANDATORY, owner=ME + 1)
    assert (found.values, "belong" in found.problem) == ({}, True)


@pytest.mark.parametrize("content", ["{", "[]", '"x"', "[" * 100_000, "x" * (MAX_FILE_BYTES + 1)])
def test_broken_files_are_reported(tmp_path: Path, content: str) -> None:
    """What is no JSON object, too deep or too large sets nothing and stops nothing."""
    path = write(tmp_path / "managed", "site.json", {})
    path.write_text(content)
    (found,) = json_folder(tmp_path / "managed", Level.MACHINE_MANDATORY, owner=ME)
    assert found.values == {}
    assert found.problem


def test_the_users_settings_and_the_environment_are_sources(tmp_path: Path) -> None:
    """``settings.json`` is read where it is, variables where they are set."""
    assert user_source(tmp_path) == []
    write(tmp_path, "settings.json", {"RelayOnly": True})
    (own,) = user_source(tmp_path)
    assert (own.level, own.values) == (Level.USER_SETTINGS, {"RelayOnly": True})
    found = environment_source({"CARENA_SERVER": "https://a.example", "CARENA_LOG_LEVEL": "", "HOME": "/x"})
    assert [(source.origin, source.values) for source in found] == [
        ("CARENA_SERVER", {"ServerUrl": "https://a.example"})
    ]


def test_a_setting_is_written_beside_the_others(tmp_path: Path) -> None:
    """What the person changes is kept with what else stands there; a broken file is replaced by a good one."""
    save_setting(tmp_path, "Appearance", "dark")
    save_setting(tmp_path, "AllowedDevices", ("Jabra *",))
    save_setting(tmp_path, "Appearance", None)
    (own,) = user_source(tmp_path)
    assert own.values == {"AllowedDevices": ["Jabra *"]}
    (tmp_path / "settings.json").write_text("{")
    save_setting(tmp_path, "SingleLetterKeys", value=True)
    (own,) = user_source(tmp_path)
    assert own.values == {"SingleLetterKeys": True}


def test_managed_preferences_are_read(tmp_path: Path) -> None:
    """MacOS' managed preferences speak for the machine and for one user; the profile's own keys are no policies."""
    (tmp_path / "casey").mkdir()
    machine = {"RelayOnly": True, "PayloadUUID": "x"}
    (tmp_path / "org.carena.desktop.plist").write_bytes(plistlib.dumps(machine))
    (tmp_path / "casey" / "org.carena.desktop.plist").write_bytes(b"broken")
    of_machine, of_user = mac_sources(tmp_path, "casey")
    assert (of_machine.level, of_machine.values) == (Level.MACHINE_MANDATORY, {"RelayOnly": True})
    assert (of_user.level, bool(of_user.problem)) == (Level.USER_MANDATORY, True)


def test_group_policys_keys_are_read() -> None:
    """Machine and user, mandatory and recommended, each from its key of the registry."""
    registry: dict[tuple[str, str], dict[str, object]] = {
        ("HKLM", r"Software\Policies\Carena\Desktop"): {"RelayOnly": 1, "AllowedServers": ["https://a.example"]},
        ("HKCU", r"Software\Policies\Carena\Desktop\Recommended"): {"ServerUrl": "https://a.example"},
    }
    found = registry_sources(lambda hive, key: registry.get((hive, key), {}))
    assert [source.level for source in found] == [Level.MACHINE_MANDATORY, Level.USER_RECOMMENDED]
    resolved = resolve(found)
    assert (resolved.switch("RelayOnly"), resolved.items("AllowedServers")) == (True, ("https://a.example",))
    assert resolved.text("ServerUrl") == "https://a.example"
    assert resolved.findings == ()
