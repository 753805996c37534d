"""What of PyInstaller's collection goes into a package: ours and the wheels', nothing of the machine that builds.

A library that the building machine's distribution owns stays out: the package depends on the distribution's own one,
which gets its security updates. Of Qt only what a window of widgets, its sound and its camera need stays in.

Used by the spec files, which PyInstaller executes; imports nothing of PyInstaller at the top, so that it can be tested.
"""

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath, PurePosixPath
from typing import Final

TocEntry = tuple[str, str, str]
"""PyInstaller's: name in the bundle, path on this machine, kind ("BINARY", "DATA", ...)."""

SYSTEM_FOLDERS: Final = ("/usr/lib/", "/lib/", "/usr/lib64/", "/lib64/")

STANDARD_LIBRARY: Final = "/usr/lib/python3"
INTERPRETER: Final = ("libpython3*.so*", "libmpdec.so*")
"""Where the building Python is Debian's own: these are of one release, and the next one has others."""

UNWANTED: Final = (
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",  # pulls in all of GTK; the portal theme plug-in remains
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
    "PySide6/Qt/plugins/platforms/libqminimal*.so",
    "PySide6/Qt/plugins/platforms/libqvkkhrdisplay.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "PySide6/Qt/plugins/egldeviceintegrations/*",
    "PySide6/Qt/plugins/generic/*",
    "PySide6/Qt/plugins/imageformats/libq[!js]*.so",  # jpeg and svg stay, PNG is built in
    "PySide6/Qt/plugins/multimedia/libgstreamermediaplugin.so",  # FFmpeg's is the one that Qt chooses
    "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
    "PySide6/Qt/plugins/tls/*",  # the session's TLS is Python's
    "PySide6/Qt/qml/*",
    "PySide6/Qt/translations/*",
    "livekit/rtc/resources/jupyter-html/*",
    "livekit/rtc/resources/*.h",
    "*/__pycache__/*",
    "*.pyi",
)
QT_LIBRARIES: Final = "PySide6/Qt/lib/*"
STOOD_IN: Final = frozenset({"libQt6Qml.so.6", "libQt6Quick.so.6"})
"""Libraries that a stand-in takes the place of (``stand_ins``): what they need themselves is not needed."""


def kept(name: str, source: str) -> bool:
    """Whether an entry belongs into a package."""
    path = PurePath(name).as_posix()
    if source.startswith(SYSTEM_FOLDERS) and not _is_interpreter(path, source):
        return False
    return not any(fnmatch.fnmatchcase(path, pattern) for pattern in UNWANTED)


def trim(entries: Iterable[TocEntry], needs: Callable[[str], Iterable[str]]) -> list[TocEntry]:
    """Return the entries that stay, sorted by name.

    Args:
        entries: PyInstaller's collection.
        needs: File names of the libraries that a library is linked against, by its path.
    """
    wanted = [entry for entry in entries if kept(entry[0], entry[1])]
    # A library beside the extension modules and a link to it from the top are the same file; links cost nothing.
    libraries = {PurePosixPath(name).name: (name, source) for name, source, _ in wanted if _is_qt_library(name)}
    roots = [source for name, source, kind in wanted if kind in {"BINARY", "EXTENSION"} and not _is_qt_library(name)]
    reached = reachable(roots, libraries, needs)
    return sorted(entry for entry in wanted if not _is_qt_library(entry[0]) or PurePosixPath(entry[0]).name in reached)


def reachable(
    roots: Iterable[str], libraries: Mapping[str, tuple[str, str]], needs: Callable[[str], Iterable[str]]
) -> set[str]:
    """Return the names of the ``libraries`` that some root needs, directly or through another."""
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        for needed in needs(waiting.pop()):
            if needed in libraries and needed not in reached:
                reached.add(needed)
                waiting += [] if needed in STOOD_IN else [libraries[needed][1]]
    return reached


def _is_interpreter(name: str, source: str) -> bool:
    return source.startswith(STANDARD_LIBRARY) or any(fnmatch.fnmatchcase(name, pattern) for pattern in INTERPRETER)


def _is_qt_library(name: str) -> bool:
    return fnmatch.fnmatchcase(name, QT_LIBRARIES)
