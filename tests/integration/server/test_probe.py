"""The connection test's endpoints on the real server."""

import zlib

import pytest

from carena_server.probe import MAX_DOWN, MAX_UP
from tests.integration.server.harness import Server


def test_as_many_bytes_come_as_were_asked_for_and_none_can_be_squeezed(server: Server) -> None:
    """The bytes are noise, so that a proxy's compression can't make a connection look faster."""
    for size in (0, 1, 300_000, MAX_DOWN):
        answer = server.call("GET", f"/api/v1/probe?bytes={size}")
        assert (answer.status, len(answer.body)) == (200, size)
        assert answer.headers["cache-control"] == "no-store"
    assert len(zlib.compress(answer.body)) >= MAX_DOWN


@pytest.mark.parametrize("query", ["", "?bytes=", "?bytes=-1", "?bytes=x", f"?bytes={MAX_DOWN + 1}"])
def test_other_questions_are_refused(server: Server, query: str) -> None:
    """No size, a wrong one and too large a one."""
    assert server.call("GET", f"/api/v1/probe{query}").code == "invalid"


def test_bytes_are_taken_and_not_kept(server: Server) -> None:
    """An upload is answered with nothing; one over the limit, or without a length, is refused."""
    assert server.call("POST", "/api/v1/probe", b"x" * MAX_UP).status == 204
    assert server.call("POST", "/api/v1/probe", b"x" * (MAX_UP + 1)).code == "too_large"


def test_another_sites_page_gets_nothing(server: Server) -> None:
    """A page elsewhere can't use a visitor's connection up through us."""
    origin = {"Origin": "https://elsewhere.example"}
    assert server.call("GET", "/api/v1/probe?bytes=1", headers=origin).code == "forbidden"
    assert server.call("POST", "/api/v1/probe", b"x", headers=origin).code == "forbidden"
