"""What of the wheels for Windows goes into the package: the program's needs and nothing else. No I/O.

Of Qt the libraries stay that a module in use, or a plug-in that stays, is linked against. Everything for developers
(headers, tools, stubs, tests) goes.
"""

import fnmatch
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final

QT_MODULES: Final = ("QtCore", "QtDBus", "QtGui", "QtMultimedia", "QtNetwork", "QtSvg", "QtWidgets")
PLUGINS: Final = (
    "PySide6/plugins/iconengines/qsvgicon.dll",
    "PySide6/plugins/imageformats/qjpeg.dll",
    "PySide6/plugins/imageformats/qsvg.dll",
    "PySide6/plugins/multimedia/ffmpegmediaplugin.dll",
    "PySide6/plugins/networkinformation/*.dll",
    "PySide6/plugins/platforms/qoffscreen.dll",
    "PySide6/plugins/platforms/qwindows.dll",
    "PySide6/plugins/styles/*.dll",
)
_PYSIDE: Final = (
    "PySide6/__init__.py",
    "PySide6/_config.py",
    "PySide6/_git_pyside_version.py",
    *(f"PySide6/{module}.pyd" for module in QT_MODULES),
    "PySide6/support/*.py",
    "PySide6/translations/qtbase_e[ns].qm",
    *PLUGINS,
)
_UNWANTED: Final = (
    "*.pyi",
    "*.h",
    "*.lib",
    "*.c",
    "*.pxd",
    "*.pyx",
    "*/__pycache__/*",
    "*/py.typed",
    "bin/*",
    "*-stubs/*",
    "*.dist-info/RECORD",
    "livekit/rtc/resources/jupyter-html/*",
    "numpy/*/tests/*",
    "numpy/tests/*",
    "numpy/f2py/*",
    "numpy/testing/*",
    "numpy/_pyinstaller/*",
    "numpy/doc/*",
    "types_protobuf-*",
    "shiboken6/include/*",
)


def is_kept(name: str) -> bool:
    """Whether a file of the wheels stays, before Qt's libraries are looked at; ``name`` is relative, with slashes."""
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in _UNWANTED):
        return False
    if name.startswith("PySide6/"):
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in _PYSIDE) or is_qt_library(name)
    return True


def is_qt_library(name: str) -> bool:
    """Whether a file is a library beside Qt's modules, which stays where something that stays needs it."""
    path = PurePosixPath(name)
    return path.parent.as_posix() == "PySide6" and path.suffix == ".dll" and path.name != "opengl32sw.dll"


def needed(names: Iterable[str], imports: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the files that stay: everything that is no library of Qt's, and of those what is reached.

    Args:
        names: What ``is_kept`` lets stay.
        imports: Names of the libraries that each DLL and module is linked against.
    """
    everything = sorted(names)
    libraries = {PurePosixPath(name).name.lower(): name for name in everything if is_qt_library(name)}
    waiting = [name for name in everything if not is_qt_library(name)]
    kept = set(waiting)
    while waiting:
        for wanted in imports.get(waiting.pop(), ()):
            name = libraries.get(wanted.lower())
            if name is not None and name not in kept:
                kept.add(name)
                waiting.append(name)
    return sorted(kept)
