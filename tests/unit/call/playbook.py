"""Drives a call machine by hand: tell it events, let time pass, see what it asks for."""

from collections.abc import Sequence
from contextlib import suppress

from carena_desktop.call.inputs import (
    CallEffect,
    CallEvent,
    Command,
    EngineStarted,
    FetchIceServers,
    IceServersArrived,
    Moment,
    PersonAllowed,
    SendSignal,
    SignalArrived,
    Started,
    StartEngine,
    Ticked,
)
from carena_desktop.call.machine import CallMachine
from carena_desktop.call.model import Allowed, CallSnapshot
from carena_desktop.call.mute import DeviceChoice
from carena_desktop.call.path_events import LegPlays
from carena_desktop.call.ports import (
    ApplyAnswer,
    ControlOpened,
    ControlReceived,
    EngineCommand,
    LegChanged,
    LegState,
    OfferMade,
    SendControl,
)
from carena_desktop.call.recovery import Periods
from carena_protocol.e2ee.chain import ChainError
from carena_protocol.messages import IceServer
from carena_protocol.peer import (
    Answer,
    AnyControl,
    AnySignal,
    Heartbeat,
    HeartbeatSeen,
    LegShown,
    Ready,
    SealedOver,
    Standing,
    decode_control,
    encode,
)
from tests.fakes.guard import CONFIRM, HELLO, FakeGuard
from tests.fakes.page_chain import PageChain

EPOCH_MS = 1_800_000_000_000
LONG = Periods(leg_s=1e6)
"""Legs that no test outlives."""


class Playbook:
    """A machine, its clock, and everything that it asked for so far in ``effects``."""

    def __init__(self, *, engine_up: bool = True, periods: Periods = LONG) -> None:
        self.guards: dict[int, FakeGuard] = {}
        self.machine = CallMachine(DeviceChoice("cam", "mic"), self._guard, engine_up=engine_up, periods=periods)
        self.chain = PageChain()
        self.now = 100.0
        self.epoch_ms = EPOCH_MS
        """Of the moment 100.0; more of it is a sleep of the machine."""
        self.effects: list[CallEffect] = []
        self.read: list[AnySignal] = []
        """What the page was told about legs."""
        self.echo = True
        """Whether the other party answers heartbeats while time passes."""

    def _guard(self, call: str, leg: int) -> FakeGuard:
        return self.guards.setdefault(leg, FakeGuard(call, leg))

    @property
    def snapshot(self) -> CallSnapshot:
        """The machine's."""
        return self.machine.snapshot

    def tell(self, *events: CallEvent) -> list[CallEffect]:
        """Tell events now; return what they led to."""
        led_to: list[CallEffect] = []
        for event in events:
            moment = Moment(self.now, self.epoch_ms + int((self.now - 100) * 1000))
            led_to += self.machine.handle(event, moment)
        self.effects += led_to
        self._page_hears(led_to)
        return led_to

    def _page_hears(self, effects: Sequence[CallEffect]) -> None:
        """The page reads what is sealed, whichever way it comes, and takes the first copy."""
        for effect in effects:
            message: AnySignal | SealedOver | None = None
            if isinstance(effect, SendSignal):
                message = effect.signal
            elif isinstance(effect, Command) and isinstance(effect.command, SendControl):
                control = decode_control(effect.command.data)
                message = control if isinstance(control, SealedOver) else None
            if message is not None:
                with suppress(ChainError):
                    self.read.append(self.chain.read(message))

    def say(self, leg: int, message: AnyControl) -> list[CallEffect]:
        """The other party says ``message`` over the data channel."""
        return self.tell(ControlReceived(leg, encode(message)))

    def signal(self, signal: AnySignal) -> list[CallEffect]:
        """The other party's signal."""
        return self.tell(SignalArrived(signal))

    def wait(self, seconds: float) -> list[CallEffect]:
        """Let time pass, ticking whenever the machine asks for it."""
        led_to: list[CallEffect] = []
        end = self.now + seconds
        for _ in range(10_000):
            deadline = self.machine.deadline
            if deadline is None or deadline > end:
                break
            self.now = max(self.now, deadline)
            effects = self.tell(Ticked())
            led_to += effects
            if self.echo:
                self._answer_heartbeats(effects)
        else:
            raise AssertionError("the machine ticks without end")
        self.now = end
        return led_to

    def _answer_heartbeats(self, effects: Sequence[CallEffect]) -> None:
        for effect in effects:
            if isinstance(effect, Command) and isinstance(effect.command, SendControl):
                message = decode_control(effect.command.data)
                if isinstance(message, Heartbeat):
                    self.say(effect.command.leg, HeartbeatSeen(n=message.n))

    # -- stretches of a call ---------------------------------------------------------------------------------------

    def begin(self, allowed: Allowed = Allowed.CAMERA_AND_MICROPHONE) -> None:
        """Start, with the question answered."""
        self.tell(Started("v1"), PersonAllowed(allowed))
        if StartEngine() in self.effects:
            self.tell(EngineStarted())

    def offer(self, *servers: IceServer) -> int:
        """Answer the newest request for ICE servers and make the leg's offer; return the leg."""
        attempt = [effect.attempt for effect in self.effects if isinstance(effect, FetchIceServers)][-1]
        self.tell(IceServersArrived(attempt, servers))
        leg = self.snapshot.leg
        self.tell(OfferMade(leg, f"offer {leg}"))
        return leg

    def about(self, leg: int, signal: AnySignal) -> list[CallEffect]:
        """The page says something about a leg, sealed if the leg's offer was."""
        return self.signal(self.chain.write(leg, signal))

    def answer(self, leg: int) -> list[CallEffect]:
        """The page answers a leg's offer."""
        return self.about(leg, Answer(leg=leg, sdp=f"answer {leg}", hello=HELLO))

    def connect(self, leg: int) -> list[CallEffect]:
        """The answer comes, the leg connects and is safe; return what that led to."""
        return self.answer(leg) + self.tell(LegChanged(leg, LegState.CONNECTED)) + self.secure(leg)

    def secure(self, leg: int) -> list[CallEffect]:
        """The leg's channel opens and both prove their agreement."""
        effects = self.tell(ControlOpened(leg)) + self.say(leg, CONFIRM)
        self.chain.safe(leg)
        return effects

    def shown(self, leg: int) -> list[CallEffect]:
        """Both sides show a leg."""
        return self.tell(LegPlays(leg, "video")) + self.say(leg, LegShown(leg=leg))

    def active(self, allowed: Allowed = Allowed.CAMERA_AND_MICROPHONE) -> None:
        """A call in full swing on leg 1."""
        self.begin(allowed)
        self.signal(Ready(instance="page-1"))
        self.connect(self.offer())

    # -- reading effects -------------------------------------------------------------------------------------------


def commands(effects: Sequence[CallEffect]) -> list[EngineCommand]:
    """The engine's commands, without what is sent over data channels."""
    kinds = [effect.command for effect in effects if isinstance(effect, Command)]
    return [command for command in kinds if not isinstance(command, SendControl)]


def said(effects: Sequence[CallEffect]) -> list[AnyControl]:
    """What is sent over data channels, but for the proofs that open them and for how the keys stand."""
    said = [
        decode_control(effect.command.data)
        for effect in effects
        if isinstance(effect, Command) and isinstance(effect.command, SendControl)
    ]
    return [message for message in said if message != CONFIRM and not isinstance(message, SealedOver | Standing)]


def standings(effects: Sequence[CallEffect]) -> list[Standing]:
    """What the page is told of the keys."""
    sent = [effect.command for effect in effects if isinstance(effect, Command)]
    told = [decode_control(command.data) for command in sent if isinstance(command, SendControl)]
    return [message for message in told if isinstance(message, Standing)]


def signals(effects: Sequence[CallEffect]) -> list[AnySignal]:
    """What goes to the relay."""
    return [effect.signal for effect in effects if isinstance(effect, SendSignal)]


def answers(effects: Sequence[CallEffect]) -> list[ApplyAnswer]:
    """The answers applied."""
    return [command for command in commands(effects) if isinstance(command, ApplyAnswer)]
