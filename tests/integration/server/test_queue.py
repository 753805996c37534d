"""The waiting room over real connections: verbs with reasons, rooms, triage, waiting chat, return by the same link."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.messages import Error, Ok, QueueDelta, QueueEntry, QueueSnapshot, VisitStatus
from carena_protocol.news import ChatPeer, ChatRelayed, Gone, Rooms, Staff, VisitDetails
from carena_protocol.rows import AwayBy, DeviceResult, Readiness, RedFlag, StaffPresence, TriageForm, VisitState
from carena_protocol.verbs import (
    Admit,
    Amend,
    Assign,
    ChatClose,
    ChatOpen,
    ChatRelay,
    ChatRequest,
    Claim,
    DetailsRequest,
    Finish,
    Hold,
    Identity,
    Leave,
    NoShow,
    Prepare,
    Recall,
    Resume,
    Return,
    SetPresence,
    StepOut,
    Transfer,
    Triage,
    Undo,
)
from tests.integration.server.harness import Answer, Peer, Server, cookie_of, patient, staff


def as_root(server: Server, path: str, body: object | None = None) -> Answer:
    """Ask for something as the administrator."""
    token = server.login("root").json["access_token"]
    method = "GET" if body is None else "POST"
    return server.call(method, f"/api/v1/admin{path}", body, headers={"Authorization": f"Bearer {token}"})


async def done(peer: Peer, kind: Callable[..., Any], visit: str, version: int | None = None, **more: Any) -> int:
    """Carry out a verb that has to succeed, and return the row's new version."""
    seen = {} if version is None else {"version": version}
    reply = await peer.ask(kind(id=peer.next_id(), visit=visit, **seen, **more))
    assert isinstance(reply, Ok), msgspec.json.encode(reply)
    return reply.version if isinstance(reply.version, int) else 0


async def refused(peer: Peer, kind: Callable[..., Any], visit: str, **more: Any) -> Error:
    """Carry out a verb that has to be refused."""
    reply = await peer.ask(kind(id=peer.next_id(), visit=visit, **more))
    assert isinstance(reply, Error)
    return reply


async def entry(peer: Peer, where: Callable[[QueueEntry], bool]) -> QueueEntry:
    """Return the next row that is as wanted."""
    found = await peer.next(QueueDelta, lambda delta: isinstance(delta.entry, QueueEntry) and where(delta.entry))
    assert isinstance(found.entry, QueueEntry)
    return found.entry


async def test_a_patient_who_is_gone_can_be_called_back(make_server: Callable[..., Server]) -> None:
    """Staff see who left, without a name; called back, the same link leads to the old place, and the list is empty."""
    server = make_server()  # of its own: others' patients are gone for two hours
    link = server.link(reusable=False)
    visit, cookie = server.check_in(link, "Gone Example")
    done_visit, _ = server.check_in(server.link(), "Done Example")
    async with staff(server, "nia") as nia, patient(server, cookie) as page:
        await nia.subscribe()
        assert isinstance(await page.ask(Leave(id=page.next_id(), visit=visit)), Ok)
        (gone,) = (await nia.next(Gone, lambda m: len(m.gone) == 1)).gone
        assert (gone.visit, gone.state, gone.reason, gone.recalled_until) == (visit, VisitState.LEFT, "patient", None)
        await done(nia, Admit, done_visit, 1)
        await done(nia, Finish, done_visit, 2)
        both = (await nia.next(Gone, lambda m: len(m.gone) == 2)).gone
        assert [one.visit for one in both] == [done_visit, visit]
        assert b"Example" not in msgspec.json.encode(both)
        await done(nia, Recall, done_visit, both[0].version)
        recalled = await nia.next(Gone, lambda m: m.gone[0].recalled_until is not None)
        assert recalled.gone[0].version == both[0].version + 1
        server.check_in(link, "Gone Example")
        assert [one.visit for one in (await nia.next(Gone, lambda m: len(m.gone) == 1)).gone] == [done_visit]
    async with staff(server, "bob") as bob:  # who signs in later sees the same
        await bob.subscribe()
        assert [one.visit for one in (await bob.next(Gone)).gone] == [done_visit]


async def test_a_day_of_one_patient(server: Server) -> None:  # noqa: PLR0915 - one story
    """Device test, triage, claim, hand-over, visit, hold, undo and finish: each step shown to staff and patient."""
    visit, cookie = server.check_in(server.link(), "Alex Example")
    async with staff(server, "nia") as nia, staff(server, "ann") as ann, patient(server, cookie) as page:
        await ann.subscribe()
        rooms, colleagues = await ann.next(Rooms), await ann.next(Staff)
        assert [room.name for room in rooms.rooms] == ["Waiting room"]
        here = {member.name: member.presence for member in colleagues.staff}
        assert (here["Dr Ann"], here["Dr Nia"]) == (StaffPresence.AVAILABLE, StaffPresence.AVAILABLE)
        readiness = Readiness(camera=DeviceResult.OK, microphone=DeviceResult.DENIED, bandwidth_kbps=900, at=1)
        assert await done(page, Prepare, visit, readiness=readiness) == 2
        row = await entry(ann, lambda e: e.readiness is not None)
        assert (row.state, row.readiness and row.readiness.microphone) == (VisitState.READY, DeviceResult.DENIED)
        assert row.readiness is not None
        assert row.readiness.at > 1  # the server's time, whatever the page says
        await done(
            page, Amend, visit, language="es", interpreter=True, red_flags=(RedFlag.CHEST_PAIN,), call_back="555-0100"
        )
        row = await entry(ann, lambda e: e.interpreter)
        assert (row.language, row.red_flags, row.version) == ("es", (RedFlag.CHEST_PAIN,), 2)
        form = TriageForm(complaint="Tight chest", systolic=158, diastolic=94, red_flags=(RedFlag.FAINTING,))
        assert await done(nia, Triage, visit, 2, acuity=2, form=form, ready=True) == 3
        assert await done(nia, Assign, visit, 3, user=nia.welcome.principal.id if nia.welcome else "") == 4
        lost = await refused(ann, Admit, visit, version=4)
        assert (lost.code, lost.reason) == (ErrorCode.ALREADY_CLAIMED, RefusalReason.CLAIMED_BY_OTHER)
        assert isinstance(lost.entry, QueueEntry)
        assert lost.entry.clinician_name == "Dr Nia"
        assert lost.entry.clinician_since is not None
        mine = ann.welcome.principal.id if ann.welcome else ""
        assert await done(nia, Transfer, visit, 4, user=mine, note="Please see today") == 5
        status = await page.next(VisitStatus, lambda s: s.clinician_name == "Dr Ann")
        assert (status.state, status.room, status.staff) == (
            VisitState.CLAIMED,
            "Waiting room",
            StaffPresence.AVAILABLE,
        )
        details = await ann.ask(DetailsRequest(id=ann.next_id(), visit=visit))
        assert isinstance(details, VisitDetails)
        assert (details.details.call_back, details.details.triage) == ("555-0100", form)
        assert details.details.entry.red_flags == (RedFlag.CHEST_PAIN, RedFlag.FAINTING)
        assert [line.what for line in details.details.activity][-4:] == ["amend", "triage", "assign", "transfer"]
        assert await done(ann, Admit, visit, 5) == 6
        assert await done(ann, Identity, visit, 6, name=True, birth_date=True, location=True) == 7
        assert await done(ann, Hold, visit, 7, note="Lab result pending") == 8
        assert (await page.next(VisitStatus, lambda s: s.state is VisitState.ON_HOLD)).clinician_name == "Dr Ann"
        assert (await refused(nia, Resume, visit, version=8)).reason is RefusalReason.NOT_YOURS
        assert (await refused(nia, Undo, visit, version=8)).reason is RefusalReason.NOT_LAST_CHANGE
        assert await done(ann, Undo, visit, 8) == 9
        row = await entry(ann, lambda e: e.version == 9)
        assert (row.state, row.note) == (VisitState.IN_VISIT, "Please see today")
        await done(ann, Finish, visit, 9, outcome="referred")
        assert (await refused(ann, Undo, visit, version=10)).reason is RefusalReason.TOO_LATE
        assert (await refused(ann, DetailsRequest, visit)).code is ErrorCode.NOT_FOUND
    log = as_root(server, "/audit/query", {"subject": visit}).json["entries"]
    actions = [line["action"] for line in reversed(log)]
    assert actions[0] == "visit.check_in"
    assert {"visit.read", "visit.identity", "visit.hold", "visit.undo", "visit.finish"} <= set(actions)
    assert "confirmed=name,birth_date,location" in str(log)
    assert "outcome=referred" in str(log)


async def test_what_a_patient_says_at_the_identity_check_is_written_down(server: Server) -> None:
    """Place and number stand with the visit from then on, the log says that they were written and not what."""
    visit, cookie = server.check_in(server.link())
    async with staff(server) as ann, patient(server, cookie) as page:
        await ann.subscribe()
        await done(page, Amend, visit, call_back="555-0100")
        blank = await refused(ann, Identity, visit, version=1, location=True, said_location=" ")
        assert blank.code is ErrorCode.INVALID
        assert await done(ann, Identity, visit, 1, location=True, said_location="Ferry,  car deck") == 2
        reply = await ann.ask(DetailsRequest(id=ann.next_id(), visit=visit))
        assert isinstance(reply, VisitDetails)
        assert (reply.details.location, reply.details.call_back) == ("Ferry, car deck", "555-0100")
        assert await done(ann, Identity, visit, 2, call_back=True, said_call_back="555-0199") == 3
        reply = await ann.ask(DetailsRequest(id=ann.next_id(), visit=visit))
        assert isinstance(reply, VisitDetails)
        assert (reply.details.location, reply.details.call_back) == ("Ferry, car deck", "555-0199")
    log = str(as_root(server, "/audit/query", {"subject": visit}).json["entries"])
    assert "confirmed=location written=location" in log
    assert "Ferry" not in log


async def test_a_patient_steps_out_and_is_called_back(server: Server) -> None:
    """The place is kept, staff see until when, a call reaches the page, and coming back is a state of its own."""
    visit, cookie = server.check_in(server.link())
    async with staff(server) as ann, patient(server, cookie) as page:
        await ann.subscribe()
        await done(page, StepOut, visit, minutes=120)
        row = await entry(ann, lambda e: e.visit == visit and e.state is VisitState.STEPPED_AWAY)
        assert (row.away_by, row.away_until is not None) == (AwayBy.PATIENT, True)
        assert row.away_until is not None
        assert row.state_since is not None
        assert row.away_until - row.state_since == 30 * 60_000  # the room's longest, not what the page asked for
        assert (await refused(ann, Admit, visit, version=2)).reason is RefusalReason.STATE
        await done(ann, Recall, visit, 2)
        assert (await page.next(VisitStatus, lambda s: s.recalled)).place >= 1
        await done(page, Return, visit)
        assert (await page.next(VisitStatus, lambda s: s.state is VisitState.RETURNED)).recalled is False
        assert (await refused(ann, NoShow, visit, version=4)).reason is RefusalReason.PATIENT_PRESENT
        await done(page, Leave, visit)


async def test_the_same_link_leads_back_to_the_same_place(server: Server) -> None:
    """Who left by mistake opens the link again and is where they were; after a visit only if staff call them back."""
    link = server.link(reusable=False)
    visit, cookie = server.check_in(link)
    assert server.post("/check-in", server.arrival(link)).code == "link_invalid"  # somebody is here by this link
    async with staff(server) as ann:
        await ann.subscribe()
        before = next(e for e in (await ann.next(QueueSnapshot)).entries if e.visit == visit)
        async with patient(server, cookie) as page:
            await done(page, Leave, visit)
        info = server.post("/portal", {"secret": link})
        assert (info.status, info.json["returning"], info.json["room"]) == (200, True, "Waiting room")
        again, _ = server.check_in(link)
        row = await entry(ann, lambda e: e.visit == again)
        assert (row.state, row.checked_in_at) == (VisitState.RETURNED, before.checked_in_at)
        await done(ann, Admit, again, 1)
        await done(ann, Finish, again, 2)
        assert server.post("/check-in", server.arrival(link)).code == "link_invalid"
        await done(ann, Recall, again, 3)
        third, _ = server.check_in(link)
        assert third not in {visit, again}
        await done(ann, NoShow, third, 1)


async def test_the_waiting_chat_is_handed_on_unread(server: Server) -> None:
    """Asked for by the patient, opened by one of the staff, taken over by another, closed by the visit."""
    visit, cookie = server.check_in(server.link())
    secret = msgspec.Raw(b'{"t":"sealed","n":1,"c":"Y2FuYXJ5LWluLXRoZS1jaGF0"}')
    async with staff(server, "nia") as nia, staff(server, "ann") as ann, patient(server, cookie) as page:
        await ann.subscribe()
        assert (await refused(page, ChatRelay, visit, data=secret)).code is ErrorCode.PEER_UNREACHABLE
        await done(page, ChatRequest, visit)
        await entry(ann, lambda e: e.visit == visit and e.chat == "requested")
        assert (await refused(nia, ChatRelay, visit, data=secret)).reason is RefusalReason.NOT_OPEN
        await done(nia, ChatOpen, visit)
        assert (await page.next(ChatPeer)).name == "Dr Nia"
        assert (await nia.next(ChatPeer)).present
        await done(nia, ChatRelay, visit, data=secret)
        assert bytes((await page.next(ChatRelayed)).data) == bytes(secret)
        await done(page, ChatRelay, visit, data=secret)
        assert bytes((await nia.next(ChatRelayed)).data) == bytes(secret)
        await done(ann, ChatOpen, visit)
        assert (await nia.next(ChatPeer)).taken_over
        assert (await page.next(ChatPeer)).name == "Dr Ann"
        assert (await refused(nia, ChatClose, visit)).reason is RefusalReason.NOT_OPEN
        burst = [await page.ask(ChatRelay(id=page.next_id(), visit=visit, data=secret)) for _ in range(40)]
        limited = [reply for reply in burst if isinstance(reply, Error)]
        assert {reply.code for reply in limited} == {ErrorCode.RATE_LIMITED}
        await done(ann, Admit, visit, 1)
        assert not (await page.next(ChatPeer, lambda peer: not peer.present)).present
        assert (await refused(ann, ChatRelay, visit, data=secret)).reason is RefusalReason.STATE
        await done(ann, Finish, visit, 2)
    everywhere = b"".join(path.read_bytes() for path in server.data.rglob("*") if path.is_file())
    assert b"Y2FuYXJ5LWluLXRoZS1jaGF0" not in everywhere + server.log.read_bytes()


async def test_people_see_the_rooms_they_serve(make_server: Callable[..., Server]) -> None:
    """Bob serves children only: others' patients never reach him, a transferred one appears and goes again."""
    server = make_server()
    room = as_root(server, "/rooms", {"name": "Children"}).json["id"]
    users = {user["username"]: user["id"] for user in as_root(server, "/users").json["users"]}
    assert as_root(server, "/users/update", {"id": users["bob"], "rooms": [room]}).status == 200
    assert as_root(server, "/rooms/update", {"id": room, "triage_first": True, "alarm_waiting": 3}).status == 200
    visit, _ = server.check_in(server.link(), "Alex Example")
    async with staff(server, "ann") as ann, staff(server, "bob") as bob:
        await ann.subscribe()
        await bob.subscribe()
        assert (await bob.next(QueueSnapshot)).entries == []
        assert [r.name for r in (await bob.next(Rooms)).rooms] == ["Children"]
        assert {r.name: r.alarm_waiting for r in (await ann.next(Rooms)).rooms} == {"Children": 3, "Waiting room": 0}
        assert (await refused(bob, Claim, visit, version=1)).reason is RefusalReason.OTHER_ROOM
        assert (await refused(bob, DetailsRequest, visit)).reason is RefusalReason.OTHER_ROOM
        assert (await refused(bob, ChatOpen, visit)).reason is RefusalReason.OTHER_ROOM
        assert (await refused(ann, Assign, visit, version=1, user=users["bob"])).reason is RefusalReason.OTHER_ROOM
        assert (await refused(ann, Assign, visit, version=1, user="nobody")).reason is RefusalReason.UNKNOWN_USER
        assert (await refused(ann, Transfer, visit, version=1, room="nowhere")).reason is RefusalReason.UNKNOWN_ROOM
        assert (await refused(ann, Transfer, visit, version=1)).code is ErrorCode.INVALID
        await done(ann, Transfer, visit, 1, room=room)
        row = await entry(bob, lambda e: e.visit == visit)
        assert (row.state, row.room) == (VisitState.NEEDS_TRIAGE, room)
        await done(bob, Claim, visit, 2)
        await done(bob, Transfer, visit, 3, room="main")
        assert not isinstance(
            (await bob.next(QueueDelta, lambda d: not isinstance(d.entry, QueueEntry))).entry, QueueEntry
        )
        assert as_root(server, "/users/update", {"id": users["bob"], "rooms": []}).status == 200
        again = await bob.next(QueueSnapshot)  # a wider view is a new snapshot
        assert [e.visit for e in again.entries] == [visit]


async def test_a_closed_room_and_its_fields(make_server: Callable[..., Server]) -> None:
    """A closed room says so, and when it opens; what it requires is required, what it does not ask for is not kept."""
    server = make_server()
    fields = {
        "reason": "off",
        "call_back": "required",
        "own": [{"key": "mrn", "label": "Record", "choices": ["A", "B"]}],
    }
    assert as_root(server, "/rooms/update", {"id": "main", "fields": fields}).status == 200
    link = server.link()
    info = server.post("/portal", {"secret": link}).json
    assert (info["fields"]["call_back"], info["is_open"]) == ("required", True)
    for bad in ({}, {"call_back": "\u202e555"}, {"call_back": "555-0100", "answers": {"mrn": "C"}}):
        assert server.post("/check-in", server.arrival(link, **bad)).code == "invalid", bad
    good: dict[str, Any] = {"call_back": "555-0100", "answers": {"mrn": "B", "other": "x"}, "reason": "dropped"}
    answer = server.post("/check-in", server.arrival(link, **good))
    assert answer.status == 200
    async with staff(server) as ann, patient(server, cookie_of(answer)) as page:
        details = await ann.ask(DetailsRequest(id=ann.next_id(), visit=answer.json["visit"]))
        assert isinstance(details, VisitDetails)
        assert (details.details.answers, details.details.entry.reason) == ({"Record": "B"}, "")
        await done(page, Leave, answer.json["visit"])
        hours = [{"day": 1, "start": "00:00", "to": "00:01"}]
        texts = {"closed_text": "Mondays only.", "closed_texts": {"es": "Solo los lunes."}}
        closed = {"id": "main", "hours": hours, **texts}
        assert as_root(server, "/rooms/update", closed).status == 200
        assert not (await _open(ann, closed=True))
    assert server.post("/check-in", server.arrival(server.link(), **good)).code == "room_closed"
    info = server.post("/portal", {"secret": server.link()}).json
    assert (info["is_open"], info["closed_text"], info["opens_at"] > 0) == (False, "Mondays only.", True)
    assert info["closed_texts"] == {"es": "Solo los lunes."}


async def _open(peer: Peer, *, closed: bool) -> bool:
    await peer.subscribe()
    rooms = await peer.next(Rooms, lambda message: message.rooms[0].is_open is not closed)
    return rooms.rooms[0].is_open


async def test_presence_is_told_to_colleagues_and_patients(make_server: Callable[..., Server]) -> None:
    """Who says that they are away is away for colleagues, and for patients when nobody better is there."""
    server = make_server()
    visit, cookie = server.check_in(server.link())
    async with staff(server, "ann") as ann, staff(server, "bob") as bob, patient(server, cookie) as page:
        await ann.subscribe()
        assert isinstance(await ann.ask(SetPresence(id=ann.next_id(), presence="away")), Ok)
        assert isinstance(await bob.ask(SetPresence(id=bob.next_id(), presence="busy")), Ok)
        await ann.next(Staff, lambda s: {m.name: m.presence for m in s.staff}["Dr Bob"] is StaffPresence.BUSY)
        await page.next(VisitStatus, lambda s: s.staff is StaffPresence.BUSY)
        assert isinstance(await ann.ask(SetPresence(id=ann.next_id(), presence="available")), Ok)
        await page.next(VisitStatus, lambda s: s.staff is StaffPresence.AVAILABLE)
        await done(page, Leave, visit)


async def test_text_that_turns_around_its_surroundings_is_refused(server: Server) -> None:
    """Notes, triage text and what patients amend hold no direction controls and no control characters."""
    visit, cookie = server.check_in(server.link())
    bad = "harmless \u202eeslaf"
    async with staff(server) as ann, patient(server, cookie) as page:
        for kind, more in (
            (Triage, {"form": TriageForm(note=bad)}),
            (Triage, {"form": TriageForm(allergies="nul \x00")}),
            (Transfer, {"room": "main", "note": bad}),
        ):
            assert (await refused(ann, kind, visit, version=1, **more)).code is ErrorCode.INVALID
        for more in ({"location": bad}, {"call_back": "555\u2066"}):
            assert (await refused(page, Amend, visit, **more)).code is ErrorCode.INVALID
        kept = TriageForm(note="First line\n\n  second   line ")
        await done(ann, Triage, visit, 1, form=kept)
        details = await ann.ask(DetailsRequest(id=ann.next_id(), visit=visit))
        assert isinstance(details, VisitDetails)
        assert details.details.triage == TriageForm(note="First line\n\nsecond line")
        await done(page, Leave, visit)


async def test_patients_and_administrators_ask_for_nothing_of_the_staffs(server: Server) -> None:
    """Each verb of staff is refused by role to a patient, for their own visit even, and to an administrator."""
    visit, cookie = server.check_in(server.link())
    async with patient(server, cookie) as page, staff(server, "root") as root:
        for kind in (Claim, Admit, Recall, NoShow, Finish, Undo, Hold):
            for peer in (page, root):
                assert (await refused(peer, kind, visit, version=1)).reason is RefusalReason.ROLE
        for question in (DetailsRequest, ChatOpen):
            for peer in (page, root):
                assert (await refused(peer, question, visit)).reason is RefusalReason.ROLE
        assert (await refused(root, Leave, visit)).reason is RefusalReason.ROLE
        other, _ = server.check_in(server.link())
        assert (await refused(page, StepOut, other)).reason is RefusalReason.ROLE
        await done(page, Leave, visit)


@pytest.mark.parametrize("audited", ["query", "export"])
def test_the_audit_log_for_administrators(server: Server, audited: str) -> None:
    """Filtered, paged, exported as lines, verified; to nobody else, and each look is an entry."""
    for _ in range(3):
        server.check_in(server.link())
    token = server.login("ann").json["access_token"]
    for path in ("/audit/query", "/audit/export", "/audit/verify", "/users", "/rooms/update"):
        answer = server.post(f"/admin{path}", {}, Authorization=f"Bearer {token}")
        assert (answer.status, answer.json.get("reason")) in {(403, "role"), (404, None)}, path
    first = as_root(server, "/audit/query", {"action": "visit.", "limit": 2}).json
    assert len(first["entries"]) == 2
    assert first["more"]
    before = first["entries"][-1]["seq"]
    older = as_root(server, "/audit/query", {"action": "visit.", "limit": 2, "before": before}).json
    assert older["entries"][0]["seq"] < before
    lines = as_root(server, "/audit/export", {"action": "visit."}).body.splitlines()
    assert len(lines) == first["total"]
    assert as_root(server, "/audit/verify", {}).json["sound"]
    mine = as_root(server, "/audit/query", {"action": f"audit.{'read' if audited == 'query' else 'export'}"}).json
    assert mine["total"] >= 1
    assert set(first["names"].values()) >= {"Dr Ann", "Waiting room"}
