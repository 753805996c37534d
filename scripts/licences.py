"""Write the list of what Carena Desktop is made with, for Settings, About: names, licences, homes.

    python -m scripts.licences           write resources/licences.json
    python -m scripts.licences --check   change nothing; the exit code says whether it is up to date

Read from the metadata of the wheels that the desktop needs, as they are installed; what is no wheel stands here.
"""

import json
import re
import sys
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

OUT = Path(__file__).resolve().parent.parent / "resources" / "licences.json"
OTHERS = (
    {"name": "Qt", "licence": "LGPL-3.0-only", "url": "https://www.qt.io"},
    {"name": "FFmpeg, x264, x265 (in PyAV)", "licence": "GPL-2.0-or-later", "url": "https://ffmpeg.org"},
    {"name": "Python", "licence": "PSF-2.0", "url": "https://www.python.org"},
    {"name": "Inter", "licence": "OFL-1.1", "url": "https://rsms.me/inter"},
    {"name": "Lucide", "licence": "ISC", "url": "https://lucide.dev"},
)
_SHORT = 40
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


def _field(meta: PackageMetadata, name: str) -> str:
    return str(meta[name] or "") if name in meta else ""


def licence(of: Distribution) -> str:
    """Return a licence's short name, from the best field there is."""
    meta = of.metadata
    if expression := _field(meta, "License-Expression"):
        return expression
    named = [line.rpartition(" :: ")[2] for line in meta.get_all("Classifier") or [] if line.startswith("License ::")]
    known = [_CLASSIFIERS[name] for name in named if name in _CLASSIFIERS]
    if known:
        return " AND ".join(known)
    text = _field(meta, "License")
    return text if 0 < len(text) <= _SHORT and "\n" not in text else "see its home"


def home(of: Distribution) -> str:
    """Return where it comes from."""
    links = {}
    for line in of.metadata.get_all("Project-URL") or []:
        name, _, url = str(line).partition(", ")
        links[name.lower()] = url
    for name in ("homepage", "home", "source", "source code", "repository", "github", "documentation"):
        if links.get(name, "").startswith("http"):
            return links[name]
    found = _field(of.metadata, "Home-page")
    return found if found.startswith("http") else f"https://pypi.org/project/{of.metadata['Name']}"


def wheels() -> list[Distribution]:
    """Return what the desktop needs, itself left out, by name."""
    found: dict[str, Distribution] = {}
    waiting: list[tuple[str, frozenset[str]]] = [("carena-desktop", frozenset({"desktop"}))]
    while waiting:
        name, extras = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            found[key] = distribution(name)
        except PackageNotFoundError:
            continue  # for another system
        for line in found[key].requires or []:
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                waiting.append((needed.name, frozenset(needed.extras)))
    del found["carena-desktop"]
    return [found[key] for key in sorted(found)]


def content() -> str:
    """Return the file's text."""
    lines = [{"name": str(one.metadata["Name"]), "licence": licence(one), "url": home(one)} for one in wheels()]
    return json.dumps([*OTHERS, *lines], indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write, or check."""
    text = content()
    if "--check" in sys.argv[1:]:
        return int(not OUT.exists() or OUT.read_text("utf-8") != text)
    OUT.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
