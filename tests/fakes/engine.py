"""A media engine without media: implements ``MediaEngine`` for tests of the call and of the UI.

It answers commands as the real one does, one turn of the loop later. Switches: ``start_error`` makes ``start`` fail,
``auto`` off leaves every answer to the test, ``crash()`` is the process dying, ``connect()`` and ``control()`` are the
other party's side.
"""

import asyncio
from collections.abc import Callable

from carena_desktop.call.model import CameraLamp, MicrophoneLamp
from carena_desktop.call.ports import (
    ApplyAnswer,
    CaptureChanged,
    CloseLeg,
    ControlOpened,
    ControlReceived,
    EngineCommand,
    EngineEvent,
    EngineFailed,
    EngineStartError,
    FrameReady,
    LegChanged,
    LegState,
    OfferMade,
    OpenLeg,
    Picture,
    SendControl,
    SetCapture,
    Stream,
    Unsubscribe,
)
from carena_protocol.peer import AnyControl, decode_control, encode
from tests.fakes.guard import CONFIRM


class FakeFrameReader:
    """Implements ``FrameReader``: gives what ``show`` was given, once."""

    def __init__(self) -> None:
        self.requested = (0, 0)
        self._picture: Picture | None = None
        self._number = 0

    def show(self, width: int, height: int, bgra: bytes) -> None:
        """Put a picture into the slot."""
        self._number += 1
        self._picture = Picture(self._number, width, height, width * 4, memoryview(bgra))

    def take(self) -> Picture | None:
        """Return the newest picture not yet taken."""
        picture, self._picture = self._picture, None
        return picture

    def request_size(self, width: int, height: int) -> None:
        """Remember."""
        self.requested = (width, height)


class FakeEngine:
    """Implements ``MediaEngine``; ``commands`` lists what was asked of it since the last start."""

    def __init__(self, *, auto: bool = True) -> None:
        self.auto = auto
        self.start_error: str | None = None
        self.starts = 0
        self.running = False
        self.closed = False
        self.commands: list[EngineCommand] = []
        self.history: list[EngineCommand] = []
        """What was ever asked of it."""
        self.readers = {stream: FakeFrameReader() for stream in Stream}
        self._callbacks: list[Callable[[EngineEvent], None]] = []

    async def start(self) -> None:
        """Start, or fail as set."""
        self.starts += 1
        self.commands = []
        await asyncio.sleep(0)
        if self.start_error is not None:
            raise EngineStartError(self.start_error)
        self.running = True

    def send(self, command: EngineCommand) -> None:
        """Keep the command, and answer it when ``auto``."""
        self.commands.append(command)
        self.history.append(command)
        if self.auto:
            self._answer(command)

    def on_event(self, callback: Callable[[EngineEvent], None]) -> Unsubscribe:
        """Subscribe."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def frames(self, stream: Stream) -> FakeFrameReader:
        """Return the stream's reader."""
        return self.readers[stream]

    async def stop(self) -> None:
        """Stop; may be started again."""
        self.running = False

    async def aclose(self) -> None:
        """Stop for good."""
        self.running = False
        self.closed = True

    # -- the test's side -------------------------------------------------------------------------------------------

    def emit(self, event: EngineEvent) -> None:
        """The engine reports ``event``, now."""
        for callback in tuple(self._callbacks):
            callback(event)

    def later(self, event: EngineEvent) -> None:
        """The engine reports ``event`` in the loop's next turn."""
        asyncio.get_running_loop().call_soon(self.emit, event)

    def connect(self, leg: int) -> None:
        """The leg's transport and data channel are up."""
        self.later(LegChanged(leg, LegState.CONNECTED))
        self.later(ControlOpened(leg))
        self.later(ControlReceived(leg, encode(CONFIRM)))

    def control(self, leg: int, message: AnyControl) -> None:
        """The other party says ``message`` over the data channel."""
        self.emit(ControlReceived(leg, encode(message)))

    def said(self) -> list[AnyControl]:
        """What was ever sent over data channels."""
        return [decode_control(command.data) for command in self.history if isinstance(command, SendControl)]

    def crash(self) -> None:
        """The process dies."""
        self.running = False
        self.emit(EngineFailed("engine_lost"))

    def picture(self, stream: Stream, width: int = 4, height: int = 4) -> None:
        """A grey picture arrives."""
        self.readers[stream].show(width, height, b"\x80" * (width * height * 4))
        self.emit(FrameReady(stream))

    def _answer(self, command: EngineCommand) -> None:
        match command:
            case OpenLeg(leg=leg):
                self.later(OfferMade(leg, f"v=0 fake offer {leg}"))
            case ApplyAnswer(leg=leg):
                self.connect(leg)
            case CloseLeg(leg=leg):
                self.later(LegChanged(leg, LegState.CLOSED))
            case SetCapture():
                lamp = MicrophoneLamp.MUTED if command.muted else MicrophoneLamp.LIVE
                self.later(
                    CaptureChanged(
                        CameraLamp.LIVE if command.camera else CameraLamp.OFF,
                        lamp if command.microphone else MicrophoneLamp.OFF,
                        sharing=command.shared != "",
                    )
                )
            case _:
                pass
