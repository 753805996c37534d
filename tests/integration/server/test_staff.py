"""A member of staff's own account over HTTPS: second factor, password, unlock, sessions, emergency access."""

import base64
import time
from collections.abc import Callable

import pytest

from carena_protocol.errors import CloseCode
from carena_protocol.messages import Error, QueueSnapshot, QueueSubscribe
from carena_protocol.news import Notice
from carena_server.clock import SYSTEM_CLOCK
from carena_server.second_factor import one_time_password
from tests.integration.server.harness import PASSWORD, Answer, Peer, Server, staff, staff_ticket

NEW = "zwölf weiße Wände"


def token(server: Server, user: str = "ann", **more: str) -> str:
    """Sign in and return an access token."""
    answer = server.post("/login", {"username": user, "password": PASSWORD, **more})
    assert answer.status == 200, answer.body
    return str(answer.json["access_token"])


def call(server: Server, method: str, path: str, access: str, body: object = None) -> Answer:
    """Make a request as somebody."""
    return server.call(method, f"/api/v1{path}", body, headers={"Authorization": f"Bearer {access}"})


def code(secret: str, steps: int = 0) -> str:
    """Return what an authenticator shows now."""
    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return one_time_password(raw, SYSTEM_CLOCK.wall_ms() // 30_000 + steps)


def enrol(server: Server, access: str) -> tuple[str, list[str], str]:
    """Set a second factor up; return its secret, the recovery codes, and the code that was used."""
    begun = call(server, "POST", "/second-factor/enrol", access, {"password": PASSWORD})
    assert begun.status == 200, begun.body
    secret = begun.json["secret"]
    assert secret in begun.json["uri"]
    used = code(secret)
    done = call(server, "POST", "/second-factor/confirm", access, {"code": used})
    assert done.status == 200, done.body
    return secret, done.json["codes"], used


@pytest.fixture
def own(make_server: Callable[..., Server]) -> Server:
    """Return a server of the test's own."""
    return make_server()


def test_a_second_factor_from_enrolment_to_sign_in(own: Server) -> None:
    """After enrolment the password alone is not enough; each code counts once, wrong ones and old ones don't."""
    access = token(own)
    assert call(own, "GET", "/second-factor", access).json["state"] == "none"
    assert (
        call(own, "POST", "/second-factor/enrol", access, {"password": "wrong password!"}).code == "wrong_credentials"
    )
    assert call(own, "POST", "/second-factor/confirm", access, {"code": "123456"}).code == "wrong_code"
    secret, codes, used = enrol(own, access)
    assert call(own, "GET", "/second-factor", access).json == {
        "state": "active",
        "required": False,
        "recovery_codes_left": 10,
    }
    assert (own.login().status, own.login().code) == (401, "second_factor_required")
    body = {"username": "ann", "password": PASSWORD}
    assert own.post("/login", {**body, "code": "000000"}).code == "wrong_code"
    assert own.post("/login", {**body, "code": used}).code == "wrong_code"
    now = code(secret, 1)  # the next step is taken already, and the one of the enrolment is used up
    first = own.post("/login", {**body, "code": now})
    assert (first.status, first.json["second_factor"]) == (200, "active")
    assert own.post("/login", {**body, "code": now}).code == "wrong_code"
    assert (
        own.post("/login", {**body, "password": "wrong password!", "code": code(secret, 1)}).code == "wrong_credentials"
    )
    recovery = codes[3].lower().replace("-", " ")
    assert own.post("/login", {**body, "code": recovery}).status == 200
    assert own.post("/login", {**body, "code": recovery}).code == "wrong_code"
    assert call(own, "GET", "/second-factor", access).json["recovery_codes_left"] == 9
    assert secret.encode() not in (own.data / "carena.db").read_bytes()


def test_new_recovery_codes_and_the_end_of_a_second_factor(own: Server) -> None:
    """Both need both factors; afterwards the old codes are dead, and the password is enough again."""
    access = token(own)
    secret, codes, _ = enrol(own, access)
    proof = {"password": PASSWORD, "code": codes[0]}
    fresh = call(own, "POST", "/second-factor/recovery-codes", access, proof)
    assert fresh.status == 200
    assert not set(fresh.json["codes"]) & set(codes)
    assert call(own, "POST", "/second-factor/disable", access, {**proof, "code": codes[1]}).code == "wrong_code"
    assert call(own, "POST", "/second-factor/disable", access, {**proof, "code": code(secret, 1)}).status == 204
    assert own.login().status == 200


def test_codes_can_not_be_guessed(own: Server) -> None:
    """Ten wrong codes with the right password, at a sign-in or to remove the second factor, and there is a delay."""
    access = token(own)
    _, codes, _ = enrol(own, access)
    for n in range(5):
        wrong = {"password": PASSWORD, "code": f"{n:06}"}
        assert call(own, "POST", "/second-factor/disable", access, wrong).code == "wrong_code"
        assert own.post("/login", {"username": "ann", **wrong}).code == "wrong_code"
    right = {"password": PASSWORD, "code": codes[0]}
    assert call(own, "POST", "/second-factor/disable", access, right).code == "throttled"
    assert own.post("/login", {"username": "ann", **right}).code == "throttled"


def test_where_the_site_requires_one_nothing_else_is_served_before(make_server: Callable[..., Server]) -> None:
    """Without the second factor its owner can set it up and change the password, no more; then it can't be removed."""
    server = make_server('[second_factor]\nrequired_roles = ["clinician"]\n')
    answer = server.login()
    assert answer.json["second_factor"] == "enrolment_required"
    access = answer.json["access_token"]
    for method, path in (("POST", "/ws-ticket"), ("GET", "/sessions"), ("POST", "/visit-links"), ("POST", "/unlock")):
        refused = call(server, method, path, access, {} if method == "POST" else None)
        assert (refused.status, refused.code, refused.json["reason"]) == (403, "enrolment_required", "policy"), path
    _, codes, _ = enrol(server, access)
    assert call(server, "POST", "/ws-ticket", access, {}).status == 200
    kept = call(server, "POST", "/second-factor/disable", access, {"password": PASSWORD, "code": codes[0]})
    assert (kept.status, kept.json["reason"]) == (403, "policy")
    assert server.login("nia").json["second_factor"] == "none"


def test_a_new_password(own: Server) -> None:
    """The current one is asked for, bad ones are refused with why, the other sessions end, this one goes on."""
    access, other = token(own), token(own)
    for new, expected in (("short", "password_too_short"), ("password1234", "password_blocked")):
        assert call(own, "POST", "/password", access, {"current": PASSWORD, "new": new}).code == expected
    assert call(own, "POST", "/password", access, {"current": "wrong one here", "new": NEW}).code == "wrong_credentials"
    assert call(own, "POST", "/password", access, {"current": PASSWORD, "new": NEW}).status == 204
    assert own.login("ann", NEW).status == 200
    assert own.login("ann").status == 401
    assert call(own, "GET", "/sessions", access).status == 200
    assert call(own, "GET", "/sessions", other).status == 401


def test_unlocking_is_as_slow_as_signing_in(own: Server) -> None:
    """The right password opens, a wrong one doesn't, and after ten wrong ones there is a delay."""
    access = token(own)
    assert call(own, "POST", "/unlock", access, {"password": PASSWORD}).status == 204
    for _ in range(10):
        assert call(own, "POST", "/unlock", access, {"password": "wrong password!"}).code == "wrong_credentials"
    assert call(own, "POST", "/unlock", access, {"password": PASSWORD}).code == "throttled"


async def test_a_revoked_session_ends_everywhere_within_five_seconds(own: Server) -> None:
    """The list names the device; revoking it closes its websocket, and neither of its tokens is good any more."""
    mine = token(own)
    other = own.post("/login", {"username": "ann", "password": PASSWORD, "device": "Ward 3\u202e"}).json
    assert own.post("/login", {"username": "ann", "password": PASSWORD, "device": "Ward 3"}).status == 200
    peer = await Peer(own).connect(staff_ticket(own, other["access_token"]))
    listed = call(own, "GET", "/sessions", mine).json["sessions"]
    assert [s["current"] for s in listed].count(True) == 1
    (theirs,) = [s for s in listed if s["connected"]]
    assert not theirs["current"]
    assert theirs["device"] == ""  # text that turns around what stands beside it is not shown
    assert "Ward 3" in {s["device"] for s in listed}
    begun = time.monotonic()
    assert call(own, "POST", "/sessions/revoke", mine, {"session": theirs["id"]}).status == 204
    assert await peer.closed(5) == CloseCode.AUTHENTICATION
    assert time.monotonic() - begun < 5
    assert call(own, "GET", "/sessions", other["access_token"]).status == 401
    assert own.post("/token/refresh", {"refresh_token": other["refresh_token"]}).status == 401
    assert call(own, "POST", "/sessions/revoke", mine, {"session": theirs["id"]}).status == 404
    assert call(own, "POST", "/sessions/revoke-others", mine, {}).status == 204
    assert len(call(own, "GET", "/sessions", mine).json["sessions"]) == 1


def test_nobody_revokes_a_colleagues_session(own: Server) -> None:
    """Somebody else's session is not found; an administrator ends it."""
    ann, bob, root = token(own), token(own, "bob"), token(own, "root")
    (theirs,) = call(own, "GET", "/sessions", ann).json["sessions"]
    assert call(own, "POST", "/sessions/revoke", bob, {"session": theirs["id"]}).status == 404
    assert call(own, "GET", "/admin/sessions", bob).json["reason"] == "role"
    everybody = call(own, "GET", "/admin/sessions", root).json["sessions"]
    assert {s["user_name"] for s in everybody} == {"Dr Ann", "Dr Bob", "root"}
    assert call(own, "POST", "/admin/sessions/revoke", root, {"session": theirs["id"]}).status == 204
    assert call(own, "GET", "/sessions", ann).status == 401


async def test_emergency_access_opens_the_queue_and_shows(own: Server) -> None:
    """An administrator sees no patients; with a reason and for a time they do, and every administrator is told."""
    own.check_in(own.link(), "Alex Example")
    root = token(own, "root")
    async with staff(own, "root") as watching:
        access = token(own, "root")
        other = await Peer(own).connect(staff_ticket(own, access))
        refused = await other.ask(QueueSubscribe(id=other.next_id()))
        assert isinstance(refused, Error)
        assert refused.reason == "role"
        assert call(own, "POST", "/emergency", access, {"reason": "short"}).code == "invalid"
        wish = {"reason": "Ransomware: every workstation is down", "minutes": 5}
        begun = call(own, "POST", "/emergency", access, wish)
        assert begun.status == 200
        notice = await watching.next(Notice)
        assert (notice.who_name, notice.until) == ("root", begun.json["until"])
        await other.subscribe()
        snapshot = await other.next(QueueSnapshot)
        assert [entry.name for entry in snapshot.entries] == ["Alex Example"]
        (record,) = call(own, "GET", "/admin/emergency", root).json["records"]
        assert (record["reason"], record["user_name"]) == (wish["reason"], "root")
        assert call(own, "POST", "/emergency/end", access, {}).status == 204
        assert call(own, "GET", "/emergency", access).json["until"] is None
        await other.next(QueueSnapshot, lambda s: s.entries == [])  # what was seen is taken away
        again = await other.ask(QueueSubscribe(id=other.next_id()))
        assert isinstance(again, Error)
        await other.leave()
    page = call(own, "POST", "/admin/audit/query", root, {"action": "emergency."}).json
    assert [line["action"] for line in page["entries"]] == ["emergency.end", "emergency.begin"]
