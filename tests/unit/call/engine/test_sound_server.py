"""Which sound devices are gone, by what the sound server says."""

import threading
from dataclasses import dataclass, field

from carena_desktop.call.engine.sound_server import SoundServer

WAIT_S = 5


@dataclass
class Named:
    """A device."""

    name: str


@dataclass
class Server:
    """Answers from a script, one line a question; then it has gone away."""

    script: list[set[str]]
    closed: threading.Event = field(default_factory=threading.Event)

    def source_list(self) -> list[Named]:
        """Answer."""
        if not self.script:
            raise ConnectionError
        return [Named(name) for name in self.script.pop(0)]

    def sink_list(self) -> list[Named]:
        """Nothing."""
        return []

    def close(self) -> None:
        """Remember."""
        self.closed.set()


def _told(script: list[set[str]]) -> tuple[list[set[str]], Server]:
    server = Server(script)
    told: list[set[str]] = []
    asking = SoundServer(lambda: told.append(set(asking.gone)), lambda: server)  # type: ignore[arg-type, return-value]  # a list is invariant
    asking.start()
    assert server.closed.wait(WAIT_S)
    asking.stop()
    return told, server


def test_a_device_that_went_is_gone_until_it_is_back() -> None:
    """A pulled microphone is named once, and not any more when it is plugged in again."""
    told, _ = _told([{"mic", "headset"}, {"mic"}, {"mic"}, {"mic", "headset"}])
    assert told == [{"headset"}, set()]


def test_a_device_never_seen_is_not_gone() -> None:
    """What Qt lists before the server does is there: nobody has seen it go."""
    told, _ = _told([{"mic"}, {"mic", "new"}])
    assert told == []


def test_a_server_that_goes_away_is_let_go_of() -> None:
    """The connection is closed when the server fails, and what was gone is still known to be."""
    told, server = _told([{"mic"}, set()])
    assert told == [{"mic"}]
    assert server.closed.is_set()
