"""The call machine by playbooks: told this, it asks for that."""

import pytest

from carena_desktop.call.inputs import (
    CameraWanted,
    ChatWritten,
    EngineStarted,
    EngineStopped,
    FetchIceServers,
    IceServersArrived,
    MicrophoneWanted,
    PeerPresenceChanged,
    PersonAllowed,
    PersonEnded,
    SignalingFailed,
    Started,
    StartEngine,
)
from carena_desktop.call.model import (
    Allowed,
    CallFigures,
    CallState,
    CameraLamp,
    Delivery,
    EndReason,
    MicrophoneLamp,
)
from carena_desktop.call.ports import (
    AddCandidate,
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
    SetCapture,
)
from carena_protocol.messages import IceServer
from carena_protocol.peer import (
    Answer,
    Candidate,
    Chat,
    ChatReceived,
    Goodbye,
    Heartbeat,
    HeartbeatSeen,
    LegFailed,
    MediaState,
    Offer,
    Ready,
)
from tests.fakes.guard import COMMIT, CONFIRM, HELLO
from tests.unit.call.playbook import EPOCH_MS, Playbook, answers, commands, said, signals

OFF = SetCapture(camera=False, microphone=False, muted=False, camera_device="cam", microphone_device="mic")
LIVE = CaptureChanged(CameraLamp.LIVE, MicrophoneLamp.LIVE)


def test_from_admission_to_active() -> None:
    """The whole way: the question, the page, servers, offer, answer, connected; the timer starts with the media."""
    book = Playbook()
    book.tell(Started("v1"))
    assert book.snapshot.state is CallState.ASKING
    book.tell(PersonAllowed(Allowed.CAMERA_AND_MICROPHONE))
    assert book.snapshot.state is CallState.WAITING_FOR_PEER
    assert book.signal(Ready(instance="page-1")) == [FetchIceServers(1)]
    assert book.snapshot.state is CallState.CONNECTING
    server = IceServer(urls=["stun:s"])
    assert commands(book.tell(IceServersArrived(1, (server,), relay_only=True))) == [
        OpenLeg(1, (server,), relay_only=True, screen=False)
    ]
    assert signals(book.tell(OfferMade(1, "sdp"))) == [Offer(leg=1, instance="page-1", sdp="sdp", commit=COMMIT)]
    assert [answer.sdp for answer in answers(book.signal(Answer(leg=1, sdp="yes", hello=HELLO)))] == ["yes"]
    book.now += 2
    book.tell(LegChanged(1, LegState.CONNECTED))
    assert book.snapshot.state is CallState.CONNECTING  # nothing is said or shown before both proved who they are
    book.secure(1)
    assert book.snapshot.state is CallState.ACTIVE
    assert book.snapshot.started_at_ms == EPOCH_MS + 2000


def test_nothing_opens_before_the_answer() -> None:
    """While the question is open no device is opened and no leg is begun, though the page is ready."""
    book = Playbook()
    book.tell(Started("v1"))
    effects = book.signal(Ready(instance="page-1")) + book.wait(60)
    assert effects == []
    assert all(command == OFF for command in commands(book.effects))


@pytest.mark.parametrize(
    ("allowed", "camera", "microphone"),
    [
        (Allowed.CAMERA_AND_MICROPHONE, True, True),
        (Allowed.MICROPHONE_ONLY, False, True),
        (Allowed.NOTHING, False, False),
    ],
)
def test_capture_is_what_is_allowed_and_wanted(allowed: Allowed, *, camera: bool, microphone: bool) -> None:
    """Each answer opens what it names; the buttons work within it and never beyond."""
    book = Playbook()
    book.begin(allowed)

    def last() -> SetCapture:
        return [command for command in commands(book.effects) if isinstance(command, SetCapture)][-1]

    assert (last().camera, last().microphone, last().muted) == (camera, microphone, False)
    book.tell(CameraWanted(wanted=False), MicrophoneWanted(wanted=False))
    assert (last().camera, last().microphone, last().muted) == (False, microphone, True)
    book.tell(CameraWanted(wanted=True), MicrophoneWanted(wanted=True))
    assert (last().camera, last().microphone, last().muted) == (camera, microphone, False)


def test_the_page_may_be_ready_before_the_answer() -> None:
    """A page that was ready during the question is offered a leg as soon as the person has answered."""
    book = Playbook()
    book.tell(Started("v1"))
    book.signal(Ready(instance="page-1"))
    assert FetchIceServers(1) in book.tell(PersonAllowed(Allowed.NOTHING))


def test_a_cold_engine_is_started_first() -> None:
    """Without an engine the start asks for one, and the leg waits for it."""
    book = Playbook(engine_up=False)
    assert book.tell(Started("v1")) == [StartEngine()]
    book.tell(PersonAllowed(Allowed.NOTHING))
    assert book.signal(Ready(instance="page-1")) == []
    assert FetchIceServers(1) in book.tell(EngineStarted())


def test_stale_messages_are_dropped() -> None:
    """Answers, candidates, offers and servers of another leg or attempt change nothing."""
    book = Playbook()
    book.active()
    before = book.snapshot
    assert book.signal(Answer(leg=1, sdp="again", hello=HELLO)) == []
    assert book.signal(Answer(leg=7, sdp="x", hello=HELLO)) == []
    assert book.signal(Candidate(leg=7, candidate="c")) == []
    assert book.signal(LegFailed(leg=7)) == []
    assert book.signal(Offer(leg=2, instance="page-1", sdp="glare", commit=COMMIT)) == []
    assert book.tell(OfferMade(1, "late"), LegChanged(3, LegState.FAILED), IceServersArrived(1, ())) == []
    assert book.tell(SignalingFailed(1), EngineFailed("bad_answer", 9), ControlReceived(5, b"{}")) == []
    assert book.snapshot == before


def test_candidates_go_to_their_leg() -> None:
    """Candidates of the current leg reach the engine, the empty one that ends them included."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    leg = book.offer()
    assert commands(book.signal(Candidate(leg=leg, candidate="c", mid="0", line=0))) == [AddCandidate(leg, "c", "0", 0)]
    assert commands(book.signal(Candidate(leg=leg, candidate=""))) == [AddCandidate(leg, "")]


def test_a_lost_offer_is_sent_again_when_the_page_asks() -> None:
    """The page says ready again with the same instance: the offer in flight is repeated, not a new leg made."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    leg = book.offer()
    assert signals(book.signal(Ready(instance="page-1"))) == [
        Offer(leg=leg, instance="page-1", sdp="offer 1", commit=COMMIT)
    ]
    book.connect(leg)
    assert book.signal(Ready(instance="page-1")) == []


def test_a_reloaded_page_gets_the_next_leg() -> None:
    """Ready with a new instance closes the old leg and makes the next; the timer goes on."""
    book = Playbook()
    book.active()
    started = book.snapshot.started_at_ms
    effects = book.signal(Ready(instance="page-2"))
    assert commands(effects) == [CloseLeg(1)]
    assert FetchIceServers(2) in effects
    assert book.snapshot.state is CallState.RECONNECTING
    book.connect(book.offer())
    assert (book.snapshot.state, book.snapshot.leg) == (CallState.ACTIVE, 2)
    assert Offer(leg=2, instance="page-2", sdp="offer 2", commit=COMMIT) in signals(book.effects)
    assert book.snapshot.started_at_ms == started


def test_three_missed_heartbeats_make_a_new_leg_before_the_old_is_closed() -> None:
    """Silence: reconnecting after the third missed beat; the old leg closes once both sides show the new one."""
    book = Playbook()
    book.active()
    book.wait(10)
    assert book.snapshot.state is CallState.ACTIVE
    book.echo = False
    book.wait(2.5)
    assert book.snapshot.state is CallState.ACTIVE
    effects = book.wait(2)
    assert book.snapshot.state is CallState.RECONNECTING
    assert FetchIceServers(2) in effects
    leg = book.offer()
    assert CloseLeg(1) not in commands(book.connect(leg))
    assert book.snapshot.state is CallState.ACTIVE
    book.echo = True
    assert CloseLeg(1) not in commands(book.shown(leg) + book.wait(0.2))
    assert CloseLeg(1) in commands(book.wait(0.2))


def test_media_counts_as_a_sign_of_life() -> None:
    """A data channel that waits for a retransmission is no dead path while frames arrive."""
    book = Playbook()
    book.active()
    book.echo = False
    for _ in range(20):
        book.wait(1)
        book.tell(FiguresMeasured(CallFigures(remote_audio_frames_per_s=48.0)))
    assert book.snapshot.state is CallState.ACTIVE
    assert book.snapshot.leg == 1


def test_a_silent_leg_that_speaks_again_is_kept() -> None:
    """Signaling and path were both away: when the old leg answers before a new one was begun, the call goes on."""
    book = Playbook()
    book.active()
    book.echo = False
    book.wait(5)
    book.tell(SignalingFailed(2))
    assert book.snapshot.state is CallState.RECONNECTING
    book.say(1, Heartbeat(n=9))
    assert (book.snapshot.state, book.snapshot.leg) == (CallState.ACTIVE, 1)
    assert book.tell(IceServersArrived(2, ())) == []
    book.echo = True
    assert not [effect for effect in book.wait(30) if isinstance(effect, FetchIceServers)]


def test_a_busy_window_misses_one_beat_not_ten() -> None:
    """After ten seconds without a tick one beat is sent, and the call is not given up."""
    book = Playbook()
    book.active()
    book.now += 10
    assert len([m for m in said(book.wait(0.0)) if isinstance(m, Heartbeat)]) == 1
    assert book.snapshot.state is CallState.ACTIVE


def test_losing_the_service_does_nothing_to_an_active_call() -> None:
    """The patient is reported away for a minute while the leg answers: no leg, no effect but heartbeats."""
    book = Playbook()
    book.active()
    book.tell(PeerPresenceChanged(present=False))
    effects = book.wait(60)
    assert commands(effects) == []
    assert signals(effects) == []
    assert book.snapshot.state is CallState.ACTIVE
    assert book.snapshot.peer_present is False


def test_retries_wait_longer_and_longer() -> None:
    """Failed attempts are repeated after 0.25, 0.5, 1, 2, 2 … seconds, each with the next number."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    delays = []
    for attempt in range(1, 8):
        book.tell(SignalingFailed(attempt))
        start = book.now
        while FetchIceServers(attempt + 1) not in book.effects:
            book.wait(0.25)
        delays.append(book.now - start)
    assert delays == [0.25, 0.5, 1.0, 2.0, 2.0, 2.0, 2.0]


def test_no_attempt_while_the_patient_is_away() -> None:
    """A failed leg is not retried before the patient is back at the service; then at once."""
    book = Playbook()
    book.active()
    book.tell(PeerPresenceChanged(present=False))
    assert commands(book.tell(LegChanged(1, LegState.FAILED))) == [CloseLeg(1)]
    assert not [effect for effect in book.wait(120) if isinstance(effect, FetchIceServers)]
    assert FetchIceServers(2) in book.tell(PeerPresenceChanged(present=True))


def test_a_handshake_has_twenty_seconds() -> None:
    """A leg that has no data channel after 20 s is closed and another one follows."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    leg = book.offer()
    book.signal(Answer(leg=leg, sdp="a", hello=HELLO))
    assert commands(book.wait(19.9)) == []
    effects = book.wait(1)
    assert commands(effects) == [CloseLeg(1)]
    assert FetchIceServers(2) in effects


def test_a_bad_answer_fails_its_leg_only() -> None:
    """The engine refuses an answer: the leg is closed and the next follows after the delay."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    leg = book.offer()
    assert commands(book.tell(EngineFailed("bad_answer", leg))) == [CloseLeg(leg)]
    assert FetchIceServers(2) in book.wait(1)


def test_every_server_is_handed_to_the_engine() -> None:
    """Each leg gets the whole list as it came: the engine asks all of them."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    servers = (
        IceServer(urls=["turn:u?transport=udp", "turns:u"], username="n", credential="c"),
        IceServer(urls=["stun:s"]),
    )
    book.offer(*servers)
    book.tell(EngineFailed("no_offer", 1))
    book.wait(1)
    book.offer(*servers)
    opened = [command for command in commands(book.effects) if isinstance(command, OpenLeg)]
    assert [command.ice_servers for command in opened] == [servers, servers]


def test_a_crashed_engine_is_started_again() -> None:
    """Crash: lamps out, reconnecting, a new engine with the same capture, a new leg, counters that go on."""
    book = Playbook()
    book.active()
    book.tell(LIVE, FiguresMeasured(CallFigures(remote_frames=100, first_remote_frame_at_ms=5, remote_fps=30)))
    assert book.tell(EngineFailed("engine_lost")) == [StartEngine()]
    assert book.snapshot.state is CallState.RECONNECTING
    assert (book.snapshot.camera, book.snapshot.microphone) == (CameraLamp.OFF, MicrophoneLamp.OFF)
    effects = book.tell(EngineStarted())
    assert isinstance(commands(effects)[0], SetCapture)
    book.connect(book.offer())
    book.tell(FiguresMeasured(CallFigures(remote_frames=7, first_remote_frame_at_ms=9)))
    assert book.snapshot.figures.remote_frames == 107
    assert book.snapshot.figures.first_remote_frame_at_ms == 5


def test_an_engine_that_keeps_crashing_ends_the_call() -> None:
    """The fourth crash within a minute is the end; three crashes spread over minutes are not."""
    patient = Playbook()
    patient.begin()
    for _ in range(6):
        patient.tell(EngineStopped())
        patient.now += 30
    assert patient.snapshot.state is not CallState.ENDED
    book = Playbook()
    book.begin()
    for _ in range(4):
        book.tell(EngineStopped())
    assert (book.snapshot.state, book.snapshot.end_reason) == (CallState.ENDED, EndReason.ENGINE_LOST)


def test_media_state_tells_the_lamps_not_the_wishes() -> None:
    """The other party hears what is really captured, when the channel opens and whenever it changes."""
    book = Playbook()
    book.active()
    assert MediaState(camera=False, microphone="off") in said(book.effects)
    assert said(book.tell(LIVE)) == [MediaState(camera=True, microphone="live")]
    assert said(book.tell(LIVE)) == []
    assert said(book.tell(CameraWanted(wanted=False))) == []
    lamps = CaptureChanged(CameraLamp.OFF, MicrophoneLamp.MUTED)
    assert said(book.tell(lamps)) == [MediaState(camera=False, microphone="muted")]


def test_the_peers_state_is_shown() -> None:
    """Their word is shown; before it, frames that arrive are."""
    book = Playbook()
    book.active()
    assert not book.snapshot.peer_camera
    book.tell(FiguresMeasured(CallFigures(remote_fps=30, remote_audio_frames_per_s=50)))
    assert (book.snapshot.peer_camera, book.snapshot.peer_microphone) == (True, True)
    book.say(1, MediaState(camera=False, microphone="muted"))
    assert (book.snapshot.peer_camera, book.snapshot.peer_microphone) == (False, False)


def test_chat_is_sent_again_until_it_is_confirmed() -> None:
    """A line without a confirmation goes out again on the next leg, a confirmed one does not."""
    book = Playbook()
    book.active()
    assert said(book.tell(ChatWritten("a", "one"), ChatWritten("b", "two"))) == [
        Chat(id="a", text="one", sent_at=EPOCH_MS),
        Chat(id="b", text="two", sent_at=EPOCH_MS),
    ]
    book.say(1, ChatReceived(id="a"))
    assert [line.delivery for line in book.snapshot.chat] == [Delivery.DELIVERED, Delivery.SENDING]
    book.signal(Ready(instance="page-2"))
    assert said(book.tell(ChatWritten("c", "three"))) == []
    leg = book.offer()
    book.signal(Answer(leg=leg, sdp="a", hello=HELLO))
    book.tell(LegChanged(leg, LegState.CONNECTED), ControlOpened(leg))
    again = said(book.say(leg, CONFIRM))
    assert [message.id for message in again if isinstance(message, Chat)] == ["b", "c"]


def test_a_line_that_comes_twice_is_shown_once_and_confirmed_twice() -> None:
    """Exactly once by id, even when its text differs; the sender gets its confirmation each time."""
    book = Playbook()
    book.active()
    assert said(book.say(1, Chat(id="x", text="hello", sent_at=3))) == [ChatReceived(id="x")]
    assert said(book.say(1, Chat(id="x", text="other", sent_at=4))) == [ChatReceived(id="x")]
    assert [(line.text, line.mine, line.at_ms) for line in book.snapshot.chat] == [("hello", False, EPOCH_MS)]


def test_heartbeats_are_echoed_and_measured() -> None:
    """Theirs come back with their number; ours give the round-trip time."""
    book = Playbook()
    book.active()
    assert said(book.say(1, Heartbeat(n=41))) == [HeartbeatSeen(n=41)]
    book.echo = False
    (beat,) = [message for message in said(book.wait(0.5)) if isinstance(message, Heartbeat)]
    book.say(1, HeartbeatSeen(n=beat.n))
    assert book.snapshot.figures.round_trip_ms == pytest.approx(500)


@pytest.mark.parametrize("data", [b"", b"{", b'{"t":"?"}', b'{"t":"goodbye","x":1}', b"\xff" * 100, b"[" * 5000])
def test_what_is_no_message_is_ignored(data: bytes) -> None:
    """Garbage over the data channel changes nothing and answers nothing."""
    book = Playbook()
    book.active()
    before = book.snapshot
    assert book.tell(ControlReceived(1, data)) == []
    assert book.snapshot == before


def test_goodbye_ends_it() -> None:
    """The other party's goodbye closes legs and devices and is the end; nothing happens after it."""
    book = Playbook()
    book.active()
    effects = commands(book.say(1, Goodbye()))
    assert effects == [CloseLeg(1), SetCapture(camera=False, microphone=False, muted=True)]
    assert (book.snapshot.state, book.snapshot.end_reason) == (CallState.ENDED, EndReason.REMOTE)
    assert book.machine.deadline is None
    assert book.tell(PersonAllowed(Allowed.CAMERA_AND_MICROPHONE), CameraWanted(wanted=True)) == []
    assert book.signal(Ready(instance="page-9")) == []


def test_ending_says_goodbye_first() -> None:
    """Our end: goodbye, then close; lamps still follow the truth afterwards, and undelivered lines say so."""
    book = Playbook()
    book.active()
    book.tell(LIVE, ChatWritten("a", "one"), ChatWritten("b", "two"))
    book.say(1, ChatReceived(id="a"))
    effects = book.tell(PersonEnded())
    assert said(effects) == [Goodbye()]
    assert commands(effects)[0] == CloseLeg(1)
    assert book.snapshot.end_reason is EndReason.LOCAL
    assert book.snapshot.camera is CameraLamp.LIVE
    assert [(line.text, line.delivery) for line in book.snapshot.chat] == [("two", Delivery.FAILED)]
    book.tell(CaptureChanged(CameraLamp.OFF, MicrophoneLamp.OFF))
    assert book.snapshot.camera is CameraLamp.OFF


def test_problems_of_devices_are_shown_and_end_nothing() -> None:
    """Without a camera, a microphone or a speaker the visit goes on with less."""
    book = Playbook()
    book.active()
    book.tell(CaptureChanged(CameraLamp.OFF, MicrophoneLamp.OFF, "no_device", "busy", "no_device"))
    shown = book.snapshot
    assert (shown.camera_problem, shown.microphone_problem, shown.speaker_problem) == ("no_device", "busy", "no_device")
    assert shown.state is CallState.ACTIVE
