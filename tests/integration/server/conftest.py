"""One running server per module; tests that stop it, or need other settings, make their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.server.harness import Server

TURN = '[turn]\nurls = ["turn:127.0.0.1:3478"]\nsecret_file = "turn.secret"\nstun = ["stun:127.0.0.1:3478"]\n'


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Return a server that was set up and never started; others begin with a copy of its data."""
    return Server(tmp_path_factory.mktemp("template")).set_up()


@pytest.fixture(scope="module")
def server(template: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that the module's tests share."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "turn.secret").write_text("north\n")
    made = Server(folder, TURN, template).start()
    yield made
    assert made.stop() == 0


@pytest.fixture
def make_server(template: Server, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Return a maker of servers of the test's own."""
    made: list[Server] = []

    def make(settings: str = "") -> Server:
        folder = tmp_path / f"server{len(made)}"
        folder.mkdir()
        made.append(Server(folder, settings, template))
        return made[-1].start()

    yield make
    for server in made:
        server.stop()
