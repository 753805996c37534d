"""The report for IT: a typed list of fields that somebody chose, and nothing that was not chosen.

It is not cleaned, it is built: every text in it is a constant of ours, a member of an enumeration, a version, or
something that an administrator wrote (addresses of servers and relays, names of permitted devices). Shown before it is
saved.
"""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from carena_desktop import __version__, event_log
from carena_desktop.clock import SYSTEM_CLOCK, Clock
from carena_desktop.event_log import Event
from carena_desktop.own_command import is_packaged
from carena_desktop.policy.resolve import Policies
from carena_desktop.policy.table import BY_NAME
from carena_desktop.support import crash
from carena_desktop.support.crash import CrashRecord
from carena_desktop.support.findings import Finding
from carena_desktop.support.last_call import CallRecord, LastCall

MAX_EVENTS: Final = 300
LIBRARIES: Final = ("PySide6", "aiortc", "av", "websockets", "aiohttp", "keyring", "cryptography", "livekit")
"""Whose versions a report tells; the packages carry their metadata for it."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9 ._+:/#~()-]{1,80}")


class Program(Struct, frozen=True, kw_only=True):
    """What runs, and on what."""

    version: str
    packaged: bool
    python: str
    libraries: dict[str, str]
    system: str
    release: str
    machine: str
    processors: int
    display: str
    """Qt's platform by the environment: wayland, x11 or empty."""


class PolicyLine(Struct, frozen=True, kw_only=True):
    """One policy in force. ``source`` is the kind of source and never a path, which has the user's name in it."""

    name: str
    value: bool | int | str | list[str] | None
    source: str
    managed: bool


class Problem(Struct, frozen=True, kw_only=True):
    """A policy that can't be read; an unknown key is not named, for anything may stand there."""

    policy: str
    problem: str


class Check(Struct, frozen=True, kw_only=True):
    """One line of the self-test."""

    name: str
    verdict: str
    detail: str


class Report(Struct, frozen=True, kw_only=True):
    """Everything that is in a report."""

    format: str
    written_at: str
    program: Program
    policies: list[PolicyLine]
    policy_problems: list[Problem]
    self_test: list[Check]
    last_call: CallRecord | None
    crashes: list[CrashRecord]
    events: list[Event]


def build(
    policies: Policies,
    findings: list[Finding],
    *,
    log_dir: Path,
    state_dir: Path,
    clock: Clock = SYSTEM_CLOCK,
) -> Report:
    """Return a report.

    Args:
        policies: In force.
        findings: Of the self-test; none where it was not run.
        log_dir: Where events and crash records are.
        state_dir: Where the last call's figures are.
        clock: The time.
    """
    folder = log_dir / CRASHES
    return Report(
        format="carena-report/1",
        written_at=datetime.fromtimestamp(clock.wall_ms() / 1000, UTC).isoformat(timespec="seconds"),
        program=_program(),
        policies=[
            PolicyLine(
                name=name,
                value=list(setting.value) if isinstance(setting.value, tuple) else setting.value,
                source=setting.level.words,
                managed=setting.managed,
            )
            for name, setting in policies.settings.items()
        ],
        policy_problems=[
            Problem(
                policy=found.name if found.name in BY_NAME else "(unknown key)" if found.name else "(a source)",
                problem=found.words,
            )
            for found in policies.findings
        ],
        self_test=[Check(name=one.name, verdict=one.verdict.value, detail=one.detail) for one in findings],
        last_call=LastCall(state_dir).read(),
        crashes=crash.read(crash.left_behind(folder, crash.is_running)),
        events=[
            msgspec.structs.replace(event, error=[line for line in event.error if crash.is_code(line)])
            for event in event_log.read(log_dir, MAX_EVENTS)
        ],
    )


CRASHES: Final = "crashes"
"""Folder of crash records in the log directory."""


def as_text(report: Report) -> str:
    """Return the report as it is shown and saved."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def file_name(clock: Clock = SYSTEM_CLOCK) -> str:
    """Return a name for the file; it names nobody."""
    return f"carena-report-{datetime.fromtimestamp(clock.wall_ms() / 1000, UTC):%Y%m%d-%H%M%S}.json"


def _program() -> Program:
    return Program(
        version=__version__,
        packaged=is_packaged(),
        python=platform.python_version(),
        libraries={name: version for name in LIBRARIES if (version := _version(name))},
        system=_plain(_distribution() or platform.system()),
        release=_plain(platform.release()),
        machine=_plain(platform.machine()),
        processors=os.cpu_count() or 0,
        display="wayland" if os.environ.get("WAYLAND_DISPLAY") else "x11" if os.environ.get("DISPLAY") else "",
    )


def _version(name: str) -> str:
    import importlib.metadata  # noqa: PLC0415 - takes a moment, for reports only

    try:
        return _plain(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return ""


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def _plain(text: str) -> str:
    """A name or version of the system; anything unusual is left out."""
    return text if _PLAIN.fullmatch(text) else ""
