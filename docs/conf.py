"""Sphinx: MyST pages in Furo's look, everything local. Built by ``python -m scripts.docs``."""

import tomllib
from pathlib import Path

from sphinx.application import Sphinx

_PROJECT = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text("utf-8"))["project"]

project = "Carena Desktop"
release = version = _PROJECT["version"]
copyright = "the authors of Carena Desktop"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["adr/0000-template.md"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True
html_theme = "furo"
html_title = f"Carena Desktop {version}"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"top_of_page_buttons": [], "navigation_with_keys": True}
html_favicon = "../resources/icons/carena.svg"
suppress_warnings = ["misc.highlighting_failure"]


def _others(_app: Sphinx, name: str, source: list[str]) -> None:
    """Put the pages that the index does not name into its last list: a new page is found without further ado."""
    if name != root_doc:
        return
    here = Path(__file__).resolve().parent
    pages = {str(path.relative_to(here).with_suffix("")) for path in here.rglob("*.md")}
    unnamed = {page for page in pages if not page.startswith("adr/") and f"\n{page}\n" not in source[0]}
    source[0] = source[0].replace("@others@", "\n".join(sorted(unnamed - {root_doc})))


def setup(app: Sphinx) -> None:
    """Register the hook."""
    app.connect("source-read", _others)
    app.connect("env-get-outdated", lambda *_: [root_doc])  # a page may be new although the index is as it was
