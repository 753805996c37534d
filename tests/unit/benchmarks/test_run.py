"""What is kept of a benchmark's figures."""

import json
from pathlib import Path

import pytest

from benchmarks import run
from benchmarks.row import Row


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results are kept here; commits are named by hand."""
    monkeypatch.setattr(run, "FOLDER", tmp_path)
    monkeypatch.setattr(run, "commit", lambda: "first")
    return tmp_path


def rows(path: Path) -> list[tuple[str, float, str | None]]:
    """Return what was measured, the figure, and the commit when it is not the file's."""
    return [(row["what"], row["ours"], row.get("commit")) for row in json.loads(path.read_text())["rows"]]


def test_a_partial_run_keeps_the_other_rows_with_their_own_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of two runs in one file each say of which commit they are, however often one is measured again."""
    run.save("media", [Row("idle", 1, "ms"), Row("busy", 2, "ms")])
    for commit, figure in (("second", 3), ("third", 4)):
        monkeypatch.setattr(run, "commit", lambda commit=commit: commit)
        path = run.save("media", [Row("busy", figure, "ms")], is_partial=True)
    assert rows(path) == [("busy", 4, None), ("idle", 1, "first")]
    assert json.loads(path.read_text())["commit"] == "third"


def test_a_whole_run_keeps_nothing_of_an_earlier_one() -> None:
    """A row that no benchmark yields any more is gone."""
    run.save("media", [Row("old", 1, "ms")])
    assert rows(run.save("media", [Row("new", 2, "ms")])) == [("new", 2, None)]


def test_the_first_partial_run_has_nothing_to_keep() -> None:
    """Without a file the measured rows are all there is."""
    assert rows(run.save("media", [Row("busy", 2, "ms")], is_partial=True)) == [("busy", 2, None)]
