"""What the signed-in server wants: policies that take effect, and a version that is told."""

import asyncio

from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.policy.resolve import Level, Source
from carena_desktop.session.model import SessionState, SiteWord
from carena_desktop.tasks import TaskScope
from carena_desktop.ui.components.program_bar import Message, ProgramBar
from carena_desktop.ui.site_watch import SiteWatch
from carena_desktop.ui.theme import Theme
from tests.fakes.session import ACCOUNT, FakeSession
from tests.unit.ui.conftest import LiveScene, Scene, settle

WORD = SiteWord("2.0.0", "2.0.0", {"AllowScreenSharing": False}, {"TextSizePercent": 150})


class Watched:
    """A watch with everything around it."""

    def __init__(self, theme: Theme, *sources: Source, word: SiteWord | None = WORD) -> None:
        self.session = FakeSession()
        self.session.word = word
        self.policies = PolicyDesk(sources)
        self.bar = ProgramBar(theme)
        self.scope = TaskScope("test")
        self.watch = SiteWatch(self.session, self.policies, self.bar, version="1.9.0", scope=self.scope)
        self.session.on_change(self.watch.session_changed)

    async def sign_in(self) -> None:
        """Sign in and wait for the answer."""
        self.session.publish(state=SessionState.ONLINE, account=ACCOUNT)
        async with asyncio.timeout(5):
            while self.scope.task_names:  # noqa: ASYNC110 - tasks of a scope have no event to wait for
                await asyncio.sleep(0)

    async def end(self) -> None:
        """Leave nothing."""
        await self.scope.aclose()
        self.bar.deleteLater()


async def test_a_newer_version_is_told_once(theme: Theme) -> None:
    """The message names both versions, goes with the sign-out, and does not come back for the same version."""
    one = Watched(theme)
    await one.sign_in()
    assert one.bar.shown is not None
    assert "2.0.0" in one.bar.shown.words
    assert "1.9.0" in one.bar.shown.words
    one.session.publish(state=SessionState.SIGNED_OUT, account=None)
    assert one.bar.shown is None
    await one.sign_in()
    assert one.bar.shown is None
    await one.end()


async def test_the_policy_switches_the_notice_off(theme: Theme) -> None:
    """Where the organization wants no notice there is none."""
    one = Watched(theme, Source(Level.MACHINE_MANDATORY, "x", {"UpdateNotice": False}))
    await one.sign_in()
    assert one.bar.shown is None
    await one.end()


async def test_the_servers_policies_hold_while_signed_in(theme: Theme) -> None:
    """They are in force from the sign-in to the sign-out; a server that says nothing sets nothing."""
    one = Watched(theme)
    await one.sign_in()
    assert not one.policies.policies.switch("AllowScreenSharing")
    assert one.policies.policies.number("TextSizePercent") == 150
    one.session.publish(state=SessionState.SIGNED_OUT, account=None)
    assert one.policies.policies.switch("AllowScreenSharing")
    one.session.word = None
    await one.sign_in()
    assert one.policies.policies.switch("AllowScreenSharing")
    await one.end()


async def test_a_screen_is_not_shared_where_that_is_forbidden(live_scene: LiveScene) -> None:
    """The button is gone, its key does nothing, and the intent refuses as well; stopping is always possible."""
    live_scene.window.call.share_desk.set_allowed(allowed=False)
    live_scene.intents.sharing_allowed = False
    assert live_scene.window.call.share.isHidden()
    live_scene.window.call.share.click()
    assert live_scene.window.call.share_desk.card.isHidden()
    live_scene.intents.share("screen:1")
    live_scene.intents.share("")
    assert [what for what in live_scene.call.asked if what[0] == "share"] == [("share", "")]


def test_the_strip_shows_one_message_and_none_in_a_visit(scene: Scene) -> None:
    """The newest message stands above the page; putting it away shows the one before; a visit hides all."""
    bar, done = scene.window.program_bar, []
    bar.say(Message("a", "First", "Go", lambda: done.append("a")))
    bar.say(Message("b", "Second", "Go", lambda: done.append("b"), lambda: done.append("b away")))
    settle()
    assert bar.isVisible()
    assert bar.notice is not None
    assert bar.notice.text == "Second"
    bar.notice.dismissed.emit()
    settle()
    assert bar.notice.text == "First"
    bar.set_quiet(quiet=True)
    assert not bar.isVisible()
    bar.set_quiet(quiet=False)
    assert bar.notice.action is not None
    bar.notice.action.click()
    settle()
    assert (done, bar.isVisible()) == (["b away", "a"], False)
