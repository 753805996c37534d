"""Whether single-letter keys are on: one switch for the whole program, and off while something takes characters.

WCAG 2.2, 2.1.4: a person who dictates or types must not start a visit by a letter.
"""

from typing import Final

from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

_TYPING: Final = (QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox)


class Letters:
    """The switch, set by the settings."""

    on = True


def is_typing(focus: QWidget | None) -> bool:
    """Whether what has the keyboard takes characters."""
    return isinstance(focus, _TYPING)
