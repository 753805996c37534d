"""What a row of the waiting room says in the room it has."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from carena_desktop.ui import queue_words
from carena_desktop.ui.pages.waiting_room.cell import Face
from carena_desktop.ui.pages.waiting_room.table_model import Column
from carena_desktop.ui.theme import Theme
from carena_protocol.rows import RedFlag
from tests.fakes.session import entry
from tests.unit.ui.conftest import Scene, settle

FLAGS = tuple(queue_words.red_flag(flag) for flag in RedFlag)


@pytest.mark.parametrize("lines", [1, 2, 3])
@pytest.mark.parametrize("room", [60, 90, 132, 200, 400])
def test_no_red_flag_is_dropped_unsaid(theme: Theme, room: int, lines: int) -> None:
    """Each of a row's flags is read or counted, whatever the room; words are cut only where one alone is too long."""
    face = Face(theme.font(12, QFont.Weight.DemiBold))
    for count in range(1, len(FLAGS) + 1):
        shown = face.wrapped(FLAGS[:count], room, lines)
        assert 1 <= len(shown) <= lines
        whole = " ".join(shown).replace("\u00a0", " ")
        read = sum(flag in whole for flag in FLAGS[:count])
        more = re.search(r"\+(\d+)", whole)
        assert read + (int(more[1]) if more else 0) == count
        if read > 1:
            assert all(face.width(line) <= room or " " not in line for line in shown)


def test_two_red_flags_are_both_read_at_the_usual_size(scene: Scene) -> None:
    """With the drawer open in a window of 1440 by 900 nothing has to be pointed at to know both."""
    scene.online(entry(1, red_flags=(RedFlag.CHEST_PAIN, RedFlag.SHORT_OF_BREATH)))
    settle()
    page = scene.window.waiting_room
    assert page.drawer.isVisible()
    face = Face(scene.theme.font(12, QFont.Weight.DemiBold))
    table = page.table
    room = table.columnWidth(Column.REASON) - 2 * 9 - scene.theme.px(14) - 5
    lines = (table.rowHeight(0)) // (face.height + 1)
    assert "+" not in " ".join(face.wrapped(FLAGS[:2], room, lines))
    tip = table.model().index(0, Column.REASON).data(Qt.ItemDataRole.ToolTipRole)
    assert "Chest pain or pressure, Short of breath at rest" in tip
