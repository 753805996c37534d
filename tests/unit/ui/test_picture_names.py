"""The safety code's pictures have the same names at both ends, in every language."""

import json
from pathlib import Path

import pytest

from carena_desktop.ui import i18n
from carena_desktop.ui.picture_names import NAMES, spoken
from carena_protocol.e2ee.safety_code import PICTURES

LOCALES = Path(__file__).resolve().parents[3] / "carena_server" / "portal" / "locales"


def test_every_picture_has_a_name_here() -> None:
    """The window's list is the protocol's, in its order."""
    assert tuple(name for _, name in PICTURES) == NAMES


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_window_says_what_the_page_says(language: str) -> None:
    """A clinician and a patient who speak the same language read the same words to each other."""
    page = json.loads((LOCALES / f"{language}.json").read_text("utf-8"))["picture"]
    before = (i18n._State.catalogue, i18n._State.locale)
    i18n.use_catalogue(i18n._load(language), i18n.locale())
    try:
        assert dict(zip(NAMES, spoken(NAMES), strict=True)) == {name: page[name] for name in NAMES}
    finally:
        i18n._State.catalogue, i18n._State.locale = before
