"""Where no system can be booted inside of this one, the row of ``make test`` says so; ``make test-all`` fails."""

from pathlib import Path

import pytest

from installers.freeze import BuildError
from installers.linux import check_packages, unit_life
from installers.linux.boot import CannotBootError
from installers.linux.check_packages import Boot

VERSIONS = (Path("older.deb"), Path("newer.deb"))


def test_where_nothing_boots_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is no "ok", and a failure only where the boot is demanded."""

    def cannot(*_args: object) -> None:
        raise CannotBootError("systemd did not start")

    monkeypatch.setattr(unit_life, "check", cannot)
    check_packages._unit(tmp_path, tmp_path, VERSIONS, Boot.WHERE_IT_CAN)
    said = capsys.readouterr().out
    assert "NOT CHECKED: systemd did not start" in said
    assert " ok " not in said
    with pytest.raises(CannotBootError):
        check_packages._unit(tmp_path, tmp_path, VERSIONS, Boot.ALWAYS)


def test_a_unit_that_fails_is_a_failure_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A booted system in which the service does not live is never passed over."""

    def fails(*_args: object) -> None:
        raise BuildError("the unit does not say it")

    monkeypatch.setattr(unit_life, "check", fails)
    for boot in Boot:
        with pytest.raises(BuildError, match="does not say"):
            check_packages._unit(tmp_path, tmp_path, VERSIONS, boot)
