"""What this program is made of and under which licences, for Settings, About. Reads files of the product only.

A package has the list of everything inside it beside the program (CycloneDX), and the texts of the licences. Without a
package, the source tree's list of what the program depends on is told.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LIST: Final = "sbom.cdx.json"
TEXTS: Final = "LICENCES.txt"
OWN: Final = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class PartOf:
    """One part: what it is called (with its version where that is known), its licence, where it comes from."""

    name: str
    licence: str
    home: str


@dataclass(frozen=True, slots=True)
class MadeWith:
    """Of what a program consists.

    Attributes:
        licence: Of the program as a whole, an SPDX expression.
        texts: Where the licences' texts are; "" where they are the parts' own.
        parts: By name.
    """

    licence: str
    texts: str
    parts: tuple[PartOf, ...]


def folder() -> Path:
    """Return where a package has its lists."""
    return Path(sys.executable).resolve().parent / "licences"


def made_with(own: Path, lists: Path | None = None) -> MadeWith:
    """Return what is known; a package's list that can't be read counts as none.

    Args:
        own: The source tree's list.
        lists: Where a package has its lists; None for this program's.
    """
    lists = lists if lists is not None else folder()
    try:
        return _of_package(lists)
    except (OSError, ValueError, KeyError, TypeError):
        found = json.loads(own.read_text("utf-8"))
        return MadeWith(OWN, "", tuple(PartOf(one["name"], one["licence"], one["url"]) for one in found))


def _of_package(lists: Path) -> MadeWith:
    found = json.loads((lists / LIST).read_text("utf-8"))
    parts = [
        PartOf(f"{one['name']} {one.get('version', '')}".strip(), _licence(one), _home(one))
        for one in found["components"]
    ]
    texts = lists / TEXTS
    return MadeWith(
        licence=_licence(found["metadata"]["component"]),
        texts=str(texts) if texts.is_file() else "",
        parts=tuple(sorted(set(parts), key=lambda part: part.name.casefold())),
    )


def _licence(component: dict[str, Any]) -> str:
    entry = component["licenses"][0]
    return str(entry.get("expression") or entry["license"].get("id") or entry["license"]["name"])


def _home(component: dict[str, Any]) -> str:
    return next((str(one["url"]) for one in component.get("externalReferences", ()) if one["type"] == "website"), "")
