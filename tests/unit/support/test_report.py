"""The report has what IT needs, and none of what nobody may see, whatever was put in its way."""

import json
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from carena_desktop import event_log
from carena_desktop.call.engine.devices import DeviceProblem
from carena_desktop.call.model import (
    CallFigures,
    CallSnapshot,
    CallState,
    ChatLine,
    Delivery,
    EndReason,
    MediaIntent,
    SecurityView,
)
from carena_desktop.event_log import UNSAID, EventLog, event_of, safe
from carena_desktop.log import salted_id, set_up_logging
from carena_desktop.policy.resolve import Level, Policies, Source, resolve
from carena_desktop.session.model import SessionState
from carena_desktop.support import crash, last_call, report
from carena_desktop.support.crash import CrashRecord, CrashWatch
from carena_desktop.support.findings import Verdict, finding
from carena_desktop.support.last_call import LastCall, record_of
from carena_desktop.support.report import CRASHES
from carena_desktop.tasks import describe_error
from tests.fakes.clock import FakeClock

CANARIES = {
    "name": "Robin Canary-Sample",
    "birth date": "1992-07-01",
    "token": "eyJhbGciOiJIUzI1NiJ9.Zm9vYmFyYmF6cXV4Zm9vYmFy",
    "key": "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE",
    "file name": "knee-xray-canary.pdf",
    "chat": "my chest hurts since tuesday canary",
    "password": "hunter2-canary",
    "e-mail": "robin.canary@example.org",
    "user": "rcanary",
}


class PatientCanaryError(Exception):
    """An error whose text quotes a patient."""


@pytest.fixture
def root_log(tmp_path: Path) -> Iterator[Path]:
    """The program's own logging into a folder, taken down afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    set_up_logging(tmp_path / "logs", "debug")
    yield tmp_path / "logs"
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def built(tmp_path: Path, policies: Policies | None = None) -> str:
    """A report of everything in a folder, as it is saved."""
    found = [finding("keyring", Verdict.NOTE, "absent"), finding("media process", Verdict.OK, "process 1")]
    made = report.build(
        policies or Policies(), found, log_dir=tmp_path / "logs", state_dir=tmp_path / "state", clock=FakeClock()
    )
    return report.as_text(made)


def fail(text: str) -> None:
    """Raise an error that quotes somebody."""
    raise PatientCanaryError(text)


def log_everything(canary: str) -> None:
    """Log a canary in every way that code of ours or of libraries could."""
    for name in ("carena_desktop.session.service", "carena_desktop.tasks", "websockets.client", "asyncio", "canary"):
        logger = logging.getLogger(name)
        logger.warning("session %s -> %s%s", canary, SessionState.ONLINE, canary)
        logger.warning(canary)
        logger.warning("said %s", {"text": canary})
        logger.warning(f"frame {canary}")  # noqa: G004 - what nobody should do
        logger.warning("mapping %(a)s", {"a": canary})
        try:
            fail(canary)
        except PatientCanaryError:
            logger.exception("task %s failed: %s", canary, canary)


def test_no_canary_gets_into_a_report(tmp_path: Path, root_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, dates, tokens, keys, file names, chat and passwords, through every input of a report: none comes out."""
    assert root_log == tmp_path / "logs"
    monkeypatch.setenv("USER", CANARIES["user"])
    last, watch = LastCall(tmp_path / "state"), CrashWatch(root_log / CRASHES, pid=dead_pid())
    for kind, canary in CANARIES.items():
        log_everything(canary)
        watch.record("python", PatientCanaryError(canary), "" if kind == "name" else canary.replace("@", ""))
        last.changed(call_with(canary), 0)
        last.changed(CallSnapshot(state=CallState.ENDED, end_reason=EndReason.REMOTE), 60_000)
        assert canary not in built(tmp_path)
    unknown = {f"{CANARIES['name']}": 1, "LogLevel": CANARIES["chat"], "ServerUrl": CANARIES["e-mail"]}
    policies = resolve([Source(Level.USER_SETTINGS, f"/home/{CANARIES['user']}/settings.json", unknown)])
    (root_log / CRASHES / f"native-{dead_pid()}.txt").write_text(
        f"Fatal Python error: Segmentation fault\n\nThread 1 ({CANARIES['name']}):\n"
        f'  File "/home/{CANARIES["user"]}/{CANARIES["chat"]}/leg.py", line 12 in _consume\n{CANARIES["token"]}\n'
    )
    (root_log / CRASHES / f"thread-{dead_pid()}-1.json").write_text(
        json.dumps({"kind": CANARIES["name"], "what": CANARIES["e-mail"], "places": [CANARIES["e-mail"]]})
    )
    text = built(tmp_path, policies)
    assert [kind for kind, canary in CANARIES.items() if canary in text] == []
    assert not re.search("canary|hunter|xray", text.replace("PatientCanaryError", ""), re.IGNORECASE)
    said = json.loads(text)
    assert said["events"], "the canaries went through the log"
    assert any("leg.py:12 _consume" in record["places"] for record in said["crashes"])
    assert said["last_call"]["end"] == "remote", "the canaries went through a call"
    foreign = {"lasted_s": 1.0, **dict.fromkeys(last_call._FORMS, CANARIES["user"])}
    (tmp_path / "state" / last_call.FILE_NAME).write_text(json.dumps(foreign))
    said = json.loads(built(tmp_path, policies))
    assert [said["last_call"][name] for name in last_call._FORMS] == [""] * len(last_call._FORMS)


def call_with(canary: str) -> CallSnapshot:
    """A call that has the canary in every text."""
    return CallSnapshot(
        state=CallState.ACTIVE,
        visit=canary,
        chat=(ChatLine("1", canary, 0, mine=True, delivery=Delivery.DELIVERED),),
        intent=MediaIntent(shared=canary),
        camera_problem=canary,
        microphone_problem=canary,
        speaker_problem=canary,
        share_problem=canary,
        security=SecurityView(pictures=(canary,), names=(canary,), digits=canary, device=canary),
        figures=CallFigures(
            relay=canary, srtp_profile=canary, dtls_version=canary, dtls_cipher=canary, relay_transport=canary
        ),
    )


def test_the_last_calls_words_are_those_that_the_engine_has() -> None:
    """Each problem of a device, each kind of relay and what OpenSSL calls its protocols is kept."""
    assert all(last_call._FORMS["camera_problem"].fullmatch(problem) for problem in DeviceProblem)
    for profile in ("SRTP_AES128_CM_SHA1_80", "SRTP_AEAD_AES_128_GCM", "SRTP_AEAD_AES_256_GCM"):
        figures = CallFigures(srtp_profile=profile, dtls_version="DTLSv1.2", relay_transport="tls")
        record = record_of(CallSnapshot(state=CallState.ACTIVE, figures=figures, camera_problem="busy"), 0)
        kept = (record.srtp_profile, record.dtls_version, record.relay_transport, record.camera_problem)
        assert kept == (profile, "DTLSv1.2", "tls", "busy")


def dead_pid() -> int:
    """The id of a process that is gone."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def test_a_report_tells_what_it_needs(tmp_path: Path, root_log: Path) -> None:
    """Versions, each policy with its kind of source, the self-test, the last call's figures and our own log lines."""
    logging.getLogger("carena_desktop.session.service").info(
        "session %s -> %s%s", SessionState.CONNECTING, SessionState.ONLINE, ""
    )
    last = LastCall(tmp_path / "state")
    states = [state for state in CallState if state not in {CallState.IDLE, CallState.ENDED}]
    figures = CallFigures(remote_fps=29.9, srtp_profile="SRTP_AEAD_AES_256_GCM", dtls_version="DTLSv1.2", sent_kbps=900)
    last.changed(CallSnapshot(state=states[-1], leg=2, started_at_ms=1000, figures=figures), 0)
    last.changed(CallSnapshot(state=CallState.ENDED, end_reason=EndReason.REMOTE), 61_000)
    policies = resolve([Source(Level.MACHINE_MANDATORY, "/etc/carena/policies/managed/a.json", {"RelayOnly": True})])
    said: dict[str, Any] = json.loads(built(tmp_path, policies))
    assert said["format"] == "carena-report/1"
    assert set(said["program"]) == {
        "version", "packaged", "python", "libraries", "system", "release", "machine", "processors", "display",
    }  # fmt: skip
    assert said["program"]["libraries"]["PySide6"]
    relay = next(line for line in said["policies"] if line["name"] == "RelayOnly")
    assert relay == {"name": "RelayOnly", "value": True, "source": "machine mandatory", "managed": True}
    assert [line["verdict"] for line in said["self_test"]] == ["note", "ok"]
    call = said["last_call"]
    assert (call["end"], call["legs"], call["lasted_s"], call["srtp_profile"]) == (
        "remote", 2, 60.0, "SRTP_AEAD_AES_256_GCM",
    )  # fmt: skip
    (event,) = [one for one in said["events"] if one["message"].startswith("session ")]
    assert event["arguments"] == ["connecting", "online", UNSAID]
    assert root_log.exists()


def test_arguments_are_kept_by_type() -> None:
    """Numbers, members of enumerations, salted ids, versions and errors stay; any other text is left out."""
    try:
        fail("text")
    except PatientCanaryError as error:
        described = describe_error(error)
    kept = [3, 1.5, True, None, SessionState.ONLINE, salted_id("x"), "1.2.3", described]
    assert [safe(value) for value in kept] == [3, 1.5, True, None, "online", salted_id("x"), "1.2.3", described]
    assert [safe(value) for value in ("Robin", "robin", "", b"x", ["a"], object(), "Error: Robin")] == [UNSAID] * 7


def test_only_constants_of_the_module_are_messages() -> None:
    """A text that no code of the module has is left out, as is every library's."""

    def record(name: str, text: str) -> logging.LogRecord:
        return logging.LogRecord(name, logging.INFO, "x.py", 1, text, ("a",), None)

    known = "session %s -> %s%s"
    assert event_of(record("carena_desktop.session.service", known), []).message == known
    assert event_of(record("carena_desktop.session.service", "Robin"), []).message == UNSAID
    foreign = event_of(record("websockets.client", known), ["Robin"])
    assert (foreign.logger, foreign.message, foreign.error) == ("library", UNSAID, [])


def test_what_others_wrote_into_the_event_log_is_left_out(tmp_path: Path) -> None:
    """Lines that are no events, and events with messages that are not ours, are not read."""
    path = tmp_path / event_log.FILE_NAME
    path.write_text(
        'nonsense\n{"at":"x","level":"info","logger":"carena_desktop.tasks","message":"Robin"}\n\n'
        '{"at":"x","level":"info","logger":"library","message":"\u2026"}\n'
    )
    assert [event.logger for event in event_log.read(tmp_path, 10)] == ["library"]


def test_the_event_log_begins_anew_when_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One predecessor is kept, the newest come last, and both are the user's alone."""
    monkeypatch.setattr(event_log, "MAX_FILE_BYTES", 600)
    path = tmp_path / event_log.FILE_NAME
    log = EventLog(path, lambda _record: [])
    for number in range(12):
        log.emit(logging.LogRecord("carena_desktop.app", logging.INFO, "x", 1, "ended", (number,), None))
    assert path.with_suffix(".1").exists()
    events = event_log.read(tmp_path, 3)
    assert [event.arguments for event in events] == [[9], [10], [11]]
    assert path.stat().st_mode & 0o077 == 0


def test_crash_records_are_offered_once_their_process_is_gone(tmp_path: Path) -> None:
    """A living process's files stay, empty ones go, others come oldest first and are taken away when asked."""
    gone = dead_pid()
    (tmp_path / f"native-{os.getpid()}.txt").write_bytes(b"x")
    (tmp_path / f"native-{gone}.txt").write_bytes(b"")
    (tmp_path / "notes-x.txt").write_text("x")
    watch = CrashWatch(tmp_path, pid=gone)
    for _ in range(crash.MAX_RECORDS + 3):
        watch.record("python", ValueError("x"))
    left = crash.left_behind(tmp_path, crash.is_running)
    assert len(left) == crash.MAX_RECORDS
    assert not (tmp_path / f"native-{gone}.txt").exists()
    assert {record.what for record in crash.read(left)} == {"builtins.ValueError"}
    crash.forget(left)
    assert crash.left_behind(tmp_path, crash.is_running) == []


def test_a_record_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """Nonsense in the folder costs nothing."""
    path = tmp_path / f"python-{dead_pid()}-1.json"
    path.write_bytes(b"\xff{")
    assert crash.read([path, tmp_path / "missing.json"]) == []
    assert isinstance(CrashRecord(kind="python"), CrashRecord)


def test_an_unhandled_error_is_logged_without_its_text(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What a slot raises reaches the log as type and place; its text, which may name a patient, doesn't."""
    error = ValueError("Secret Name")
    CrashWatch(tmp_path)._unhandled(ValueError, error, None)
    assert "ValueError" in caplog.text.splitlines()[0]
    assert "Secret Name" not in caplog.records[0].getMessage()
