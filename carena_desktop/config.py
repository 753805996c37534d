"""What the person, or IT, decided before the program started: argv and environment, read once into a frozen value.

Nothing here is a secret and nothing here opens a display. Every value is checked; a wrong one ends the program with a
line that says so, before anything else has happened.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from carena_desktop import __version__
from carena_desktop.identity import APP_ID, APP_NAME

LOG_LEVELS: Final = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Config:
    """The program's configuration.

    Attributes:
        server: Address to offer at sign-in; "" for the last one used.
        log_level: One of ``LOG_LEVELS``.
        self_test: Make a loopback call without a window, print what worked, and end.
        json: The self-test prints JSON.
        camera_device: Id of the camera to open, "" for the default ("generator" and "file:PATH" are ids too).
        microphone_device: The same for the microphone.
        config_dir: Pinned authorities and settings.
        state_dir: The last server and account.
        log_dir: Log files.
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


def read_config(argv: Sequence[str], environ: Mapping[str, str]) -> Config:
    """Return the configuration; options win over the environment.

    Environment: ``CARENA_SERVER``, ``CARENA_LOG_LEVEL``, ``CARENA_CAMERA``, ``CARENA_MICROPHONE``, and ``CARENA_HOME``,
    a directory that takes the place of the user's own ones for configuration, state and logs.

    Raises:
        SystemExit: After ``--version`` or ``--help`` (0), or for a value that can't be right (2); argparse says why.
    """
    options = _parser(environ).parse_args(argv)
    config_dir, state_dir, log_dir = _directories(environ.get("CARENA_HOME", ""))
    return Config(
        server=options.server,
        log_level=options.log_level,
        self_test=options.self_test,
        json=options.json,
        camera_device=environ.get("CARENA_CAMERA", ""),
        microphone_device=environ.get("CARENA_MICROPHONE", ""),
        config_dir=config_dir,
        state_dir=state_dir,
        log_dir=log_dir,
    )


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=APP_ID, description=f"{APP_NAME}: the clinician's side of telehealth visits.")
    parser.add_argument("--version", action="version", version=f"{APP_NAME} {__version__}")
    parser.add_argument(
        "--server",
        metavar="URL",
        default=environ.get("CARENA_SERVER", ""),
        help="address of the clinic's server, https://HOST[:PORT]",
    )
    parser.add_argument(
        "--log-level",
        choices=LOG_LEVELS,
        default=environ.get("CARENA_LOG_LEVEL", "info"),
        help="how much the log file tells (default: info); patient data is in none of them",
    )
    parser.add_argument("--self-test", action="store_true", help="make a call to itself without a window")
    parser.add_argument("--json", action="store_true", help="print the self-test's result as JSON")
    return parser


def _directories(home: str) -> tuple[Path, Path, Path]:
    if home:
        root = Path(home)
        return root / "config", root / "state", root / "logs"
    return (
        platformdirs.user_config_path(APP_ID, appauthor=False),
        platformdirs.user_state_path(APP_ID, appauthor=False),
        platformdirs.user_log_path(APP_ID, appauthor=False),
    )
