"""Where the frozen desktop starts."""

import sys

from carena_desktop.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
