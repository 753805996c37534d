"""What a server tells desktops of itself, and whom it tells."""

from collections.abc import Callable
from pathlib import Path

import pytest

from carena_server.settings import SettingsError, load
from tests.integration.server.harness import Server

DESKTOP = """
[desktop]
version = "9.1.0"
[desktop.locked]
LockTimeoutMinutes = 5
AllowFiles = false
[desktop.default]
Appearance = "dark"
AllowedDevices = ["Jabra *"]
"""


@pytest.mark.parametrize("path", ["/version", "/policies"])
def test_versions_and_policies_are_for_staff(server: Server, path: str) -> None:
    """Without a good access token neither is told, and the refusal says nothing of them."""
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        answer = server.call("GET", f"/api/v1{path}", headers=headers)
        assert answer.status == 401
        assert set(answer.json) <= {"code", "retryable"}


def test_staff_are_told_what_the_site_wants(make_server: Callable[..., Server]) -> None:
    """The recommended version and both kinds of policies come from the configuration, as it has them."""
    server = make_server(DESKTOP)
    bearer = f"Bearer {server.login().json['access_token']}"
    assert server.call("GET", "/api/v1/version", headers={"Authorization": bearer}).json["desktop"] == "9.1.0"
    assert server.call("GET", "/api/v1/policies", headers={"Authorization": bearer}).json == {
        "locked": {"LockTimeoutMinutes": 5, "AllowFiles": False},
        "default": {"Appearance": "dark", "AllowedDevices": ["Jabra *"]},
    }


def test_without_a_word_of_the_site_its_own_version_is_told(server: Server) -> None:
    """Server and desktop are released together: the server's own version is the one to have."""
    told = server.call(
        "GET", "/api/v1/version", headers={"Authorization": f"Bearer {server.login().json['access_token']}"}
    ).json
    assert told["desktop"] == told["server"]


def test_anyone_may_ask_for_the_time_and_the_relays_and_gets_no_secret(server: Server) -> None:
    """A computer tests itself before anybody has an account; credentials of the relay are not in the answer."""
    told = server.call("GET", "/api/v1/check")
    assert told.status == 200
    assert set(told.json) == {"now_ms", "relays"}
    assert told.json["relays"] == ["stun:127.0.0.1:3478", "turn:127.0.0.1:3478"]
    assert b"north" not in told.body


@pytest.mark.parametrize("wrong", ['version = "latest"', "locked = { LockTimeoutMinutes = 1.5 }", "surprise = 1"])
def test_what_can_not_be_told_is_refused_at_the_start(tmp_path: Path, wrong: str) -> None:
    """A version that is none, or a value of no policy's kind, ends the start with the field's name."""
    path = tmp_path / "carena.toml"
    path.write_text(f"[desktop]\n{wrong}\n")
    with pytest.raises(SettingsError, match="desktop"):
        load(path)
