"""Where the frozen server starts."""

import sys

from carena_server.cli import main

if __name__ == "__main__":
    sys.exit(main())
