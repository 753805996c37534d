"""Takes out of a frozen desktop what only weighs: encoders, Qt Quick, and Qt's locale data beyond sorting.

PyAV's libavcodec is linked against encoders for H.264, H.265 and AV1. Carena offers VP8 and Opus, so they are never
called, but without the files libavcodec does not load. Stand-ins take their names and return 0 from each function. That
saves 30 MB, and keeps encoders under the GPL and under patents out of the package. (The rest of that FFmpeg was still
configured with ``--enable-gpl``, so the package's licence stays GPL-3.0-or-later.)

Qt's multimedia plug-in can capture a window of Qt Quick and is linked against it for that; there are only widgets here.
It asks of each window whether it is one of Quick's, which a stand-in without a single window denies: 16 MB.

Qt uses ICU for collation alone; its dates, numbers and time zones are its own. ICU's data library is made anew with
ICU's own tool, without the names of units, currencies, regions and zones and without legacy encodings: 24 MB.
"""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from installers.freeze import BuildError

ENCODERS: Final = ("libx264-*.so.*", "libx265-*.so.*", "libSvtAv1Enc-*.so.*")
_ICU_DROPPED: Final = re.compile(
    r"(?!res_index)(?:(?:brkitr|translit|zone|unit|curr|lang|region|rbnf)/.*|.*\.cnv|[a-z]{2,3}(?:_[A-Za-z0-9_]+)?\.res)"
)
_QUICK: Final = {
    "libQt6Quick.so.6": {("_ZN12QQuickWindow16staticMetaObjectE", True), ("_ZN12QQuickWindow10grabWindowEv", False)},
    "libQt6Qml.so.6": set[tuple[str, bool]](),
}
"""What a window is compared with, and what is called of one that is Quick's; the other library is named only."""
_QT_VERSION: Final = "Qt_6"
_LIMIT_S: Final = 60


def stand_in_source(symbols: Sequence[tuple[str, bool]]) -> str:
    """Return C that defines each symbol: (name, whether it is data); functions return 0, data is 1 KiB of zeros."""
    lines = ["/* Made by installers/stand_ins.py: takes the place of an encoder that is never opened. */"]
    for name, is_data in sorted(symbols):
        lines.append(f"const char {name}[1024] = {{0}};" if is_data else f"long {name}(void) {{ return 0; }}")
    return "\n".join(lines) + "\n"


def taken_symbols(user: str, library: str) -> list[tuple[str, bool]]:
    """Return what a user takes from a library, each as (name, whether it is data).

    Args:
        user: Output of ``objdump -T`` for the library that is linked against the other.
        library: The same for the other.
    """
    entries = re.compile(r"^[0-9a-f]+ .{5}D[FO ] (\S+)\s+[0-9a-f]+\s+(?:\S+\s+)?(\w+)$", re.MULTILINE)
    defined = {name for section, name in entries.findall(library) if section != "*UND*"}
    undefined = re.findall(r"^[0-9a-f]+ .{5}D([FO ]) \*UND\*\s+[0-9a-f]+\s+(?:\S+\s+)?(\w+)$", user, re.MULTILINE)
    return [(name, kind == "O") for kind, name in undefined if name in defined]


def dropped_icu_items(names: Sequence[str]) -> list[str]:
    """Return which of ICU's data items collation can do without."""
    return [name for name in names if _ICU_DROPPED.fullmatch(name)]


def replace_encoders(internal: Path, work: Path) -> None:
    """Put the stand-ins into a frozen program; raises BuildError where a library is not as expected."""
    folder = internal / "av.libs"
    codec = _only(folder, "libavcodec-*.so.*")
    symbols = _run(["objdump", "-T", str(codec)])
    for pattern in ENCODERS:
        library = _only(folder, pattern)
        wanted = taken_symbols(symbols, _run(["objdump", "-T", str(library)]))
        if not wanted:
            raise BuildError(f"{codec.name} uses nothing of {library.name}")
        source = work / f"{library.name.partition('-')[0]}.c"
        source.write_text(stand_in_source(wanted), encoding="ascii")
        _link([str(source)], library)


def replace_quick(internal: Path, work: Path) -> None:
    """Put a stand-in into the place of Qt Quick; raises BuildError where more of it is used than is known here."""
    plugin = _only(internal / "PySide6" / "Qt" / "plugins" / "multimedia", "libffmpegmediaplugin.so")
    taken = _run(["objdump", "-T", str(plugin)])
    source, versions = work / "quick.c", work / "quick.map"
    versions.write_text(f"{_QT_VERSION} {{ global: *; }};\n", encoding="ascii")
    for name, known in _QUICK.items():
        library = _only(internal / "PySide6" / "Qt" / "lib", name)
        wanted = taken_symbols(taken, _run(["objdump", "-T", str(library)]))
        if set(wanted) != known:
            raise BuildError(f"{plugin.name} uses {', '.join(name for name, _ in wanted)} of {name}: look at it anew")
        source.write_text(stand_in_source(wanted), encoding="ascii")
        _link([str(source), f"-Wl,--version-script={versions}"], library)


def shrink_icu(internal: Path, work: Path) -> None:
    """Make ICU's data library anew with what collation needs; raises BuildError where it is not as expected."""
    library = _only(internal / "PySide6" / "Qt" / "lib", "libicudata.so.*")
    symbols = _run(["readelf", "-Ws", "--dyn-syms", str(library)])
    found = re.search(r"\d+: ([0-9a-f]+)\s+(0x[0-9a-f]+|\d+) OBJECT .* (icudt(\d+)_dat)$", symbols, re.MULTILINE)
    section = re.search(r"\.rodata\s+PROGBITS\s+([0-9a-f]+) ([0-9a-f]+)", _run(["readelf", "-SW", str(library)]))
    if found is None or section is None:
        raise BuildError(f"{library.name} has no data")
    start = int(found[1], 16) - int(section[1], 16) + int(section[2], 16)
    name = f"icudt{found[4]}l.dat"  # icupkg takes the names of the items from it
    (work / "icu").mkdir(parents=True, exist_ok=True)
    whole, part, listed = work / name, work / "icu" / name, work / "icu-dropped.txt"
    whole.write_bytes(library.read_bytes()[start : start + int(found[2], 0)])
    names = _run(["icupkg", "-tl", "-l", str(whole)]).split()
    listed.write_text("\n".join(dropped_icu_items(names)) + "\n", encoding="ascii")
    _run(["icupkg", "-tl", "-r", str(listed), str(whole), str(part)])
    source = work / "icu-data.S"
    symbol = found[3]
    source.write_text(
        f'.section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol}, @object\n{symbol}:\n.incbin "{part}"\n'
        f'.size {symbol}, .-{symbol}\n.section .note.GNU-stack,"",@progbits\n',
        encoding="ascii",
    )
    _link([str(source)], library)


def _link(sources: list[str], library: Path) -> None:
    soname = re.search(r"SONAME\s+(\S+)", _run(["objdump", "-p", str(library)]))
    library.unlink()
    name = soname[1] if soname else library.name
    options = [
        "-shared",
        "-nostdlib",
        "-Os",
        "-fno-builtin",
        "-fPIC",
        f"-Wl,-soname,{name}",
        "-Wl,--build-id=none",
        "-s",
    ]
    _run(["gcc", *options, "-o", str(library), *sources])


def _only(folder: Path, pattern: str) -> Path:
    found = [path for path in folder.glob(pattern) if not path.is_symlink()]
    if len(found) != 1:
        raise BuildError(f"{len(found)} files are {pattern}: expected one")
    return found[0]


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
    except FileNotFoundError:
        raise BuildError(f"{command[0]} is missing (apt-get install gcc libc6-dev binutils icu-devtools)") from None
    if done.returncode != 0:
        raise BuildError(f"{command[0]} failed: {done.stderr[-800:]}")
    return done.stdout
