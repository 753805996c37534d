"""Speaking to screen readers: announcements for what happens without the person doing anything.

Names and roles belong to the widgets themselves. Announced text may name a patient only where the screen does too.
"""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


class _Hush:
    """While the window is locked only the lock itself may speak."""

    speaker: QWidget | None = None


def hush(speaker: QWidget | None) -> None:
    """Let nothing outside ``speaker`` be announced from now on; None lets everything be announced again."""
    _Hush.speaker = speaker


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have ``text`` read out now; ``urgent`` interrupts what is being read (WCAG 2.2, 4.1.3)."""
    if _Hush.speaker is not None and widget is not _Hush.speaker and not _Hush.speaker.isAncestorOf(widget):
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    event.setPoliteness(
        QAccessible.AnnouncementPoliteness.Assertive if urgent else QAccessible.AnnouncementPoliteness.Polite
    )
    QAccessible.updateAccessibility(event)
