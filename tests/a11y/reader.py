"""A screen reader's half, on the system's Python with Debian's bindings; asked by JSON lines on stdin.

{"ask": "walk"}            every node that shows: role, name, states, depth
{"ask": "table"}           the first table: size, headings, the first row's cells as they are read
{"ask": "focused"}         what has the keyboard
{"ask": "announcements"}   what was announced since the last question, with its politeness
"""

import json
import sys
import warnings
from typing import TYPE_CHECKING, Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - the version first

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION = "carena-a11y"
MOST_CHILDREN = 60
warnings.simplefilter("ignore", DeprecationWarning)  # the newer name came with at-spi 2.48
HEARD: "list[dict[str, Any]]" = []
FOCUS: "list[dict[str, str]]" = []


def heard(event: Any, _data: object = None) -> None:
    """Keep an announcement."""
    HEARD.append({"text": str(event.any_data), "politeness": event.detail1})


def focus_moved(event: Any, _data: object = None) -> None:
    """Keep what got the keyboard: what a screen reader reads, and not the cell that Qt calls focused for ever."""
    if event.detail1 and event.source is not None:
        FOCUS.append({"role": event.source.get_role_name(), "name": event.source.get_name() or ""})


def settle(rounds: int = 40) -> None:
    """Let events come in."""
    context = GLib.MainContext.default()
    for _ in range(rounds):
        context.iteration(False)


def application() -> Any:
    """Return the program's root, or None while it isn't there."""
    desktop = Atspi.get_desktop(0)
    for at in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(at)
        if child is not None and child.get_name() == APPLICATION:
            return child
    return None


def states(node: Any) -> "list[str]":
    """Return the names of the states that matter."""
    found = node.get_state_set()
    wanted = {
        "focusable": Atspi.StateType.FOCUSABLE,
        "focused": Atspi.StateType.FOCUSED,
        "showing": Atspi.StateType.SHOWING,
        "visible": Atspi.StateType.VISIBLE,
    }
    return [name for name, state in wanted.items() if found.contains(state)]


def walk(node: Any, depth: int = 0) -> "Iterator[tuple[Any, dict[str, Any]]]":
    """Yield every node that shows."""
    here = states(node)
    if depth > 1 and "showing" not in here:
        return
    yield node, {"role": node.get_role_name(), "name": node.get_name() or "", "states": here, "depth": depth}
    for at in range(min(node.get_child_count(), MOST_CHILDREN)):
        child = node.get_child_at_index(at)
        if child is not None:
            yield from walk(child, depth + 1)


def table(root: Any) -> "dict[str, Any] | None":
    """Describe the first table."""
    for node, facts in walk(root):
        grid = node.get_table_iface() if facts["role"] == "table" else None
        if grid is not None:
            columns = grid.get_n_columns()
            return {
                "name": facts["name"],
                "rows": grid.get_n_rows(),
                "columns": columns,
                "headings": [grid.get_column_description(at) or "" for at in range(columns)],
                "cells": [grid.get_accessible_at(0, at).get_name() for at in range(columns)],
            }
    return None


def answer(question: str) -> Any:
    """Return what is asked."""
    settle()
    root = application()
    if question == "announcements":
        said, HEARD[:] = list(HEARD), []
        return said
    if root is None:
        return None
    root.clear_cache()
    if question == "table":
        return table(root)
    if question == "focused":
        return {"moves": len(FOCUS), **(FOCUS[-1] if FOCUS else {})}
    return [facts for _, facts in walk(root)]


def main() -> None:
    """Answer until stdin ends."""
    listener = Atspi.EventListener.new(heard, None)
    listener.register("object:announcement")
    focus = Atspi.EventListener.new(focus_moved, None)
    focus.register("object:state-changed:focused")
    for line in sys.stdin:
        try:
            found = answer(json.loads(line)["ask"])
        except GLib.Error as error:
            found = {"error": str(error)}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
