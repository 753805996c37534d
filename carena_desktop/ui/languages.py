"""Languages by name, in the language of the window: those the patient's page offers, and others as Qt knows them. Pure.

Qt has the names of languages in English and each in itself, and not each in each other.
"""

from typing import Final

from PySide6.QtCore import QLocale

from carena_desktop.ui import text
from carena_desktop.ui.i18n import mark, tr_marked

NAMES: Final = {
    "am": mark("Amharic"),
    "ar": mark("Arabic"),
    "ase": mark("American Sign Language"),
    "bn": mark("Bangla"),
    "de": mark("German"),
    "en": mark("English"),
    "es": mark("Spanish"),
    "fa": mark("Persian"),
    "fr": mark("French"),
    "gu": mark("Gujarati"),
    "he": mark("Hebrew"),
    "hi": mark("Hindi"),
    "hmn": mark("Hmong"),
    "ht": mark("Haitian Creole"),
    "hy": mark("Armenian"),
    "it": mark("Italian"),
    "ja": mark("Japanese"),
    "km": mark("Khmer"),
    "ko": mark("Korean"),
    "lo": mark("Lao"),
    "my": mark("Burmese"),
    "ne": mark("Nepali"),
    "nv": mark("Navajo"),
    "pa": mark("Punjabi"),
    "pl": mark("Polish"),
    "ps": mark("Pashto"),
    "pt": mark("Portuguese"),
    "ru": mark("Russian"),
    "so": mark("Somali"),
    "sw": mark("Swahili"),
    "ta": mark("Tamil"),
    "te": mark("Telugu"),
    "th": mark("Thai"),
    "tl": mark("Tagalog"),
    "uk": mark("Ukrainian"),
    "ur": mark("Urdu"),
    "vi": mark("Vietnamese"),
    "yi": mark("Yiddish"),
    "yo": mark("Yoruba"),
    "zh": mark("Chinese"),
}
"""By the first part of their tag (BCP 47): how Chinese is written matters to no interpreter."""


def name_of(tag: str) -> str:
    """Return a language tag (BCP 47) as a name in the window's language; one that nobody knows as it is."""
    first = tag.partition("-")[0].lower()
    if first in NAMES:
        return tr_marked(NAMES[first])
    code = QLocale.codeToLanguage(first)
    return QLocale.languageToString(code) if code is not QLocale.Language.AnyLanguage else text.one_line(tag)
