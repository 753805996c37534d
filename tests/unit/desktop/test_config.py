"""The configuration is read once, checked, and says what is wrong."""

from pathlib import Path

import pytest

from carena_desktop import __version__
from carena_desktop.config import read_config
from carena_desktop.policy.resolve import Level, Source


def test_defaults_are_the_users_own_directories() -> None:
    """Without options the last server is offered, nothing is overridden, and the three directories are absolute."""
    config = read_config([], {})
    assert (config.server, config.log_level, config.self_test, config.json) == ("", "info", False, False)
    assert (config.camera_device, config.microphone_device) == ("", "")
    assert all(path.is_absolute() for path in (config.config_dir, config.state_dir, config.log_dir))


def test_options_win_over_the_environment(tmp_path: Path) -> None:
    """Both are read; argv decides where both speak."""
    environ = {
        "CARENA_SERVER": "https://from.environment",
        "CARENA_LOG_LEVEL": "debug",
        "CARENA_CAMERA": "generator",
        "CARENA_MICROPHONE": "file:/tone.wav",
        "CARENA_HOME": str(tmp_path),
    }
    config = read_config(["--server", "https://from.argv", "--self-test", "--json"], environ)
    assert (config.server, config.log_level) == ("https://from.argv", "debug")
    assert (config.camera_device, config.microphone_device) == ("generator", "file:/tone.wav")
    assert (config.self_test, config.json) == (True, True)
    assert (config.config_dir, config.state_dir) == (tmp_path / "config", tmp_path / "state")
    assert config.log_dir == tmp_path / "logs"


def test_the_organizations_policies_win_over_both() -> None:
    """What the administrator has set is what the program starts with, whatever the options say."""
    managed = Source(
        Level.MACHINE_MANDATORY, "site", {"ServerUrl": "https://from.policy", "LogLevel": "warning", "RelayOnly": 1}
    )
    argv = ["--server", "https://from.argv", "--log-level", "debug"]
    config = read_config(argv, {"CARENA_SERVER": "https://from.environment"}, lambda: [managed])
    assert (config.server, config.log_level) == ("https://from.policy", "warning")
    assert config.policies.switch("RelayOnly")
    assert config.policies.settings["ServerUrl"].managed


@pytest.mark.parametrize("argv", [["--log-level", "loud"], ["--unknown"], ["stray"]])
def test_what_can_not_be_right_ends_the_program(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong option ends with code 2 and a line about it."""
    with pytest.raises(SystemExit) as caught:
        read_config(argv, {})
    assert caught.value.code == 2
    assert argv[-1] in capsys.readouterr().err


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """``--version`` prints the version and ends with 0."""
    with pytest.raises(SystemExit) as caught:
        read_config(["--version"], {})
    assert caught.value.code == 0
    assert capsys.readouterr().out.strip() == f"Carena Desktop {__version__}"
