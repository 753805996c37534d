"""The log file says what happened, and nothing about whom."""

import base64
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from carena_desktop.log import FILE_NAME, RedactingFormatter, redact, salted_id, set_level, set_up_logging

SDP = "v=0\r\no=- 46117317 2 IN IP4 127.0.0.1\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n"
CANDIDATE = "candidate:1 1 UDP 2130706431 192.0.2.7 3478 typ host"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back afterwards."""
    logger = logging.getLogger()
    handlers, level, loud = list(logger.handlers), logger.level, logging.raiseExceptions
    yield logger
    for handler in list(logger.handlers):
        if handler not in handlers:
            logger.removeHandler(handler)
            handler.close()
    logger.setLevel(level)
    logging.raiseExceptions = loud


@given(st.binary(min_size=16, max_size=64))
def test_tokens_are_taken_out(random: bytes) -> None:
    """Whatever 128 bits or more look like in URL-safe base64, they do not pass."""
    token = base64.urlsafe_b64encode(random).decode().rstrip("=")
    assume(not token.islower())  # a word, then; one in 10**9 random tokens
    assert token not in redact(f"refused with {token} at once")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"offer {SDP}", "ice-pwd"),
        (repr(SDP), "46117317"),
        (CANDIDATE, "192.0.2.7"),
        ("a=fingerprint:sha-256 AB:CD", "AB:CD"),
        ("mail alex.example@clinic.test now", "alex.example"),
        ("Authorization: Bearer abc.def", "abc.def"),
        ('{"password": "short"}', "short"),
        ("eyJhbGciOiJIUzI1NiJ9abc.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x", "eyJzdWIi"),
    ],
)
def test_what_looks_private_is_taken_out(text: str, secret: str) -> None:
    """SDP, candidates, addresses and named secrets do not pass."""
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "session signing_in -> signed_out (wrong_credentials)",
        "task session/connect failed: SessionError code=server_unreachable at http.py:123",
        "the keyring failed: DBusErrorResponse at blocking.py:77",
    ],
)
def test_what_support_needs_stays(text: str) -> None:
    """Codes, states, names of tasks and places are left alone."""
    assert redact(text) == text


def test_long_lines_are_cut() -> None:
    """A line has a bound."""
    assert len(redact("word " * 5000)) < 4100


def test_exceptions_are_types_and_places() -> None:
    """The text of an exception, its causes' and the source line stay out; the place is in."""
    try:
        _fail_because_of_another()
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
        record = logging.getLogger("x").makeRecord("x", logging.ERROR, "f", 1, "it failed", (), info)
    text = RedactingFormatter().format(record)
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_log.py:" in text
    assert "Patient" not in text
    assert "1980" not in text


def _fail_because_of_another() -> None:
    cause = KeyError("Test Patient")
    raise ValueError("born 1980-01-01") from cause


def test_a_message_stays_on_its_line() -> None:
    """Nobody forges a log line by a line break."""
    record = logging.getLogger("x").makeRecord("x", logging.INFO, "f", 1, "one\n2026 INFO two", (), None)
    assert "\n" not in RedactingFormatter().format(record)


def test_ids_are_stable_and_tell_nothing() -> None:
    """One value has one id, another has another, and the value is not in it."""
    assert salted_id("visit-1") == salted_id("visit-1") != salted_id("visit-2")
    assert "visit" not in salted_id("visit-1")


def test_the_file_is_private_and_redacted(tmp_path: Path, root: logging.Logger) -> None:
    """The log lands in a file that only the user can read, redacted, and libraries stay quiet."""
    path = set_up_logging(tmp_path / "logs", "debug")
    assert path == tmp_path / "logs" / FILE_NAME
    logging.getLogger("carena_desktop.test").info("mail alex.example@clinic.test")
    logging.getLogger("websockets.client").debug("> TEXT secret frame")
    logging.getLogger("websockets.client").info("> TEXT secret frame")
    for handler in root.handlers:
        handler.flush()
    text = path.read_text()
    assert "[address]" in text
    assert "frame" not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_directory_costs_the_log_only(tmp_path: Path, root: logging.Logger) -> None:
    """Where the file can't be made the program goes on without it."""
    blocker = tmp_path / "logs"
    blocker.write_text("in the way")
    assert set_up_logging(blocker, "info") is None
    assert root.level == logging.INFO


def test_the_loop_quotes_no_exception() -> None:
    """The loop's report of a lost exception has its occasion, not the exception's text."""
    message = "Task exception was never retrieved\nfuture: <Task exception=ValueError('Test Patient')>"
    record = logging.getLogger("asyncio").makeRecord("asyncio", logging.ERROR, "f", 1, message, (), None)
    text = RedactingFormatter().format(record)
    assert "never retrieved" in text
    assert "Patient" not in text


def test_the_log_can_be_told_to_say_less_while_the_program_runs(tmp_path: Path, root: logging.Logger) -> None:
    """A level that comes later, from the server, holds for every logger; libraries never tell more than warnings."""
    path = set_up_logging(tmp_path, "debug")
    assert path is not None
    root.debug("first")
    set_level("warning")
    root.info("second")
    set_level("debug")
    root.info("third")
    assert [line.rpartition(" ")[2] for line in path.read_text("utf-8").splitlines()] == ["first", "third"]
    assert logging.getLogger("aiohttp").level == logging.WARNING
    set_level("error")
    assert logging.getLogger("aiohttp").level == logging.ERROR
    set_level("info")
