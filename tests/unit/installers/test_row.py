"""The packages' row of make test: said plainly where it can't run, and a failed download leaves nothing behind."""

import os
from pathlib import Path

import pytest

from installers.freeze import BuildError
from installers.linux import root, row


@pytest.mark.parametrize(("environ", "code"), [({}, 0), ({"CI": ""}, 0), ({"CI": "false"}, 0), ({"CI": "true"}, 1)])
def test_what_was_not_checked_is_said_and_fails_ci(
    environ: dict[str, str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person without root is told that nothing was checked; CI, which promises it, fails."""
    for lacking in ("root", "the right to mount"):
        assert row.verdict(lacking, environ) == code
        assert capsys.readouterr().out.startswith(f"packages: NOT CHECKED: this needs {lacking}")


def mmdebstrap(folder: Path, failures: int) -> Path:
    """Write one that fails so many times, half-way through its archive; return the file that counts its runs."""
    runs = folder / "runs"
    script = f"""#!/bin/sh
for target; do :; done
echo half >"$target"
echo run >>"{runs}"
[ $(wc -l <"{runs}") -gt {failures} ] || exit 1
echo whole >"$target"
"""
    (folder / "mmdebstrap").write_text(script, "ascii")
    (folder / "mmdebstrap").chmod(0o755)
    return runs


def test_a_minimal_system_that_failed_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mirror that hiccups is asked again; what stands under the archive's name is whole, and made once."""
    runs = mmdebstrap(tmp_path, failures=1)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    archive = tmp_path / "build" / "debian.tar"
    root.make_base(archive)
    root.make_base(archive)
    assert archive.read_text("ascii") == "whole\n"
    assert runs.read_text("ascii").count("run") == 2
    assert [path.name for path in archive.parent.iterdir()] == ["debian.tar"]


def test_a_minimal_system_that_can_not_be_had_leaves_no_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three tries it is an error, and no half of an archive is taken for one by the next check."""
    runs = mmdebstrap(tmp_path, failures=99)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    archive = tmp_path / "build" / "debian.tar"
    with pytest.raises(BuildError, match="3 times"):
        root.make_base(archive)
    assert runs.read_text("ascii").count("run") == 3
    assert list(archive.parent.iterdir()) == []
