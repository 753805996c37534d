"""What of the visit's page is about security: the panel, the safety code, and what is said without being asked."""

from PySide6.QtCore import QObject, Qt

from carena_desktop.call.model import CallSnapshot, Verification
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.layout import CallLayout
from carena_desktop.ui.pages.call.security_panel import SecurityPanel
from carena_desktop.ui.pages.call.security_reading import protection
from carena_desktop.ui.theme import Theme


class SecurityDesk(QObject):
    """Owns the panel; one of the two, panel or safety code, is shown at a time.

    Args:
        page: Has the stage, the safety card and the button that opens it.
    """

    def __init__(self, theme: Theme, page: CallLayout) -> None:
        super().__init__(page)
        self._page = page
        self._call = CallSnapshot()
        self._patient = ""
        self._wall_ms = 0
        self.panel = SecurityPanel(theme)
        page.stage.add_card(self.panel)
        self.panel.closed.connect(self.close)
        self.panel.compare_requested.connect(self._compare)
        page.side.code.compared.connect(self._after_card)
        page.side.code.closed.connect(self._after_card)
        page.safety.clicked.connect(self.flip_code)
        page.side.code.details.clicked.connect(self._open_panel)
        page.encryption.setToolTip("E")

    def _open_panel(self) -> None:
        self.flip(self._wall_ms)

    def render_call(self, call: CallSnapshot, patient: str, wall_ms: int) -> None:
        """Show what is true now; ask for the code when the other device, or the link's secret, is not what it was."""
        before, self._call, self._patient = self._call, call, patient
        security = call.security
        if security.verification is Verification.NONE:
            self.panel.hide()
        worse = security.verification is Verification.CHANGED and before.security.verification is not (
            Verification.CHANGED
        )
        if worse or (security.link_lost and not before.security.link_lost):
            words = (
                tr("The patient's device is another one than before. Compare the safety code.")
                if worse
                else tr("The visit link's secret is not used any more. Compare the safety code.")
            )
            announce(self._page, words, urgent=True)
            if security.verification is not Verification.VERIFIED:
                self._open_code(take_focus=False)
        self.tick(wall_ms)

    def tick(self, wall_ms: int) -> None:
        """Let the times run while they can be seen."""
        self._wall_ms = wall_ms
        if not self.panel.isHidden():
            self.panel.show_protection(protection(self._call, self._patient, wall_ms))

    def flip(self, wall_ms: int) -> None:
        """Show the panel or put it away."""
        if self.close() or self._call.security.verification is Verification.NONE:
            return
        self._wall_ms = wall_ms
        self._page.show_code(shown=False)
        self.panel.show_protection(protection(self._call, self._patient, wall_ms))
        self.panel.show()
        self.panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def flip_code(self) -> None:
        """Show the safety code or put it away."""
        if not self.close_code():
            self._open_code(take_focus=True)

    def close(self) -> bool:
        """Put the panel away; return whether it was shown."""
        shown = self.panel.isVisibleTo(self._page)
        self.panel.hide()
        if shown:
            self._page.safety.setFocus()
        return shown

    def close_code(self) -> bool:
        """Put the safety code away; return whether it was shown."""
        shown = self._page.side.shows_code
        self._page.show_code(shown=False)
        if shown:
            self._page.safety.setFocus()
        return shown

    def _after_card(self) -> None:
        self.close_code()

    def _compare(self) -> None:
        self._open_code(take_focus=True)

    def _open_code(self, *, take_focus: bool) -> None:
        self.panel.hide()
        self._page.show_code(shown=True)
        if take_focus:
            self._page.side.code.setFocus()
