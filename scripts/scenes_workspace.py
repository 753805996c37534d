"""Scenes of what stands around the pages: the lock."""

from carena_desktop.ui.i18n import tr
from scripts.screenshots import live, waiting
from scripts.stage import STAGE
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession


def lock(session: FakeSession, call: FakeCall) -> None:
    """Nobody was there for ten minutes."""
    waiting(session, call)
    workspace, clock = STAGE[-1]
    clock.advance(600)
    workspace.lock.tick()


def lock_in_visit(session: FakeSession, call: FakeCall) -> None:
    """The visit goes on behind the lock; a wrong password."""
    live(session, call)
    workspace, _ = STAGE[-1]
    workspace.lock.hide()
    workspace.screen.problem.show_text(tr("The password is wrong."))


def lock_warning(session: FakeSession, call: FakeCall) -> None:
    """A minute ahead."""
    waiting(session, call)
    workspace, clock = STAGE[-1]
    clock.advance(560)
    workspace.lock.tick()


def palette(session: FakeSession, call: FakeCall) -> None:
    """Everything that can be done in the waiting room."""
    waiting(session, call)
    STAGE[-1][0].palette.open()


def settings(session: FakeSession, call: FakeCall, section: int = 0) -> None:
    """Notifications and sounds."""
    waiting(session, call)
    STAGE[-1][0].settings.open(section)


def settings_appearance(session: FakeSession, call: FakeCall) -> None:
    """Look and size of text."""
    settings(session, call, 1)


def settings_shortcuts(session: FakeSession, call: FakeCall) -> None:
    """Every key."""
    settings(session, call, 2)


def settings_privacy(session: FakeSession, call: FakeCall) -> None:
    """The lock, and what is kept."""
    settings(session, call, 4)


def settings_about(session: FakeSession, call: FakeCall) -> None:
    """Policies and licences."""
    settings(session, call, 5)


WORKSPACE_SCENES = (
    settings,
    settings_appearance,
    settings_shortcuts,
    settings_privacy,
    settings_about,
    lock,
    lock_in_visit,
    lock_warning,
    palette,
)
