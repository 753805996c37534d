"""What of a frozen collection goes into a package."""

from collections.abc import Iterable

from installers.trimming import kept, reachable, trim

SITE = "/venv/site-packages"


def test_libraries_of_the_building_machine_stay_out() -> None:
    """What the distribution owns is depended on, not carried."""
    assert not kept("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3")
    assert not kept("libz.so.1", "/lib/x86_64-linux-gnu/libz.so.1")
    assert kept("libpython3.11.so.1.0", "/opt/python/lib/libpython3.11.so.1.0")


def test_the_interpreter_is_carried_also_where_it_is_the_distributions() -> None:
    """Its library and modules belong to one release, so that the next one could not bring them."""
    modules = "/usr/lib/python3.11/lib-dynload"
    assert kept("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0")
    assert kept("libmpdec.so.3", "/usr/lib/x86_64-linux-gnu/libmpdec.so.3")
    assert kept("lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", f"{modules}/_ssl.cpython-311-x86_64-linux-gnu.so")


def test_unwanted_plugins_stay_out() -> None:
    """GTK's theme, other image formats and virtual terminals are not taken; the window's own plug-ins are."""
    plugins = "PySide6/Qt/plugins"
    assert not kept(f"{plugins}/platformthemes/libqgtk3.so", SITE)
    assert not kept(f"{plugins}/imageformats/libqtiff.so", SITE)
    assert kept(f"{plugins}/imageformats/libqjpeg.so", SITE)
    assert kept(f"{plugins}/imageformats/libqsvg.so", SITE)
    assert kept(f"{plugins}/platforms/libqxcb.so", SITE)


def test_only_qt_libraries_that_something_needs_are_taken() -> None:
    """A Qt library stays when a module, a plug-in or another library that stays is linked against it."""
    links = {
        "QtWidgets.so": ["libQt6Widgets.so.6", "libc.so.6"],
        "libQt6Widgets.so.6": ["libQt6Core.so.6"],
        "libQt6Pdf.so.6": ["libQt6Core.so.6"],
    }

    def needs(path: str) -> Iterable[str]:
        return links.get(path.rpartition("/")[2], ())

    lib = "PySide6/Qt/lib"
    entries = [
        ("PySide6/QtWidgets.so", f"{SITE}/QtWidgets.so", "EXTENSION"),
        *((f"{lib}/{name}", f"{SITE}/{name}", "BINARY") for name in (*links, "libQt6Core.so.6") if "libQt6" in name),
    ]
    names = [name for name, _, _ in trim(entries, needs)]
    assert names == [f"{lib}/libQt6Core.so.6", f"{lib}/libQt6Widgets.so.6", "PySide6/QtWidgets.so"]


def test_what_a_stand_in_replaces_brings_nothing_along() -> None:
    """Qt Quick itself stays for its stand-in; the libraries that it alone needs do not."""
    libraries = {name: (f"lib/{name}", f"/{name}") for name in ("libQt6Quick.so.6", "libQt6Qml.so.6")}
    needs = {"/plugin": ["libQt6Quick.so.6"], "/libQt6Quick.so.6": ["libQt6Qml.so.6"]}
    assert reachable(["/plugin"], libraries, lambda path: needs.get(path, ())) == {"libQt6Quick.so.6"}


def test_libraries_that_need_each_other_end_the_search() -> None:
    """A circle among libraries is walked once."""
    libraries = {"a": ("x/a", "/a"), "b": ("x/b", "/b")}
    assert reachable(["/root"], libraries, lambda path: {"/root": ["a"], "/a": ["b"], "/b": ["a"]}[path]) == {"a", "b"}
