"""A real server on loopback, real TLS, and desktops that use their real adapters."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from demo.clinic import Clinic, Site, clinic
from tests.integration.session.workstation import Workstation

MakeWorkstation = Callable[[], Workstation]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Clinic]:
    """A clinic's server with its own authority and its own data."""
    with clinic(tmp_path / "clinic", None, Site()) as running:
        yield running


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """One such server for the tests that leave it as it was."""
    with clinic(tmp_path_factory.mktemp("shared") / "clinic", None, Site()) as running:
        yield running


@pytest.fixture
async def workstation(tmp_path: Path) -> AsyncIterator[MakeWorkstation]:
    """Makes desktops; all are closed at the end."""
    made: list[Workstation] = []

    def make() -> Workstation:
        made.append(Workstation(tmp_path / f"desktop-{len(made)}"))
        return made[-1]

    yield make
    for one in made:
        await one.service.aclose()
