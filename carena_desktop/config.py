"""What the person, or IT, decided before the program started: argv and environment, read once into a frozen value.

Nothing here is a secret and nothing here opens a display. Every value is checked; a wrong one ends the program with a
line that says so, before anything else has happened.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import platformdirs

from carena_desktop import __version__
from carena_desktop.identity import APP_ID, APP_NAME
from carena_desktop.policy.resolve import Level, Policies, Source, resolve
from carena_desktop.policy.sources import environment_source, system_sources, user_source
from carena_desktop.policy.table import BY_NAME

LOG_LEVELS: Final = BY_NAME["LogLevel"].choices


@dataclass(frozen=True, slots=True)
class Config:
    """The program's configuration.

    Attributes:
        server: Address to offer at sign-in; "" for the last one used.
        log_level: One of ``LOG_LEVELS``.
        self_test: Make a loopback call without a window, print what worked, and end.
        json: The self-test and the policies are printed as JSON.
        show_policy: Print the policies in force, and end.
        diagnose: Where to write the report for IT, and end.
        link: A ``carena:`` link, "" for none; read as if anybody had sent it.
        minimized: Begin without showing the window.
        reset_window: Forget where the window stood.
        camera_device: Id of the camera to open, "" for the default ("generator" and "file:PATH" are ids too).
        microphone_device: The same for the microphone.
        renew_keys_s: How often a call's keys are renewed, for a test or a demonstration; None for the policy's.
        renew_leg_s: The same for its connection.
        config_dir: Pinned authorities and settings.
        state_dir: The last server and account.
        log_dir: Log files.
        policies: What is in force at the start; ``server`` and ``log_level`` are out of it.
        sources: What it is made from.
    """

    server: str
    log_level: str
    self_test: bool
    json: bool
    camera_device: str
    microphone_device: str
    config_dir: Path
    state_dir: Path
    log_dir: Path
    renew_keys_s: float | None = None
    renew_leg_s: float | None = None
    show_policy: bool = False
    diagnose: Path | None = None
    link: str = ""
    minimized: bool = False
    reset_window: bool = False
    policies: Policies = field(default_factory=Policies)
    sources: tuple[Source, ...] = ()


def read_config(
    argv: Sequence[str],
    environ: Mapping[str, str],
    administrator: Callable[[], Sequence[Source]] = system_sources,
) -> Config:
    """Return the configuration; options win over the environment, the organization's policies over both.

    Environment: the variables of ``policy.sources.ENVIRONMENT``, ``CARENA_CAMERA``, ``CARENA_MICROPHONE``,
    ``CARENA_RENEW_KEYS_S``, ``CARENA_RENEW_LEG_S``, and ``CARENA_HOME``, a directory that takes the place of the
    user's own ones for configuration, state and logs.

    Args:
        argv: Without the program's name.
        environ: The environment.
        administrator: Reads what this machine's administrator has set.

    Raises:
        SystemExit: After ``--version`` or ``--help`` (0), or for a value that can't be right (2); argparse says why.
    """
    options = _parser().parse_args(argv)
    config_dir, state_dir, log_dir = _directories(environ.get("CARENA_HOME", ""))
    given = _given(ServerUrl=options.server, LogLevel=options.log_level, Proxy=options.proxy)
    sources = (
        *administrator(),
        Source(Level.COMMAND_LINE, "command line", given),
        *environment_source(environ),
        *user_source(config_dir),
    )
    policies = resolve(sources)
    return Config(
        server=policies.text("ServerUrl"),
        log_level=policies.text("LogLevel"),
        show_policy=options.show_policy,
        diagnose=options.diagnose,
        link=options.link or "",
        minimized=options.minimized,
        reset_window=options.reset_window,
        policies=policies,
        sources=sources,
        self_test=options.self_test,
        json=options.json,
        camera_device=environ.get("CARENA_CAMERA", ""),
        microphone_device=environ.get("CARENA_MICROPHONE", ""),
        renew_keys_s=_seconds(environ.get("CARENA_RENEW_KEYS_S", "")),
        renew_leg_s=_seconds(environ.get("CARENA_RENEW_LEG_S", "")),
        config_dir=config_dir,
        state_dir=state_dir,
        log_dir=log_dir,
    )


def _seconds(text: str) -> float | None:
    """Return a number of seconds, at least one; None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 1 <= value < float("inf") else None


def _given(**options: str | None) -> dict[str, object]:
    """Return the options that somebody gave."""
    return {name: value for name, value in options.items() if value}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=APP_ID, description=f"{APP_NAME}: the clinician's side of telehealth visits.")
    parser.add_argument("--version", action="version", version=f"{APP_NAME} {__version__}")
    parser.add_argument(
        "--server",
        metavar="URL",
        help="address of the clinic's server, https://HOST[:PORT]",
    )
    parser.add_argument(
        "--log-level",
        choices=LOG_LEVELS,
        help="how much the log file tells (default: info); patient data is in none of them",
    )
    parser.add_argument("--proxy", metavar="PROXY", help="the way out: system, direct, http://HOST:PORT or pac+URL")
    parser.add_argument("--self-test", action="store_true", help="test everything that a visit needs, without a window")
    parser.add_argument("--show-policy", action="store_true", help="print the policies in force and who set them")
    parser.add_argument("--diagnose", metavar="FILE", type=Path, help="test everything and write a report for IT")
    parser.add_argument("--minimized", action="store_true", help="start without showing the window")
    parser.add_argument("--reset-window", action="store_true", help="forget where the window stood")
    parser.add_argument("link", nargs="?", type=_link, metavar="carena://visit/ID", help="a visit to show")
    parser.add_argument("--json", action="store_true", help="print the result of these as JSON")
    return parser


def _link(text: str) -> str:
    """Whether it is a visit's address is judged, and said, in the window."""
    if not text.lower().startswith("carena:"):
        raise argparse.ArgumentTypeError(f"{text!r} is no carena: address")
    return text


def _directories(home: str) -> tuple[Path, Path, Path]:
    if home:
        root = Path(home)
        return root / "config", root / "state", root / "logs"
    return (
        platformdirs.user_config_path(APP_ID, appauthor=False),
        platformdirs.user_state_path(APP_ID, appauthor=False),
        platformdirs.user_log_path(APP_ID, appauthor=False),
    )
