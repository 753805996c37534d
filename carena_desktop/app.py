"""The composition root: the only module that knows every adapter, and the order of life and death.

Start: config, log, QApplication, adapters, services, bridge, window, and last the session kept in the keyring.
Nothing is imported at the top that ``--self-test`` does not need.

Shutdown is one coroutine, bounded at each step and harmless when asked for twice: new intents are refused; the call
says goodbye and closes its devices; the media process ends, by force if it must; the session disconnects and keeps its
place in the keyring; the bridge lets go; the window closes; the loop ends. Closing the window only asks for it.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from carena_desktop import __version__
from carena_desktop.adapters import known_keys, real_call, real_session
from carena_desktop.clock import SYSTEM_CLOCK, Clock
from carena_desktop.config import Config
from carena_desktop.log import set_level, set_up_logging
from carena_desktop.policy import report
from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.policy.resolve import Policies
from carena_desktop.tasks import TaskScope, describe_error

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from carena_desktop.call.ports import CallPort
    from carena_desktop.session.ports import SessionPort
    from carena_desktop.ui.main_window import MainWindow
    from carena_desktop.ui.single_instance import SingleInstance
    from carena_desktop.ui.theme import Theme
    from carena_desktop.ui.workspace import Workspace

_log = logging.getLogger(__name__)

INTENTS_CLOSE_S: Final = 1.0
CALL_CLOSE_S: Final = 5.0
SESSION_CLOSE_S: Final = 2.0
NO_DISPLAY: Final = 3
"""Exit code; 1 is a failed self-test, 2 a wrong command line."""

Companion = Callable[["Application"], Coroutine[Any, Any, None]]


class Application:
    """The assembled program: window, services, and their end.

    Args:
        make_window: Makes a window; called again for another language or size of text.
        policies: What is in force; the built-in ones where nobody says anything.
        clock: What time it is.
        lock_file: Where the lock is remembered across a restart; None remembers nothing.
        settings: Folder of the user's settings; None keeps them in memory.
    """

    def __init__(
        self,
        qt: "QApplication",
        make_window: "Callable[[], MainWindow]",
        theme: "Theme",
        session: "SessionPort",
        call: "CallPort",
        *,
        policies: PolicyDesk | None = None,
        clock: Clock = SYSTEM_CLOCK,
        lock_file: Path | None = None,
        settings: Path | None = None,
    ) -> None:
        from carena_desktop.ui.bridge import Bridge  # noqa: PLC0415 - see the module's docstring
        from carena_desktop.ui.devices import Permissions  # noqa: PLC0415 - see the module's docstring
        from carena_desktop.ui.garbage import QtThreadGarbage  # noqa: PLC0415 - see the module's docstring
        from carena_desktop.ui.intents import Intents  # noqa: PLC0415 - see the module's docstring
        from carena_desktop.ui.lock.desk import LockDesk  # noqa: PLC0415 - see the module's docstring
        from carena_desktop.ui.lock.memory import LockMemory  # noqa: PLC0415 - see the module's docstring
        from carena_desktop.ui.network_watch import NetworkWatch  # noqa: PLC0415 - see the module's docstring
        from carena_desktop.ui.preferences import Preferences  # noqa: PLC0415 - see the module's docstring
        from carena_desktop.ui.site_watch import SiteWatch  # noqa: PLC0415 - see the module's docstring
        from carena_desktop.ui.window_keeper import Household, WindowKeeper  # noqa: PLC0415 - see the module's docstring

        self.qt, self._garbage = qt, QtThreadGarbage(qt)
        self.theme = theme
        self.session = session
        self.call = call
        self._scope = TaskScope("window")
        self.policies = policies if policies is not None else PolicyDesk()
        self._permissions = Permissions()
        self.intents = Intents(session, call, self._scope, self._permissions)
        self.bridge = Bridge(session, call)
        self.preferences = Preferences(self.policies, settings)
        lock = LockDesk(qt, clock, LockMemory(lock_file))
        self.keeper = WindowKeeper(
            make_window,
            Household(
                theme,
                session,
                call,
                self.bridge,
                self.intents,
                self._scope,
                self.preferences,
                lock,
                clock,
                __version__,
            ),
        )
        site = SiteWatch(session, self.policies, self.window.program_bar, version=__version__, scope=self._scope)
        self.bridge.session_changed.connect(site.session_changed)
        self._helpers: list[object] = [site, NetworkWatch(call.network_changed)]
        self.on_window(lambda window: site.set_bar(window.program_bar))
        self.on_window(lambda _: self._apply(self.policies.policies))
        self.policies.on_change(self._apply)
        self._apply(self.policies.policies)
        self._ending: asyncio.Event | None = None
        self._closed = False
        self.keeper.close_requested.connect(self.request_close)

    @property
    def window(self) -> "MainWindow":
        """The window that is there now."""
        return self.keeper.window

    @property
    def workspace(self) -> "Workspace":
        """What stands around its pages."""
        return self.keeper.workspace

    def run(self, server: str = "", companion: Companion | None = None, *, minimized: bool = False) -> int:
        """Show the window and run until it is closed; return the exit code.

        Args:
            server: Whose kept session to continue; "" for the last one.
            companion: Runs beside the window on the same loop (a demonstration, a test); its end ends nothing.
            minimized: Whether the window waits in the task bar.
        """
        from carena_desktop.ui import aio  # noqa: PLC0415 - see the module's docstring

        return aio.run(self.qt, self._live(server, companion, minimized=minimized))

    def request_close(self) -> None:
        """Begin the shutdown; a second request changes nothing."""
        if self._ending is not None:
            self._ending.set()

    def own(self, helper: object) -> None:
        """Keep something alive that belongs to the window's life."""
        self._helpers.append(helper)

    def on_window(self, callback: "Callable[[MainWindow], object]") -> None:
        """Call ``callback`` with the window that takes the place of the one before."""
        self.keeper.replaced.connect(callback)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a task that ends with the window; nothing begins any more once the program ends."""
        if self._scope.closed:
            work.close()
        else:
            self._scope.spawn(work, name=name)

    async def aclose(self) -> None:
        """End everything in order; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        await self._scope.aclose(INTENTS_CLOSE_S)
        await _bounded(self.call.aclose(), CALL_CLOSE_S, "call")
        await _bounded(self.session.aclose(), SESSION_CLOSE_S, "session")
        self.bridge.close()
        self.keeper.close()
        self._garbage.close()

    def _apply(self, policies: Policies) -> None:
        """Act on what is in force now; what is decided once is read where the adapters are made."""
        self._permissions.camera_allowed = policies.switch("AllowCamera")
        self.intents.sharing_allowed = policies.switch("AllowScreenSharing")
        self.window.call.share_desk.set_allowed(allowed=policies.switch("AllowScreenSharing"))
        self.workspace.lock.set_timeout_minutes(policies.number("LockTimeoutMinutes"))
        self.window.notice.set_wording(policies.text("NotificationText"))

    async def _live(self, server: str, companion: Companion | None, *, minimized: bool) -> int:
        self._ending = asyncio.Event()
        restore_signals = _on_signals(self.request_close)
        try:
            if minimized:
                self.window.showMinimized()
            else:
                self.window.show()
            _log.info("window shown")
            self.intents.restore(server)
            async with TaskScope("beside the window") as beside:
                beside.spawn(self.call.prepare(), name="warm-engine")
                if companion is not None:
                    beside.spawn(companion(self), name="companion")
                await self._ending.wait()
        finally:
            await self.aclose()
            restore_signals()
        _log.info("ended")
        return 0


def _qt_application() -> "QApplication":
    """Return the application that is there, or make it."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - see the module's docstring

    existing = QApplication.instance()
    qt = existing if isinstance(existing, QApplication) else _make_application()
    qt.setApplicationName("carena-desktop")
    qt.setApplicationDisplayName("")
    qt.setApplicationVersion(__version__)
    qt.setDesktopFileName("carena-desktop")
    return qt


def _window_maker(config: Config, theme: "Theme", call: "CallPort", clock: Clock) -> "Callable[[], MainWindow]":
    """Return what makes a bare window."""
    from carena_desktop.ui.devices import chosen_names  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.ui.main_window import MainWindow  # noqa: PLC0415 - see the module's docstring

    def window() -> "MainWindow":
        made = MainWindow(
            theme,
            version=__version__,
            server=config.server,
            wall_ms=clock.wall_ms,
            frames=call.frames,
            device_names=lambda: chosen_names(call.devices.view),
        )
        if config.policies.settings["ServerUrl"].managed:
            made.sign_in.lock_server()
        return made

    return window


def build(
    config: Config,
    *,
    session: "SessionPort | None" = None,
    call: "CallPort | None" = None,
    clock: Clock = SYSTEM_CLOCK,
) -> Application:
    """Put the program together without starting it; ports given replace the real ones.

    The QApplication is made where there is none.
    """
    from carena_desktop.support.desk import SupportDesk  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.support.network import Network  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.ui.proxy_sign_in import ProxySignIn  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.ui.theme import Theme  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.ui.window_keeper import shape  # noqa: PLC0415 - see the module's docstring

    qt = _qt_application()
    theme = Theme(qt)
    shape(config.policies, theme)
    network = Network(config)
    known = known_keys(config, clock)
    policies = PolicyDesk(config.sources)
    session = session if session is not None else real_session(config, clock, network.router, policies, known)
    call = call if call is not None else real_call(config, clock, network.router, policies, known)
    window = _window_maker(config, theme, call, clock)
    application = Application(
        qt,
        window,
        theme,
        session,
        call,
        policies=policies,
        clock=clock,
        lock_file=config.state_dir / "lock.json",
        settings=config.config_dir,
    )
    proxy = ProxySignIn(application.window, network.logins, network.router, application.spawn)
    application.bridge.session_changed.connect(proxy.session_changed)
    application.own(proxy)
    application.on_window(proxy.set_window)

    def support(window: "MainWindow") -> SupportDesk:
        desk = SupportDesk(
            window, lambda: policies.policies, log_dir=config.log_dir, state_dir=config.state_dir, clock=clock
        )
        application.bridge.call_changed.connect(desk.call_changed)
        application.own(desk)
        return desk

    support(application.window).offer_crashes()
    application.on_window(support)
    return application


def run(config: Config) -> int:
    """Show the policies, run the self-test or the window; return the exit code."""
    # Qt looks for optional system libraries and complains on stderr about each that isn't there.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.symbolsresolver=false")
    if config.show_policy:
        sys.stdout.write(report.as_json(config.policies) if config.json else report.as_text(config.policies))
        return 0
    set_up_logging(config.log_dir, config.log_level)
    for finding in config.policies.findings:
        _log.warning("policy: %s: %s %s", finding.origin, finding.name, finding.words)
    _log.info("carena-desktop %s", __version__)
    if config.self_test or config.diagnose is not None:
        from carena_desktop.support import commands  # noqa: PLC0415 - see the module's docstring

        return commands.self_test(config) if config.diagnose is None else commands.diagnose(config, config.diagnose)
    if not _has_display(sys.platform, os.environ):
        sys.stderr.write("carena-desktop: there is no display to show a window on (DISPLAY is not set)\n")
        return NO_DISPLAY
    return _run_window(config)


def _run_window(config: Config) -> int:
    """Run the window with everything that keeps a record of its death."""
    from carena_desktop.support.crash import CrashWatch  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.support.report import CRASHES  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.ui import qt_messages  # noqa: PLC0415 - see the module's docstring

    qt = _make_application()
    instance = _only_one(config, qt)
    if instance is None:
        return 0
    watch = CrashWatch(config.log_dir / CRASHES)
    watch.start()
    qt_messages.take_messages(lambda category: watch.record("qt", None, category))
    try:
        application = build(config)
        application.own(instance)
        application.policies.on_change(lambda policies: set_level(policies.text("LogLevel")))
        _join_links(application, config, instance)
        return application.run(config.server, minimized=config.minimized)
    finally:
        instance.close()
        qt_messages.give_back()
        watch.stop()


def _make_application() -> "QApplication":
    from PySide6.QtCore import Qt  # noqa: PLC0415 - see the module's docstring
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - see the module's docstring

    # Each monitor's own scale, unrounded: a window that moves to another one keeps its size to the eye.
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    return QApplication(["carena-desktop"])


def _only_one(config: Config, qt: "QApplication") -> "SingleInstance | None":
    """Return what listens for later starts, or None where a program that runs took our link."""
    from carena_desktop.ui.single_instance import (  # noqa: PLC0415 - see the module's docstring
        SingleInstance,
        hand_over,
        socket_name,
    )

    name = socket_name(config.config_dir)
    if hand_over(name, config.link):
        _log.info("a running program took over")
        return None
    instance = SingleInstance(name, qt)
    if not instance.listen():
        _log.warning("a second start will open a second window: no local socket")
    return instance


def _join_links(application: Application, config: Config, instance: "SingleInstance") -> None:
    from carena_desktop import autostart  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.session.rules import SiteRules  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.ui import window_state  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.ui.links import Links  # noqa: PLC0415 - see the module's docstring

    window, rules = application.window, SiteRules(config.policies.items("AllowedServers"))
    links = Links(window, rules.allows, lambda: application.window.sign_in.server.text().strip())
    application.on_window(links.set_window)
    application.bridge.session_changed.connect(links.session_changed)
    instance.started_again.connect(links.take)
    application.own(links)
    if config.link:
        links.take(config.link)
    if config.reset_window:
        window_state.forget(config.state_dir)
    window_state.restore(window, config.state_dir)
    application.keeper.closing.connect(lambda window: window_state.save(window, config.state_dir))
    autostart.apply(wanted=config.policies.switch("StartAtLogin"))
    application.policies.on_change(lambda policies: autostart.apply(wanted=policies.switch("StartAtLogin")))


def _has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether Qt will find a display; without one it would abort the process."""
    if platform != "linux" or environment.get("QT_QPA_PLATFORM", "xcb").partition(":")[0] not in {"xcb", "wayland"}:
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


async def _bounded(work: Awaitable[None], seconds: float, what: str) -> None:
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        _log.warning("%s did not close within %.0f s", what, seconds)
    except Exception as error:  # noqa: BLE001 - the rest must still be closed
        _log.warning("%s did not close cleanly: %s", what, describe_error(error))


def _on_signals(stop: Callable[[], None]) -> Callable[[], None]:
    """Have SIGINT and SIGTERM ask for the shutdown; return what undoes it.

    Python runs signal handlers between bytecodes, which Qt's idle loop doesn't reach; the session's heartbeats and the
    window's clocks do at least once a second.
    """
    loop = asyncio.get_running_loop()
    names = [signal.SIGINT, signal.SIGTERM]
    before = {name: signal.signal(name, lambda *_: loop.call_soon_threadsafe(stop)) for name in names}

    def undo() -> None:
        for name, handler in before.items():
            signal.signal(name, handler)

    return undo
