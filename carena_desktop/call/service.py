"""The call as the window uses it: drives the machine with time, the relay and the engine, and publishes its snapshots.

Everything that decides is in the machine; here are the loop, the tasks and the order of things. Every method is called
on the event loop's thread. The engine is kept warm before a visit and made anew after one, so that nothing of a patient
(pictures, decoder state, counters) is still there when the next is admitted.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from carena_desktop.call.chat import ChatLog, ChatShelf
from carena_desktop.call.device_desk import DeviceDesk
from carena_desktop.call.device_key import DeviceKey
from carena_desktop.call.file_desk import FileDesk
from carena_desktop.call.files.vault import Vault
from carena_desktop.call.inputs import (
    CallEffect,
    CallEvent,
    CameraWanted,
    ChatWritten,
    CodesCompared,
    Command,
    DevicesChosen,
    DirectForbidden,
    EngineStarted,
    EngineStopped,
    FetchIceServers,
    HoldFiles,
    IceServersArrived,
    InstallFileKey,
    MicrophoneWanted,
    Moment,
    PeerPresenceChanged,
    PersonAllowed,
    PersonEnded,
    ProbeSignaling,
    SendSignal,
    ShareWanted,
    SignalArrived,
    SignalingFailed,
    Started,
    StartEngine,
    Ticked,
)
from carena_desktop.call.leg_security import LegGuard, LegSecurity, MakeGuard
from carena_desktop.call.link_secrets import LinkSecrets
from carena_desktop.call.machine import CallMachine
from carena_desktop.call.model import Allowed, CallSnapshot, CallState, Path
from carena_desktop.call.path_events import NetworkChanged
from carena_desktop.call.pin_store import PinStore
from carena_desktop.call.pinned_device import PinnedDevice
from carena_desktop.call.ports import (
    DeviceChoice,
    EngineEvent,
    EngineFailed,
    EngineStartError,
    FiguresMeasured,
    FrameReader,
    FrameReady,
    MediaEngine,
    OpenLeg,
    Stream,
    Unsubscribe,
)
from carena_desktop.call.recovery import Periods
from carena_desktop.call.signaling import SignalingChannel
from carena_desktop.clock import SYSTEM_CLOCK, Clock
from carena_desktop.tasks import TaskScope, describe_error
from carena_protocol import limits
from carena_protocol.peer import Unsafe

_log = logging.getLogger(__name__)

FAREWELL_S: Final = 0.25
"""Between the last commands of a visit and the end of its engine: for the goodbye to leave."""
CLOSE_LIMIT_S: Final = 2.0
_OVER: Final = frozenset({CallState.IDLE, CallState.ENDED})


class CallService:
    """Implements ``ports.CallPort``.

    Args:
        engine: The media engine; this service owns it.
        devices: Which camera and microphone to use.
        clock: The time.
        remember: Told of every other choice of devices.
        device_key: Signs our part of every key agreement.
        pins: Which patients' device keys were verified.
        links: The secrets of visit links made here.
        guard: Makes what keeps a leg safe; for tests.
        vault: Keeps received files.
        most_file_bytes: Asked at the beginning of a visit for the largest file to send and take.
        srtp_profiles: Which a leg may use now, None for all.
        periods: Asked at the beginning of a visit how often connections and keys are replaced.
        relay_only: Asked each second whether calls have to leave a direct path.
    """

    def __init__(
        self,
        engine: MediaEngine,
        devices: DeviceChoice | None = None,
        clock: Clock = SYSTEM_CLOCK,
        *,
        remember: Callable[[DeviceChoice], None] = lambda _: None,
        device_key: DeviceKey | None = None,
        pins: PinStore | None = None,
        links: LinkSecrets | None = None,
        guard: MakeGuard | None = None,
        vault: Vault | None = None,
        most_file_bytes: Callable[[], int] = lambda: limits.MAX_FILE_BYTES,
        srtp_profiles: Callable[[], tuple[str, ...] | None] = lambda: None,
        periods: Callable[[], Periods] = Periods,
        relay_only: Callable[[], bool] = lambda: False,
    ) -> None:
        self._engine = engine
        self._remember = remember
        self._device_key = device_key or DeviceKey()
        self._pins = pins or PinStore(None)
        self._links = links or LinkSecrets(None, self._device_key, clock.wall_ms)
        self._guard = guard or self._new_guard
        self._srtp_profiles = srtp_profiles
        self._periods = periods
        self._relay_only = relay_only
        self._clock = clock
        self._scope = TaskScope("call")
        self._engine_up = False
        self._desk = DeviceDesk(
            engine,
            devices or DeviceChoice(),
            on_choice=self._devices_chosen,
            may_check=lambda: self._snapshot.state in _OVER,
        )
        self._files = FileDesk(engine, clock, vault, most_file_bytes)
        self.chats = ChatShelf()
        self._machine = self._new_machine()
        self._snapshot = self._machine.snapshot
        self._on_change: list[Callable[[CallSnapshot], None]] = []
        self._on_frame: list[Callable[[Stream], None]] = []
        self._channel: SignalingChannel | None = None
        self._unsubscribe: list[Unsubscribe] = [engine.on_event(self._engine_event)]
        self._channel_ends: list[Unsubscribe] = []
        self._outbox: asyncio.Queue[SendSignal | None] = asyncio.Queue()
        self._timer: asyncio.TimerHandle | None = None
        self._engine_lock = asyncio.Lock()
        self._retiring: asyncio.Task[None] | None = None
        self._closed = False

    # -- what the UI sees ----------------------------------------------------------------------------------------------

    @property
    def snapshot(self) -> CallSnapshot:
        """The current snapshot."""
        return self._snapshot

    def on_change(self, callback: Callable[[CallSnapshot], None]) -> Unsubscribe:
        """Call ``callback`` with every new snapshot."""
        self._on_change.append(callback)
        return lambda: self._on_change.remove(callback)

    def on_frame(self, callback: Callable[[Stream], None]) -> Unsubscribe:
        """Call ``callback`` when a stream has a new picture."""
        self._on_frame.append(callback)
        return lambda: self._on_frame.remove(callback)

    def frames(self, stream: Stream) -> FrameReader:
        """Return the reader of a stream's slot."""
        return self._engine.frames(stream)

    # -- what the UI does ----------------------------------------------------------------------------------------------

    async def prepare(self) -> None:
        """Start the engine before it is needed: making it takes a second or two."""
        if not self._closed:
            await self._start_engine()

    async def start(self, visit: str, channel: SignalingChannel) -> None:
        """Begin the call of an admitted visit in state ``asking``; a call that is still on is ended first."""
        if self._snapshot.state not in _OVER:
            self._handle(PersonEnded())
        await self._retired()
        self._desk.check_over()
        self._leave_channel()
        await self._device_key.restore()
        self._machine = self._new_machine(self.chats.of(visit), self.chats.device_of(visit))
        self._files.begin(visit)
        self._files.hold(held=False)
        self._channel = channel
        self._outbox = asyncio.Queue()
        self._scope.spawn(self._send_signals(channel, self._outbox), name="signals")
        self._handle(Started(visit))
        self._channel_ends = [
            channel.on_peer(lambda present: self._handle(PeerPresenceChanged(present))),
            channel.on_signal(lambda signal: self._handle(SignalArrived(signal))),
        ]

    def allow(self, allowed: Allowed) -> None:
        """The person's answer for this visit."""
        self._handle(PersonAllowed(allowed))

    def set_camera(self, *, wanted: bool) -> None:
        """Start or stop the camera, within what is allowed."""
        self._handle(CameraWanted(wanted))

    def set_microphone(self, *, wanted: bool) -> None:
        """Unmute or mute, within what is allowed."""
        self._handle(MicrophoneWanted(wanted))

    def share(self, source: str) -> None:
        """Send the picture of this screen or window beside the camera's; "" ends it."""
        self._handle(ShareWanted(source))

    def network_changed(self) -> None:
        """The system says that the network is another one, or is back."""
        if self._snapshot.state not in _OVER:
            self._handle(NetworkChanged())

    def verify(self, *, same: bool) -> None:
        """The two compared their safety codes: they were the same, or the call is stopped."""
        self._handle(CodesCompared(same))
        if same and (device := self._machine.peer_device):
            self._pins.remember(self._pair_with(device), self._clock.wall_ms())

    async def secure_link(self, url: str) -> str:
        """Return a visit link with a secret behind the server's part that the server never sees."""
        return await self._links.secure(url)

    def send_chat(self, text: str) -> None:
        """Send a line of chat; raises ValueError when empty or longer than ``limits.MAX_CHAT_CHARS``."""
        if not text.strip() or len(text) > limits.MAX_CHAT_CHARS:
            raise ValueError("a line has 1 to MAX_CHAT_CHARS characters")
        if self._snapshot.state not in _OVER:
            self._handle(ChatWritten(secrets.token_urlsafe(12), text))

    @property
    def devices(self) -> DeviceDesk:
        """Which devices there are, and the choice among them."""
        return self._desk

    @property
    def files(self) -> FileDesk:
        """What is sent and received besides picture, sound and words."""
        return self._files

    async def end(self) -> None:
        """Say goodbye, close the legs and every device; returns when the engine has let go of them."""
        self._handle(PersonEnded())
        self._files.forget()
        await self._retired()

    async def aclose(self) -> None:
        """End the call and the engine. May be called more than once."""
        if self._closed:
            return
        self._closed = True
        if self._snapshot.state not in _OVER:
            self._handle(PersonEnded())
            await asyncio.sleep(FAREWELL_S)
        self._leave_channel()
        if self._timer is not None:
            self._timer.cancel()
        await self._scope.aclose(CLOSE_LIMIT_S)
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._desk.close()
        self._files.close()
        self.chats.keep(())
        await self._engine.aclose()

    def _new_machine(self, chat: ChatLog | None = None, pin: PinnedDevice | None = None) -> CallMachine:
        return CallMachine(
            self._desk.view.choice,
            self._guard,
            self._known,
            engine_up=self._engine_up,
            periods=self._periods(),
            chat=chat,
            pin=pin,
        )

    def _new_guard(self, call: str, leg: int) -> LegGuard:
        ahead = self._clock.wall_ms() - self._clock.monotonic() * 1000
        return LegSecurity(
            self._device_key.private,
            call,
            leg,
            self._periods().keys_s,
            link_of=self._links.of,
            wall_ms=lambda at: round(ahead + at * 1000),
        )

    def _known(self, device: bytes) -> int | None:
        """Return when this workstation's key and a patient's were verified, ms since the epoch."""
        return self._pins.known(self._pair_with(device)) if device else None

    def _pair_with(self, device: bytes) -> bytes:
        """What was compared is both keys: with another one at either end, it was not."""
        return self._device_key.private.public_key().public_bytes_raw() + device

    def _devices_chosen(self, choice: DeviceChoice) -> None:
        self._remember(choice)
        self._handle(DevicesChosen(choice))

    # -- events in, effects out ----------------------------------------------------------------------------------------

    def _handle(self, event: CallEvent) -> None:
        if self._closed and not isinstance(event, PersonEnded):
            return
        now = Moment(self._clock.monotonic(), self._clock.wall_ms())
        for effect in self._machine.handle(event, now):
            self._perform(effect)
        self._arm()
        self._publish()

    def _perform(self, effect: CallEffect) -> None:
        match effect:
            case Command(command=OpenLeg() as command):
                self._engine.send(replace(command, srtp_profiles=self._srtp_profiles()))
            case Command(command=command):
                self._engine.send(command)
            case InstallFileKey(key=key):
                self._files.install(key)
            case HoldFiles(held=held):
                self._files.hold(held=held)
            case SendSignal():
                self._outbox.put_nowait(effect)
            case ProbeSignaling() | FetchIceServers():
                if self._channel is not None:
                    self._ask(self._channel, effect)
            case StartEngine():
                if not self._closed:
                    self._scope.spawn(self._start_engine(), name="start-engine")

    def _ask(self, channel: SignalingChannel, effect: ProbeSignaling | FetchIceServers) -> None:
        if isinstance(effect, ProbeSignaling):
            channel.hurry(is_stale=effect.is_stale)
        else:
            self._scope.spawn(self._fetch_ice_servers(channel, effect.attempt), name="ice-servers")

    def _publish(self) -> None:
        snapshot = self._machine.snapshot
        if snapshot == self._snapshot:
            return
        before, self._snapshot = self._snapshot, snapshot
        if snapshot.state is CallState.ENDED and before.state is not CallState.ENDED:
            self._files.call_over()
        if snapshot.state is not before.state:
            _log.info("call %s -> %s, leg %d", before.state, snapshot.state, snapshot.leg)
        for callback in tuple(self._on_change):
            callback(snapshot)
        if snapshot.state is CallState.ENDED and before.state is not CallState.ENDED and not self._closed:
            self._leave_channel()
            self._engine_up = False
            self._retiring = self._scope.spawn(self._retire_engine(), name="retire-engine")

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self._machine.deadline
        if deadline is not None and not self._closed:
            delay = max(0.0, deadline - self._clock.monotonic())
            self._timer = asyncio.get_running_loop().call_later(delay, self._handle, Ticked())

    # -- the relay -----------------------------------------------------------------------------------------------------

    async def _fetch_ice_servers(self, channel: SignalingChannel, attempt: int) -> None:
        try:
            servers, relay_only, ttl_s = await channel.ice_servers()
        except Exception as error:  # noqa: BLE001 - whatever the service's adapter raises means: not now
            _log.info("no ICE servers: %s", describe_error(error))
            if channel is self._channel:
                self._handle(SignalingFailed(attempt))
            return
        if channel is self._channel:
            self._handle(IceServersArrived(attempt, tuple(servers), relay_only, ttl_s))

    async def _send_signals(self, channel: SignalingChannel, outbox: asyncio.Queue[SendSignal | None]) -> None:
        while (item := await outbox.get()) is not None:
            try:
                await channel.send(item.signal)
            except Exception as error:  # noqa: BLE001 - whatever the service's adapter raises means: not delivered
                _log.info("signal not delivered: %s", describe_error(error))
                if channel is self._channel:
                    self._handle(SignalingFailed(item.attempt))

    def _leave_channel(self) -> None:
        for unsubscribe in self._channel_ends:
            unsubscribe()
        self._channel_ends = []
        self._channel = None
        waiting = [self._outbox.get_nowait() for _ in range(self._outbox.qsize())]
        for item in waiting:
            if item is not None and isinstance(item.signal, Unsafe):
                self._outbox.put_nowait(item)  # the one thing that has to be said after the end
        self._outbox.put_nowait(None)

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _engine_event(self, event: EngineEvent) -> None:
        match event:
            case FrameReady(stream=stream):
                for callback in tuple(self._on_frame):
                    callback(stream)
            case EngineFailed(code=code, leg=leg):
                _log.warning("engine: %s, leg %d", code, leg)
                if leg == 0:
                    self._engine_up = False
                self._handle(event)
            case FiguresMeasured(figures=figures):
                self._handle(event)
                if figures.path is Path.DIRECT and self._relay_only():
                    self._handle(DirectForbidden())
            case _:
                self._handle(event)

    async def _start_engine(self) -> None:
        """Start it unless it is up; the machine hears how it went."""
        async with self._engine_lock:
            if not self._engine_up:
                try:
                    await self._engine.start()
                except EngineStartError as error:
                    _log.warning("the media engine did not start: %s", error)
                    self._handle(EngineStopped())
                    return
            self._engine_up = True
            self._desk.engine_started()
            self._handle(EngineStarted())

    async def _retire_engine(self) -> None:
        """End the engine of a visit that is over, and warm up another for the next one."""
        async with self._engine_lock:
            await asyncio.sleep(FAREWELL_S)
            await self._engine.stop()
            self._handle(EngineStopped())
        self._scope.spawn(self.prepare(), name="warm-engine")

    async def _retired(self) -> None:
        retiring, self._retiring = self._retiring, None
        if retiring is not None:
            await asyncio.wait({retiring})
