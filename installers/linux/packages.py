"""What the two Debian packages are: names, words, dependencies that no library tells, and where files go. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

MAINTAINER: Final = "Carena Desktop maintainers <maintainers@carena.example>"


@dataclass(frozen=True, slots=True)
class Package:
    """One package.

    Attributes:
        name: Of the package, the program and its folder below ``/usr/lib``.
        summary: One line.
        description: Paragraphs, each a string.
        licence: SPDX expression of the package as a whole.
        depends: What no shared library tells.
        recommends: What the program can do without.
        files: (source, target, mode): sources are relative to ``installers/linux/files``, or to the checkout with "/".
        folders: Empty folders.
        conffiles: Which of the targets the administrator may change.
        scripts: Maintainer scripts, of ``installers/linux/files/NAME.SCRIPT``.
    """

    name: str
    summary: str
    description: tuple[str, ...]
    licence: str
    depends: tuple[str, ...]
    recommends: tuple[str, ...]
    files: tuple[tuple[str, str, int], ...]
    folders: tuple[str, ...] = ()
    conffiles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    section: str = "net"


DESKTOP: Final = Package(
    name="carena-desktop",
    summary="clinician's workstation for telehealth visits",
    description=(
        """Shows who waits at the clinic's server and holds visits by video with patients, who use their web browser.
        Picture, sound and chat travel between the two computers and are not recorded.""",
        "This package carries its own Python, Qt and FFmpeg.",
    ),
    licence="GPL-3.0-or-later",
    # Qt reads fonts.conf; ctypes and Qt load the sound server's libraries by name.
    depends=("ca-certificates", "fontconfig-config", "libpulse0"),
    recommends=(
        "fonts-noto-color-emoji",
        "gnome-keyring | kwalletmanager | keepassxc",
        "libpipewire-0.3-0t64 | libpipewire-0.3-0",  # with the portal: sharing a screen in a Wayland session
        "xdg-desktop-portal",
        "xdg-utils",
    ),
    files=(
        ("carena-desktop.desktop", "usr/share/applications/carena-desktop.desktop", 0o644),
        ("org.carena.desktop.metainfo.xml", "usr/share/metainfo/org.carena.desktop.metainfo.xml", 0o644),
        ("/resources/icons/carena.svg", "usr/share/icons/hicolor/scalable/apps/carena-desktop.svg", 0o644),
        ("carena-desktop.1", "usr/share/man/man1/carena-desktop.1.gz", 0o644),
        ("policies-README", "etc/carena/policies/README", 0o644),
        ("/installers/policies/policies.schema.json", "usr/share/doc/carena-desktop/policies.schema.json", 0o644),
        ("carena-desktop.lintian-overrides", "usr/share/lintian/overrides/carena-desktop", 0o644),
    ),
    folders=("etc/carena/policies/managed", "etc/carena/policies/recommended"),
    conffiles=("/etc/carena/policies/README",),
)

SERVER: Final = Package(
    name="carena-server",
    summary="waiting room and signaling for telehealth visits",
    description=(
        """Accounts, the waiting room, the patients' web pages, and the relay of the messages that set up a call.
        Picture, sound and chat never pass through it.""",
        """This package carries its own Python. The service starts on 127.0.0.1 only, until
        /etc/carena-server/server.toml says otherwise.""",
    ),
    licence="Apache-2.0",
    depends=("adduser", "init-system-helpers (>= 1.54~)"),
    recommends=("coturn",),
    files=(
        ("carena-server.service", "usr/lib/systemd/system/carena-server.service", 0o644),
        ("server.toml", "etc/carena-server/server.toml", 0o644),
        ("carena-server.8", "usr/share/man/man8/carena-server.8.gz", 0o644),
        ("carena-server.lintian-overrides", "usr/share/lintian/overrides/carena-server", 0o644),
    ),
    conffiles=("/etc/carena-server/server.toml",),
    scripts=("postinst", "prerm", "postrm"),
)

PACKAGES: Final = {"desktop": DESKTOP, "server": SERVER}


def control(package: Package, version: str, architecture: str, installed_kib: int, libraries: Sequence[str]) -> str:
    """Return the control file (Debian Policy 5.3).

    Args:
        package: Whose.
        version: Debian's version.
        architecture: Debian's name of it.
        installed_kib: Size of the files in KiB.
        libraries: Dependencies that the shared libraries need.
    """
    lines = [
        f"Package: {package.name}",
        f"Version: {version}",
        f"Architecture: {architecture}",
        f"Maintainer: {MAINTAINER}",
        f"Installed-Size: {installed_kib}",
        f"Depends: {', '.join(_merged(package.depends, libraries))}",
        f"Recommends: {', '.join(package.recommends)}",
        f"Section: {package.section}",
        "Priority: optional",
        "Homepage: https://carena.example/",
        f"Description: {package.summary}",
    ]
    for number, paragraph in enumerate(package.description):
        lines += [" ."] if number else []
        lines += [f" {line}" for line in wrapped(paragraph)]
    return "\n".join(lines) + "\n"


def _merged(fixed: Sequence[str], libraries: Sequence[str]) -> list[str]:
    """Return all dependencies, the one with a version where both name a package."""
    versioned = {entry.partition(" ")[0] for entry in libraries}
    return sorted({*libraries, *(entry for entry in fixed if entry not in versioned)})


def wrapped(text: str, width: int = 76) -> list[str]:
    """Return the lines of a paragraph."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def changelog(package: Package, version: str, seconds: int) -> str:
    """Return Debian's changelog: what changed is in the project's own."""
    date = format_datetime(datetime.fromtimestamp(seconds, UTC))
    entry = f"  * Release {version}; see the project's change log."
    return f"{package.name} ({version}) stable; urgency=medium\n\n{entry}\n\n -- {MAINTAINER}  {date}\n"


def copyright_file(package: Package) -> str:
    """Return the copyright file (DEP 5)."""
    folder = f"/usr/lib/{package.name}/licences"
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Carena Desktop
Upstream-Contact: {MAINTAINER}
Source: https://carena.example/
Comment:
 This package as a whole is distributed under {package.licence}.
 Everything that is in it, with versions and licences, is listed in
 {folder}/sbom.cdx.json (CycloneDX);
 the texts of the licences are in {folder}/LICENCES.txt.

Files: *
Copyright: 2026, the Carena Desktop contributors
License: Apache-2.0
 On Debian systems, the text of the Apache License, version 2.0, can be found in
 /usr/share/common-licenses/Apache-2.0.

Files: usr/lib/{package.name}/*
Copyright: 2000-2026, the authors of the parts, as LICENCES.txt names them
License: {package.licence}
 See {folder}/LICENCES.txt. On Debian systems, the text of
 the GNU General Public License, version 3, can be found in
 /usr/share/common-licenses/GPL-3.
"""
