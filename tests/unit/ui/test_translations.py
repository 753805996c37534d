"""Nothing on the screen is left out of the translations, and the translations are whole."""

import ast
import re
import string
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QWidget

from carena_desktop.policy.table import BY_NAME
from carena_desktop.ui import i18n
from carena_desktop.ui.theme import Appearance, Theme
from scripts import translations

_SPEAK_TO_NOBODY = {"i18n.py", "theme.py", "tokens.py", "aio.py", "logind.py", "mac_session.py", "windows_session.py"}
_UI = Path(__file__).resolve().parents[3] / "carena_desktop" / "ui"
_SOURCES = sorted(path for path in _UI.rglob("*.py") if path.name not in _SPEAK_TO_NOBODY)
_NOT_WORDS = re.compile(
    r"""(?x) \#[0-9A-Fa-f]{6} | [A-Z] | F\d+ | Esc | Tab | Return | (Ctrl|Shift|Alt)(\+(\w+|,))+ | Carena(\ Desktop)?
      | Apache-2\.0 | UTC | JSON\ \(\*\.json\) | VP8,\ Opus
      | [a-z0-9_./:$\#%+-]+ | d\ M+\ yyyy | HH:mm(:ss)? | Cc | Zl | Zp"""
)
"""Literals that are no words of a language: colours, keys, icons, formats, file names, the product's name."""
_NEVER_SHOWN = {
    "cast",
    "compile",
    "log",
    "switch",
    "number",
    "items",
    "setProperty",
    "setObjectName",
    "setStyleSheet",
    "strftime",
    "debug",
    "info",
    "warning",
    "error",
}


@dataclass(frozen=True)
class Message:
    """One entry of a .ts file."""

    source: str
    comment: str
    plural: bool
    forms: tuple[str, ...]
    finished: bool


def messages(language: str) -> list[Message]:
    """Read a .ts file of ours."""
    found = []
    for node in ET.parse(translations.FOLDER / f"carena_{language}.ts").getroot().iter("message"):  # noqa: S314 - ours
        translation = node.find("translation")
        assert translation is not None
        plural = node.get("numerus") == "yes"
        forms = [form.text or "" for form in translation.iter("numerusform")] if plural else [translation.text or ""]
        source, comment = node.findtext("source") or "", node.findtext("comment") or ""
        found.append(Message(source, comment, plural, tuple(forms), translation.get("type") is None))
    return found


def marks(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call of tr or mark."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"tr", "mark"}:
            yield node


def literal(node: ast.expr) -> str | None:
    """The text of a plain literal."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_the_files_are_what_the_source_makes() -> None:
    """Extracting again changes nothing, and the compiled files are those of the translations."""
    assert translations.stale() == []


@pytest.mark.parametrize("path", _SOURCES, ids=lambda path: str(path.relative_to(_UI)))
def test_every_mark_can_be_extracted(path: Path) -> None:
    """Marked strings are plain literals, and exactly those with a count have plural forms."""
    known = {(each.source, each.comment): each for each in messages("es")}
    for call in marks(ast.parse(path.read_text("utf-8"))):
        texts = [literal(argument) for argument in call.args[:2]]
        where = f"{path.name}:{call.lineno}"
        assert None not in texts, f"{where}: not a plain literal"
        assert not call.keywords, f"{where}: lupdate knows no keywords"
        source, comment = texts[0], texts[1] if len(texts) > 1 else ""
        assert source
        assert (source, comment or "") in known, f"{where}: lupdate did not find {source!r}"
        entry = known[source, comment or ""]
        assert entry.plural == (len(call.args) == 3), f"{where}: plural forms and count don't go together"


@pytest.mark.parametrize("path", _SOURCES, ids=lambda path: str(path.relative_to(_UI)))
def test_no_words_stand_unmarked(path: Path) -> None:
    """Every literal with words in it is marked, or is nothing that is shown."""
    tree = ast.parse(path.read_text("utf-8"))
    assert [f"{path.name}:{line}: {words!r}" for line, words in _unmarked(tree)] == []


def test_an_unmarked_string_is_found() -> None:
    """The search itself finds a bare literal and a bare f-string, and passes a marked one."""
    tree = ast.parse('button.setText("Start visit")\nlabel(f"{n} waiting")\nlabel(tr("Good"), "danger")\n')
    assert [words for _, words in _unmarked(tree)] == ["Start visit", " waiting"]


@pytest.mark.parametrize("language", [language for language in i18n.LANGUAGES if language != "en"])
def test_a_language_is_complete(language: str) -> None:
    """Each string is translated, in as many forms as the language has, with the same places to fill in."""
    for each in messages(language):
        assert each.finished, f"not translated: {each.source}"
        assert all(each.forms), each.source
        for form in each.forms:
            assert _fields(form) == _fields(each.source), f"{each.source} -> {form}"
            assert ("%n" in form) == ("%n" in each.source), f"{each.source} -> {form}"
            assert each.source.endswith(".") == form.endswith("."), f"{each.source} -> {form}"


def test_english_has_its_plural_forms() -> None:
    """The English file holds what has a count, and nothing reads "(s)"."""
    assert messages("en")
    for each in messages("en"):
        assert each.plural
        assert each.finished
        assert len(each.forms) == 2
        assert "(s)" not in "".join(each.forms)


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [("en", "1 patient", "12 patients"), ("es", "1 paciente", "12 pacientes")],
)
def test_plural_forms_of_the_real_files(language: str, one: str, many: str) -> None:
    """One and many differ in each language."""
    i18n.use(language, QLocale(language))
    try:
        assert i18n.tr("%n patient(s)", "", 1) == one
        assert i18n.tr("%n patient(s)", "", 12) == many
    finally:
        i18n.use("en", QLocale("en_US"))


_PARTS = 8


@pytest.mark.gui
@pytest.mark.parametrize("part", range(_PARTS))
def test_no_screen_shows_english_in_spanish(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    """On every screen of the screenshot script, in Spanish, no text or accessible name is an English source string."""
    monkeypatch.setenv("QT_QPA_PLATFORM", qapp.platformName())
    from scripts import screenshots, stage  # noqa: PLC0415 - sets the platform when imported

    english = {e.source for e in messages("es") if e.forms != (e.source,) and not e.plural} - _SAME_WORD - set(BY_NAME)
    i18n.use("es", QLocale("es_ES"))
    theme = Theme(qapp, appearance=Appearance.LIGHT, text_scale=1.0)
    found: list[str] = []
    try:
        for show in screenshots.SCENES[part::_PARTS]:
            with stage.staged(qapp, theme, show) as window:
                found += [f"{show.__name__}: {words}" for words in _words(window) if words in english]
    finally:
        i18n.use("en", QLocale("en_US"))
        theme.deleteLater()
    assert found == []


@pytest.mark.gui
def test_right_to_left_mirrors_the_screens(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a right-to-left layout the rail stands at the right, the details at the left, and the first column last."""
    monkeypatch.setenv("QT_QPA_PLATFORM", qapp.platformName())
    from scripts import scenes_waiting, stage  # noqa: PLC0415 - sets the platform when imported

    theme = Theme(qapp, appearance=Appearance.LIGHT, text_scale=1.0)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with stage.staged(qapp, theme, scenes_waiting.waiting) as window:
            page = window.waiting_room
            assert page.rail.geometry().left() > page.width() // 2
            assert page.drawer.geometry().right() < page.width() // 2
            header = page.table.horizontalHeader()
            assert header.sectionViewportPosition(0) > header.sectionViewportPosition(1)
        with stage.staged(qapp, theme, scenes_waiting.sign_in) as window:
            field = window.sign_in.password
            assert field.reveal.geometry().center().x() < field.width() // 2
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        theme.deleteLater()


_SAME_WORD = {"Chat", "Fingerprint"}
"""Words that are the same in both languages, or part of what is compared digit by digit."""


def _fields(words: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(words) if name is not None)


def _unmarked(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Walk down, leaving out what is never shown: docstrings, errors, marks, annotations, log lines."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and re.search("[A-Za-z]", node.value) and not _is_no_word(node.value):
            yield node.lineno, node.value
        return
    if _never_shown(node):
        return
    children = (child for name, field in ast.iter_fields(node) if name not in _NO_TEXT for child in _listed(field))
    for child in children:
        if isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant):
            yield from _piece(child)
        elif isinstance(child, ast.AST):
            yield from _unmarked(child)


def _is_no_word(value: str) -> bool:
    return value in BY_NAME or _NOT_WORDS.fullmatch(value) is not None


_NO_TEXT = {"annotation", "returns", "decorator_list", "format_spec"}


def _listed(field: object) -> list[object]:
    return field if isinstance(field, list) else [field]


def _never_shown(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return name in {"tr", "mark", "Signal", "QKeySequence"} | _NEVER_SHOWN
    if isinstance(node, ast.Dict):  # what is said to a patient, in each patient's language
        return bool(node.keys) and {literal(key) for key in node.keys if key is not None} == set(i18n.LANGUAGES)
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or isinstance(node, ast.Raise | ast.Assert)


def _piece(piece: ast.Constant) -> Iterator[tuple[int, str]]:
    """The literal part of an f-string: words stand beside a space, parts of names don't."""
    said = str(piece.value)
    if " " in said and re.search("[A-Za-z]{2}", said) and said.strip(" ·:,.") not in {"Carena", "Carena Desktop"}:
        yield piece.lineno, said


def _words(window: QWidget) -> Iterator[str]:
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window):
            continue
        for getter in ("text", "title", "placeholderText", "accessibleName", "toolTip", "windowTitle"):
            get = getattr(widget, getter, None)
            if callable(get) and isinstance(said := get(), str) and said:
                yield said.strip()
