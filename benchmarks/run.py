"""Run benchmarks, print their tables and keep their results.

A benchmark is a module ``benchmarks/<name>.py`` with a function ``rows() -> Iterable[Row]``. Its results go to
``benchmarks/results/<name>.json`` with the machine, the date and the commit they were measured at. A run that was told
to measure only some states (the module's ``PARTIAL``) keeps the other rows, each with the date and commit it is of.

    python -m benchmarks.run [NAME...]
"""

import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import benchmarks
from benchmarks.row import Row

FOLDER = Path(__file__).resolve().parent
NOT_BENCHMARKS = ("row", "run")


def names() -> list[str]:
    """Return the names of all benchmarks."""
    return sorted(
        m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.ispkg and m.name not in NOT_BENCHMARKS
    )


def machine() -> str:
    """Describe the machine: processor, cores, kernel and Python."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    system = f"{platform.system()} {platform.release().split('-', maxsplit=1)[0]}"
    return f"{cpu}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def commit() -> str:
    """Return the commit, with a ``+`` when the tree differs from it."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
        check=False,
        capture_output=True,
        text=True,
        cwd=FOLDER,
    )
    return described.stdout.strip() or "unknown"


def table(name: str, rows: Sequence[Row]) -> str:
    """Return the rows as a text table."""
    head = ("what", "ours", "peer", "ratio", "unit", "target", "met", "measured against")
    lines = [
        (
            row.what,
            f"{row.ours:.4g}",
            "-" if row.peer is None else f"{row.peer:.4g}",
            "-" if row.ratio is None else f"{row.ratio:.2f}",
            row.unit,
            row.target or "-",
            {True: "yes", False: "NO", None: "-"}[row.met],
            row.peer_name,
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in (head, *lines)) for column in range(len(head))]
    body = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in (head, *lines))
    return "\n".join((f"== {name}", *(line.rstrip() for line in body)))


def _kept(path: Path, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows of an earlier run that this one did not measure, with the date and commit they are of."""
    if not path.exists():
        return []
    earlier = json.loads(path.read_text(encoding="utf-8"))
    of = {"date": earlier["date"], "commit": earlier["commit"]}
    measured = {(row.what, row.peer_name) for row in rows}
    return [of | row for row in earlier["rows"] if (row["what"], row["peer_name"]) not in measured]


def save(name: str, rows: Sequence[Row], *, is_partial: bool = False) -> Path:
    """Write the result file and return its path; of a partial run beside the rows that it did not measure."""
    path = FOLDER / "results" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    result = {
        "name": name,
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "rows": [row.as_json() for row in rows] + (_kept(path, rows) if is_partial else []),
    }
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return path


def main() -> int:
    """Run the named benchmarks, or all; return 1 when a target was missed."""
    wanted = sys.argv[1:] or names()
    if unknown := sorted(set(wanted) - set(names())):
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    missed = 0
    for name in wanted:
        module = importlib.import_module(f"benchmarks.{name}")
        rows = list(module.rows())
        print(table(name, rows), flush=True)
        path = save(name, rows, is_partial=getattr(module, "PARTIAL", False))
        print(f"   written to {path.relative_to(FOLDER.parent)}\n", flush=True)
        missed += sum(row.met is False for row in rows)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
