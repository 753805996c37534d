"""A room's settings, changed in the running server's database as its administrator would change them."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

from demo.clinic import Clinic

INSURER: Final[dict[str, Any]] = {
    "key": "insurer",
    "label": "Insurance",
    "required": True,
    "choices": ["None", "Sample Health"],
}
ALL_FIELDS: Final[dict[str, Any]] = {
    "call_back": "required",
    "location": "required",
    "language": "required",
    "interpreter": "optional",
    "red_flags": "optional",
    "own": [INSURER, {"key": "pharmacy", "label": "Pharmacy"}],
}


@contextmanager
def room(place: Clinic, **changed: object) -> Iterator[None]:
    """Give the first room these settings for the length of the block."""

    def write(settings: str) -> str:
        with closing(sqlite3.connect(place.data / "carena.db", timeout=10)) as database, database:
            before = database.execute("SELECT settings FROM room WHERE id = 'main'").fetchone()[0]
            database.execute("UPDATE room SET settings = ? WHERE id = 'main'", (settings,))
            database.execute("UPDATE clinic SET directory_version = directory_version + 1")
        return str(before)

    before = write(json.dumps(changed))
    try:
        yield
    finally:
        write(before)
