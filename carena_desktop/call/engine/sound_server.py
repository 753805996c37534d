"""Which sound devices are gone, asked of PulseAudio (or PipeWire answering for it) itself.

Qt 6.11.3 tells of a device that was plugged in within 20 ms, and of one that was pulled out never: its list keeps the
name until the next arrival, while the server moves the open stream to another device without a word. A patient must
not be heard by a microphone nobody chose, so Carena asks. Where no such server answers, Qt's word is all there is.
"""

import logging
import sys
import threading
from collections.abc import Callable
from typing import Final, Protocol, cast

from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)

ASK_EVERY_S: Final = 0.25
CONNECT_EVERY_S: Final = 3.0


class _Named(Protocol):
    name: str


class Connection(Protocol):
    """What is asked of the server; ``pulsectl.Pulse`` has it."""

    def source_list(self) -> list[_Named]:
        """Return the microphones."""
        ...

    def sink_list(self) -> list[_Named]:
        """Return the speakers."""
        ...

    def close(self) -> None:
        """Disconnect."""
        ...


def connect() -> Connection:
    """Return a connection to this session's sound server; raises when there is none, and starts none."""
    import pulsectl  # noqa: PLC0415 - loads libpulse, which only Linux has

    server = pulsectl.Pulse("carena-devices", connect=False)
    try:
        server.connect(autospawn=False)  # its time limit would always be waited for in full
    except Exception:
        server.close()
        raise
    return cast("Connection", server)


class SoundServer:
    """Asks in a thread of its own: a server that hangs holds up nothing.

    Args:
        changed: Called on that thread when devices went or came back.
        connecting: Makes the connection.
    """

    def __init__(self, changed: Callable[[], None], connecting: Callable[[], Connection] = connect) -> None:
        self._changed = changed
        self._connecting = connecting
        self._gone: frozenset[str] = frozenset()
        self._seen: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound-server", daemon=True)

    @property
    def gone(self) -> frozenset[str]:
        """The ids of devices that were there and are not any more."""
        return self._gone

    def start(self) -> None:
        """Begin, where such a server can be."""
        if sys.platform.startswith("linux"):
            self._thread.start()

    def stop(self) -> None:
        """Have the thread end with its next question."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                server = self._connecting()
            except Exception as error:  # noqa: BLE001 - pulsectl and the loader have their own; all mean "none here"
                _log.debug("no sound server: %s", describe_error(error))
            else:
                self._ask(server)
            self._over.wait(CONNECT_EVERY_S)

    def _ask(self, server: Connection) -> None:
        try:
            while not self._over.is_set():
                self._heard({device.name for device in (*server.source_list(), *server.sink_list())})
                self._over.wait(ASK_EVERY_S)
        except Exception as error:  # noqa: BLE001 - as above: it went away
            _log.debug("the sound server went: %s", describe_error(error))
        finally:
            server.close()

    def _heard(self, names: set[str]) -> None:
        gone = frozenset(self._seen - names)
        self._seen |= names
        if gone != self._gone:
            self._gone = gone
            self._changed()
