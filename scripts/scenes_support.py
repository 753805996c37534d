"""Scenes of support: the check, the report, what the strip above the pages says."""

import json

from PySide6.QtWidgets import QDialog

from carena_desktop.network.choice import Proxy
from carena_desktop.policy.resolve import Level, Source, resolve
from carena_desktop.support import report
from carena_desktop.support.findings import Verdict, finding
from carena_desktop.support.report import Report
from carena_desktop.support.selftest import as_json
from carena_desktop.ui.components.program_bar import Message
from carena_desktop.ui.proxy_sign_in import ProxyDialog
from carena_desktop.ui.support_dialogs import CheckDialog, ReportDialog
from scripts.scenes_waiting import sign_in, waiting
from scripts.stage import WINDOWS
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession

STAND_INS: list[QDialog] = []
"""A dialog to take the picture of, in place of the window."""
FOUND = [
    finding("media process", Verdict.OK, "process 4711, aiortc as expected"),
    finding("encryption", Verdict.OK, "DTLSv1.2, SRTP_AEAD_AES_256_GCM"),
    finding("video received", Verdict.OK, "30 numbered frames in order"),
    finding("sound sent", Verdict.OK, "a tone of 440 Hz"),
    finding("devices", Verdict.NOTE, "cameras: 0, microphones: 1, speakers: 1"),
    finding("keyring", Verdict.OK, "stored"),
    finding("server", Verdict.OK, "https://visits.example.org"),
    finding("proxy", Verdict.OK, "through proxy.example.org:3128"),
    finding("certificate", Verdict.OK, "of a pinned authority"),
    finding("clock", Verdict.FAIL, "+612.4 s from the server's"),
    finding("signaling", Verdict.OK, "a live connection opened"),
    finding("relay turn:turn.example.org:3478?transport=udp", Verdict.NOTE, "no answer"),
    finding("relay turns:turn.example.org:443?transport=tcp", Verdict.OK, "answered after 48 ms"),
]


def check_computer(session: FakeSession, call: FakeCall) -> None:
    """The check, with one failure and two notes."""
    sign_in(session, call)
    dialog = CheckDialog(WINDOWS[-1].theme, WINDOWS[-1], ["/nonexistent"])
    dialog.show_result(as_json(FOUND))
    STAND_INS[:] = [dialog]


def report_shown(session: FakeSession, call: FakeCall) -> None:
    """The report before it is saved."""
    sign_in(session, call)
    policies = resolve([Source(Level.MACHINE_MANDATORY, "/etc/carena", {"RelayOnly": True, "LockTimeoutMinutes": 5})])
    whole = json.loads(report.as_text(_report(policies)))
    STAND_INS[:] = [ReportDialog(WINDOWS[-1].theme, WINDOWS[-1], json.dumps(whole, indent=2), "carena-report.json")]


def _report(policies: object) -> Report:
    from pathlib import Path  # noqa: PLC0415 - a folder that isn't there

    nowhere = Path("/nonexistent")
    assert hasattr(policies, "settings")  # noqa: S101 - for the type checker
    return report.build(policies, FOUND, log_dir=nowhere, state_dir=nowhere)  # type: ignore[arg-type]  # as above


def proxy_sign_in(session: FakeSession, call: FakeCall) -> None:
    """The proxy wants a login."""
    sign_in(session, call)
    STAND_INS[:] = [ProxyDialog(WINDOWS[-1].theme, WINDOWS[-1], Proxy("proxy.example.org", 3128))]


def update_notice(session: FakeSession, call: FakeCall) -> None:
    """A newer version is out."""
    STAND_INS.clear()
    waiting(session, call)
    words = "Carena 1.2.0 is out; you have 1.1.0. IT installs it: ask when."
    WINDOWS[-1].program_bar.say(Message("update", words, "All right", lambda: None))


SUPPORT_SCENES = (update_notice, check_computer, report_shown, proxy_sign_in)
