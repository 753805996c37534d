"""From what the person wants to what the services do; the only place in the window that awaits anything.

Every intent runs as a task of one scope and ends with it. A refusal becomes words for the waiting room.
"""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from carena_desktop.call.model import Allowed, CallState
from carena_desktop.call.ports import CallPort, EngineStartError
from carena_desktop.session.ports import CommandRefusedError, SessionPort
from carena_desktop.tasks import ScopeClosedError, TaskScope
from carena_desktop.ui import text
from carena_desktop.ui.device_intents import DeviceIntents
from carena_desktop.ui.devices import Permissions
from carena_desktop.ui.file_intents import FileIntents
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.queue_intents import QueueIntents
from carena_desktop.ui.visit_memory import follow
from carena_protocol.errors import ErrorCode
from carena_protocol.rows import VisitState

_OVER = {CallState.IDLE, CallState.ENDED}


class Intents(QObject):
    """Slots for the pages' ``…_requested`` signals.

    Args:
        scope: Owns the tasks; closed by the composition root.
    """

    said = Signal(str, str)
    """Words and tone for the waiting room."""
    link_created = Signal(str)
    starting_changed = Signal(str)
    """The visit that is being started, empty for none."""

    def __init__(self, session: SessionPort, call: CallPort, scope: TaskScope, permissions: Permissions) -> None:
        super().__init__()
        self._session = session
        self._call = call
        self._scope = scope
        self._permissions = permissions
        self._starting = ""
        self.sharing_allowed = True
        """Whether the organization lets a screen be shared."""
        self._forget = follow(session, call.chats)
        self.queue = QueueIntents(session, scope, call.end)
        self.files = FileIntents(call.files, scope)
        self.devices = DeviceIntents(call.devices, scope, permissions)

    # -- the session

    def restore(self, server: str) -> None:
        """Continue the session kept in the keyring."""
        self._spawn(self._session.restore(server), "restore")

    def sign_in(self, server: str, username: str, password: str, code: str = "") -> None:
        """Sign in; the outcome is in the snapshot."""
        self._spawn(self._session.sign_in(server, username, password, code), "sign-in")

    def answer_trust(self, accept: bool) -> None:  # noqa: FBT001 - a slot
        """Trust the server's authority, or not."""
        self._spawn(self._session.answer_trust(accept=accept), "trust")

    def sign_out(self) -> None:
        """End a running call, then the session."""
        self._spawn(self._sign_out(), "sign-out")

    def create_link(self, room: str) -> None:
        """Ask for a visit link for one patient."""
        self._spawn(self._create_link(room), "link")

    # -- the visit

    def start_visit(self, visit: str) -> None:
        """Admit the patient (unless the visit is ours already) and begin the call; a second press does nothing."""
        if self._starting:
            return
        self._starting = visit
        self.starting_changed.emit(visit)
        self._spawn(self._start(visit), "start-visit")

    def finish_visit(self, visit: str) -> None:
        """Finish a visit without a call."""
        self._spawn(self._finish(visit), "finish")

    def end_visit(self, visit: str) -> None:
        """Hang up and finish the visit."""
        self._spawn(self._end(visit), "end-visit")

    def hang_up(self) -> None:
        """End a running call without finishing the visit."""
        self._spawn(self._hang_up(), "hang-up")

    def allow(self, allowed: Allowed) -> None:
        """Ask the system for the devices, then allow what it grants."""
        self._spawn(self._allow(allowed), "allow")

    def set_microphone(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Mute or unmute."""
        self._call.set_microphone(wanted=wanted)

    def set_camera(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Start or stop the camera."""
        self._call.set_camera(wanted=wanted)

    def share(self, source: str) -> None:
        """Share a screen or window, or stop."""
        if not source or self.sharing_allowed:
            self._call.share(source)

    def compare_codes(self, same: bool) -> None:  # noqa: FBT001 - a slot
        """The safety codes were compared."""
        self._call.verify(same=same)

    def send_chat(self, words: str) -> None:
        """Send a line of chat."""
        self._call.send_chat(words)

    # -- inside

    async def _start(self, visit: str) -> None:
        try:
            entry = next((e for e in self._session.snapshot.waiting_room.entries if e.visit == visit), None)
            account = self._session.snapshot.account
            mine = account.id if account is not None else ""
            if entry is None or (entry.clinician_id, entry.state) != (mine, VisitState.IN_VISIT):
                await self._session.admit(visit)
            await self._call.start(visit, self._session.signaling(visit))
        except CommandRefusedError as error:
            self.said.emit(text.refusal(error), "danger")
        except EngineStartError:
            self.said.emit(tr("Picture and sound could not be started. Restart Carena, or ask IT."), "danger")
        finally:
            self._starting = ""
            self.starting_changed.emit("")

    async def _finish(self, visit: str) -> None:
        try:
            await self._session.finish(visit)
        except CommandRefusedError as error:
            if error.code not in {ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE}:  # those: it is finished already
                self.said.emit(tr("The visit is not finished yet. {why}").format(why=text.refusal(error)), "danger")

    async def _end(self, visit: str) -> None:
        await self._call.end()
        await self._finish(visit)

    async def _allow(self, allowed: Allowed) -> None:
        if allowed is not Allowed.NOTHING and not await self._permissions.microphone():
            allowed = Allowed.NOTHING
        if allowed is Allowed.CAMERA_AND_MICROPHONE and not await self._permissions.camera():
            allowed = Allowed.MICROPHONE_ONLY
        self._call.allow(allowed)

    async def _hang_up(self) -> None:
        if self._call.snapshot.state not in _OVER:
            await self._call.end()

    async def _sign_out(self) -> None:
        await self._hang_up()
        self.files.forget()
        await self._session.sign_out()

    async def _create_link(self, room: str) -> None:
        try:
            link = await self._session.create_visit_link(reusable=False, room=room)
            self.link_created.emit(await self._call.secure_link(link))
        except CommandRefusedError as error:
            self.said.emit(text.refusal(error), "danger")

    def _spawn(self, coro: Coroutine[Any, Any, None], name: str) -> None:
        try:
            self._scope.spawn(coro, name=name)
        except ScopeClosedError:
            return  # the program is ending: nothing new begins
