"""The HTTPS interface: every endpoint, every bad field, the fence around the portal."""

import json
import re
import socket
import ssl
import warnings
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pytest

from tests.integration.server.harness import COOKIE, PASSWORD, Server, cookie_of

LONG = "x" * 5000


@pytest.fixture(scope="module")
def link(server: Server) -> str:
    """Return a reusable link that the module shares."""
    return server.link()


def test_sign_in_refresh_and_sign_out(server: Server) -> None:
    """Tokens are handed out, traded once each, and end with the sign-out."""
    first = server.login()
    assert first.status == 200
    assert first.json["user"] == {
        **first.json["user"],
        "username": "ann",
        "role": "clinician",
        "display_name": "Dr Ann",
    }
    assert first.json["access_expires_in_s"] == 300
    second = server.post("/token/refresh", {"refresh_token": first.json["refresh_token"]})
    assert second.status == 200
    assert second.json["refresh_token"] != first.json["refresh_token"]
    assert server.post("/logout", {"refresh_token": second.json["refresh_token"]}).status == 204
    assert server.post("/token/refresh", {"refresh_token": second.json["refresh_token"]}).code == "token_expired"
    assert server.post("/ws-ticket", Authorization=f"Bearer {second.json['access_token']}").status == 401


def test_reuse_of_a_refresh_token_ends_the_family(server: Server) -> None:
    """An old token shown again is answered with token_reused, and nothing of the family works afterwards."""
    first = server.login().json
    second = server.post("/token/refresh", {"refresh_token": first["refresh_token"]}).json
    third = server.post("/token/refresh", {"refresh_token": second["refresh_token"]}).json
    assert server.post("/token/refresh", {"refresh_token": first["refresh_token"]}).code == "token_reused"
    assert server.post("/token/refresh", {"refresh_token": third["refresh_token"]}).code == "token_expired"
    assert server.post("/ws-ticket", Authorization=f"Bearer {third['access_token']}").status == 401


def test_a_lost_response_is_repeated(server: Server) -> None:
    """The same refresh token at once again gets a pair that works."""
    first = server.login().json
    server.post("/token/refresh", {"refresh_token": first["refresh_token"]})
    again = server.post("/token/refresh", {"refresh_token": first["refresh_token"]})
    assert again.status == 200
    assert server.post("/ws-ticket", Authorization=f"Bearer {again.json['access_token']}").status == 200


def test_wrong_credentials_look_the_same_whoever_is_named(server: Server) -> None:
    """Neither body nor headers tell an unknown user from a wrong password."""
    answers = [server.login("ann", "wrong password"), server.login("nobody-here", PASSWORD)]
    assert {(a.status, a.body) for a in answers} == {(401, b'{"code":"wrong_credentials","retryable":false}')}
    assert {tuple(sorted(set(a.headers) - {"date"})) for a in answers} == {
        tuple(sorted(set(answers[0].headers) - {"date"}))
    }


def test_guessing_is_slowed_down(server: Server) -> None:
    """After ten wrong passwords the next attempt is told to wait, and another account is not concerned."""
    for _ in range(10):
        assert server.login("victim", "wrong password").status == 401
    answer = server.login("victim", "wrong password")
    assert (answer.status, answer.code, answer.json["retryable"]) == (429, "throttled", True)
    assert 1 <= int(answer.headers["retry-after"]) <= 25
    assert answer.json["retry_after_s"] == int(answer.headers["retry-after"])
    assert server.login("bob").status == 200


def _each(path: str, body: dict[str, Any], field: str, values: Iterable[object]) -> list[tuple[str, object]]:
    return [(path, {**body, field: bad}) for bad in values]


def _without(body: dict[str, Any], field: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != field}


LOGIN: dict[str, Any] = {"username": "ann", "password": PASSWORD}
CHECK_IN: dict[str, Any] = {
    "secret": "x" * 22,
    "name": "Test Patient",
    "birth_date": "1980-01-02",
    "reason": "a cough",
    "consent_version": "0123456789abcdef",
}
NO_OBJECTS: tuple[object, ...] = ([], "text", 5)
BAD: list[tuple[str, object]] = [
    *[("/login", _without(LOGIN, field)) for field in LOGIN],
    *_each("/login", LOGIN, "username", ("", "a b", LONG, 5, None, ["ann"], "ann\x00", "\u202eann")),
    *_each("/login", LOGIN, "password", ("", "x" * 257, 5, None, {})),
    ("/login", {**LOGIN, "extra": 1}),
    *_each("/token/refresh", {}, "refresh_token", ("", "short", "x" * 129, "x x" * 10, 5, None, "\u00e9" * 20)),
    *_each("/logout", {}, "refresh_token", ("", "short", "x" * 129, 5, None)),
    *[("/check-in", _without(CHECK_IN, field)) for field in CHECK_IN if field != "reason"],
    *_each("/check-in", CHECK_IN, "secret", ("", "short", "x" * 129, 5, "#" * 22)),
    *_each("/check-in", CHECK_IN, "name", ("", "x" * 121, 5, None)),
    *_each("/check-in", CHECK_IN, "birth_date", ("", "yesterday", "1980-1-2", "02.01.1980", 1980)),
    *_each("/check-in", CHECK_IN, "reason", ("x" * 501, 5)),
    *_each("/check-in", CHECK_IN, "language", ("", "Spanish please", 5, "e")),
    *_each("/check-in", CHECK_IN, "red_flags", (["tired"], "chest_pain", ["fainting"] * 17)),
    *_each("/check-in", CHECK_IN, "call_back", ("1", "1" * 41)),
    *_each("/check-in", CHECK_IN, "answers", ({"a b": "x"}, {"key": "x" * 201}, ["x"])),
    *_each("/check-in", CHECK_IN, "consent_version", ("", "x" * 33, True)),
    ("/check-in", {**CHECK_IN, "admin": True}),
    *product(("/login", "/token/refresh", "/logout", "/check-in"), NO_OBJECTS),
]


@pytest.mark.parametrize(("path", "body"), BAD, ids=lambda value: json.dumps(value, default=str)[:60])
def test_every_bad_field_is_refused(server: Server, path: str, body: object) -> None:
    """A missing, mistyped, oversized or unknown field is 400 invalid and nothing else happens."""
    answer = server.post(path, body)
    assert (answer.status, answer.code) == (400, "invalid")


@pytest.mark.parametrize("path", ["/login", "/token/refresh", "/logout", "/check-in"])
@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"[" * 10_000, 400, None),
        (b'{"a":"\xff"}', 400, None),
        (b"{}" + b" " * 20_000, 413, "too_large"),
    ],
)
def test_broken_bodies_are_refused(server: Server, path: str, raw: bytes, status: int, code: str | None) -> None:
    """What is no JSON, or too much of it, has a defined error."""
    answer = server.post(path, raw)
    assert answer.status == status
    assert code is None or answer.code == code


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_taken(server: Server, content_type: str) -> None:
    """A form that another site can send without asking is refused."""
    answer = server.post("/login", json.dumps(LOGIN).encode(), **{"Content-Type": content_type})
    assert (answer.status, answer.code) == (400, "malformed")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [("https://evil.example", False), ("null", False), ("http://{own}", False), ("https://{own}", True)],
)
def test_other_origins_may_not_post(server: Server, origin: str, allowed: bool) -> None:
    """A page of another site can't use the visit cookie or anything else."""
    answer = server.post("/login", LOGIN, Origin=origin.format(own=server.url.removeprefix("https://")))
    assert (answer.status == 200) is allowed


@pytest.mark.parametrize("field", ["secret", "consent_version", "name", "birth_date", "reason"])
def test_a_check_in_needs_everything_right(server: Server, link: str, field: str) -> None:
    """Wrong secret, old consent, a name without letters, a date not in the calendar, a blank reason: each refused."""
    bad, status, code = {
        "secret": ("A" * 22, 403, "link_invalid"),
        "consent_version": ("0" * 16, 400, "consent_required"),
        "name": (" \u200b. ", 400, "invalid"),
        "birth_date": ("1981-02-29", 400, "invalid"),
        "reason": ("   ", 400, "invalid"),
    }[field]
    answer = server.post("/check-in", server.arrival(link, **{field: bad}))
    assert (answer.status, answer.code) == (status, code)
    assert "set-cookie" not in answer.headers


def test_the_cookie_is_fenced_in(server: Server, link: str) -> None:
    """Host-bound, secure, unreadable for scripts, never sent from another site; the body has no secret."""
    answer = server.post("/check-in", server.arrival(link, " Alex\tExample "))
    assert answer.status == 200
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert attributes == {"httponly", "secure", "samesite=strict", "path=/"}
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")
    assert answer.json == {"visit": answer.json["visit"], "name": "Alex Example"}
    assert cookie_of(answer) not in answer.body.decode()


def test_checking_in_again_leaves_the_first_visit(server: Server, link: str) -> None:
    """One browser has one visit."""
    first = server.post("/check-in", server.arrival(link))
    second = server.post("/check-in", server.arrival(link), Cookie=f"{COOKIE}={cookie_of(first)}")
    assert second.json["visit"] != first.json["visit"]
    gone = server.call("GET", "/api/v1/visit", headers={"Cookie": f"{COOKIE}={cookie_of(first)}"})
    assert gone.status == 404
    there = server.call("GET", "/api/v1/visit", headers={"Cookie": f"{COOKIE}={cookie_of(second)}"})
    assert there.json["visit"] == second.json["visit"]


def test_a_single_use_link_works_once(server: Server) -> None:
    """The second patient gets the same answer as with an invented link."""
    secret = server.link(reusable=False)
    assert server.post("/check-in", server.arrival(secret)).status == 200
    assert server.post("/check-in", server.arrival(secret)).code == "link_invalid"


def test_tickets_need_a_good_token_or_cookie(server: Server) -> None:
    """No credentials, wrong ones, and credentials in the wrong place get no ticket."""
    token = server.login().json["access_token"]
    for headers in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer " + "x" * 43},
        {"Authorization": f"Basic {token}"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Cookie": f"{COOKIE}={token}"},
        {"Cookie": f"{COOKIE}="},
        {"Cookie": f"carena-visit={token}"},
        {"Authorization": "Bearer wrong", "Cookie": f"{COOKIE}={token}"},
    ):
        assert server.post("/ws-ticket", **headers).status == 401
    assert server.post(f"/ws-ticket?access_token={token}").status == 401


@pytest.mark.parametrize("user", ["ann", "nia", "root"])
def test_staff_make_links(server: Server, user: str) -> None:
    """Every role of staff makes links; the lifetime is bounded and the secret has 128 bits."""
    headers = {"Authorization": f"Bearer {server.login(user).json['access_token']}"}
    answer = server.post("/visit-links", {"reusable": False, "expires_in_s": 60}, **headers)
    assert (answer.status, answer.json["expires_in_s"], len(answer.json["secret"])) == (200, 60, 22)
    for bad in ({"expires_in_s": 59}, {"expires_in_s": 366 * 86400 + 1}, {"reusable": "yes"}, {"x": 1}):
        assert server.post("/visit-links", bad, **headers).code == "invalid"
    assert server.post("/visit-links", {}).status == 401


def test_the_portals_information_and_the_authority(server: Server) -> None:
    """The consent names its version; the authority given out is the one whose fingerprint was printed."""
    info = server.call("GET", "/api/v1/portal").json
    assert len(info["consent"]["version"]) == 16
    assert info["consent"]["text"]
    pem = server.call("GET", "/api/v1/authority.pem")
    assert pem.body == (server.data / "tls" / "authority.pem").read_bytes()
    assert server.fingerprint in server.log.read_text()


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/api/v1/portal", "/api/v1/nothing", "/visit", "/assets/none.js"]
)
def test_every_response_is_fenced(server: Server, path: str) -> None:
    """Policy, type sniffing, referrer, permissions and caching headers stand on every answer, errors too."""
    headers = server.call("GET", path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["connect-src"] == f"'self' wss://127.0.0.1:{server.port}"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"].startswith("camera=(self), microphone=(self)")
    assert headers["cache-control"] == ("no-cache" if path.startswith("/assets/") else "no-store")
    assert "server" not in headers


def test_the_portal_is_served_and_needs_nobody_else(server: Server) -> None:
    """The page and all it names come from here; nothing inline, nothing from another origin."""
    page = server.call("GET", "/visit")
    assert page.status == 200
    html = page.body.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\son\w+=|style=|javascript:", html)
    named = re.findall(r'(?:src|href)="([^"#]+)"', html)
    assert named
    for path in named:
        assert path.startswith("/assets/"), path
        assert server.call("GET", path).status == 200, path


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../settings.py",
        "/assets/%2e%2e/settings.py",
        "/assets/..%2fsettings.py",
        "/assets//etc/passwd",
        "/assets/%2fetc%2fpasswd",
        "/assets/js/../../settings.py",
        "/assets/visit.html",
        "/assets/",
        "/assets/js",
        "/assets/.%00.js",
    ],
)
def test_nothing_else_is_served(server: Server, path: str) -> None:
    """No path leads out of the portal's folder or to a file of another kind."""
    answer = server.call("GET", path)
    assert answer.status == 404
    assert b"SettingsError" not in answer.body


def test_plain_http_and_old_tls_are_not_spoken(server: Server) -> None:
    """Without TLS there is no answer; below TLS 1.2 there is no handshake; a stranger's authority does not verify."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert not plain.recv(100).startswith(b"HTTP/")
    old = ssl.create_default_context(cafile=str(server.data / "tls" / "authority.pem"))
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        server.call("GET", "/healthz", context=old)
    with pytest.raises(ssl.SSLCertVerificationError):
        server.call("GET", "/healthz", context=ssl.create_default_context())


def test_a_sites_own_certificate(make_server: Callable[..., Server]) -> None:
    """With a configured certificate there is no local authority to give out."""
    first = make_server()
    certificate, key = first.data / "tls" / "server.pem", first.data / "tls" / "server.key"
    own = make_server(f'[tls]\ncertificate = "{certificate}"\nkey = "{key}"\n')
    answer = own.call("GET", "/api/v1/authority.pem", context=first.context())
    assert (answer.status, answer.code) == (404, "not_found")
    assert own.fingerprint is None


def test_wrong_links_are_throttled(make_server: Callable[..., Server]) -> None:
    """Five wrong secrets from an address, then a wait, also for a right one; the answer never says why."""
    server = make_server()
    secret = server.link()
    for n in range(5):
        assert server.post("/check-in", server.arrival(f"{n}" * 22)).code == "link_invalid"
    answer = server.post("/check-in", server.arrival(secret))
    assert (answer.status, answer.code) == (429, "throttled")
    assert int(answer.headers["retry-after"]) <= 60


@pytest.mark.parametrize("path", ["/", "/visi", "/v/3fa9"])
def test_a_cut_link_leads_a_person_to_the_portal(server: Server, path: str) -> None:
    """A browser is sent to the page that says what to do; programs get the refusal, and nothing under /api/ moves."""
    person = server.call("GET", path, headers={"Accept": "text/html,application/xhtml+xml"})
    assert (person.status, person.headers["location"]) == (307, "/visit")
    assert server.call("GET", path, headers={"Accept": "application/json"}).status == 404
    assert server.call("GET", "/api/v1/nothing", headers={"Accept": "text/html"}).status == 404
