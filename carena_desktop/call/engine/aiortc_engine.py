"""The engine: legs, capture, playout, pictures and figures, driven by commands and answering with events.

It runs on one asyncio loop, wherever a host puts it, and decides nothing about the call: when to make a leg, when to
give one up and what is allowed are the machine's business in the other process.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import Final, assert_never

from av import AudioFrame, VideoFrame

from carena_desktop.call.engine import internals
from carena_desktop.call.engine.capture_guard import CaptureGuard
from carena_desktop.call.engine.counters import Counters, FigureMaker, LegFacts
from carena_desktop.call.engine.devices import FRAME_SAMPLES, Devices, Samples
from carena_desktop.call.engine.feeds import AudioFeed, VideoFeed
from carena_desktop.call.engine.frames import FrameWriter
from carena_desktop.call.engine.front import Claim, Front, Kind
from carena_desktop.call.engine.leg import Leg, Sinks
from carena_desktop.call.engine.level_meter import LevelMeter
from carena_desktop.call.engine.painter import Painter
from carena_desktop.call.engine.path_watch import PathWatch
from carena_desktop.call.engine.playout import Playout
from carena_desktop.call.engine.repairs import (
    decoding,
    failed_sends,
    liveliness,
    playout_delay,
    repetition_route,
    transport_cc,
    voice,
)
from carena_desktop.call.engine.screen_feed import ScreenFeed
from carena_desktop.call.files.channel import SendFileRecord
from carena_desktop.call.path_events import LegPlays
from carena_desktop.call.ports import (
    AddCandidate,
    ApplyAnswer,
    CloseLeg,
    EngineCommand,
    EngineEvent,
    EngineFailed,
    FiguresMeasured,
    FrameReady,
    InstallKeys,
    LevelMeasured,
    ListDevices,
    ListShareable,
    OpenLeg,
    PlayTestSound,
    SendControl,
    SetCapture,
    Stream,
)
from carena_desktop.clock import Clock
from carena_desktop.tasks import TaskScope, describe_error

_log = logging.getLogger(__name__)

FIGURES_PERIOD_S: Final = 1.0
MAX_LEGS: Final = 4
AGED_S: Final = 5.0
"""A leg that begins to send so long after it was made begins with what the one in front knows then."""


def prepare() -> None:
    """Check aiortc, repair it, restrict it; before the first engine of a process. Raises InternalsError."""
    internals.check()
    internals.restrict_media()
    decoding.install()
    liveliness.install()
    transport_cc.install()
    playout_delay.install()
    repetition_route.install()
    voice.install()
    failed_sends.install()


class AiortcEngine:
    """The engine behind every host. Create it on its loop, after ``prepare``; use it there.

    Args:
        devices: Cameras, microphones, speakers.
        slots: Where the pictures go.
        emit: Takes every event, from any thread.
        clock: The time.
    """

    def __init__(
        self,
        *,
        devices: Devices,
        slots: Mapping[Stream, FrameWriter],
        emit: Callable[[EngineEvent], None],
        clock: Clock,
    ) -> None:
        self._emit = emit
        self._clock = clock
        self._devices = devices
        self._closing = False
        self._sending = {"camera": False, "screen": False}
        self._scope = TaskScope("engine")
        self._legs: dict[int, Leg] = {}
        self._front = Front()
        self._counters = Counters()
        self._video = VideoFeed(clock)
        self._screen = ScreenFeed(clock)
        self._audio = AudioFeed(clock)
        self._painters = {
            stream: Painter(
                slot,
                lambda stream=stream: emit(FrameReady(stream)),  # type: ignore[misc]  # a default freezes the stream
                clock,
                name=f"paint-{stream}",
            )
            for stream, slot in slots.items()
        }
        self._meter = LevelMeter()
        self._guard = CaptureGuard(
            devices,
            on_frame=self._captured,
            on_screen=self._screen.push,
            on_samples=self._heard,
            on_change=emit,
            clock=clock,
        )
        self._playout = Playout(devices, self._scope, self._guard.set_speaker_problem)
        self._sinks = Sinks(emit, self._remote_video, self._remote_screen, self._remote_audio)
        self._loop = asyncio.get_running_loop()
        devices.on_change(self._plugged)
        self._scope.spawn(self._measure(), name="figures")
        self._scope.spawn(self._screen.run(), name="screen")
        self._scope.spawn(PathWatch(self._in_front, emit, clock).run(), name="path-watch")

    def handle(self, command: EngineCommand) -> None:
        """Begin what ``command`` says; what comes of it are events."""
        match command:
            case OpenLeg():
                self._open(command)
            case CloseLeg(leg=number):
                self._close(number)
            case ApplyAnswer() | AddCandidate() | InstallKeys() | SendControl() | SendFileRecord():
                leg = self._legs.get(command.leg)
                if leg is not None:  # closed meanwhile: the other process did not know yet
                    self._of_leg(leg, command)
            case SetCapture():
                self._audio.muted = command.muted
                self._playout.choose(command.speaker_device)
                self._set_sending(camera=command.camera, screen=command.shared != "")
                self._guard.set(command)
            case PlayTestSound(speaker_device=speaker):
                self._playout.choose(speaker)
                self._playout.test()
            case ListDevices():
                self._scope.spawn(self._list(), name="devices")
            case ListShareable():
                self._scope.spawn(self._list_shareable(), name="shareable")
            case _:
                assert_never(command)

    async def aclose(self) -> None:
        """Close devices first, then the legs; bounded by their own limits."""
        self._closing = True
        await self._guard.aclose()
        legs, self._legs = list(self._legs.values()), {}
        await asyncio.gather(*(leg.aclose() for leg in legs), return_exceptions=True)
        await self._scope.aclose()
        await self._playout.aclose()
        for painter in self._painters.values():
            painter.close()

    # -- legs --------------------------------------------------------------------------------------------------------

    def _open(self, command: OpenLeg) -> None:
        if command.leg in self._legs or len(self._legs) >= MAX_LEGS:
            self._emit(EngineFailed("leg_refused", command.leg))
            return
        try:
            leg = Leg(
                command.leg,
                servers=command.ice_servers,
                tunnels=command.tunnels,
                relay_only=command.relay_only,
                srtp_profiles=command.srtp_profiles,
                video=self._video,
                screen=self._screen if command.screen else None,
                audio=self._audio,
                sinks=self._sinks,
                clock=self._clock,
            )
        except ValueError:  # an ICE server's address that aiortc can't read, say; the text would quote it
            self._emit(EngineFailed("bad_settings", command.leg))
            return
        self._begin_like_front(leg)
        self._legs[command.leg] = leg
        leg.set_sending(**self._sending)
        self._scope.spawn(self._offer(leg), name=f"offer-{command.leg}")

    def _begin_like_front(self, leg: Leg) -> None:
        if (in_front := self._in_front()) is not None:
            leg.begin_like(in_front[1])

    async def _offer(self, leg: Leg) -> None:
        try:
            await leg.offer()
        except Exception as error:  # noqa: BLE001 - whatever aiortc raises, the leg is over and the call goes on
            _log.warning("leg %d: no offer: %s", leg.number, describe_error(error))
            self._emit(EngineFailed("no_offer", leg.number))

    def _close(self, number: int) -> None:
        leg = self._legs.pop(number, None)
        if leg is not None:
            self._scope.spawn(self._end(leg), name=f"close-{number}")

    async def _end(self, leg: Leg) -> None:
        await leg.aclose()
        self._front.leave(leg.number)

    async def _list(self) -> None:
        self._emit(await self._devices.found())

    async def _list_shareable(self) -> None:
        self._emit(await self._devices.shareable())

    def _set_sending(self, *, camera: bool, screen: bool) -> None:
        self._sending = {"camera": camera, "screen": screen}
        if not screen:
            self._screen.clear()
        for leg in self._legs.values():
            leg.set_sending(**self._sending)

    def _plugged(self) -> None:
        """From Qt's thread."""
        with contextlib.suppress(RuntimeError):  # the loop has ended before Qt's thread
            self._loop.call_soon_threadsafe(self._devices_changed)

    def _devices_changed(self) -> None:
        if not self._closing:
            self._scope.spawn(self._list(), name="devices")

    def _of_leg(
        self, leg: Leg, command: ApplyAnswer | AddCandidate | InstallKeys | SendControl | SendFileRecord
    ) -> None:
        match command:
            case ApplyAnswer(sdp=sdp):
                self._scope.spawn(leg.apply_answer(sdp), name=f"answer-{leg.number}")
            case AddCandidate(candidate=candidate):
                leg.add_candidate(candidate)
            case InstallKeys(use=use):
                if use == "send" and not leg.has_sent and self._clock.monotonic() - leg.made_at > AGED_S:
                    self._begin_like_front(leg)  # a spare: what was found when it was made is old
                leg.install(command)
            case SendControl(data=data):
                leg.send_control(data)
            case SendFileRecord(record=record):
                leg.send_file_record(record)
            case _:
                assert_never(command)

    # -- media -------------------------------------------------------------------------------------------------------

    def _captured(self, frame: VideoFrame) -> None:
        self._video.push(frame)
        self._loop.call_soon(self._painters[Stream.SELF].show, frame)  # the other party's picture goes first

    def _heard(self, samples: Samples) -> None:
        self._audio.push(samples)
        level = self._meter.feed(samples)
        if level is not None:
            self._emit(LevelMeasured(level))

    def _remote_video(self, leg: int, frame: VideoFrame) -> None:
        if not self._may_present("video", leg):
            return
        counters = self._counters
        counters.video_frames += 1
        counters.video_width, counters.video_height = frame.width, frame.height
        if counters.first_video_at_ms is None:
            counters.first_video_at_ms = self._clock.wall_ms()
        self._painters[Stream.REMOTE].show(frame)

    def _remote_screen(self, leg: int, frame: VideoFrame) -> None:
        if self._may_present("screen", leg):
            counters = self._counters
            counters.screen_frames += 1
            counters.screen_width, counters.screen_height = frame.width, frame.height
            self._painters[Stream.REMOTE_SCREEN].show(frame)

    def _remote_audio(self, leg: int, frame: AudioFrame) -> None:
        if self._may_present("audio", leg):
            self._counters.audio_samples += frame.samples
            self._playout.play(frame)

    def _in_front(self) -> tuple[int, Leg] | None:
        leg = self._legs.get(self._front.leg)
        return None if leg is None else (leg.number, leg)

    def _may_present(self, kind: Kind, leg: int) -> bool:
        claim = self._front.claim(kind, leg)
        if claim is Claim.FIRST:
            self._emit(LegPlays(leg, kind))
        return claim is not Claim.NO

    async def _measure(self) -> None:
        maker = FigureMaker(self._counters, self._clock.monotonic())
        while True:
            await asyncio.sleep(FIGURES_PERIOD_S)
            number = self._front.leg or max(self._legs, default=0)
            leg = self._legs.get(number)
            facts = await leg.facts() if leg is not None else LegFacts()
            figures = maker.make(number, facts, self._clock.monotonic(), frame_samples=FRAME_SAMPLES)
            self._emit(FiguresMeasured(figures))
