"""What can be done in the waiting room, for the palette: buttons, keys and verbs by name."""

from collections.abc import Callable
from functools import partial
from typing import Final

from carena_desktop.session.orders import Verb
from carena_desktop.ui.commands import Command
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.keys import ACUITIES, WAITING_ROOM, Do
from carena_desktop.ui.pages.waiting_room.actions import ACTIONS
from carena_desktop.ui.pages.waiting_room.page import WaitingRoomPage

_BY_VERB: Final = {Verb.TRIAGE: Do.TRIAGE, Verb.ASSIGN: Do.ASSIGN, Verb.CLAIM: Do.CLAIM}
"""Verbs with a key of their own: they stand among the verbs, with it."""


def waiting_commands(page: WaitingRoomPage) -> tuple[Command, ...]:
    """Return them; the keys are bound by the page itself."""
    drawer = page.drawer
    keys = {key.does: key for key in WAITING_ROOM}
    commands = [
        Command(drawer.start.words, drawer.start.click, "Return", drawer.start.isEnabled),
    ]
    for does, key in keys.items():
        if does not in _BY_VERB.values():
            run = partial(page.do, does)
            commands.append(Command(tr_marked(key.words), run, key.sequence, _allowed(page, does)))
    gone = page.filters.gone
    commands.append(Command(tr("Call back a patient who is gone"), gone.click, allowed=gone.isVisible))
    for action in ACTIONS:
        entry = drawer.action(action.verb)
        by_key = keys.get(_BY_VERB[action.verb]) if action.verb in _BY_VERB else None
        words, sequence = tr_marked(action.words).rstrip("…"), by_key.sequence if by_key is not None else ""
        commands.append(Command(words, entry.trigger, sequence, entry.isEnabled))
    return tuple(commands)


def _allowed(page: WaitingRoomPage, does: Do) -> Callable[[], bool]:
    if does in ACUITIES:
        return page.drawer.triage.isEnabled
    if does is Do.LINK:
        return page.title.link.isEnabled
    if does is Do.UNDO:
        return lambda: page.flow.can_undo
    return lambda: True
