"""The call machine against everything at once: random orders of people, signals, engine and time keep its promises."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from carena_desktop.call.inputs import (
    CallEffect,
    CallEvent,
    CameraWanted,
    ChatWritten,
    Command,
    EngineStarted,
    EngineStopped,
    FetchIceServers,
    IceServersArrived,
    MicrophoneWanted,
    PeerPresenceChanged,
    PersonAllowed,
    PersonEnded,
    SendSignal,
    SignalingFailed,
    Started,
    StartEngine,
)
from carena_desktop.call.model import Allowed, CallFigures, CallState, CameraLamp, MicrophoneLamp
from carena_desktop.call.path_events import LegPlays, NetworkChanged, PathSilent
from carena_desktop.call.ports import (
    CaptureChanged,
    CloseLeg,
    ControlOpened,
    ControlReceived,
    EngineFailed,
    FiguresMeasured,
    LegChanged,
    LegState,
    OfferMade,
    OpenLeg,
    SendControl,
    SetCapture,
)
from carena_desktop.call.recovery import Periods
from carena_protocol.peer import (
    Answer,
    AnySignal,
    Candidate,
    Chat,
    ChatReceived,
    Goodbye,
    Heartbeat,
    LegFailed,
    LegShown,
    MediaState,
    Offer,
    Ready,
    Reveal,
    Sealed,
    Unsafe,
    encode,
)
from tests.fakes.guard import CONFIRM, HELLO
from tests.unit.call.playbook import Playbook

LEGS = st.integers(1, 6)
CONTROL = st.sampled_from(
    [
        Chat(id="x", text="t", sent_at=1),
        ChatReceived(id="l1"),
        Heartbeat(n=1),
        MediaState(camera=True, microphone="live"),
    ]
)
S = CallState
ALLOWED_STEPS = {
    S.IDLE: {S.ASKING},
    S.ASKING: {S.WAITING_FOR_PEER, S.CONNECTING, S.ENDED},
    S.WAITING_FOR_PEER: {S.CONNECTING, S.ENDED},
    S.CONNECTING: {S.ACTIVE, S.ENDED},
    S.ACTIVE: {S.RECONNECTING, S.ENDED},
    S.RECONNECTING: {S.ACTIVE, S.ENDED},
    S.ENDED: set[CallState](),
}


class AnyCall(RuleBasedStateMachine):
    """Feeds the machine anything that could come and checks what it asks for against a model of the engine."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Playbook(engine_up=False, periods=Periods(leg_s=20))
        self.book.echo = False
        self.engine_up = False
        self.ever_opened: list[int] = []
        self.open: set[int] = set()
        self.channels: set[int] = set()
        self.attempts: list[int] = []
        self.capture: SetCapture | None = None
        self.allowed = Allowed.NOTHING
        self.lines = 0
        self.tell(Started("v1"))

    # -- the model ---------------------------------------------------------------------------------------------------

    def tell(self, event: CallEvent) -> None:
        """Tell an event and check its effects."""
        before = self.book.snapshot.state
        self.take(self.book.tell(event), before)

    def take(self, effects: list[CallEffect], before: CallState) -> None:
        """Check effects against the model."""
        after = self.book.snapshot.state
        if before is S.ENDED:
            assert effects == []
        assert after is before or after in ALLOWED_STEPS[before] or self._steps(before, after)
        for effect in effects:
            match effect:
                case StartEngine():
                    assert not self.engine_up
                case FetchIceServers(attempt=attempt):
                    assert self.engine_up
                    assert self.attempts == sorted(self.attempts)
                    assert attempt not in self.attempts
                    self.attempts.append(attempt)
                case SendSignal(signal=signal):
                    assert isinstance(signal, Offer | Reveal | Unsafe | Sealed)
                    assert isinstance(signal, Unsafe | Sealed) or signal.leg in self.open
                case Command():
                    self.command(effect)

    @staticmethod
    def _steps(before: CallState, after: CallState) -> bool:
        """One event may take two steps of the drawing."""
        return any(after in ALLOWED_STEPS[middle] for middle in ALLOWED_STEPS[before])

    def command(self, effect: Command) -> None:
        """Check a command."""
        assert self.engine_up, "nothing is sent to an engine that is not there"
        match effect.command:
            case OpenLeg(leg=leg):
                assert not self.ever_opened or leg > self.ever_opened[-1]
                self.ever_opened.append(leg)
                self.open.add(leg)
            case CloseLeg(leg=leg):
                assert leg in self.open
                self.open.discard(leg)
                self.channels.discard(leg)
            case SendControl(leg=leg):
                assert leg in self.channels
            case SetCapture() as wish:
                assert not wish.camera or self.allowed is Allowed.CAMERA_AND_MICROPHONE
                assert not wish.microphone or self.allowed is not Allowed.NOTHING
                self.capture = wish
            case _:
                pass

    # -- people --------------------------------------------------------------------------------------------------------

    @rule(allowed=st.sampled_from(list(Allowed)))
    def allow(self, allowed: Allowed) -> None:
        """The person answers."""
        if self.book.snapshot.state is not S.ENDED:
            self.allowed = allowed
        self.tell(PersonAllowed(allowed))

    @rule(wanted=st.booleans(), camera=st.booleans())
    def buttons(self, *, wanted: bool, camera: bool) -> None:
        """The person presses a button."""
        self.tell(CameraWanted(wanted) if camera else MicrophoneWanted(wanted))

    @rule()
    def write(self) -> None:
        """The person writes."""
        self.lines += 1
        self.tell(ChatWritten(f"l{self.lines}", "text"))

    @precondition(lambda self: self.lines > 5)
    @rule()
    def end(self) -> None:
        """The person ends the visit."""
        self.allowed = Allowed.NOTHING
        self.tell(PersonEnded())

    # -- the relay -----------------------------------------------------------------------------------------------------

    @rule(
        signal=st.one_of(
            st.builds(Ready, instance=st.sampled_from(["p1", "p2", "p3"])),
            st.builds(Answer, leg=LEGS, sdp=st.just("a")),
            st.builds(Unsafe, leg=st.just(99)),
            st.builds(Candidate, leg=LEGS, candidate=st.sampled_from(["", "c"])),
            st.builds(LegFailed, leg=LEGS),
        )
    )
    def peer_signals(self, signal: AnySignal) -> None:
        """Any signal at any time."""
        self.tell_signal(signal)

    def tell_signal(self, signal: AnySignal) -> None:
        """Through the playbook, with the checks."""
        before = self.book.snapshot.state
        self.take(self.book.signal(signal), before)

    @rule(present=st.booleans())
    def presence(self, *, present: bool) -> None:
        """The patient comes and goes."""
        self.tell(PeerPresenceChanged(present))

    @rule(attempt=LEGS, ok=st.booleans())
    def service(self, attempt: int, *, ok: bool) -> None:
        """The service answers, or fails, some attempt."""
        self.tell(IceServersArrived(attempt, ()) if ok else SignalingFailed(attempt))

    @precondition(lambda self: self.attempts)
    @rule()
    def newest_servers(self) -> None:
        """The service answers the newest attempt."""
        self.tell(IceServersArrived(self.attempts[-1], ()))

    # -- the engine ----------------------------------------------------------------------------------------------------

    @rule(up=st.booleans())
    def engine(self, *, up: bool) -> None:
        """The engine starts, or crashes."""
        self.engine_up = up
        if not up:
            self.open.clear()
            self.channels.clear()
            self.capture = None
        self.tell(EngineStarted() if up else EngineStopped())

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def leg_progress(self, data: st.DataObject) -> None:
        """An open leg makes a step, in whatever order."""
        leg = data.draw(st.sampled_from(sorted(self.open)))
        steps = ["offer", "answer", "connected", "channel", "failed", "closed", "error", "plays", "shown", "silent"]
        step = data.draw(st.sampled_from(steps))
        match step:
            case "offer":
                self.tell(OfferMade(leg, "sdp"))
            case "answer":
                self.tell_signal(self.book.chain.write(leg, Answer(leg=leg, sdp="a", hello=HELLO)))
            case "connected":
                self.tell(LegChanged(leg, LegState.CONNECTED))
            case "channel":
                self.channels.add(leg)
                self.tell(ControlOpened(leg))
                self.tell(ControlReceived(leg, encode(CONFIRM)))
                self.book.chain.safe(leg)
            case "failed":
                self.tell(LegChanged(leg, LegState.FAILED))
            case "closed":
                self.tell(LegChanged(leg, LegState.CLOSED))
            case "plays":
                self.tell(LegPlays(leg, "video"))
            case "shown":
                self.tell(ControlReceived(leg, encode(LegShown(leg=leg))))
            case "silent":
                self.tell(PathSilent(leg))
            case _:
                self.tell(EngineFailed("bad_answer", leg))

    @precondition(lambda self: self.channels)
    @rule(data=st.data(), message=CONTROL)
    def control(self, data: st.DataObject, message: Chat | ChatReceived | Heartbeat | MediaState) -> None:
        """The other party speaks over an open channel."""
        leg = data.draw(st.sampled_from(sorted(self.channels)))
        self.tell(ControlReceived(leg, encode(message)))

    @precondition(lambda self: self.channels and self.lines > 8)
    @rule(data=st.data())
    def goodbye(self, data: st.DataObject) -> None:
        """The other party ends the visit."""
        leg = data.draw(st.sampled_from(sorted(self.channels)))
        self.allowed = Allowed.NOTHING if leg == self.book.snapshot.leg else self.allowed
        self.tell(ControlReceived(leg, encode(Goodbye())))

    @rule(camera=st.sampled_from(list(CameraLamp)), microphone=st.sampled_from(list(MicrophoneLamp)))
    def lamps(self, camera: CameraLamp, microphone: MicrophoneLamp) -> None:
        """The devices report; also after the end."""
        before = self.book.snapshot.state
        self.take(self.book.tell(CaptureChanged(camera, microphone)), before)
        assert (self.book.snapshot.camera, self.book.snapshot.microphone) == (camera, microphone)

    @rule()
    def network(self) -> None:
        """The network changes."""
        self.tell(NetworkChanged())

    @rule(fps=st.sampled_from([0.0, 30.0]))
    def figures(self, fps: float) -> None:
        """A second's figures."""
        self.tell(FiguresMeasured(CallFigures(remote_fps=fps, remote_frames=int(fps))))

    @rule(seconds=st.sampled_from([0.3, 1.0, 5.0, 30.0]))
    def wait(self, seconds: float) -> None:
        """Time passes; the machine's ticking comes to an end."""
        end = self.book.now + seconds
        while (deadline := self.book.machine.deadline) is not None and deadline <= end:
            before = self.book.snapshot.state
            self.take(self.book.wait(max(0.0, deadline - self.book.now)), before)
            assert self.book.machine.deadline is None or self.book.machine.deadline > self.book.now
        self.book.now = end

    @invariant()
    def few_legs_are_open(self) -> None:
        """At most the newest leg and the one it replaces."""
        assert len(self.open) <= 2

    @invariant()
    def ended_is_closed(self) -> None:
        """After the end nothing is open and nothing is waited for."""
        if self.book.snapshot.state is S.ENDED:
            assert not self.open
            assert self.book.machine.deadline is None
            if self.engine_up and self.capture is not None:
                assert not self.capture.camera
                assert not self.capture.microphone


AnyCall.TestCase.settings = settings(max_examples=120, stateful_step_count=60, deadline=None)
TestAnyCall = AnyCall.TestCase
