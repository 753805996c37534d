"""What can be done in the waiting room, for the palette: buttons by name, with the keys that press them."""

from carena_desktop.ui.commands import Command
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.waiting_room.page import WaitingRoomPage


def waiting_commands(page: WaitingRoomPage) -> tuple[Command, ...]:
    """Return them; the keys are bound by the page itself."""
    drawer, title = page.drawer, page.title
    return (
        Command(drawer.start.words, drawer.start.click, "Return", drawer.start.isEnabled),
        Command(tr("Finish visit"), drawer.finish.click, allowed=drawer.finish.isVisible),
        Command(tr("Search patient or reason"), title.search.setFocus, "/"),
        Command(tr("Copy visit link"), title.link.click, "Ctrl+Shift+L", title.link.isEnabled),
    )
