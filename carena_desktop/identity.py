"""What this program calls itself: to the server, to the operating system and in the keyring."""

import platform
from typing import Final

from carena_desktop import __version__
from carena_protocol.messages import ClientInfo

APP_ID: Final = "carena-desktop"
"""Directory, keyring service and log file name."""
APP_NAME: Final = "Carena Desktop"
USER_AGENT: Final = f"{APP_ID}/{__version__}"
CLIENT_INFO: Final = ClientInfo(name="carena-desktop", version=__version__)


def computer_name() -> str:
    """Return what this computer is called, so that a person knows it again in the list of sessions."""
    return platform.node()[:80]
