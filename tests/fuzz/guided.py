"""Coverage-guided fuzzing of the parsers that are Python.

    python -m tests.fuzz.guided "answer's SDP" -runs=200000

Needs atheris (``uv sync --group fuzz``), which instruments our bytecode and keeps inputs that reach new branches; for
the parsers that are msgspec's C it would be blind, so those are left to ``python -m tests.fuzz``. Every option of
libFuzzer works; a crash is written to a file of the current folder.
"""

import contextlib
import sys
import tempfile
from pathlib import Path

PYTHON_PARSERS = (
    "answer's SDP",
    "signed hello",
    "sealed frame",
    "wrapped keys",
    "file name",
    "file content",
    "visit link",
)


def main() -> None:
    """Fuzz one target until libFuzzer ends."""
    import atheris  # noqa: PLC0415 - an optional tool

    if len(sys.argv) < 2 or sys.argv[1] not in PYTHON_PARSERS:
        raise SystemExit(f"name one of: {', '.join(PYTHON_PARSERS)}")
    with atheris.instrument_imports(include=["carena_protocol", "carena_desktop"]):
        from tests.fuzz.targets import targets  # noqa: PLC0415 - instrumented

    name = sys.argv.pop(1)
    target = next(found for found in targets() if found.name == name)

    def one(data: bytes) -> None:
        with contextlib.suppress(*target.errors):
            target.run(data)

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        atheris.Setup([*sys.argv, corpus], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
