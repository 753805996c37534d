"""The call of one visit as a machine: events in, effects out. No loop, no socket, no clock, no device.

    idle --Started--> asking --PersonAllowed--> waiting_for_peer --Ready--> connecting --leg connected--> active
    waiting_for_peer <-> connecting: a leg is tried whenever the patient's page is known, present and the engine is up
    active --3 heartbeats missed, leg failed, page reloaded, engine lost--> reconnecting --leg connected--> active
    reconnecting --heard again before a new leg was begun--> active
    any --PersonEnded, Goodbye, engine lost too often--> ended

Legs (peer connections) follow each other; their numbers grow. A leg passes ``search`` (ICE servers asked for: the proof
that signaling works), ``offering``, ``offered``, ``answered``, ``connected``. Losing signaling does nothing to a call
whose leg is up.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from carena_desktop.call import inputs, mute, quality, recovery
from carena_desktop.call.chat import ChatLog
from carena_desktop.call.inputs import CallEffect, CallEvent, Command, Moment
from carena_desktop.call.leg_security import MakeGuard, Step
from carena_desktop.call.leg_track import LegPhase, LegTrack
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
from carena_desktop.call.ports import (
    AddCandidate,
    ApplyAnswer,
    CaptureChanged,
    CloseLeg,
    ControlOpened,
    ControlReceived,
    DevicesListed,
    EngineCommand,
    EngineEvent,
    EngineFailed,
    FiguresMeasured,
    FrameReady,
    LegChanged,
    LegState,
    LevelMeasured,
    OfferMade,
    SendControl,
    SetCapture,
    ShareableListed,
)
from carena_desktop.call.quality import QualityJudge
from carena_desktop.call.safety import Safety
from carena_desktop.call.talk import Talk
from carena_protocol.e2ee.agreement import AgreementError
from carena_protocol.peer import (
    Answer,
    AnyControl,
    AnySignal,
    Candidate,
    Goodbye,
    LegFailed,
    Offer,
    Ready,
    Reveal,
    Unsafe,
    encode,
)

_IN_CALL = frozenset({CallState.WAITING_FOR_PEER, CallState.CONNECTING, CallState.ACTIVE, CallState.RECONNECTING})


class CallMachine:
    """One visit's call. Feed it events with their moment, perform the effects in order, show the snapshot.

    Args:
        choice: Which devices to use once they are allowed.
        guard: Makes what keeps a leg safe.
        known: When a device key was verified before, ms since the epoch; None when it was not.
        engine_up: Whether the engine is ready already.
    """

    def __init__(
        self,
        choice: DeviceChoice,
        guard: MakeGuard,
        known: Callable[[bytes], int | None] = lambda _key: None,
        *,
        engine_up: bool = False,
    ) -> None:
        self._choice = choice
        self._safety = Safety(guard, known)
        self._engine_up = engine_up
        self._shown = CallSnapshot()
        self._chat = ChatLog()
        self._legs = LegTrack()
        self._talk = Talk(self._chat)
        self._quality = QualityJudge()
        self._muted_talk = MutedTalk()
        self._instance: str | None = None
        self._capture: SetCapture | None = None
        self._crashes: list[float] = []
        self._effects: list[CallEffect] = []
        self._now = Moment(0.0, 0)

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
            peer_camera=state.camera if state is not None else figures.remote_fps > 0,
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
        search_at = self._legs.search.at if self._may_search else None
        moments = (self._legs.search.limit, search_at, self._talk.beat_at, self._safety.deadline)
        return min((at for at in moments if at is not None), default=None)

    def handle(self, event: CallEvent, now: Moment) -> list[CallEffect]:
        """Take an event and return what is to be done, in order."""
        self._now = now
        self._effects = []
        if self._shown.state is not CallState.ENDED:
            if isinstance(event, inputs.PersonEvent):
                self._person(event)
            else:
                self._dispatch(event)
            self._follow_up()
        elif isinstance(event, CaptureChanged):
            self._lamps_changed(event)  # the indicators tell the truth to the last
        elif isinstance(event, inputs.EngineStopped):
            self._show(**mute.DARK)
        return self._effects

    # -- events --------------------------------------------------------------------------------------------------------

    def _dispatch(self, event: inputs.WorldEvent) -> None:
        match event:
            case inputs.Started(visit=visit):
                if self._shown.state is CallState.IDLE:
                    self._show(state=CallState.ASKING, visit=visit)
                    if not self._engine_up:
                        self._effects.append(inputs.StartEngine())
            case inputs.SignalArrived(signal=signal):
                self._signal(signal)
            case inputs.PeerPresenceChanged(present=present):
                self._show(peer_present=present)
            case inputs.IceServersArrived() | inputs.SignalingFailed():
                self._signaling(event)
            case inputs.EngineStarted():
                self._engine_up = True
            case inputs.EngineStopped():
                self._engine_lost()
            case inputs.Ticked():
                self._tick()
            case _:
                self._engine(event)

    def _person(self, event: inputs.PersonEvent) -> None:
        match event:
            case inputs.PersonAllowed() | inputs.CameraWanted() | inputs.MicrophoneWanted() | inputs.ShareWanted():
                self._intends(event)
            case inputs.CodesCompared(same=same):
                if not same:
                    self._unsafe()
                else:
                    self._safety.verified(self._now.wall_ms)
            case inputs.DevicesChosen(choice=choice):
                self._choice = choice  # capture follows; the leg stays as it is
            case inputs.ChatWritten(id=line_id, text=text):
                self._control(self._chat.write(line_id, text, self._now.wall_ms))
            case inputs.PersonEnded():
                self._control(Goodbye())
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
                if self._shown.state in _IN_CALL:
                    self._show(intent=replace(intent, shared=source), share_problem=None)
            case _:
                assert_never(event)

    def _signal(self, signal: AnySignal) -> None:
        match signal:
            case Ready(instance=instance):
                self._page_ready(instance)
            case Answer(leg=leg):
                if self._legs.answered(leg):
                    self._answered(signal)
            case Offer() | Reveal():
                pass  # the desktop always offers: there is no glare
            case Candidate() | LegFailed() | Unsafe():
                if self._legs.is_current(signal.leg):
                    self._leg_signal(signal)
            case _:
                assert_never(signal)

    def _leg_signal(self, signal: Candidate | LegFailed | Unsafe) -> None:
        if isinstance(signal, Candidate):
            self._command(AddCandidate(signal.leg, signal.candidate, signal.mid, signal.line))
        elif isinstance(signal, LegFailed):
            self._leg_failed()
        else:
            self._unsafe()

    def _page_ready(self, instance: str) -> None:
        self._show(peer_present=True)
        if instance != self._instance:
            self._instance = instance
            self._talk.page_changed()
            self._close(self._legs.drop_all())
            self._legs.search.failures = 0  # a new page has no history
            self._interrupted()
        elif (offer := self._legs.offer_in_flight) is not None:
            commit = self._safety.commitment(self._legs.number)
            self._send(Offer(leg=self._legs.number, instance=instance, sdp=offer, commit=commit))  # may have been lost

    def _signaling(self, event: inputs.IceServersArrived | inputs.SignalingFailed) -> None:
        match event:
            case inputs.IceServersArrived(attempt=attempt, servers=servers, relay_only=relay_only):
                if self._engine_up and self._shown.state in _IN_CALL:
                    command = self._legs.open(attempt, servers, relay_only=relay_only, now=self._now.monotonic)
                    if command is not None:
                        self._command(command)
            case inputs.SignalingFailed(attempt=attempt):
                if self._legs.search.waits_for(attempt):
                    self._legs.search.failed(self._now.monotonic)
                elif self._legs.is_offering(attempt):
                    self._leg_failed()  # the offer could not be delivered
            case _:
                assert_never(event)

    def _engine(self, event: EngineEvent) -> None:  # noqa: C901, PLR0912 - one arm for each event
        match event:
            case OfferMade(leg=leg, sdp=sdp):
                if self._legs.offered(leg, sdp) and self._instance is not None:
                    self._offer(leg, sdp, self._instance)
            case LegChanged(leg=leg, state=state):
                self._leg_changed(leg, state)
            case ControlOpened(leg=leg):
                if self._legs.is_current(leg):
                    self._command(SendControl(leg, encode(self._safety.opened(leg))))
            case ControlReceived(leg=leg, data=data):
                self._heard(leg, data)
            case CaptureChanged():
                self._lamps_changed(event)
            case FiguresMeasured(figures=figures):
                self._talk.measured(figures)
                self._judge_quality(figures)
            case EngineFailed(leg=leg):
                if leg == 0:
                    self._engine_lost()
                elif self._legs.is_current(leg):
                    self._leg_failed()
            case LevelMeasured(level=level):
                self._muted_talk.take(level, self._now.monotonic, muted=self._is_muted())
                self._show(talking_while_muted=self._muted_talk.noticed(self._now.monotonic))
            case FrameReady() | DevicesListed() | ShareableListed():
                pass  # pictures and lists go past the machine
            case _:
                assert_never(event)

    def _leg_changed(self, leg: int, state: LegState) -> None:
        if not self._legs.is_current(leg):
            return
        match state:
            case LegState.CONNECTED:
                self._legs.connected()
                started = self._shown.started_at_ms or self._now.wall_ms
                self._show(state=CallState.ACTIVE, started_at_ms=started)
            case LegState.FAILED | LegState.CLOSED:
                self._leg_failed()
            case LegState.CONNECTING:
                pass
            case _:
                assert_never(state)

    def _heard(self, leg: int, data: bytes) -> None:
        if leg not in self._legs.all_numbers or not self._is_secured(leg, data):
            return
        outcome = self._talk.received(leg, data, self._now)
        self._control(*outcome.replies)
        if outcome.goodbye and self._legs.is_current(leg):
            self._end(EndReason.REMOTE)
            return
        if self._legs.phase is LegPhase.CONNECTED and self._legs.is_current(leg) and outcome.valid:
            self._recovered()

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
        if mute.lamps(self._shown) != before:
            self._control(mute.media_state(mute.lamps(self._shown)))

    def _is_muted(self) -> bool:
        talking_matters = self._shown.state in {CallState.ACTIVE, CallState.RECONNECTING}
        return talking_matters and self._shown.microphone is MicrophoneLamp.MUTED

    def _judge_quality(self, figures: CallFigures) -> None:
        if self._shown.state is not CallState.ACTIVE:
            self._quality = QualityJudge()  # what is found before and between connections says nothing
        else:
            self._quality.take(quality.judge(figures, **self._talk.peer_sends))

    # -- safety --------------------------------------------------------------------------------------------------------

    def _offer(self, leg: int, sdp: str, instance: str) -> None:
        try:
            commit = self._safety.offered(f"{self._shown.visit}/{instance}/{leg}", leg, sdp)
        except AgreementError:
            self._leg_failed()  # our own engine made an offer without a fingerprint
            return
        self._send(Offer(leg=leg, instance=instance, sdp=sdp, commit=commit))

    def _answered(self, answer: Answer) -> None:
        try:
            hello = self._safety.answered(answer.leg, answer.hello, answer.sdp)
        except AgreementError:
            self._unsafe()
            return
        self._command(ApplyAnswer(answer.leg, answer.sdp))
        self._send(Reveal(leg=answer.leg, hello=hello))

    def _is_secured(self, leg: int, data: bytes) -> bool:
        """Whether ``data`` is the two's own talk; what is about keys is done here, what comes too early is dropped."""
        try:
            step = self._safety.take(leg, data, self._now.monotonic)
        except AgreementError:
            self._unsafe()
            return False
        if step is None:
            return self._safety.is_safe(leg)
        self._secure(leg, step)
        return False

    def _secure(self, leg: int, step: Step) -> None:
        for keys in step.keys:
            self._command(keys)
        for message in step.say:
            self._command(SendControl(leg, encode(message)))
        if step.became_safe and self._legs.is_current(leg):
            self._legs.search.succeeded()
            self._control(*self._talk.opened(leg, self._now.monotonic, mute.lamps(self._shown)))
            self._close(self._legs.take_older())  # make before break

    def _unsafe(self) -> None:
        """Somebody may stand in between: stop, with no way to go on."""
        self._send(Unsafe(leg=self._legs.number))
        self._end(EndReason.UNSAFE)

    # -- legs ----------------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        now = self._now.monotonic
        if self._legs.search.expired(now):
            if self._legs.search.active:
                self._legs.search.failed(now)
            else:
                self._leg_failed()
        for leg, step in self._safety.tick(now):
            self._secure(leg, step)
        if self._safety.is_stale(self._legs.number):
            self._leg_failed()
        if self._talk.beat_due(now):
            self._control(self._talk.beat(now))
            if self._talk.lost and self._legs.phase is LegPhase.CONNECTED and self._shown.state is CallState.ACTIVE:
                self._show(state=CallState.RECONNECTING)
                self._legs.search.begin_at(now)

    def _recovered(self) -> None:
        """The leg that was given up speaks again, and no new one has been begun."""
        if self._shown.state is CallState.RECONNECTING:
            self._legs.search.stop()
            self._show(state=CallState.ACTIVE)

    def _leg_failed(self) -> None:
        self._close(self._legs.failed(self._now.monotonic))
        self._interrupted()

    def _interrupted(self) -> None:
        self._talk.keep_open(self._legs.all_numbers)
        if self._shown.state is CallState.ACTIVE:
            self._show(state=CallState.RECONNECTING)

    def _engine_lost(self) -> None:
        now = self._now.monotonic
        self._engine_up = False
        self._capture = None
        for leg in self._legs.drop_all():
            self._safety.closed(leg)
        self._talk.engine_lost()
        self._show(**mute.DARK)
        if self._shown.state is CallState.IDLE:
            return
        self._interrupted()
        self._crashes = [at for at in self._crashes if now - at < recovery.CRASH_WINDOW_S] + [now]
        if len(self._crashes) > recovery.MAX_CRASHES:
            self._end(EndReason.ENGINE_LOST)
        else:
            self._effects.append(inputs.StartEngine())

    def _follow_up(self) -> None:
        """Whatever happened: make capture follow, and begin a leg when one is due."""
        if self._shown.state in (CallState.IDLE, CallState.ENDED) or not self._engine_up:
            return
        wish = mute.wish(self._shown.intent, self._choice)
        if wish != self._capture:
            self._capture = wish
            self._command(wish)
        if not self._may_search:
            return
        attempt = self._legs.search.begin(self._now.monotonic)
        if attempt is not None:
            self._effects.append(inputs.FetchIceServers(attempt))
            if self._shown.state is CallState.WAITING_FOR_PEER:
                self._show(state=CallState.CONNECTING)

    @property
    def _may_search(self) -> bool:
        """Whether a leg can be made: the page is known and present, the person has answered, the engine is up."""
        reachable = self._instance is not None and self._shown.peer_present
        return reachable and self._engine_up and self._shown.state in _IN_CALL

    def _end(self, reason: EndReason) -> None:
        self._close(self._legs.drop_all())
        if self._engine_up:
            self._command(SetCapture(camera=False, microphone=False, muted=True))
        self._chat.end()
        self._talk.engine_lost()
        intent = replace(self._shown.intent, allowed=Allowed.NOTHING, shared="")
        self._show(state=CallState.ENDED, end_reason=reason, intent=intent)

    # -- effects -------------------------------------------------------------------------------------------------------

    def _show(self, **changes: object) -> None:
        self._shown = replace(self._shown, **changes)  # type: ignore[arg-type]  # fields are named at each call

    def _command(self, command: EngineCommand) -> None:
        self._effects.append(Command(command))

    def _close(self, legs: tuple[int, ...]) -> None:
        for leg in legs:
            self._safety.closed(leg)
            self._command(CloseLeg(leg))

    def _send(self, signal: AnySignal) -> None:
        self._effects.append(inputs.SendSignal(self._legs.search.attempt, signal))

    def _control(self, *messages: AnyControl) -> None:
        for message in messages if self._talk.leg else ():
            self._command(SendControl(self._talk.leg, encode(message)))
