"""Protocol identity: one number in every envelope and in the WebSocket subprotocol name."""

from typing import Final

PROTOCOL_VERSION: Final = 1
SUBPROTOCOL: Final = "carena.v1"
