"""The portal in a real browser, served by the real server; no desktop takes part."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path  # noqa: TC003 - pytest reads the annotation

import pytest
from playwright.sync_api import Browser

from demo.browser import Patient, browser, patient
from demo.clinic import Clinic, clinic


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """Return a clinic's server."""
    folder: Path = tmp_path_factory.mktemp("clinic")
    with clinic(folder, None) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return a browser with a generated camera and microphone."""
    with browser() as launched:
        yield launched


@pytest.fixture
def visitor(place: Clinic, chromium: Browser) -> Iterator[Callable[..., Patient]]:
    """Return a function that opens a fresh visit link in a fresh profile."""
    with ExitStack() as stack:

        def arrive(**options: object) -> Patient:
            person = stack.enter_context(patient(chromium, place.visit_link(), **options))  # type: ignore[arg-type]  # passed through
            person.open()
            person.page.get_by_role("heading", name="Check in for your visit").wait_for()
            return person

        yield arrive


@pytest.fixture
def spanish(place: Clinic, chromium: Browser) -> Iterator[Callable[..., Patient]]:
    """Return a function that opens a fresh visit link in a browser set to Spanish."""
    with ExitStack() as stack:

        def arrive() -> Patient:
            person = stack.enter_context(patient(chromium, place.visit_link(), locale="es-MX"))
            person.open()
            person.page.get_by_role("heading", name="Regístrese para su visita").wait_for()
            return person

        yield arrive
