"""Rows of the waiting room for tests of what shows and counts them."""

from dataclasses import replace

from carena_desktop.ui.pages.waiting_room.rows import Readiness, Row, Status


def row(visit: str, **changes: object) -> Row:
    """A ready patient who came at the beginning of time."""
    base = Row(
        visit=visit,
        version=1,
        status=Status.READY,
        present=True,
        mine=False,
        room="main",
        acuity=None,
        name=f"Test Patient {visit}",
        about="47 y",
        birth_date="1980-01-01",
        reason=f"Reason {visit}",
        red_flag="",
        owner="",
        under="",
        language="English",
        interpreter=False,
        readiness=Readiness(),
        since_ms=0,
        checked_in_at_ms=0,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # a test names real fields
