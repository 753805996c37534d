"""``python -m carena_server`` and the ``carena-server`` command."""

import sys

from carena_server.cli import main

if __name__ == "__main__":
    sys.exit(main())
