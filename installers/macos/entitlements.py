"""Prints the entitlements as a property list: ``python -m installers.macos.entitlements``."""

import plistlib
import sys

from installers.macos.bundle import entitlements

if __name__ == "__main__":
    sys.stdout.buffer.write(plistlib.dumps(entitlements()))
