"""Every endpoint of staff and administrators refuses what it should, with a Problem and never with a 500."""

import pytest

from tests.integration.server.harness import PASSWORD, Server

STAFF = [
    "/password",
    "/unlock",
    "/second-factor/enrol",
    "/second-factor/confirm",
    "/second-factor/recovery-codes",
    "/second-factor/disable",
    "/sessions/revoke",
    "/emergency",
]
ADMIN = [
    "/admin/users",
    "/admin/users/update",
    "/admin/rooms",
    "/admin/rooms/update",
    "/admin/sessions/revoke",
    "/admin/audit/query",
    "/admin/audit/export",
]
READS = [
    "/second-factor",
    "/sessions",
    "/emergency",
    "/admin/users",
    "/admin/rooms",
    "/admin/sessions",
    "/admin/emergency",
]
JUNK: list[object] = [[], "text", 5, None, {"surprise": 1}, {"id": "a b"}, {"id": {"$ne": 1}}, {"password": ["x"]}]


@pytest.fixture(scope="module")
def root(server: Server) -> dict[str, str]:
    """Return an administrator's headers."""
    return {"Authorization": f"Bearer {server.login('root').json['access_token']}"}


@pytest.mark.parametrize("path", [*STAFF, *ADMIN, "/sessions/revoke-others", "/emergency/end", "/admin/audit/verify"])
def test_nothing_without_a_token(server: Server, path: str) -> None:
    """No token, a wrong one, or another page's request: 401 or 403 whatever the body."""
    assert server.post(path, {}).code == "unauthenticated"
    assert server.post(path, {}, Authorization="Bearer " + "x" * 43).code == "token_expired"
    assert server.post(path, {}, Authorization="Basic cm9vdA==").code == "unauthenticated"
    assert server.post(path, {}, Origin="https://evil.example").code == "forbidden"


@pytest.mark.parametrize("path", READS)
def test_reading_needs_a_token_too(server: Server, path: str) -> None:
    """GET is no way around."""
    assert server.call("GET", f"/api/v1{path}").code == "unauthenticated"


@pytest.mark.parametrize("path", [*STAFF, *ADMIN])
def test_junk_is_refused(server: Server, root: dict[str, str], path: str) -> None:
    """Wrong shapes, unknown fields, broken JSON, a form, far too much: a 4xx Problem each time."""
    for body in JUNK:
        answer = server.post(path, b"null" if body is None else body, **root)
        assert (answer.status, answer.code) == (400, "invalid"), body
    for raw in (b"{", b"\xff\xfe", b'{"a":' * 2000, b""):
        answer = server.call("POST", f"/api/v1{path}", raw, headers=root)
        assert answer.status == 400
        assert answer.code in {"malformed", "invalid"}, raw[:10]
    form = {**root, "Content-Type": "application/x-www-form-urlencoded"}
    assert server.call("POST", f"/api/v1{path}", b"a=b", headers=form).status == 400
    assert server.call("POST", f"/api/v1{path}", b'"' + b"x" * 20_000 + b'"', headers=root).status == 413


def test_rooms_and_users_refuse_what_makes_no_sense(server: Server, root: dict[str, str]) -> None:
    """Names that are taken or unreadable, zones and rooms that are none, weak passwords, roles that are no staff's."""
    user = {"username": "zoe", "display_name": "Dr Zoe", "role": "nurse", "password": "quiet green lamps"}
    main = {"id": "main"}
    cases = [
        ("/admin/users", {**user, "username": "ANN"}, 409, "conflict"),
        ("/admin/users", {**user, "role": "patient"}, 400, "invalid"),
        ("/admin/users", {**user, "display_name": "\u202eeoZ rD"}, 400, "invalid"),
        ("/admin/users", {**user, "password": "short"}, 400, "password_too_short"),
        ("/admin/users", {**user, "password": "password1234"}, 400, "password_blocked"),
        ("/admin/users", {**user, "rooms": ["nowhere"]}, 404, "not_found"),
        ("/admin/users/update", {"id": "nobody", "disabled": True}, 404, "not_found"),
        ("/admin/rooms", {"name": "Waiting room"}, 409, "conflict"),
        ("/admin/rooms", {"name": "\u2066"}, 400, "invalid"),
        ("/admin/rooms/update", {"id": "nowhere", "name": "x"}, 404, "not_found"),
        ("/admin/rooms/update", {**main, "zone": "Mars/Olympus"}, 400, "invalid"),
        ("/admin/rooms/update", {**main, "hours": [{"day": 8, "start": "08:00", "to": "09:00"}]}, 400, "invalid"),
        ("/admin/rooms/update", {**main, "targets_min": [1, 2, 3]}, 400, "invalid"),
        ("/admin/rooms/update", {**main, "fields": {"reason": "maybe"}}, 400, "invalid"),
        ("/admin/sessions/revoke", {"session": "nothing"}, 404, "not_found"),
    ]
    for path, body, status, code in cases:
        answer = server.post(path, body, **root)
        assert (answer.status, answer.code) == (status, code), (path, body)
    names = [u["username"] for u in server.call("GET", "/api/v1/admin/users", headers=root).json["users"]]
    assert "zoe" not in names  # nothing of what was refused is left behind
    assert server.post("/admin/users", user, **root).status == 200
    assert server.login("zoe", "quiet green lamps").status == 200


def test_an_administrator_does_not_lock_themselves_out(server: Server, root: dict[str, str]) -> None:
    """Nobody disables or demotes their own account; everything else about it they may."""
    users = server.call("GET", "/api/v1/admin/users", headers=root).json["users"]
    mine = next(u["id"] for u in users if u["username"] == "root")
    for wish in ({"disabled": True}, {"role": "nurse"}):
        answer = server.post("/admin/users/update", {"id": mine, **wish}, **root)
        assert (answer.status, answer.json["reason"]) == (409, "policy")
    assert (
        server.post("/admin/users/update", {"id": mine, "display_name": "Root"}, **root).json["display_name"] == "Root"
    )


def test_a_disabled_or_demoted_colleague_is_out_at_once(server: Server, root: dict[str, str]) -> None:
    """The token of a moment ago is no good any more, and neither is the password while disabled."""
    made = server.post(
        "/admin/users",
        {"username": "tom", "display_name": "Tom", "role": "clinician", "password": "quiet green lamps"},
        **root,
    ).json
    token = server.login("tom", "quiet green lamps").json["access_token"]
    own = {"Authorization": f"Bearer {token}"}
    assert server.call("GET", "/api/v1/sessions", headers=own).status == 200
    assert server.post("/admin/users/update", {"id": made["id"], "disabled": True}, **root).json["disabled"]
    assert server.call("GET", "/api/v1/sessions", headers=own).status == 401
    assert server.login("tom", "quiet green lamps").code == "wrong_credentials"
    back = {"id": made["id"], "disabled": False, "password": "loud yellow drums"}
    assert server.post("/admin/users/update", back, **root).status == 200
    assert server.login("tom", "loud yellow drums").status == 200
    assert server.login("ann", PASSWORD).status == 200
