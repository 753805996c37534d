"""The portal's files as they travel."""

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from carena_server.static_file import StaticFiles, _accepts_gzip


def request(**headers: str) -> Request:
    """Return a request with headers."""
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": pairs})


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Return a file worth compressing."""
    path = tmp_path / "a.js"
    path.write_text("export const answer = 42;\n" * 100, "utf-8")
    return path


def test_a_browser_that_can_gets_it_compressed_and_it_is_the_same(script: Path) -> None:
    """Gzip where it is accepted, the plain file elsewhere, and caches are told that it varies."""
    files = StaticFiles()
    plain = files.answer(request(), script, "text/javascript")
    squeezed = files.answer(request(accept_encoding="gzip, br"), script, "text/javascript")
    assert bytes(plain.body) == script.read_bytes()
    assert gzip.decompress(squeezed.body) == plain.body
    assert len(squeezed.body) < len(plain.body) / 4
    assert squeezed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == squeezed.headers["vary"] == "Accept-Encoding"
    assert plain.headers["etag"] != squeezed.headers["etag"]


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_what_the_browser_has_is_not_sent_again_until_it_changes(script: Path, encoding: str) -> None:
    """304 for the same content, the new file as soon as there is one."""
    files = StaticFiles()
    tag = files.answer(request(accept_encoding=encoding), script, "text/javascript").headers["etag"]
    for known in (tag, f'"x", W/{tag}'):
        again = files.answer(request(accept_encoding=encoding, if_none_match=known), script, "text/javascript")
        assert (again.status_code, again.body) == (304, b"")
    script.write_text("changed\n", "utf-8")
    os.utime(script, ns=(1, 1))
    after = files.answer(request(accept_encoding=encoding, if_none_match=tag), script, "text/javascript")
    assert (after.status_code, bytes(after.body)) == (200, b"changed\n")


def test_what_would_not_get_smaller_stays_as_it_is(tmp_path: Path) -> None:
    """Fonts and tiny files are not wrapped."""
    for name, content in (("a.woff2", b"x" * 5000), ("a.css", b"a{}")):
        path = tmp_path / name
        path.write_bytes(content)
        answer = StaticFiles().answer(request(accept_encoding="gzip"), path, "x/y")
        assert "content-encoding" not in answer.headers
        assert answer.body == content


@pytest.mark.parametrize("header", ["gzip", "br, GZIP;q=0.5", "*", " deflate , gzip ; q=1.0"])
def test_gzip_is_used_where_it_is_accepted(header: str) -> None:
    """Names in any case, with or without a weight."""
    assert _accepts_gzip(header)


@pytest.mark.parametrize("header", ["", "br", "gzip;q=0", "gzip; q=0.0", "xgzip"])
def test_gzip_is_not_used_where_it_is_not(header: str) -> None:
    """Other names, and the weight that is a refusal (RFC 9110 section 12.4.2)."""
    assert not _accepts_gzip(header)


@given(st.text(max_size=60))
def test_no_header_breaks_it(header: str) -> None:
    """Whatever is sent is an answer, not an error."""
    assert _accepts_gzip(header) in {True, False}
