"""Feed every parser a million inputs: python -m tests.fuzz [--inputs N] [--seed S] [--json FILE]."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.campaign import run


def main() -> int:
    """Run, print a line for each target, return 1 for a finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = run(options.inputs, options.seed)
    for result in results:
        print(  # noqa: T201 - the command's output
            f"{result.name:<20} {result.inputs:>9} inputs, {result.taken:>8} taken, "
            f"slowest {result.slowest_ms:7.2f} ms, memory +{result.grown_kib} KiB, findings {len(result.findings)}"
        )
        for finding in result.findings:
            print(f"  {finding}")  # noqa: T201 - the command's output
    total = sum(result.inputs for result in results)
    print(f"{total} inputs, {sum(len(result.findings) for result in results)} findings")  # noqa: T201 - the same
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n", encoding="utf-8")
    return 1 if any(result.findings for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
