"""One window per person and profile: a second start hands over its link and ends.

The socket is the user's alone (``UserAccessOption``), its name comes from the profile's folder. What comes in is a link
or nothing; it is read as if anybody had sent it.
"""

import hashlib
import json
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from carena_desktop.visit_address import MAX_CHARS

MAX_BYTES: Final = 2048
_WAIT_MS: Final = 2000


def socket_name(config_dir: Path) -> str:
    """Return the name of a profile's socket."""
    return "carena-desktop-" + hashlib.sha256(str(config_dir.resolve()).encode()).hexdigest()[:24]


def hand_over(name: str, link: str) -> bool:
    """Give ``link`` ("" for none) to the program that runs already; return whether one took it."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(json.dumps({"link": link}).encode() + b"\n")
    socket.flush()
    answer = bytes(socket.readAll().data()) if socket.waitForReadyRead(_WAIT_MS) else b""
    socket.disconnectFromServer()
    return answer == b"taken\n"


class SingleInstance(QObject):
    """Listens for later starts.

    Args:
        name: See ``socket_name``.
    """

    started_again = Signal(str)
    """Somebody started the program once more, with this link or "" ."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        self._name = name

    def listen(self) -> bool:
        """Begin; the socket of a program that died is replaced. Return whether it worked."""
        if self._server.listen(self._name):
            return True
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > MAX_BYTES:
            socket.abort()
            return
        if not socket.canReadLine():
            return
        try:
            said = json.loads(bytes(socket.readLine(MAX_BYTES).data()))
            link = said["link"]
        except (ValueError, KeyError, TypeError, RecursionError):
            socket.abort()
            return
        if not isinstance(link, str) or len(link) > MAX_CHARS:
            socket.abort()
            return
        socket.write(b"taken\n")
        socket.flush()
        self.started_again.emit(link)
