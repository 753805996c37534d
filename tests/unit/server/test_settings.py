"""Configuration: defaults are safe, mistakes are named, secrets stay in files."""

from pathlib import Path

import pytest

from carena_server import settings
from carena_server.settings import Settings, SettingsError


def load(folder: Path, text: str) -> Settings:
    """Load a configuration file with this text."""
    path = folder / "carena.toml"
    path.write_text(text, "utf-8")
    return settings.load(path)


def test_no_file_means_loopback_and_the_designs_lifetimes() -> None:
    """Without configuration nothing listens beyond this machine, and tokens live as designed."""
    plain = settings.load(None)
    assert plain.listen == "127.0.0.1:8443"
    assert plain.tokens.access_ttl_s == 300
    assert plain.tokens.ticket_ttl_s == 30
    assert plain.queue.place_grace_s == 120
    assert (plain.passwords.memory_kib, plain.passwords.time_cost) == (65536, 3)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    """A secret named beside the configuration is found from anywhere."""
    (tmp_path / "turn.secret").write_text(" north\n")
    made = load(tmp_path, '[turn]\nurls = ["turn:t"]\nsecret_file = "turn.secret"\n')
    assert settings.turn_secret(made) == b"north"
    assert "north" not in repr(made)


@pytest.mark.parametrize(
    "text",
    [
        "listn = 'x:1'",
        "listen = 5",
        "listen = 'nowhere'",
        "listen = 'h:99999'",
        "clinic = ''",
        "[tls]\ncertificate = 'c.pem'",
        "[tls]\nkey = 'k.pem'",
        "[turn]\nurls = ['turn:t']",
        "[turn]\nrelay_only = true",
        "[turn]\nttl_s = 1",
        "[passwords]\ntime_cost = 0",
        "[passwords]\nmemory_kib = 1",
        "[tokens]\naccess_ttl_s = 0",
        "[tokens]\naccess_ttl_s = -1",
        "[tokens]\nreuse_grace_s = 1e9",
        "[queue]\nplace_grace_s = 'long'",
        "public_url = 'http://plain.example'",
        "allowed_origins = ['http://plain.example']",
        "not toml",
        "[unknown]\nx = 1",
    ],
)
def test_a_mistake_is_refused_before_anything_starts(tmp_path: Path, text: str) -> None:
    """Unknown, mistyped, impossible or insecure settings are errors that name the file."""
    with pytest.raises(SettingsError):
        load(tmp_path, text)


def test_a_missing_or_unreadable_file_is_an_error(tmp_path: Path) -> None:
    """A configuration that was named has to be there, in UTF-8."""
    with pytest.raises(SettingsError):
        settings.load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"clinic = '\xe9'")
    with pytest.raises(SettingsError):
        settings.load(tmp_path / "latin.toml")


@pytest.mark.parametrize(
    ("text", "parts"), [("h:1", ("h", 1)), ("[::1]:8443", ("::1", 8443)), ("0.0.0.0:0", ("0.0.0.0", 0))]
)
def test_addresses_are_split(text: str, parts: tuple[str, int]) -> None:
    """Names, IPv4 and bracketed IPv6 addresses."""
    assert settings.listen_address(text) == parts
