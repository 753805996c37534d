"""The account and the clinic's administration against the real server over TLS."""

import base64
import hashlib
import hmac
import json

import msgspec
import pytest

from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import SessionState
from carena_protocol.admin_rest import AuditQuery
from carena_protocol.envelope import Role
from carena_protocol.errors import ErrorCode
from carena_protocol.staff_rest import SecondFactor
from demo.clinic import Clinic
from tests.integration.session.conftest import MakeWorkstation
from tests.integration.session.patient import patient

pytestmark = pytest.mark.slow
NEW = "four words in a row"


def one_time_code(secret: str, steps_ahead: int = 0) -> str:
    """A code of an authenticator with this secret (RFC 6238, SHA-1, 6 digits, 30 s), made by the test alone."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = SYSTEM_CLOCK.wall_ms() // 30_000 + steps_ahead
    mac = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


async def test_a_second_factor_from_enrolment_to_recovery(place: Clinic, workstation: MakeWorkstation) -> None:
    """Set up, asked for at the next sign-in, a wrong and a right code, a recovery code once, and off again."""
    user = place.clinician
    desktop = workstation()
    await desktop.sign_in(place.url, user.username, user.password)
    staff = desktop.service.staff
    assert (await staff.second_factor()).state is SecondFactor.NONE
    with pytest.raises(SessionError) as refused:
        await staff.enrol("wrong password")
    assert refused.value.code is ErrorCode.WRONG_CREDENTIALS
    enrolment = await staff.enrol(user.password)
    assert enrolment.uri.startswith("otpauth://totp/")
    codes = (await staff.confirm_enrolment(one_time_code(enrolment.secret))).codes
    assert len(codes) == 10
    assert (await staff.second_factor()).state is SecondFactor.ACTIVE

    other = workstation()
    await other.sign_in(place.url, user.username, user.password)
    assert other.snapshot.state is SessionState.SIGNED_OUT
    assert other.snapshot.problem is not None
    assert other.snapshot.problem.code is ErrorCode.SECOND_FACTOR_REQUIRED
    await other.service.sign_in(place.url, user.username, user.password, "000000")
    assert other.snapshot.problem.code is ErrorCode.WRONG_CODE
    await other.service.sign_in(place.url, user.username, user.password, codes[0])
    assert other.snapshot.state is SessionState.ONLINE
    await other.service.sign_out()
    await other.service.sign_in(place.url, user.username, user.password, codes[0])
    assert other.snapshot.problem is not None
    assert other.snapshot.problem.code is ErrorCode.WRONG_CODE
    await staff.disable_second_factor(user.password, one_time_code(enrolment.secret, 1))
    assert (await staff.second_factor()).state is SecondFactor.NONE


async def test_password_unlock_and_sessions(place: Clinic, workstation: MakeWorkstation) -> None:
    """Unlocking checks the password, a weak new one is refused, a good one counts, another session can be ended."""
    user = place.add_user("robin", "nurse", "Robin Nurse")
    here, there = workstation(), workstation()
    for desktop in (here, there):
        await desktop.sign_in(place.url, user.username, user.password)
    staff = here.service.staff
    await staff.unlock(user.password)
    with pytest.raises(SessionError) as refused:
        await staff.unlock("not it")
    assert refused.value.code is ErrorCode.WRONG_CREDENTIALS
    with pytest.raises(SessionError) as refused:
        await staff.change_password(user.password, "short")
    assert refused.value.code is ErrorCode.PASSWORD_TOO_SHORT
    listed = (await staff.sessions()).sessions
    assert [one.current for one in listed].count(True) == 1
    assert all(one.device for one in listed)
    other = next(one for one in listed if not one.current)
    await staff.revoke_session(other.id)
    gone = await there.until(lambda snapshot: snapshot.account is None)
    assert gone.state is SessionState.SIGNED_OUT
    await staff.change_password(user.password, NEW)
    await there.sign_in(place.url, user.username, NEW)
    assert there.snapshot.state is SessionState.ONLINE


async def test_emergency_access_is_seen_by_administrators(place: Clinic, workstation: MakeWorkstation) -> None:
    """A nurse starts it, an administrator is told at once and reads why; it can be given back; others may not look."""
    nurse = place.add_user("robin", "nurse", "Robin Nurse")
    boss = place.add_user("boss", "administrator", "Bo Administrator")
    desk, office = workstation(), workstation()
    await desk.sign_in(place.url, nurse.username, nurse.password)
    await office.service.sign_in(place.url, boss.username, boss.password)
    await office.service.answer_trust(accept=True)
    with pytest.raises(SessionError) as refused:
        await desk.service.staff.start_emergency("short", 30)
    assert refused.value.code is ErrorCode.INVALID
    status = await desk.service.staff.start_emergency("Colleague taken ill, room uncovered", 30)
    assert status.until is not None
    told = (await office.until(lambda snapshot: bool(snapshot.emergencies))).emergencies
    assert [(one.name, one.until_ms) for one in told] == [("Robin Nurse", status.until)]
    records = (await office.service.staff.admin.emergencies()).records
    assert [one.reason for one in records] == ["Colleague taken ill, room uncovered"]
    await desk.service.staff.end_emergency()
    assert (await desk.service.staff.emergency()).until is None
    with pytest.raises(SessionError) as refused:
        await desk.service.staff.admin.users()
    assert refused.value.code is ErrorCode.FORBIDDEN


async def test_an_administrators_own_emergency_access_shows_the_queue(
    place: Clinic, workstation: MakeWorkstation
) -> None:
    """No patient is seen before; every one as soon as it has begun, by a read that is noted; none when it has ended."""
    boss = place.add_user("boss", "administrator", "Bo Administrator")
    office = workstation()
    async with patient(place.url, str(place.authority), place.visit_link()):
        await office.service.sign_in(place.url, boss.username, boss.password)
        await office.service.answer_trust(accept=True)
        assert office.snapshot.waiting_room.entries == ()
        staff = office.service.staff
        await staff.start_emergency("Nobody of the ward can be reached", 5)
        await office.until(lambda snapshot: len(snapshot.waiting_room.entries) == 1)
        reads = (await staff.admin.audit(AuditQuery(action="queue.read"))).entries
        assert {line.detail for line in reads} == {"rooms=all"}  # asked for again where an answer is late
        await staff.end_emergency()
        await office.until(lambda snapshot: not snapshot.waiting_room.entries)


async def test_an_administrator_looks_after_accounts_rooms_and_the_log(
    place: Clinic, workstation: MakeWorkstation
) -> None:
    """Accounts and rooms are made and changed; the log is read, exported and verified, and reading it is in it."""
    boss = place.add_user("boss", "administrator", "Bo Administrator")
    office = workstation()
    await office.service.sign_in(place.url, boss.username, boss.password)
    await office.service.answer_trust(accept=True)
    admin = office.service.staff.admin
    draft = {"username": "new", "display_name": "New Nurse", "role": "nurse", "password": NEW}
    made = await admin.add_user(draft)
    assert made.role is Role.NURSE
    with pytest.raises(SessionError) as refused:
        await admin.add_user(draft)
    assert refused.value.code is ErrorCode.CONFLICT
    assert (await admin.update_user({"id": made.id, "disabled": True})).disabled
    room = await admin.add_room("Children")
    changed = await admin.update_room({"id": room.id, "targets_min": [0, 5, 15, 30, 60], "triage_first": True})
    assert changed.triage_first
    assert changed.targets_min == (0, 5, 15, 30, 60)
    page = await admin.audit(AuditQuery(limit=50))
    assert page.total >= len(page.entries) > 3
    assert page.names[made.id] == "New Nurse"
    lines = (await admin.export_audit(AuditQuery(action="session.", limit=50))).splitlines()
    assert lines
    assert all(json.loads(line)["action"].startswith("session.") for line in lines)
    verdict = await admin.verify_audit()
    assert verdict.sound
    again = await admin.audit(AuditQuery(limit=5))
    assert any("audit" in line.action for line in again.entries), msgspec.json.encode(again.entries)
