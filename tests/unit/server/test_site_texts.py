"""The site's own words on the patient's page."""

from pathlib import Path

import pytest

from carena_server import settings, site_texts
from carena_server.settings import Settings, SettingsError


def load(folder: Path, text: str) -> Settings:
    """Read settings from a file in a folder."""
    (folder / "carena.toml").write_text(text, "utf-8")
    return settings.load(folder / "carena.toml")


def test_the_consents_version_is_its_text(tmp_path: Path) -> None:
    """Another text has another version; the same text has the same."""
    (tmp_path / "consent.txt").write_text("I agree.\n", "utf-8")
    own = load(tmp_path, "consent_file = 'consent.txt'")
    texts = site_texts.read(own)
    assert texts.consent.text == "I agree."
    assert len(texts.consent.version) == 16
    assert texts.consents == {"en": texts.consent} == site_texts.read(own).consents
    assert texts.knows(texts.consent.version)
    assert not site_texts.read(Settings()).knows(texts.consent.version)


def test_without_a_sites_own_the_text_is_there_in_every_language_of_the_page() -> None:
    """English and Spanish, each with a version of its own."""
    texts = site_texts.read(Settings())
    assert set(texts.consents) == {"en", "es"}
    assert len({consent.version for consent in texts.consents.values()}) == 2
    assert texts.emergency == {}


def test_a_sites_own_text_is_never_mixed_with_ours(tmp_path: Path) -> None:
    """Whoever wrote one language reads that one everywhere, not our words in another."""
    (tmp_path / "es.txt").write_text("Acepto.", "utf-8")
    own = load(tmp_path, "[portal]\nconsent_files = { es = 'es.txt' }\nemergency = { es = 'Llame al 112.' }")
    texts = site_texts.read(own)
    assert {language: consent.text for language, consent in texts.consents.items()} == {"es": "Acepto."}
    assert texts.consent.text == "Acepto."
    assert texts.emergency == {"es": "Llame al 112."}


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_text_that_cannot_be_read_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    """Missing, empty and broken files are named by their language, before anybody could agree to nothing."""
    if content is not None:
        (tmp_path / "es.txt").write_bytes(content)
    own = load(tmp_path, "[portal]\nconsent_files = { es = 'es.txt' }")
    with pytest.raises(SettingsError, match=r"\(es\)"):
        site_texts.read(own)


@pytest.mark.parametrize("line", ["emergency = { 'x y' = 'z' }", "emergency = { en = '' }", "emergency = 'call'"])
def test_what_is_no_language_or_no_text_is_refused(tmp_path: Path, line: str) -> None:
    """Tags and texts are checked when the file is read."""
    with pytest.raises(SettingsError):
        load(tmp_path, f"[portal]\n{line}")
