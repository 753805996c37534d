"""One way to mark a string; plural forms, numbers and the choice of a language."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from carena_desktop.ui import i18n
from carena_desktop.ui.i18n import SYSTEM, language_for, mark, tr, tr_marked


class Shouting:
    """A catalogue that shouts, and knows one plural."""

    def translate(self, context: str, source: str, comment: str = "", n: int = -1, /) -> str:
        """Return the source in capitals, nothing for what is unknown."""
        assert not context
        if source == "unknown %n thing(s)":
            return ""
        said = f"{source}/{comment}" if comment else source
        return said.upper().replace("%N", "%n") + ("!" if n == 1 else "")


@pytest.fixture(autouse=True)
def shouting() -> Iterator[None]:
    """Everything is shouted, and numbers are written as in Spain; English is back afterwards."""
    i18n.use_catalogue(Shouting(), QLocale("es_ES"))
    yield
    i18n.use("en", QLocale("en_US"))


def test_a_marked_string_is_looked_up_when_shown() -> None:
    """A literal, a literal with a comment and a constant made earlier all come in the language that is on."""
    assert tr("start") == "START"
    assert tr("open", "verb") == "OPEN/VERB"
    assert mark("waiting") == "waiting"
    assert tr_marked(mark("waiting")) == "WAITING"


def test_numbers_are_written_as_the_language_does() -> None:
    """The count picks the form and stands in it with the language's own separators."""
    assert tr("%n row(s)", "", 1) == "1 ROW(S)!"
    assert tr("%n row(s)", "", 12345) == "12.345 ROW(S)"


def test_an_unknown_plural_still_reads_as_english() -> None:
    """A string that isn't translated yet shows in English, in the right number."""
    assert tr("unknown %n thing(s)", "", 1) == "unknown 1 thing"
    assert tr("unknown %n thing(s)", "", 2) == "unknown 2 things"


@pytest.mark.parametrize(
    ("wanted", "system", "language"),
    [
        ("es", ["en-US"], "es"),
        (SYSTEM, ["es-MX", "en-US"], "es"),
        (SYSTEM, ["fr-CA", "es_US", "en"], "es"),
        (SYSTEM, ["fr-CA"], "en"),
        (SYSTEM, ["C"], "en"),
        (SYSTEM, [], "en"),
        ("klingon", ["es"], "es"),
    ],
)
def test_the_language_follows_the_person_then_the_system(wanted: str, system: list[str], language: str) -> None:
    """A choice wins; else the first of the system's languages that there is; else English."""
    assert language_for(wanted, system) == language


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_offered_language_can_be_turned_on(language: str) -> None:
    """Each language in the list has its compiled file, and sets how numbers are written."""
    i18n.use(language, QLocale("de_DE"))
    assert QLocale().name().startswith(language)
    assert i18n.locale().name().startswith(language)


def test_the_systems_way_of_writing_numbers_is_kept() -> None:
    """Spanish on a Mexican system writes numbers as Mexico does."""
    i18n.use("es", QLocale("es_MX"))
    assert i18n.locale().toString(1234567) == "1,234,567"
