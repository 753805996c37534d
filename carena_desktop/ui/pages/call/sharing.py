"""Sharing a screen in a visit: the button, the question, the notice and the border, as one."""

from PySide6.QtCore import QObject, Signal

from carena_desktop.call.ports import DevicesView
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.call.layout import CallLayout
from carena_desktop.ui.pages.call.view_model import ViewState
from carena_desktop.ui.share_border import ShareBorder
from carena_desktop.ui.theme import Theme

NOTICE = mark("You are sharing. The patient sees everything that is on it.")


class Sharing(QObject):
    """Owns what of the page is about sharing.

    Args:
        page: Has the button, the card and the notice.
    """

    requested = Signal(str)
    """The id of what is to be shared, "" to stop."""
    list_requested = Signal()

    def __init__(self, theme: Theme, page: CallLayout) -> None:
        super().__init__(page)
        self._page = page
        self._state: ViewState | None = None
        self._allowed = True
        self._border = ShareBorder(theme, page)
        self.card = page.stage.share
        self.card.chosen.connect(self._chosen)
        self.card.cancelled.connect(self.cancel)
        page.share.clicked.connect(self._flip)
        page.sharing.action_requested.connect(self._stop)

    def set_allowed(self, *, allowed: bool) -> None:
        """Offer sharing, or not where the organization forbids it."""
        self._allowed = allowed
        self._page.share.setVisible(allowed)

    def render_devices(self, devices: DevicesView) -> None:
        """Show what can be shared, while that is asked."""
        if self.card.isVisibleTo(self._page):
            self.card.show_found(devices.shareable)

    def render_state(self, state: ViewState) -> None:
        """Show whether something is shared; what can't go on is put away."""
        before, self._state = self._state, state
        if not state.share_control.enabled:
            self.card.hide()
        started = state.sharing and (before is None or not before.sharing)
        self._page.sharing.show_text(tr_marked(NOTICE) if state.sharing else "")
        self._page.share.setToolTip("S" if state.share_control.enabled else state.share_control.name)
        self._border.show_around(state.shared if state.sharing else "")
        if started:
            announce(self._page, tr_marked(NOTICE), urgent=True)
        elif before is not None and before.sharing and not state.sharing:
            announce(self._page, tr("Sharing has ended"))

    def cancel(self) -> bool:
        """Put the question away; return whether it was there."""
        asked = self.card.isVisibleTo(self._page)
        self.card.hide()
        if asked:
            self._page.share.setFocus()
        return asked

    def _flip(self) -> None:
        if not self._allowed:
            return
        if self._state is None:
            return
        if self._state.shared:
            self._stop()
        elif not self.cancel():
            self.card.ask(self._state.patient.name)
            self.list_requested.emit()

    def _chosen(self, source: str) -> None:
        self.cancel()
        self.requested.emit(source)

    def _stop(self) -> None:
        self.requested.emit("")
