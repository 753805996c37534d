"""Languages are called by their names in the language of the window."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from carena_desktop.ui import i18n
from carena_desktop.ui.languages import NAMES, name_of

SPOKEN = Path(__file__).parents[3] / "carena_server" / "portal" / "js" / "arrival" / "spoken.js"


@pytest.fixture
def spanish() -> Iterator[None]:
    """Spanish for the length of a test."""
    i18n.use("es", QLocale("es_ES"))
    yield
    i18n.use("en", QLocale("en_US"))


@pytest.mark.parametrize(
    ("tag", "name"),
    [("es", "Spanish"), ("es-MX", "Spanish"), ("ase", "American Sign Language"), ("zh-Hant", "Chinese")],
)
def test_a_tag_is_a_name(tag: str, name: str) -> None:
    """Region and script are left out."""
    assert name_of(tag) == name


@pytest.mark.usefixtures("spanish")
def test_names_follow_the_window() -> None:
    """In a Spanish window a language is called what Spanish calls it."""
    assert [name_of(tag) for tag in ("es", "vi", "ase")] == ["Español", "Vietnamita", "Lengua de señas americana"]


def test_what_nobody_knows_stays_as_it_came() -> None:
    """An unknown tag is shown on one line; one that only Qt knows has Qt's name."""
    assert name_of("") == ""
    assert name_of("xx-\nnone") == "xx- none"
    assert name_of("sv") == "Swedish"


def test_every_language_of_the_patients_page_has_a_name() -> None:
    """What a patient can choose never reaches the staff as a tag."""
    listed = re.search(r"const TAGS = \[(.*?)\]", SPOKEN.read_text("utf-8"), re.DOTALL)
    assert listed is not None
    tags = re.findall(r'"([^"]+)"', listed[1])
    assert len(tags) > 30
    assert [tag for tag in tags if tag.partition("-")[0] not in NAMES] == []
