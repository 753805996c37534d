"""The entry point: argv in, exit code out. ``--version`` and ``--help`` end before anything heavy is imported."""

import multiprocessing
import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    multiprocessing.freeze_support()  # the media process of a frozen program starts here
    from carena_desktop.config import read_config  # noqa: PLC0415 - after freeze_support

    config = read_config(sys.argv[1:] if argv is None else argv, os.environ)
    from carena_desktop.app import run  # noqa: PLC0415 - Qt and the engine are not for --version

    return run(config)


if __name__ == "__main__":
    sys.exit(main())
