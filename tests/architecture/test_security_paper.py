"""The security white paper claims nothing without a test."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "docs" / "security.md"
CITED = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")


def test_every_claim_has_its_test() -> None:
    """Each test that the paper cites exists under that name in that file."""
    cited = CITED.findall(PAPER.read_text("utf-8"))
    assert len(set(cited)) > 40
    missing = [
        f"{path}::{name}"
        for path, name in cited
        if not (ROOT / path).is_file()
        or not re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    ]
    assert missing == []


def _rows(section: str) -> list[list[str]]:
    text = PAPER.read_text("utf-8").split(f"## {section}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(("section", "column"), [("4. What each attacker", 3), ("7. HIPAA", 2)])
def test_every_row_cites_one(section: str, column: int) -> None:
    """No attacker and no standard stands in the tables without evidence."""
    rows = _rows(section)
    assert len(rows) >= 10
    assert [row[0] for row in rows if not CITED.search(row[column])] == []
