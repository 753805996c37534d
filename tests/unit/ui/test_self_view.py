"""How much of the patient the own picture may cover."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QApplication

from carena_desktop.ui.pages.call.self_view import COVERS, TILE, self_view_size
from carena_desktop.ui.theme import Appearance, Theme
from scripts.scenes_visit import live, sharing
from scripts.stage import staged
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession

SIDES = st.integers(200, 4000)


@given(SIDES, SIDES, st.floats(1, 3))
def test_it_covers_little_at_any_size_and_never_the_middle(width: int, height: int, scale: float) -> None:
    """At most a twelfth of a picture that fills the stage, in its own proportions, and far from the stage's middle."""
    largest = QSize(round(TILE[0] * scale), round(TILE[1] * scale))
    size = self_view_size(QSize(width, height), largest)
    seen = min(width, height * 16 / 9)
    assert size.width() * size.height() <= seen * seen * 9 / 16 * COVERS + 1
    assert size.width() <= largest.width()
    assert abs(size.width() / size.height() - TILE[0] / TILE[1]) < 0.06
    assert size.width() < width / 3
    assert size.height() < height / 3


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("size", [(1280, 800), (1440, 900), (1000, 700)])
@pytest.mark.parametrize("scene", [live, sharing])
def test_its_lamps_fit_with_the_chat_open(
    qapp: QApplication, percent: int, size: tuple[int, int], scene: Callable[[FakeSession, FakeCall], None]
) -> None:
    """Each lamp lies whole within the tile and over no other; where its word has no room it is the lamp's name."""
    theme = Theme(qapp, appearance=Appearance.LIGHT, text_scale=percent / 100)
    with staged(qapp, theme, scene, size) as window:
        page = window.call
        page.open_chat(shown=True)
        for _ in range(4):
            qapp.sendPostedEvents()
            qapp.processEvents()
        own, stage = page.stage.self_view, page.stage
        pills = [pill for pill in (own.camera, own.microphone, own.sharing) if pill.isVisible()]
        assert len(pills) == 2 + (scene is sharing)
        for at, pill in enumerate(pills):
            assert own.rect().contains(pill.geometry())
            assert not any(pill.geometry().intersects(other.geometry()) for other in pills[at + 1 :])
            assert pill.text_label.isVisible() or pill.accessibleName() == pill.toolTip() == pill.text_label.text()
        middle = own.mapFromGlobal(stage.mapToGlobal(QPoint(stage.width() // 2, stage.height() // 2)))
        assert not own.rect().contains(middle)
    theme.deleteLater()
