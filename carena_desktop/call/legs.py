"""The life of a call's legs: which are made, which carries the talk, which are given up. Sans-IO, part of the machine.

The machine tells what it is told about legs; ``is_up`` and ``is_unsafe`` say what came of it. Legs pass ``search`` (ICE
servers asked for: the proof that signaling works), ``offering``, ``offered``, ``answered``, ``connected``.
"""

from typing import assert_never

from carena_desktop.call import inputs
from carena_desktop.call.leg_security import Step
from carena_desktop.call.leg_track import LegPhase, LegTrack
from carena_desktop.call.model import CameraLamp, MicrophoneLamp
from carena_desktop.call.mute import Lamps
from carena_desktop.call.ports import (
    AddCandidate,
    ApplyAnswer,
    CloseLeg,
    LegState,
    SendControl,
)
from carena_desktop.call.safety import Safety
from carena_desktop.call.talk import Received, Talk
from carena_desktop.call.turn import Turn
from carena_protocol.e2ee.agreement import AgreementError
from carena_protocol.peer import (
    Answer,
    AnyControl,
    AnySignal,
    Candidate,
    LegFailed,
    Offer,
    Reveal,
    Unsafe,
    encode,
)


class Legs:
    """Every leg of one visit.

    Args:
        turn: Shared with the machine.
        safety: The guards of the legs.
        talk: What the two say to each other, on whichever leg.
    """

    def __init__(self, turn: Turn, safety: Safety, talk: Talk) -> None:
        self._turn = turn
        self._safety = safety
        self._talk = talk
        self._track = LegTrack()
        self._instance: str | None = None
        self.visit = ""
        self.lamps = Lamps(CameraLamp.OFF, MicrophoneLamp.OFF)
        """What is captured, as a new leg is told first."""
        self.is_up = False
        """Whether a leg carries the call."""
        self.is_unsafe = False
        """Whether an agreement failed: nothing may go on."""

    @property
    def number(self) -> int:
        """Of the newest leg, 0 before the first."""
        return self._track.number

    @property
    def page_is_known(self) -> bool:
        """Whether the patient's page has said that it is ready."""
        return self._instance is not None

    def deadline(self, *, may_search: bool) -> float | None:
        """When ``tick`` or ``search`` is due."""
        search_at = self._track.search.at if may_search else None
        moments = (self._track.search.limit, search_at, self._talk.beat_at, self._safety.deadline)
        return min((at for at in moments if at is not None), default=None)

    def search(self) -> bool:
        """Begin a leg when one is due; True when a search was begun."""
        attempt = self._track.search.begin(self._turn.now.monotonic)
        if attempt is None:
            return False
        self._turn.add(inputs.FetchIceServers(attempt))
        return True

    def tick(self) -> None:
        """Do what time asks for."""
        now = self._turn.now.monotonic
        if self._track.search.expired(now):
            if self._track.search.active:
                self._track.search.failed(now)
            else:
                self._failed()
        for leg, step in self._safety.tick(now):
            self._secure(leg, step)
        if self._safety.is_stale(self._track.number):
            self._failed()
        if self._talk.beat_due(now):
            self.say(self._talk.beat(now))
            if self._talk.lost and self._track.phase is LegPhase.CONNECTED and self.is_up:
                self.is_up = False
                self._track.search.begin_at(now)

    # -- what the relay brings -----------------------------------------------------------------------------------------

    def page_ready(self, instance: str) -> None:
        """The patient's page can take an offer."""
        if instance != self._instance:
            self._instance = instance
            self._talk.page_changed()
            self._close(self._track.drop_all())
            self._track.search.failures = 0  # a new page has no history
            self._interrupted()
        elif (offer := self._track.offer_in_flight) is not None:
            commit = self._safety.commitment(self._track.number)
            self._signal(Offer(leg=self._track.number, instance=instance, sdp=offer, commit=commit))  # it was lost

    def signal(self, signal: Answer | Candidate | LegFailed | Unsafe) -> None:
        """Take a signal about a leg."""
        match signal:
            case Answer(leg=leg):
                if self._track.answered(leg):
                    self._answered(signal)
            case Candidate() | LegFailed() | Unsafe() if not self._track.is_current(signal.leg):
                pass
            case Candidate():
                self._turn.command(AddCandidate(signal.leg, signal.candidate, signal.mid, signal.line))
            case LegFailed():
                self._failed()
            case Unsafe():
                self.unsafe()
            case _:
                assert_never(signal)

    def servers_arrived(self, event: inputs.IceServersArrived) -> None:
        """The service answered a search."""
        now = self._turn.now.monotonic
        command = self._track.open(event.attempt, event.servers, relay_only=event.relay_only, now=now)
        if command is not None:
            self._turn.command(command)

    def signaling_failed(self, attempt: int) -> None:
        """The service, or the other party at it, could not be reached."""
        if self._track.search.waits_for(attempt):
            self._track.search.failed(self._turn.now.monotonic)
        elif self._track.is_offering(attempt):
            self._failed()  # the offer could not be delivered

    # -- what the engine says ------------------------------------------------------------------------------------------

    def offer_made(self, leg: int, sdp: str) -> None:
        """The engine made an offer."""
        if not self._track.offered(leg, sdp) or self._instance is None:
            return
        try:
            commit = self._safety.offered(f"{self.visit}/{self._instance}/{leg}", leg, sdp)
        except AgreementError:
            self._failed()  # our own engine made an offer without a fingerprint
            return
        self._signal(Offer(leg=leg, instance=self._instance, sdp=sdp, commit=commit))

    def changed(self, leg: int, state: LegState) -> None:
        """A leg's transport changed."""
        if not self._track.is_current(leg):
            return
        match state:
            case LegState.CONNECTED:
                self._track.connected()
                self.is_up = True
            case LegState.FAILED | LegState.CLOSED:
                self._failed()
            case LegState.CONNECTING:
                pass
            case _:
                assert_never(state)

    def opened(self, leg: int) -> None:
        """A leg's data channel is open."""
        if self._track.is_current(leg):
            self._turn.command(SendControl(leg, encode(self._safety.opened(leg))))

    def heard(self, leg: int, data: bytes) -> bool:
        """Take what came over a leg's data channel; True when it was a goodbye."""
        if leg not in self._track.all_numbers or not self._is_secured(leg, data):
            return False
        outcome: Received = self._talk.received(leg, data, self._turn.now)
        self.say(*outcome.replies)
        if outcome.goodbye and self._track.is_current(leg):
            return True
        if self._track.phase is LegPhase.CONNECTED and self._track.is_current(leg) and outcome.valid:
            self._recovered()
        return False

    def engine_lost(self) -> None:
        """The engine is gone, and every leg with it."""
        for leg in self._track.drop_all():
            self._safety.closed(leg)
        self._talk.engine_lost()
        self._interrupted()

    # -- what the machine wants ----------------------------------------------------------------------------------------

    def say(self, *messages: AnyControl) -> None:
        """Say something over the leg in use, if there is one."""
        for message in messages if self._talk.leg else ():
            self._turn.command(SendControl(self._talk.leg, encode(message)))

    def unsafe(self) -> None:
        """Somebody may stand in between: stop, with no way to go on."""
        self._signal(Unsafe(leg=self._track.number))
        self.is_unsafe = True

    def close_all(self) -> None:
        """The call is over."""
        self._close(self._track.drop_all())

    # -- within --------------------------------------------------------------------------------------------------------

    def _answered(self, answer: Answer) -> None:
        try:
            hello = self._safety.answered(answer.leg, answer.hello, answer.sdp)
        except AgreementError:
            self.unsafe()
            return
        self._turn.command(ApplyAnswer(answer.leg, answer.sdp))
        self._signal(Reveal(leg=answer.leg, hello=hello))

    def _is_secured(self, leg: int, data: bytes) -> bool:
        """Whether ``data`` is the two's own talk; what is about keys is done here, what comes too early is dropped."""
        try:
            step = self._safety.take(leg, data, self._turn.now.monotonic)
        except AgreementError:
            self.unsafe()
            return False
        if step is None:
            return self._safety.is_safe(leg)
        self._secure(leg, step)
        return False

    def _secure(self, leg: int, step: Step) -> None:
        for keys in step.keys:
            self._turn.command(keys)
        for key in step.files:
            self._turn.add(inputs.InstallFileKey(key))
        for message in step.say:
            self._turn.command(SendControl(leg, encode(message)))
        if step.became_safe and self._track.is_current(leg):
            self._track.search.succeeded()
            self.say(*self._talk.opened(leg, self._turn.now.monotonic, self.lamps))
            self._close(self._track.take_older())  # make before break

    def _recovered(self) -> None:
        """The leg that was given up speaks again, and no new one has been begun."""
        if not self.is_up:
            self._track.search.stop()
            self.is_up = True

    def _failed(self) -> None:
        self._close(self._track.failed(self._turn.now.monotonic))
        self._interrupted()

    def _interrupted(self) -> None:
        self._talk.keep_open(self._track.all_numbers)
        self.is_up = False

    def _signal(self, signal: AnySignal) -> None:
        self._turn.signal(self._track.search.attempt, signal)

    def _close(self, legs: tuple[int, ...]) -> None:
        for leg in legs:
            self._safety.closed(leg)
            self._turn.command(CloseLeg(leg))
