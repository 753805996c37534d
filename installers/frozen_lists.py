"""The lists of parts of a frozen program, made of what PyInstaller put together; ends the build where nobody looked.

A shared library that no entry explains, and a module of a distribution that the program does not depend on, are errors.
"""

import importlib.metadata
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from installers import parts
from installers.freeze import ROOT, BuildError
from installers.parts import Part


def strangers(modules: Iterable[str], found: Iterable[importlib.metadata.Distribution]) -> list[str]:
    """Return the top-level modules that belong to a distribution which isn't one of the program's.

    They come in through optional imports when the tools of development are installed beside the program.
    """
    ours = {parts.name_of(distribution) for distribution in found} | {"carena-desktop"}
    owners = importlib.metadata.packages_distributions()
    tops = {module.partition(".")[0] for module in modules}
    foreign = [top for top in tops if top in owners]
    return sorted(top for top in foreign if not any(parts.canonical(owner) in ours for owner in owners[top]))


def frozen_modules(folder: Path, name: str) -> list[str]:
    """Return the names of the pure modules inside a frozen program."""
    from PyInstaller.archive.readers import CArchiveReader  # noqa: PLC0415 - the tests of this module need no PyInstaller

    reader = CArchiveReader(str(folder / name))
    embedded = next(entry for entry in reader.toc if entry.endswith(".pyz"))
    return sorted(reader.open_embedded_archive(embedded).toc)


def write_lists(folder: Path, name: str, version: str, seconds: int) -> list[Part]:
    """Write ``licences/sbom.cdx.json`` and ``licences/LICENCES.txt`` into a frozen program; return its parts.

    Raises:
        BuildError: A shared library has no entry, or a distribution no licence.
    """
    internal = folder / "_internal"
    names = sorted(path.relative_to(internal).as_posix() for path in internal.rglob("*") if path.is_file())
    found = parts.distributions(name.removeprefix("carena-"))
    natives = parts.present(parts.native_parts(), [*names, f"../{name}"])
    libraries = [file for file in names if re.search(r"\.so(\.|$)", file) and not (internal / file).is_symlink()]
    if missing := parts.unexplained(libraries, natives, parts.recorded_files(found)):
        listing = "\n  ".join(missing)
        raise BuildError(f"no entry in installers/native_parts.toml for:\n  {listing}")
    if others := strangers(frozen_modules(folder, name), found):
        raise BuildError(f"modules that {name} does not depend on (exclude them in its spec): {', '.join(others)}")
    listed: list[Part] = [*parts.distribution_parts(found), *natives, *parts.embedded_parts(found)]
    target = folder / "licences"
    target.mkdir()
    (target / "sbom.cdx.json").write_text(parts.to_cyclonedx(name, version, listed, seconds), "utf-8")
    summary = "\n".join(f"{part.name} {part.version}: {part.licence}" for part in sorted(set(listed), key=str))
    texts = f"{(ROOT / 'NOTICE').read_text('utf-8')}\n{summary}\n\n{parts.licence_texts(found)}"
    (target / "LICENCES.txt").write_text(texts, "utf-8")
    return listed


def counts(listed: Sequence[Part]) -> Mapping[str, int]:
    """Return how many parts are Python distributions and how many others."""
    python = sum(1 for part in listed if part.purl)
    return {"Python": python, "native": len(set(listed)) - python}
