"""A call without an engine: implements ``CallPort`` for tests of the window and for its screenshots.

The test pushes snapshots and pictures; what the window asked for is in ``asked``.
"""

from collections.abc import Callable
from dataclasses import replace

from carena_desktop.call.chat import ChatShelf
from carena_desktop.call.model import (
    Allowed,
    CallSnapshot,
    CallState,
    CameraLamp,
    EndReason,
    MicrophoneLamp,
)
from carena_desktop.call.ports import (
    EngineStartError,
    Picture,
    Stream,
    Unsubscribe,
)
from carena_desktop.call.signaling import SignalingChannel
from tests.fakes.desk import FakeDesk
from tests.fakes.files import FakeFiles


class FakeFrames:
    """Implements ``FrameReader``: gives what was put, once; remembers the size asked for."""

    def __init__(self) -> None:
        self.size = (0, 0)
        self._picture: Picture | None = None

    def put(self, picture: Picture) -> None:
        """Replace what ``take`` will give."""
        self._picture = picture

    def take(self) -> Picture | None:
        """Return the newest picture once."""
        taken, self._picture = self._picture, None
        return taken

    def request_size(self, width: int, height: int) -> None:
        """Keep the size."""
        self.size = (width, height)


class FakeCall:
    """Implements ``CallPort``. ``obeys`` makes the lamps follow what is asked; off, the devices ignore it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.obeys = True
        self.start_fails = False
        self.closed = False
        self.prepared = 0
        self.readers = {stream: FakeFrames() for stream in Stream}
        self._snapshot = CallSnapshot()
        self._changes: list[Callable[[CallSnapshot], None]] = []
        self._frames: list[Callable[[Stream], None]] = []
        self.chats = ChatShelf()
        self.devices = FakeDesk(self)
        self.files = FakeFiles(self.asked)

    @property
    def snapshot(self) -> CallSnapshot:
        """The current snapshot."""
        return self._snapshot

    @property
    def listeners(self) -> int:
        """How many callbacks are registered."""
        return len(self._changes) + len(self._frames) + self.devices.listeners + self.files.listeners

    def push(self, **changes: object) -> CallSnapshot:
        """Publish the snapshot with some fields changed."""
        self._snapshot = replace(self._snapshot, **changes)  # type: ignore[arg-type]  # a test names real fields
        for callback in tuple(self._changes):
            callback(self._snapshot)
        return self._snapshot

    def picture(self, stream: Stream, picture: Picture) -> None:
        """Put a picture into a slot and say so."""
        self.readers[stream].put(picture)
        for callback in tuple(self._frames):
            callback(stream)

    def on_change(self, callback: Callable[[CallSnapshot], None]) -> Unsubscribe:
        """Register for snapshots."""
        self._changes.append(callback)
        return lambda: self._changes.remove(callback)

    def on_frame(self, callback: Callable[[Stream], None]) -> Unsubscribe:
        """Register for pictures."""
        self._frames.append(callback)
        return lambda: self._frames.remove(callback)

    def frames(self, stream: Stream) -> FakeFrames:
        """Return the reader of a stream."""
        return self.readers[stream]

    async def prepare(self) -> None:
        """Count it."""
        self.prepared += 1

    async def start(self, visit: str, channel: SignalingChannel) -> None:
        """Ask for the devices, or fail when told to."""
        assert channel is not None
        self.asked.append(("start", visit))
        if self.start_fails:
            raise EngineStartError("told to")
        self._snapshot = CallSnapshot()
        self.push(state=CallState.ASKING, visit=visit)

    def allow(self, allowed: Allowed) -> None:
        """Take the answer; the lamps follow when the devices obey."""
        self.asked.append(("allow", allowed))
        self.push(intent=replace(self._snapshot.intent, allowed=allowed))
        if self._snapshot.state is CallState.ASKING:
            self.push(state=CallState.WAITING_FOR_PEER)
        self._reconcile()

    def set_camera(self, *, wanted: bool) -> None:
        """Want the camera, or not."""
        self.asked.append(("camera", wanted))
        self.push(intent=replace(self._snapshot.intent, camera_wanted=wanted))
        self._reconcile()

    def set_microphone(self, *, wanted: bool) -> None:
        """Want the microphone, or not."""
        self.asked.append(("microphone", wanted))
        self.push(intent=replace(self._snapshot.intent, microphone_wanted=wanted))
        self._reconcile()

    def share(self, source: str) -> None:
        """Share, or end it; capture follows."""
        self.asked.append(("share", source))
        self.push(intent=replace(self._snapshot.intent, shared=source), share_problem=None)
        self._reconcile()

    def network_changed(self) -> None:
        """Remember it."""
        self.asked.append(("network", "changed"))

    def verify(self, *, same: bool) -> None:
        """Remember the comparison."""
        self.asked.append(("verify", same))

    async def secure_link(self, url: str) -> str:
        """Add what a test recognises."""
        return f"{url}.ours"

    def send_chat(self, text: str) -> None:
        """Keep the line."""
        self.asked.append(("chat", text))

    async def end(self) -> None:
        """End the call here."""
        self.asked.append(("end", self._snapshot.visit))
        self.push(
            state=CallState.ENDED,
            end_reason=EndReason.LOCAL,
            camera=CameraLamp.OFF,
            microphone=MicrophoneLamp.OFF,
        )

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def _reconcile(self) -> None:
        if not self.obeys:
            return
        intent = self._snapshot.intent
        camera = intent.allowed is Allowed.CAMERA_AND_MICROPHONE and intent.camera_wanted
        microphone = MicrophoneLamp.OFF
        if intent.allowed is not Allowed.NOTHING:
            microphone = MicrophoneLamp.LIVE if intent.microphone_wanted else MicrophoneLamp.MUTED
        self.push(
            camera=CameraLamp.LIVE if camera else CameraLamp.OFF,
            microphone=microphone,
            sharing=intent.shared != "",
        )
