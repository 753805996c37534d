"""The life of a call's legs: which are made, which carries the talk, which are given up. Sans-IO, part of the machine.

The machine tells what it is told about legs; ``is_up``, ``is_left``, ``is_unsafe`` and ``is_given_up`` say what came of
it. A search begins with a question for ICE servers: the proof that signaling works, before any leg is given up. Then a
leg is offered, answered, connected, and safe once both sides have proved their agreement; the one before is closed when
both show the new one.

    planned (age, credentials, a better path): the offer goes over the data channel of the leg in use
    urgent (silence, another network, lost keys): over the relay as well, sealed so that it can't be forged
    a spare (``spare``) is made while all is well, and stands ready
"""

from dataclasses import replace
from typing import TypeAlias, assert_never

from carena_desktop.call import inputs, recovery
from carena_desktop.call.known_servers import KnownServers
from carena_desktop.call.leg_schedule import LegSchedule
from carena_desktop.call.leg_security import Step
from carena_desktop.call.leg_track import LegPhase, LegTrack, Suspicion
from carena_desktop.call.model import CallFigures, CameraLamp, MicrophoneLamp
from carena_desktop.call.mute import Lamps
from carena_desktop.call.offers import Offers
from carena_desktop.call.opening import Opening
from carena_desktop.call.path_events import LegPlays, NetworkChanged, PathEvent, PathHeard, PathQuiet, PathSilent
from carena_desktop.call.ports import (
    AddCandidate,
    CloseLeg,
    ControlOpened,
    ControlReceived,
    LegChanged,
    LegState,
    OfferMade,
    SendControl,
)
from carena_desktop.call.recovery import Periods
from carena_desktop.call.route import Route
from carena_desktop.call.safety import Safety
from carena_desktop.call.spare import Spare
from carena_desktop.call.takeover import Takeover
from carena_desktop.call.talk import Talk, gives_life
from carena_desktop.call.turn import Turn
from carena_protocol.e2ee.agreement import AgreementError
from carena_protocol.peer import (
    Answer,
    AnyControl,
    AnySignal,
    Candidate,
    HeartbeatSeen,
    LegFailed,
    LegOver,
    LegShown,
    PeerMessageError,
    RenewWanted,
    SealedOver,
    Unsafe,
    decode_control,
    encode,
)

LegEvent: TypeAlias = OfferMade | LegChanged | ControlOpened | ControlReceived | LegPlays | PathEvent


class Legs:
    """Every leg of one visit.

    Args:
        turn: Shared with the machine.
        safety: The guards of the legs.
        talk: What the two say to each other, on whichever leg.
        periods: How often legs are replaced.
    """

    def __init__(self, turn: Turn, safety: Safety, talk: Talk, periods: Periods) -> None:
        self._turn = turn
        self._safety = safety
        self._talk = talk
        self._track = LegTrack()
        self.schedule = LegSchedule(periods.leg_s)
        self._opening = Opening()
        self._instance: str | None = None
        self.takes_screens = True
        """Whether the patient's page can show a shared screen; yes until it has said."""
        self._suspect: Suspicion | None = None
        self._takeover = Takeover()
        self._route = Route(turn)
        self.offers = Offers(turn, safety, self._track, self._route)
        self.spare = Spare(turn, safety, self._track, self.schedule.worse)
        self._servers = KnownServers()
        self.lamps = Lamps(CameraLamp.OFF, MicrophoneLamp.OFF)
        """What is captured, as a new leg is told first."""
        self.is_up = False
        """Whether a leg carries the call."""
        self.is_left = False
        """Whether the other party said goodbye."""
        self.is_unsafe = False
        """Whether an agreement failed: nothing may go on."""
        self.playing = 0
        """The leg whose picture is shown, 0 before the first."""

    @property
    def number(self) -> int:
        """Of the newest leg that is no spare, 0 before the first."""
        track = self._track
        coming = 0 if self.spare.is_coming(track.coming) else track.coming
        return coming or track.serving or track.number

    @property
    def page_is_known(self) -> bool:
        """Whether the patient's page has said that it is ready."""
        return self._instance is not None

    @property
    def is_securing(self) -> bool:
        """Whether nothing can be sealed or opened at the moment, which is being put right."""
        return self._opening.is_told(self._turn.now.monotonic)

    @property
    def is_given_up(self) -> bool:
        """Whether keys could not be put right in time."""
        return self._opening.is_given_up(self._turn.now.monotonic)

    @property
    def next_at_ms(self) -> int | None:
        """When the leg in use is replaced, ms since the epoch; None while there is none."""
        return self.schedule.at_ms(self._turn.now)

    def deadline(self, *, may_search: bool) -> float | None:
        """When ``tick`` or ``search`` is due."""
        track = self._track
        is_idle = track.search.at is None and not track.search.active and not track.coming
        moments = (
            track.search.limit,
            track.search.at if may_search else None,
            *((self.schedule.at, self.spare.at) if is_idle else ()),
            self.spare.deadline,
            *track.leaving.values(),
            self._route.deadline,
            self._opening.deadline(self._turn.now.monotonic),
            self._talk.beat_at,
            self._safety.deadline,
        )
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
        now, track = self._turn.now.monotonic, self._track
        if track.search.expired(now):
            if track.search.active:
                track.search.failed(now)
            else:
                self._coming_failed()
        for leg, step in self._safety.tick(now):
            self._secure(leg, step)
        if self._safety.is_stale(track.serving):
            self._opening.stale(now)
        if self._opening.wants_leg(now):  # keys too old seal nothing, frames that nobody can open are no call
            self._look_now()
        if self._talk.beat_due(now):
            self.say(self._talk.beat(now))
            if self._talk.lost and self.is_up:
                self.is_up = False
                self._look_now()
        for leg in [leg for leg, at in track.leaving.items() if now >= at]:
            self._retire(leg)
        if self.schedule.at is not None and now >= self.schedule.at and not track.coming:
            track.search.begin_at(now, planned=True)
        self._close(self.spare.tick())
        self._use_spare()
        self._route.tick(is_lost=not self.is_up and self._instance is not None)

    # -- what the relay brings -----------------------------------------------------------------------------------------

    def page_ready(self, instance: str, *, screens: bool) -> None:
        """The patient's page can take an offer."""
        self.takes_screens = screens or (self.takes_screens and instance == self._instance)
        if instance != self._instance:
            self._instance = instance
            self._talk.page_changed()
            self._safety.new_page()
            self.spare.clear()
            self._close(self._track.drop_all())
            self._track.search.failures = 0  # a new page has no history
            self._interrupted()
        elif self._track.offer is not None:
            self._offer(self._track.coming, self._track.offer, instance)  # it was lost

    def signal(self, signal: AnySignal | SealedOver) -> None:
        """Take a signal about a leg."""
        inner = self._safety.vouching.unwrap(signal)
        match inner:
            case Answer(leg=leg):
                if self._track.answered(leg, self._turn.now.monotonic):
                    self._answered(inner)
            case Candidate(leg=leg):
                if leg in self._track.all_numbers:
                    self._turn.command(AddCandidate(leg, inner.candidate, inner.mid, inner.line))
            case LegFailed(leg=leg):
                if leg != self._track.serving:
                    self._changed(leg, LegState.FAILED)
                else:
                    self._suspect = Suspicion.PATH
                    self._look_now()  # it hears nothing; we may: the leg stays until there is another
            case Unsafe(leg=leg):
                if leg <= self._track.number:  # also one that is gone: its page closed it while this was on its way
                    self.unsafe()
            case _:
                pass  # the desktop always offers: there is no glare

    def signaling(self, event: inputs.IceServersArrived | inputs.SignalingFailed) -> None:
        """The service answered, or could not be reached."""
        now, track = self._turn.now.monotonic, self._track
        if isinstance(event, inputs.IceServersArrived):
            if track.search.waits_for(event.attempt):
                self._servers.take(event, now)
            self._open(event)
        elif track.search.waits_for(event.attempt):
            if track.search.planned and (known := self._servers.usable(now)) is not None:
                self._open(known)  # the leg in use carries the offer, and the servers still know us
            else:
                track.search.failed(now)
        elif event.attempt == track.search.attempt and track.offer is not None and not self.offers.is_over_leg:
            self._coming_failed()  # the offer could not be delivered

    # -- what the engine says ------------------------------------------------------------------------------------------

    def engine(self, event: LegEvent) -> None:  # noqa: C901 - one arm for each event
        """Take an event about a leg or its path."""
        track = self._track
        match event:
            case OfferMade(leg=leg, sdp=sdp):
                if track.offered(leg, sdp) and self._instance is not None:
                    self._offer(leg, sdp, self._instance)
            case LegChanged(leg=leg, state=state):
                self._changed(leg, state)
            case ControlOpened(leg=leg):
                if leg == track.coming and track.phase in (LegPhase.ANSWERED, LegPhase.CONNECTED):
                    self._turn.command(SendControl(leg, encode(self._safety.opened(leg))))
            case ControlReceived(leg=leg, data=data):
                self._heard(leg, data)
            case LegPlays(leg=leg, kind=kind):
                self.playing = leg if kind == "video" else self.playing
                if leg == track.serving:
                    camera, screen = self._talk.peer_sends["peer_camera"], self._talk.peer_shares
                    self._takeover.plays(kind, camera=camera, screen=screen)
                    self._show()
            case PathQuiet(leg=leg) | PathHeard(leg=leg) | PathSilent(leg=leg):
                if leg == track.serving:
                    self._path(event)
            case NetworkChanged():
                self.network_changed()
            case _:
                assert_never(event)

    def _path(self, event: PathQuiet | PathHeard | PathSilent) -> None:
        """Something is new of the leg in use."""
        coming = self._track.coming
        if not isinstance(event, PathSilent):
            self.spare.take(event)
            self._use_spare()
            if isinstance(event, PathHeard):
                self._recovered()
        elif (not coming or self.spare.is_coming(coming)) and self._suspect is None:
            self._suspect = Suspicion.SILENCE
            self._look_now()

    def engine_lost(self) -> None:
        """The engine is gone, and every leg with it; the secrets that vouch for the next are not."""
        self.spare.clear()
        for leg in self._track.drop_all():
            self._safety.closed(leg)
        self._talk.engine_lost()
        self._interrupted()

    def measured(self, figures: CallFigures) -> None:
        """Take the engine's figures."""
        if gives_life(figures) and self._suspect is not Suspicion.SILENCE:  # they are of a second, most of it before
            self._recovered()
        self._opening.measured(figures, self._turn.now.monotonic)
        self.spare.measured(figures)
        if self._track.serving and not self._track.leaving and not self._track.coming:
            self.schedule.found(figures.path)
            self.spare.found(figures.path, self._servers.newest)

    def network_changed(self) -> None:
        """Addresses came or went, or the machine slept: the leg in use may be dead, and nobody will say so."""
        now, track = self._turn.now.monotonic, self._track
        self.schedule.network_changed()
        if track.coming and now - track.began_at >= recovery.RESTART_S:
            self._close(track.drop_coming())
        if track.serving or track.coming or track.number:
            is_news, self._suspect = self._suspect is not Suspicion.PATH, Suspicion.PATH
            self._look_now(is_stale=is_news, at_once=True)

    # -- what the machine wants ----------------------------------------------------------------------------------------

    def say(self, *messages: AnyControl) -> None:
        """Say something over the leg in use, if there is one."""
        for message in messages if self._talk.leg else ():
            self._turn.command(SendControl(self._talk.leg, encode(message)))

    def renew(self) -> None:
        """Have the keys renewed: a device changed, say, or the codes were compared."""
        self._safety.renew(self._track.serving, self._turn.now.monotonic)

    def unsafe(self) -> None:
        """Somebody may stand in between: stop, with no way to go on."""
        self._turn.signal(self._track.search.attempt, Unsafe(leg=self._track.coming or self._track.serving or 1))
        self.is_unsafe = True

    def close_all(self) -> None:
        """The call is over."""
        self._close(self._track.drop_all())
        self._safety.new_page()

    # -- making a leg --------------------------------------------------------------------------------------------------

    def _look_now(self, *, is_stale: bool = False, at_once: bool = False) -> None:
        """Look for a leg at once, beside the one in use; ask whether signaling lives."""
        now, search = self._turn.now.monotonic, self._track.search
        self.spare.forgo()
        search.failures = 0
        if self._track.coming:
            search.planned = False
        elif search.active and not search.planned:
            pass
        else:
            search.begin_at(now)
        self._route.probe(is_stale=is_stale, at_once=at_once)

    def _open(self, event: inputs.IceServersArrived) -> None:
        attempt, now = self._track.search.attempt, self._turn.now.monotonic
        if event is not self._servers.newest:
            attempt = event.attempt
        relay_only = event.relay_only or self.spare.is_wanted
        opened = self._track.open(attempt, event.servers, relay_only=relay_only, now=now)
        if opened is not None:
            closing, command = opened
            self.spare.opened(command.leg)
            self._close(closing)
            self._turn.command(replace(command, screen=self.takes_screens))

    def _offer(self, leg: int, sdp: str, instance: str) -> None:
        try:
            self.offers.offer(leg, sdp, instance, is_sure=self._is_sure)
        except AgreementError:
            self._coming_failed()  # our own engine made an offer without a fingerprint
            return
        self.spare.offered(leg)

    def _answered(self, answer: Answer) -> None:
        try:
            self.offers.answered(answer, is_sure=self._is_sure)
        except AgreementError:
            self.unsafe()

    @property
    def _is_sure(self) -> bool:
        """Whether the leg in use is well."""
        return self.is_up and self._suspect is None

    def _changed(self, leg: int, state: LegState) -> None:
        match state:
            case LegState.CONNECTED:
                self._track.connected(leg)
            case LegState.FAILED | LegState.CLOSED:
                if leg == self._track.coming:
                    self._coming_failed()
                elif leg == self._track.serving:
                    self._close(self._track.serving_failed(self._turn.now.monotonic))
                    self._interrupted()
                    self._look_now()
                elif leg in self._track.leaving:
                    self._retire(leg)
                elif leg == self._track.spare:
                    self._close(self.spare.lost())
            case LegState.CONNECTING:
                pass
            case _:
                assert_never(state)

    def _coming_failed(self) -> None:
        if self.spare.is_coming(self._track.coming):
            self._route.answered()
            self._close(self.spare.failed())
            return
        if self._is_sure:
            self._track.search.planned = True
        self._route.answered()
        self._close(self._track.coming_failed(self._turn.now.monotonic))

    # -- over the data channels ----------------------------------------------------------------------------------------

    def _heard(self, leg: int, data: bytes) -> None:
        if leg not in self._track.all_numbers or not self._is_secured(leg, data):
            return
        try:
            message = decode_control(data)
        except PeerMessageError:
            return  # what is none of ours is ignored
        if leg == self._track.serving:
            self._recovered()
        match message:
            case SealedOver():
                self.signal(message)
            case LegShown(leg=shown):
                if shown == self._track.serving:
                    self._takeover.is_shown_there()
                    self._show()
            case RenewWanted():
                self.renew()
            case HeartbeatSeen(n=number) if leg == self._track.spare:
                self.spare.answered(number)
                self._use_spare()
            case _:
                outcome = self._talk.received(leg, data, self._turn.now)
                self.say(*outcome.replies)
                self.is_left = self.is_left or (outcome.goodbye and leg == self._track.serving)

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
        if step.became_safe and self.spare.is_coming(leg):
            self.spare.parked(self._servers.until)
        elif step.became_safe and leg == self._track.coming:
            self._took_over()

    def _use_spare(self) -> None:
        """The leg in use is silent, and the spare is not: let it carry the call."""
        if self.spare.is_called_for:
            leg, step = self.spare.use()
            self._took_over()
            self._secure(leg, step)

    def _took_over(self) -> None:
        now = self._turn.now.monotonic
        self._track.took_over(now)
        self._takeover.began()
        self._suspect = None
        self._opening.put_right()
        self.is_up = True
        self.schedule.began(now, ttl_s=self._servers.left_s(now), relay_only=self._servers.relay_only)
        self.say(*self._talk.opened(self._track.serving, now, self.lamps))

    def _show(self) -> None:
        """One side shows the leg in use; when both do, the one before has done its work."""
        if self._takeover.is_done:
            self._track.leave_by(self._turn.now.monotonic + recovery.OVERLAP_S)

    def _retire(self, leg: int) -> None:
        self._track.left(leg)
        self.say(LegOver(leg=leg))
        self._close((leg,))

    # -- what goes wrong -----------------------------------------------------------------------------------------------

    def _recovered(self) -> None:
        """The leg in use gives signs of life."""
        if not self._track.serving or (self.is_up and self._suspect is not Suspicion.SILENCE):
            return
        self.is_up = True
        if self._suspect is not Suspicion.PATH:
            self._suspect = None
            if not self._track.coming:
                self._track.search.stop()

    def _interrupted(self) -> None:
        self._talk.keep_open(self._track.all_numbers)
        self.schedule.ended()
        self._route.answered()
        self.is_up = False

    def _close(self, legs: tuple[int, ...]) -> None:
        for leg in legs:
            self._safety.closed(leg)
            self._turn.command(CloseLeg(leg))
