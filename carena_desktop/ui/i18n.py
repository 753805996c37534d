"""The language of the window: one way to mark a string, by Qt Linguist.

``tr("Start visit")`` is the sentence in the language that is on; the English in the source is the key. ``lupdate``
reads the source text and runs nothing, so arguments are plain literals (tests/unit/ui/test_translations.py holds that):

- ``tr("Waiting for {name}").format(name=...)``, never an f-string;
- ``tr("Open", "verb")``: a second literal tells equal words apart, and tells the translator which is meant;
- ``tr("%n patient(s) waiting", "", count)``: plural forms, where ``%n`` becomes the number as the language writes it;
- ``mark("Waiting")`` in a constant, which is made before the language is known; ``tr_marked(it)`` where it is shown.

Works without a QApplication, so that view models stay testable by themselves. It may not know any page.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication

from carena_desktop.ui import resources

LANGUAGES: Final = {"en": "English", "es": "Español"}
"""Complete languages, each by its own name; the first is the source's."""
SYSTEM: Final = "system"
_CONTEXT: Final = ""
"""One context for the whole program: what lupdate gives a bare ``tr``."""


class Catalogue(Protocol):
    """What translates: Qt's, or a test's."""

    def translate(self, context: str, source: str, comment: str = "", n: int = -1, /) -> str:
        """Return the translation, or empty when there is none."""
        ...


class _Compiled:
    """A .qm file of ours."""

    def __init__(self, path: Path) -> None:
        self._translator = QTranslator()
        if not self._translator.load(str(path)):
            raise resources.ResourceMissingError(path.name)

    def translate(self, context: str, source: str, comment: str = "", n: int = -1, /) -> str:
        """Return the translation, or empty when there is none."""
        return self._translator.translate(context, source, comment, n) or ""


class _State:
    """What is on now; English by itself until someone chooses."""

    catalogue: Catalogue | None = None
    locale: QLocale = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
    qt: QTranslator | None = None


def tr(source: str, comment: str = "", n: int | None = None, /) -> str:
    """Return ``source`` in the language that is on; ``n`` picks the plural form and becomes ``%n``."""
    if n is None:
        return _catalogue().translate(_CONTEXT, source, comment) or source
    found = _catalogue().translate(_CONTEXT, source, comment, n) or source.replace("(s)", "" if n == 1 else "s")
    return found.replace("%n", _State.locale.toString(n))


def mark(source: str, /) -> str:
    """Have ``source`` translated, and return it as it is."""
    return source


def tr_marked(source: str, /) -> str:
    """Return what ``mark`` took in the language that is on."""
    return _catalogue().translate(_CONTEXT, source) or source


def locale() -> QLocale:
    """How numbers and dates are written now."""
    return _State.locale


def language_name() -> str:
    """Return the language that is on, by its own name."""
    return LANGUAGES.get(_State.locale.name().partition("_")[0], next(iter(LANGUAGES.values())))


def language_for(wanted: str, system: Sequence[str]) -> str:
    """Return the language to use: what the person chose, else the first of the system's that there is, else English.

    Args:
        wanted: A key of ``LANGUAGES``, or ``SYSTEM``; anything unknown counts as ``SYSTEM``.
        system: The system's languages by preference, as ``es-MX``.
    """
    if wanted in LANGUAGES:
        return wanted
    known = (tag.replace("_", "-").partition("-")[0].lower() for tag in system)
    return next((language for language in known if language in LANGUAGES), next(iter(LANGUAGES)))


def use(language: str, system: QLocale | None = None) -> None:
    """Turn a language on for all strings asked for from now on; Qt's own dialogs follow where there is an application.

    Args:
        language: A key of ``LANGUAGES``.
        system: Whose way of writing numbers is kept where it speaks the same language; None for the system's.
    """
    system = system if system is not None else QLocale.system()
    chosen = QLocale(language)
    use_catalogue(_load(language), system if system.language() == chosen.language() else chosen)
    QLocale.setDefault(_State.locale)
    application = QCoreApplication.instance()
    if application is None:
        return
    if _State.qt is not None:
        application.removeTranslator(_State.qt)
    _State.qt = QTranslator()
    if _State.qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(_State.qt)
    if isinstance(application, QGuiApplication):
        left = chosen.textDirection() is Qt.LayoutDirection.LeftToRight
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight if left else Qt.LayoutDirection.RightToLeft)


def use_catalogue(catalogue: Catalogue, written_by: QLocale) -> None:
    """Turn on a catalogue that is loaded already."""
    _State.catalogue, _State.locale = catalogue, written_by


def _catalogue() -> Catalogue:
    if _State.catalogue is None:
        _State.catalogue = _load(next(iter(LANGUAGES)))
    return _State.catalogue


def _load(language: str) -> Catalogue:
    return _Compiled(resources.path("translations", f"carena_{language}.qm"))
