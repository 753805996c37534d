"""What is inside a frozen program and under which licence: a CycloneDX 1.6 list and the licences' texts.

Python distributions come from the lock and their own metadata, native parts from ``native_parts.toml``. A shared
library that neither knows fails the build: nothing is handed on whose licence nobody looked at.

References: CycloneDX 1.6; PEP 639 (licence metadata), PEP 770 (lists inside wheels).
"""

import email.message
import fnmatch
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from installers.freeze import ROOT, BuildError

_LIST: Final = Path(__file__).parent / "native_parts.toml"
_CLASSIFIERS: Final = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
# Licences that the distribution's own metadata doesn't tell as an SPDX expression; looked up in its files.
_LOOKED_UP: Final = {
    "aiortc": "BSD-3-Clause",
    "pacparser": "LGPL-3.0-or-later",
    "pyside6": "LGPL-3.0-only",
    "pyside6-essentials": "LGPL-3.0-only",
    "pyside6-addons": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    "protobuf": "BSD-3-Clause",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing inside a package.

    Attributes:
        name: As its makers write it.
        version: As its makers count.
        licence: An SPDX expression.
        url: Where it comes from; "" for our own.
        files: Patterns of the files, relative to the frozen program's ``_internal``.
        purl: Package URL of a Python distribution, "" for others.
    """

    name: str
    version: str
    licence: str
    url: str
    files: tuple[str, ...] = ()
    purl: str = ""


def native_parts(
    listed: Path = _LIST, distributions: Sequence[importlib.metadata.Distribution] | None = None
) -> list[Part]:
    """Return a curated list, with versions filled in from the distributions that carry the parts.

    Args:
        listed: The list.
        distributions: Where to look for them; None for what is installed.
    """
    table = tomllib.loads(listed.read_text("utf-8"))
    known = {name_of(each): each.version for each in distributions or ()}
    found = []
    for entry in table["part"]:
        version = entry.get("version", "")
        if version == "interpreter":
            version = ".".join(map(str, sys.version_info[:3]))
        elif wanted := entry.get("distribution") or entry.get("carried_by"):
            version = _installed_version(wanted) if distributions is None else known.get(canonical(wanted), "")
            version = f"as in {wanted} {version}" if "carried_by" in entry and version else version
        found.append(Part(entry["name"], version, entry["licence"], entry["url"], tuple(entry["files"])))
    return found


def present(parts: Iterable[Part], names: Sequence[str]) -> list[Part]:
    """Return the parts of which a file is there, with a version read from a file's name where none is known."""
    found = []
    for part in parts:
        files = [name for name in names if any(fnmatch.fnmatchcase(name, pattern) for pattern in part.files)]
        if files:
            version = part.version or _version_of_file(files[0])
            found.append(Part(part.name, version, part.licence, part.url, tuple(files)))
    return found


def unexplained(libraries: Iterable[str], parts: Iterable[Part], recorded: set[str]) -> list[str]:
    """Return the shared libraries that no part and no distribution's record names.

    Args:
        libraries: Paths relative to ``_internal``.
        parts: What is known.
        recorded: Files that the distributions say are theirs.
    """
    patterns = [pattern for part in parts for pattern in part.files]
    return [
        name
        for name in libraries
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
        # A distribution's record also names the foreign libraries that were put into its wheel.
        and (name not in recorded or ".libs/" in name or "/Qt/" in name)
    ]


def distributions(extra: str) -> list[importlib.metadata.Distribution]:
    """Return the installed distributions that the lock has for an extra, by name."""
    exported = subprocess.run(
        [Path(sys.executable).with_name("uv"), "export", "--frozen", "--no-default-groups", "--no-emit-project",
         "--no-hashes", "--no-annotate", "--no-header", "--extra", extra],
        cwd=ROOT, check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    names = sorted({re.split(r"[=<>;\s]", line)[0].lower() for line in exported.stdout.splitlines() if line.strip()})
    found = []
    for name in names:
        try:
            found.append(importlib.metadata.distribution(name))
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system
    return found


def distribution_parts(found: Iterable[importlib.metadata.Distribution]) -> list[Part]:
    """Return a part for each distribution; raises BuildError for one whose licence isn't known."""
    parts = []
    for distribution in found:
        name = name_of(distribution)
        # Typed as a Protocol that lacks what email's messages, which these are, have.
        licence = licence_of(name, cast("email.message.Message", distribution.metadata))
        if not licence:
            raise BuildError(f"{name}: its metadata tells no licence; look it up and add it to installers/parts.py")
        purl = str(PackageURL("pypi", None, name, distribution.version))
        parts.append(Part(name, distribution.version, licence, f"https://pypi.org/project/{name}/", (), purl))
    return parts


def licence_of(name: str, metadata: email.message.Message) -> str:
    """Return an SPDX expression from a distribution's metadata, "" where there is none."""
    if name in _LOOKED_UP:
        return _LOOKED_UP[name]
    if expression := metadata.get("License-Expression", ""):
        return expression
    for classifier in metadata.get_all("Classifier") or []:
        if classifier.startswith("License :: "):
            known = _CLASSIFIERS.get(classifier.rpartition(" :: ")[2], "")
            if known:
                return known
    written = metadata.get("License", "") or ""
    return written if re.fullmatch(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*", written) else ""


def embedded_parts(found: Iterable[importlib.metadata.Distribution]) -> Iterator[Part]:
    """Yield what the wheels' own lists (PEP 770) name: the crates and libraries linked into their modules."""
    for distribution in found:
        for file in distribution.files or []:
            if "sboms" in file.parts and file.suffix == ".json":
                content = json.loads(Path(str(distribution.locate_file(file))).read_text("utf-8"))
                for component in content.get("components", []):
                    licences = component.get("licenses") or [{}]
                    first = licences[0]
                    licence = first.get("expression") or first.get("license", {}).get("id") or "NOASSERTION"
                    yield Part(component["name"], component.get("version", ""), licence, "", (), "")


def recorded_files(found: Iterable[importlib.metadata.Distribution]) -> set[str]:
    """Return what the distributions say they installed, relative to site-packages."""
    return {str(file) for distribution in found for file in distribution.files or []}


def to_cyclonedx(name: str, version: str, parts: Iterable[Part], seconds: int) -> str:
    """Return the list as CycloneDX 1.6 JSON; the same input gives the same text."""
    licences = LicenseFactory()
    components = []
    for number, part in enumerate(sorted(set(parts), key=lambda p: (p.name.lower(), p.version, p.files))):
        components.append(
            Component(
                name=part.name,
                version=part.version or None,
                type=ComponentType.LIBRARY,
                bom_ref=f"{number}:{part.name}",
                licenses=[licences.make_from_string(part.licence)],
                purl=PackageURL.from_string(part.purl) if part.purl else None,
                external_references=[ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(part.url))]
                if part.url
                else [],
                properties=[Property(name="carena:file", value=file) for file in part.files],
            )
        )
    bom = Bom(components=components)
    bom.metadata.timestamp = datetime.fromtimestamp(seconds, UTC)
    bom.metadata.component = Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=f"{name}@{version}",
        licenses=[licences.make_from_string("GPL-3.0-or-later" if name == "carena-desktop" else "Apache-2.0")],
    )
    bom.register_dependency(bom.metadata.component, components)
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"{name}@{version}+{seconds}")
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1) + "\n"


def licence_texts(found: Iterable[importlib.metadata.Distribution]) -> str:
    """Return the licence files of the distributions, one after the other."""
    pieces = []
    for distribution in found:
        for file in sorted(distribution.files or [], key=str):
            if ".dist-info" in file.parts[0] and re.match(r"(?i)(licen[cs]e|copying|notice)", file.name):
                path = Path(str(distribution.locate_file(file)))
                text = path.read_text("utf-8", errors="replace").strip()
                pieces.append(f"{'=' * 100}\n{name_of(distribution)} {distribution.version}: {file.name}\n\n{text}\n")
    return "\n".join(pieces)


def _installed_version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _version_of_file(name: str) -> str:
    found = re.search(r"\.so\.(\d[\d.]*)$", name)
    return f"so {found[1]}" if found else ""


def name_of(distribution: importlib.metadata.Distribution) -> str:
    """Return a distribution's name in its canonical form."""
    return canonical(distribution.metadata["Name"])


def canonical(name: str) -> str:
    """Return a name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
