"""Keep the translations beside the source: extract the strings, compile what is translated.

    python -m scripts.translations           extract into the .ts files, then compile the .qm files
    python -m scripts.translations --check   change nothing; say what is out of date

The .ts files are edited by hand or in Qt Linguist. English holds plural forms only: everything else is its own key.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
SOURCES = ("carena_desktop",)
LANGUAGES = ("en", "es")


def tool(name: str) -> str:
    """Return the path of one of PySide6's own tools, beside this Python."""
    return str(Path(sys.executable).parent / f"pyside6-{name}")


def extract(language: str, into: Path) -> None:
    """Bring one .ts file up to date with the source."""
    options = ["-silent", "-no-obsolete", "-locations", "none", "-sort-messages", "-tr-function-alias", "tr+=mark"]
    options += ["-source-language", "en_US", "-target-language", language]
    if language == "en":
        options.append("-pluralonly")
    files = sorted(str(path.relative_to(ROOT)) for folder in SOURCES for path in (ROOT / folder).rglob("*.py"))
    with tempfile.NamedTemporaryFile("w", suffix=".lst", encoding="utf-8") as listed:
        listed.write("\n".join(files))
        listed.flush()
        subprocess.run([tool("lupdate"), *options, f"@{listed.name}", "-ts", str(into)], check=True, cwd=ROOT)


def compile_into(source: Path, to: Path) -> None:
    """Compile one .ts file; unfinished strings are left out, so they show in English."""
    subprocess.run([tool("lrelease"), "-silent", str(source), "-qm", str(to)], check=True)


def stale() -> list[str]:
    """Return the names of the files that are not what the source and the .ts files make."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for language in LANGUAGES:
            ts, qm = (FOLDER / f"carena_{language}.{kind}" for kind in ("ts", "qm"))
            again, compiled = Path(folder) / ts.name, Path(folder) / qm.name
            again.write_bytes(ts.read_bytes())
            extract(language, again)
            compile_into(ts, compiled)
            found += [ts.name] if again.read_bytes() != ts.read_bytes() else []
            found += [qm.name] if not qm.exists() or compiled.read_bytes() != qm.read_bytes() else []
    return found


def main() -> int:
    """Update, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; say what is out of date")
    if parser.parse_args().check:
        found = stale()
        if found:
            print("out of date (run python -m scripts.translations): " + ", ".join(found))
        return int(bool(found))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        path = FOLDER / f"carena_{language}.ts"
        extract(language, path)
        compile_into(path, path.with_suffix(".qm"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
