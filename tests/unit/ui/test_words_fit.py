"""Words of buttons at 200 % text, where there is least room for them."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from carena_desktop.ui.theme import Appearance, Theme
from carena_desktop.ui.widgets.buttons import ActionButton, CallButton
from scripts.scenes_visit import live, live_details, sharing
from scripts.scenes_waiting import triage
from scripts.stage import staged
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
@pytest.mark.parametrize("scene", [live, live_details, sharing, triage])
def test_no_button_of_visit_or_triage_is_cut(
    qapp: QApplication, scene: Callable[[FakeSession, FakeCall], None], size: tuple[int, int]
) -> None:
    """Each is as wide as its words, or an icon with the words as its name and tip, and lies within the window."""
    theme = Theme(qapp, appearance=Appearance.LIGHT, text_scale=2.0)
    with staged(qapp, theme, scene, size) as window:
        buttons = [b for kind in (ActionButton, CallButton) for b in window.findChildren(kind) if b.isVisible()]
        assert len(buttons) > 2
        for button in buttons:
            assert button.width() >= button.sizeHint().width(), button.accessibleName()
            assert button.text() or button.toolTip(), button.accessibleName()
            right = button.mapTo(window, button.rect().topRight()).x()
            assert 0 <= right < window.width(), button.accessibleName()
    theme.deleteLater()
