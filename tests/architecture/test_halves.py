"""``make test`` leaves out no folder of tests."""

from pathlib import Path

from scripts.run_tests import ELSEWHERE, HALVES

TESTS = Path(__file__).resolve().parents[1]


def test_every_folder_is_run() -> None:
    """Each folder of tests belongs to one of the halves, or is named as one that make test does not run."""
    paths = [path for half in HALVES.values() for run in half for path in run if path.startswith("tests/")]
    named = {path.split("/")[1] for path in paths}
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))}
    assert folders == named | set(ELSEWHERE)


def test_what_is_left_out_has_no_tests_of_make_test() -> None:
    """A folder that is not run has no test, or only ones marked for make test-all."""
    for name in ELSEWHERE:
        for path in (TESTS / name).rglob("test_*.py"):
            text = path.read_text(encoding="utf-8")
            assert "pytest.mark.netlab" in text or "pytest.mark.packages" in text, path
