"""Sessions: resume, supersede, authorisation, and what is forgotten when."""

import pytest

from carena_protocol.errors import CloseCode
from carena_protocol.messages import Pong, ResumeClaim
from carena_server.sessions import RESUME_WINDOW_S, Attached, Hub
from tests.unit.server.builders import Wire, patient, staff


def attach(hub: Hub, wire: Wire, claim: ResumeClaim | None = None, *, now: float = 0.0, user: str = "u1") -> Attached:
    """Attach a desktop."""
    return hub.attach(staff(user), claim, wire, now=now, authorised_until=now + 300)


def claim_of(attached: Attached, last_seq: int = 0) -> ResumeClaim:
    """Return what the client would show after ``attached``."""
    return ResumeClaim(sid=attached.session.sid, token=attached.resume_token, last_seq=last_seq)


def test_a_resumed_session_replays_what_was_missed() -> None:
    """Messages sent while the client was away arrive after the resume, in order and once."""
    hub, wire = Hub(), Wire()
    first = attach(hub, wire)
    frames = [first.session.send(Pong()) for _ in range(3)]
    assert hub.detach(first.session, wire, now=1)
    frames.append(first.session.send(Pong()))

    again = attach(hub, Wire(), claim_of(first, last_seq=1), now=2)
    assert again.session is first.session
    assert again.replay == tuple(frames[1:])
    assert again.resume_token != first.resume_token


@pytest.mark.parametrize("wrong", ["sid", "token", "future", "none"])
def test_a_wrong_claim_gets_a_new_session(wrong: str) -> None:
    """Nothing but the right sid, token and sequence continues a stream."""
    hub, wire = Hub(), Wire()
    first = attach(hub, wire)
    hub.detach(first.session, wire, now=1)
    good = claim_of(first)
    claim = {
        "sid": ResumeClaim(sid="other", token=good.token, last_seq=0),
        "token": ResumeClaim(sid=good.sid, token="x" * 43, last_seq=0),
        "future": ResumeClaim(sid=good.sid, token=good.token, last_seq=7),
        "none": None,
    }[wrong]
    again = attach(hub, Wire(), claim, now=2)
    assert again.replay is None
    assert again.session is not first.session


def test_nobody_resumes_another_persons_session() -> None:
    """A stolen claim is worth nothing with one's own ticket: the family differs, and so does the person."""
    hub, wire = Hub(), Wire()
    victim = attach(hub, wire)
    thief = hub.attach(staff("u2", "f2"), claim_of(victim), Wire(), now=1, authorised_until=300)
    assert thief.replay is None
    assert victim.session.connected
    same_key = hub.attach(staff("u3", "f1"), claim_of(victim), Wire(), now=1, authorised_until=300)
    assert same_key.replay is None


def test_the_token_before_works_for_a_moment() -> None:
    """A welcome that got lost does not lose the session; half a minute later it does."""
    for delay, resumed in ((29, True), (31, False)):
        hub, wire = Hub(), Wire()
        first = attach(hub, wire)
        hub.detach(first.session, wire, now=1)
        lost = Wire()
        attach(hub, lost, claim_of(first), now=2)
        hub.detach(first.session, lost, now=3)
        again = attach(hub, Wire(), claim_of(first), now=2 + delay)
        assert (again.replay is not None) is resumed


def test_a_second_connection_supersedes_the_first() -> None:
    """The older socket of a session is closed with 4509, and its end is nobody's leaving."""
    hub, old, new = Hub(), Wire(), Wire()
    first = attach(hub, old)
    second = attach(hub, new, now=1)
    assert old.closed is CloseCode.SUPERSEDED
    assert new.closed is None
    assert not hub.detach(first.session, old, now=2)
    assert second.session.connected


def test_an_overflowed_stream_cannot_be_resumed() -> None:
    """Once messages were dropped from the ring there is no honest replay."""
    hub, wire = Hub(), Wire()
    first = attach(hub, wire)
    for _ in range(300):
        first.session.send(Pong())
    hub.detach(first.session, wire, now=1)
    assert attach(hub, Wire(), claim_of(first, last_seq=300), now=2).replay is None


def test_detached_sessions_are_forgotten() -> None:
    """After the resume window a session is gone; a connected one stays."""
    hub, wire = Hub(), Wire()
    session = attach(hub, wire).session
    other = hub.attach(patient(), None, Wire(), now=0, authorised_until=10**6).session
    hub.detach(session, wire, now=1)
    hub.forget_detached(now=1 + RESUME_WINDOW_S)
    assert hub.get("f1") is session
    hub.forget_detached(now=2 + RESUME_WINDOW_S)
    assert hub.get("f1") is None
    assert hub.get("v1") is other


def test_who_is_not_renewed_is_found_in_time() -> None:
    """The moment the authorisation ends, not before."""
    hub = Hub()
    session = attach(hub, Wire()).session
    assert hub.unauthorised(now=299.9) == []
    assert hub.unauthorised(now=300.0) == [session]


def test_ending_a_session_closes_and_forgets_it() -> None:
    """An ended session can't be resumed."""
    hub, wire = Hub(), Wire()
    first = attach(hub, wire)
    hub.end(first.session, CloseCode.AUTHENTICATION)
    assert wire.closed is CloseCode.AUTHENTICATION
    assert attach(hub, Wire(), claim_of(first)).replay is None


def test_sessions_of_a_user_are_those_connected() -> None:
    """Patients and other users don't count, nor do desktops that are away."""
    hub, wire = Hub(), Wire()
    first = attach(hub, wire)
    hub.attach(staff("u1", "f2"), None, Wire(), now=0, authorised_until=1)
    hub.attach(patient("u1"), None, Wire(), now=0, authorised_until=1)
    assert len(hub.of_user("u1")) == 2
    hub.detach(first.session, wire, now=0)
    assert [s.grant.key for s in hub.of_user("u1")] == ["f2"]


def test_a_session_prints_no_secret() -> None:
    """Neither resume token nor principal stands in its repr."""
    attached = attach(Hub(), Wire())
    assert attached.resume_token not in repr(attached)
    assert attached.session.resume_digest not in repr(attached.session)
    assert "Dr u1" not in repr(attached.session)
