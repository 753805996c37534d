"""The call of one visit as a machine: events in, effects out. No loop, no socket, no clock, no device.

    idle --Started--> asking --PersonAllowed--> waiting_for_peer --Ready--> connecting --leg connected--> active
    waiting_for_peer <-> connecting: a leg is tried whenever the patient's page is known, present and the engine is up
    active --3 heartbeats missed, leg failed, page reloaded, engine lost--> reconnecting --leg connected--> active
    reconnecting --heard again before a new leg was begun--> active
    any --PersonEnded, Goodbye, engine lost too often--> ended

Legs (peer connections) follow each other; their life is in ``legs``. Losing signaling does nothing to a call that has
one.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from carena_desktop.call import inputs, mute, quality, recovery
from carena_desktop.call.chat import ChatLog
from carena_desktop.call.files.channel import FilesOpened, FilesReceived
from carena_desktop.call.inputs import CallEffect, CallEvent, Moment
from carena_desktop.call.leg_security import MakeGuard
from carena_desktop.call.legs import Legs
from carena_desktop.call.model import (
    Allowed,
    CallFigures,
    CallSnapshot,
    CallState,
    EndReason,
    MicrophoneLamp,
)
from carena_desktop.call.mute import DeviceChoice
from carena_desktop.call.muted_talk import MutedTalk
from carena_desktop.call.path_events import KeysTaken, LegPlays, NetworkChanged, PathHeard, PathQuiet, PathSilent
from carena_desktop.call.pinned_device import PinnedDevice
from carena_desktop.call.ports import (
    CaptureChanged,
    ControlOpened,
    ControlReceived,
    DevicesListed,
    EngineEvent,
    EngineFailed,
    FiguresMeasured,
    FrameReady,
    LegChanged,
    LegState,
    LevelMeasured,
    OfferMade,
    SetCapture,
    ShareableListed,
)
from carena_desktop.call.quality import QualityJudge
from carena_desktop.call.recovery import Periods
from carena_desktop.call.safety import Safety
from carena_desktop.call.standing import StandingTeller
from carena_desktop.call.talk import Talk
from carena_desktop.call.turn import Turn
from carena_protocol.peer import (
    Answer,
    AnySignal,
    Candidate,
    Goodbye,
    LegFailed,
    Offer,
    Ready,
    Reveal,
    Sealed,
    Unsafe,
)

_IN_CALL = frozenset({CallState.WAITING_FOR_PEER, CallState.CONNECTING, CallState.ACTIVE, CallState.RECONNECTING})


class CallMachine:
    """One visit's call. Feed it events with their moment, perform the effects in order, show the snapshot.

    Args:
        choice: Which devices to use once they are allowed.
        guard: Makes what keeps a leg safe.
        known: When a device key was verified before, ms since the epoch; None when it was not.
        engine_up: Whether the engine is ready already.
        periods: How often connections and keys are replaced.
        chat: Of the visit, when it had a call before.
        pin: Whose device the visit is with, when it had a call before.
    """

    def __init__(
        self,
        choice: DeviceChoice,
        guard: MakeGuard,
        known: Callable[[bytes], int | None] = lambda _key: None,
        *,
        engine_up: bool = False,
        periods: Periods = Periods(),  # noqa: B008 - a frozen value
        chat: ChatLog | None = None,
        pin: PinnedDevice | None = None,
    ) -> None:
        self._choice = choice
        self._pin = pin or PinnedDevice()
        self._is_holding = False
        self._standing = StandingTeller()
        self._safety = Safety(guard, known, self._pin)
        self._engine_up = engine_up
        self._shown = CallSnapshot()
        self._chat = chat or ChatLog()
        self._turn = Turn()
        self._talk = Talk(self._chat, self._pin)
        self._legs = Legs(self._turn, self._safety, self._talk, periods)
        self._quality = QualityJudge()
        self._muted_talk = MutedTalk()
        self._capture: SetCapture | None = None
        self._crashes: list[float] = []

    @property
    def snapshot(self) -> CallSnapshot:
        """Everything a page needs to know."""
        state = self._talk.peer_state
        figures = self._talk.figures
        return replace(
            self._shown,
            leg=self._legs.number,
            chat=self._chat.lines,
            figures=figures,
            quality=self._quality.shown,
            security=self._safety.view,
            is_securing=self._legs.is_securing,
            playing_leg=self._legs.playing,
            has_spare=self._legs.spare.is_ready,
            next_leg_at_ms=self._legs.next_at_ms,
            peer_camera=state.camera if state is not None else figures.remote_fps > 0,
            peer_screen=self._talk.shows_screen and not self._is_holding,
            may_share=self._legs.takes_screens,
            peer_microphone=state.microphone == "live" if state is not None else figures.remote_audio_frames_per_s > 0,
        )

    @property
    def peer_device(self) -> bytes:
        """The other party's device key; empty before it is proved."""
        return self._safety.device

    @property
    def deadline(self) -> float | None:
        """When ``Ticked`` is due, monotonic seconds; None when nothing is waited for."""
        if self._shown.state not in _IN_CALL:
            return None
        return self._legs.deadline(may_search=self._may_search)

    def handle(self, event: CallEvent, now: Moment) -> list[CallEffect]:
        """Take an event and return what is to be done, in order."""
        slept = self._turn.begin(now, self.deadline)
        if self._shown.state is not CallState.ENDED:
            if slept and self._shown.state in _IN_CALL:
                self._legs.network_changed()
            if isinstance(event, inputs.PersonEvent):
                self._person(event)
            else:
                self._dispatch(event)
            self._follow_up()
        elif isinstance(event, CaptureChanged):
            self._lamps_changed(event)  # the indicators tell the truth to the last
        elif isinstance(event, inputs.EngineStopped):
            self._show(**mute.DARK)
        return self._turn.effects

    # -- events --------------------------------------------------------------------------------------------------------

    def _dispatch(self, event: inputs.WorldEvent) -> None:  # noqa: C901 - one arm for each event
        match event:
            case inputs.Started(visit=visit):
                if self._shown.state is CallState.IDLE:
                    self._show(state=CallState.ASKING, visit=visit)
                    self._legs.offers.visit = visit
                    if not self._engine_up:
                        self._turn.add(inputs.StartEngine())
            case inputs.SignalArrived(signal=signal):
                self._signal(signal)
            case inputs.PeerPresenceChanged(present=present):
                self._show(peer_present=present)
            case inputs.IceServersArrived() | inputs.SignalingFailed():
                if self._engine_up and self._shown.state in _IN_CALL:
                    self._legs.signaling(event)
            case inputs.EngineStarted():
                self._engine_up = True
            case inputs.EngineStopped():
                self._engine_lost()
            case inputs.DirectForbidden():
                self._legs.schedule.hurry(self._turn.now.monotonic)  # planned: make before break
            case inputs.Ticked():
                self._legs.tick()
            case _:
                self._engine(event)

    def _person(self, event: inputs.PersonEvent) -> None:
        match event:
            case inputs.PersonAllowed() | inputs.CameraWanted() | inputs.MicrophoneWanted() | inputs.ShareWanted():
                self._intends(event)
            case inputs.CodesCompared(same=same):
                if not same:
                    self._legs.unsafe()
                else:
                    if self._safety.verified(self._turn.now.wall_ms):
                        self._legs.say(*self._talk.released(self._turn.now))
                    self._legs.renew()
            case inputs.DevicesChosen(choice=choice):
                self._choice = choice  # capture follows; the leg stays as it is, with new keys
                self._legs.renew()
            case inputs.ChatWritten(id=line_id, text=text):
                line = self._chat.write(line_id, text, self._turn.now.wall_ms)
                self._legs.say(*(() if self._pin.is_held else (line,)))  # it waits: the next ``unconfirmed`` has it
            case inputs.PersonEnded():
                self._legs.say(Goodbye())
                self._end(EndReason.LOCAL)
            case _:
                assert_never(event)

    def _intends(
        self, event: inputs.PersonAllowed | inputs.CameraWanted | inputs.MicrophoneWanted | inputs.ShareWanted
    ) -> None:
        intent = self._shown.intent
        match event:
            case inputs.PersonAllowed(allowed=allowed):
                if self._shown.state is not CallState.IDLE:
                    self._show(intent=replace(intent, allowed=allowed))
                if self._shown.state is CallState.ASKING:
                    self._show(state=CallState.WAITING_FOR_PEER)
            case inputs.CameraWanted(wanted=wanted):
                self._show(intent=replace(intent, camera_wanted=wanted))
            case inputs.MicrophoneWanted(wanted=wanted):
                self._show(intent=replace(intent, microphone_wanted=wanted))
            case inputs.ShareWanted(source=source):
                if self._shown.state in _IN_CALL and not self._pin.is_held:
                    self._show(intent=replace(intent, shared=source), share_problem=None)
            case _:
                assert_never(event)

    def _signal(self, signal: AnySignal) -> None:
        match signal:
            case Ready(instance=instance, screens=screens):
                self._show(peer_present=True)
                self._legs.page_ready(instance, screens=screens)
            case Offer() | Reveal():
                pass  # the desktop always offers: there is no glare
            case Answer() | Candidate() | LegFailed() | Unsafe() | Sealed():
                self._legs.signal(signal)
            case _:
                assert_never(signal)

    def _engine(self, event: EngineEvent) -> None:
        match event:
            case (
                OfferMade()
                | LegChanged()
                | ControlOpened()
                | ControlReceived()
                | LegPlays()
                | PathQuiet()
                | PathHeard()
                | PathSilent()
                | NetworkChanged()
            ):
                self._legs.engine(event)
            case CaptureChanged():
                self._lamps_changed(event)
            case FiguresMeasured(figures=figures):
                self._talk.measured(figures, self._turn.now.monotonic)
                self._legs.measured(figures)
                self._judge_quality(figures)
            case EngineFailed(leg=leg):
                if leg == 0:
                    self._engine_lost()
                else:
                    self._legs.engine(LegChanged(leg, LegState.FAILED))
            case LevelMeasured(level=level):
                self._muted_talk.take(level, self._turn.now.monotonic, muted=self._is_muted())
                self._show(talking_while_muted=self._muted_talk.noticed(self._turn.now.monotonic))
            case FrameReady() | DevicesListed() | ShareableListed() | FilesOpened() | FilesReceived() | KeysTaken():
                pass  # pictures, lists and files go past the machine
            case _:
                assert_never(event)

    def _lamps_changed(self, event: CaptureChanged) -> None:
        before = mute.lamps(self._shown)
        self._show(
            camera=event.camera,
            microphone=event.microphone,
            camera_problem=event.camera_problem,
            microphone_problem=event.microphone_problem,
            speaker_problem=event.speaker_problem,
            sharing=event.sharing,
        )
        if event.share_problem is not None and self._shown.intent.shared:  # closed, say: nothing else in its place
            intent = replace(self._shown.intent, shared="")
            self._show(intent=intent, share_problem=event.share_problem)
        if not self._is_muted():
            self._muted_talk.forget()
            self._show(talking_while_muted=False)
        self._legs.lamps = mute.lamps(self._shown)
        if self._legs.lamps != before:
            self._legs.say(mute.media_state(self._legs.lamps))
        if self._legs.lamps.devices != before.devices:
            self._legs.renew()

    def _is_muted(self) -> bool:
        talking_matters = self._shown.state in {CallState.ACTIVE, CallState.RECONNECTING}
        return talking_matters and self._shown.microphone is MicrophoneLamp.MUTED

    def _judge_quality(self, figures: CallFigures) -> None:
        if self._shown.state is not CallState.ACTIVE:
            self._quality = QualityJudge()  # what is found before and between connections says nothing
        else:
            self._quality.take(quality.judge(figures, **self._talk.peer_sends))

    # -- the engine and the end ----------------------------------------------------------------------------------------

    def _engine_lost(self) -> None:
        now = self._turn.now.monotonic
        self._engine_up = False
        self._capture = None
        self._legs.engine_lost()
        self._show(**mute.DARK)
        self._legs.lamps = mute.lamps(self._shown)
        if self._shown.state is CallState.IDLE:
            return
        self._crashes = [at for at in self._crashes if now - at < recovery.CRASH_WINDOW_S] + [now]
        if len(self._crashes) > recovery.MAX_CRASHES:
            self._end(EndReason.ENGINE_LOST)
        else:
            self._turn.add(inputs.StartEngine())

    def _follow_up(self) -> None:
        """Whatever happened: make state and capture follow, and begin a leg when one is due."""
        self._follow_legs()
        self._follow_pin()
        if self._shown.state in (CallState.IDLE, CallState.ENDED) or not self._engine_up:
            return
        wish = mute.wish(self._shown.intent, self._choice)
        if wish != self._capture:
            self._capture = wish
            self._turn.command(wish)
        if not self._may_search:
            return
        if self._legs.search() and self._shown.state is CallState.WAITING_FOR_PEER:
            self._show(state=CallState.CONNECTING)

    def _follow_pin(self) -> None:
        """With another device than the visit's all but picture and sound waits; tell the page how the keys stand."""
        if self._is_holding is not self._pin.is_held:
            self._is_holding = self._pin.is_held
            self._turn.add(inputs.HoldFiles(self._is_holding))
            if self._is_holding and self._shown.intent.shared:
                self._show(intent=replace(self._shown.intent, shared=""), share_problem="held")
        now = self._turn.now
        self._legs.say(*self._standing.due(self._talk.leg, self._safety.view, self._legs.next_at_ms, now))

    def _follow_legs(self) -> None:
        state = self._shown.state
        if state is CallState.ENDED:
            return
        if self._legs.is_unsafe:
            self._end(EndReason.UNSAFE)
        elif self._legs.is_left:
            self._end(EndReason.REMOTE)
        elif self._legs.is_given_up:
            self._end(EndReason.FAILED)
        elif self._legs.is_up and state in (CallState.CONNECTING, CallState.RECONNECTING):
            started = self._shown.started_at_ms or self._turn.now.wall_ms
            self._show(state=CallState.ACTIVE, started_at_ms=started)
        elif not self._legs.is_up and state is CallState.ACTIVE:
            self._show(state=CallState.RECONNECTING)

    @property
    def _may_search(self) -> bool:
        """Whether a leg can be made: the page is known and within reach, the person has answered, the engine is up."""
        reachable = self._legs.page_is_known and (self._shown.peer_present or self._legs.is_up)
        return reachable and self._engine_up and self._shown.state in _IN_CALL

    def _end(self, reason: EndReason) -> None:
        self._legs.close_all()
        if self._engine_up:
            self._turn.command(SetCapture(camera=False, microphone=False, muted=True))
        self._chat.end()
        self._talk.engine_lost()
        intent = replace(self._shown.intent, allowed=Allowed.NOTHING, shared="")
        self._show(state=CallState.ENDED, end_reason=reason, intent=intent)

    # -- effects -------------------------------------------------------------------------------------------------------

    def _show(self, **changes: object) -> None:
        self._shown = replace(self._shown, **changes)  # type: ignore[arg-type]  # fields are named at each call
