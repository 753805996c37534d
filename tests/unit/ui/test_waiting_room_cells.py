"""What a row of the waiting room says in the room it has."""

import re

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from carena_desktop.session.model import SessionState
from carena_desktop.ui import queue_words
from carena_desktop.ui.pages.waiting_room.cell import Cell, Face
from carena_desktop.ui.pages.waiting_room.delegate import WaitingDelegate
from carena_desktop.ui.pages.waiting_room.rows import Row
from carena_desktop.ui.pages.waiting_room.table_model import Column
from carena_desktop.ui.theme import Appearance, Theme
from carena_protocol.rows import RedFlag
from scripts.stage import staged
from tests.fakes.call import FakeCall
from tests.fakes.session import ACCOUNT, FakeSession, entry
from tests.unit.ui.conftest import Scene

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


@pytest.mark.parametrize("compact", [False, True], ids=["usual", "compact"])
@pytest.mark.parametrize("size", [(1000, 700), (1440, 900)])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_reason_is_read_beside_every_number_of_red_flags(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, scale: float, size: tuple[int, int], *, compact: bool
) -> None:
    """However many flags a row has, it says why the patient comes, and each flag in words or in number."""
    drawn: dict[str, list[tuple[str, QRect, QRect]]] = {}
    reasons: list[str] = []
    draw, words = WaitingDelegate._reason, Cell._words

    def reason(self: WaitingDelegate, cell: Cell, row: Row, token: str) -> None:
        reasons[:] = [row.reason]
        drawn[row.reason] = []
        draw(self, cell, row, token)
        reasons.clear()

    def line(self: Cell, rect: QRect, said: str, face: Face, token: str) -> None:
        for one in reasons:
            drawn[one].append((said, rect, QRect(self.inner)))
        words(self, rect, said, face, token)

    monkeypatch.setattr(WaitingDelegate, "_reason", reason)
    monkeypatch.setattr(Cell, "_words", line)
    flags = tuple(RedFlag)

    def many(session: FakeSession, _call: FakeCall) -> None:
        session.publish(state=SessionState.ONLINE, account=ACCOUNT)
        session.show(*(entry(count, red_flags=flags[:count]) for count in range(1, len(flags) + 1)))

    theme = Theme(qapp, appearance=Appearance.LIGHT, text_scale=scale)
    with staged(qapp, theme, many, size) as window:
        page = window.waiting_room
        page.table.set_compact(on=compact)
        for at in range(len(flags)):
            page.table.scrollTo(page.model.index(at, 0))
            page.table.viewport().grab()
    theme.deleteLater()
    assert set(drawn) == {f"Reason {count}" for count in range(1, len(flags) + 1)}
    for count in range(1, len(flags) + 1):
        first, *rest = drawn[f"Reason {count}"]
        assert first[0] == f"Reason {count}"
        below = " ".join(said for said, _, _ in rest).replace("\u00a0", " ")
        more = re.search(r"\+(\d+)", below)
        assert sum(flag in below for flag in FLAGS[:count]) + (int(more[1]) if more else 0) == count
        bottom = first[1].bottom()
        for _, place, inner in rest:
            assert place.top() > bottom
            bottom = place.bottom()
            assert bottom <= inner.bottom() + 1


def test_red_flags_are_in_the_tip(scene: Scene) -> None:
    """Whoever points at the row reads every flag."""
    scene.online(entry(1, red_flags=(RedFlag.CHEST_PAIN, RedFlag.SHORT_OF_BREATH)))
    tip = scene.window.waiting_room.table.model().index(0, Column.REASON).data(Qt.ItemDataRole.ToolTipRole)
    assert "Chest pain or pressure, Short of breath at rest" in tip
