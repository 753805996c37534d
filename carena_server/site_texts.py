"""What the patient's page says in the site's own words, by language: the consent, and what to do in an emergency.

Every consent has a version of its own, so that the record says which text was read. It may not know HTTP or a patient.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carena_protocol.rest import Consent
from carena_server.settings import Settings, SettingsError

FIRST_LANGUAGE: Final = "en"
_CONSENTS: Final = {
    "en": (
        "I agree to a video visit with this clinic. What I enter here is shown to the clinic's staff and deleted when "
        "the visit ends. Picture, sound and chat go directly between me and the clinician and are not recorded by this "
        "service."
    ),
    "es": (
        "Acepto una visita por video con esta clínica. Lo que escribo aquí se muestra al personal de la clínica y se "
        "borra cuando termina la visita. La imagen, el sonido y el chat van directamente entre el personal clínico y "
        "yo, y este servicio no los graba."
    ),
}


@dataclass(frozen=True, slots=True)
class SiteTexts:
    """Texts by language tag; at least one consent.

    Attributes:
        consents: What a patient agrees to.
        emergency: In place of the page's own sentence; may be empty.
    """

    consents: dict[str, Consent]
    emergency: dict[str, str]

    @property
    def consent(self) -> Consent:
        """The one for a reader whose language is not there."""
        return self.consents.get(FIRST_LANGUAGE) or next(iter(self.consents.values()))

    def knows(self, version: str) -> bool:
        """Whether this is the version of a text that may be agreed to now."""
        return any(consent.version == version for consent in self.consents.values())


def read(settings: Settings) -> SiteTexts:
    """Return the texts. Raises SettingsError for a file that can't be read or is empty."""
    files = dict(settings.portal.consent_files)
    if settings.consent_file is not None:
        files.setdefault(FIRST_LANGUAGE, settings.consent_file)
    texts = {language: _text(language, Path(file)) for language, file in files.items()} or _CONSENTS
    consents = {language: Consent(version=_version(text), text=text) for language, text in texts.items()}
    return SiteTexts(consents, dict(settings.portal.emergency))


def _text(language: str, file: Path) -> str:
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"consent text ({language}): {file} can't be read") from None
    if not text:
        raise SettingsError(f"consent text ({language}): {file} is empty")
    return text


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
