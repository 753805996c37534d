"""A clinic's server of our own: the real carena-server on loopback, with a data folder made for this run.

Everything is done by its command line, as an administrator would, so that the demo and the tests cover it.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from demo.processes import running, wait_until
from demo.relay import Relay, free_port

ROOT: Final = Path(__file__).resolve().parent.parent
START_S: Final = 30.0
COMMAND_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """What the site's configuration says, as far as the demo and the tests vary it."""

    relay_only: bool = False
    access_ttl_s: float = 300.0
    place_grace_s: float = 120.0


class Clinic:
    """A server that may be stopped and started again; its address and its data stay."""

    def __init__(
        self, folder: Path, turn: Relay | None, site: Site, *, host: str = "127.0.0.1", prefix: Sequence[str] = ()
    ) -> None:
        self._prefix = tuple(prefix)
        self.data = folder / "data"
        self.log = folder / "server.log"
        self._ready = folder / "ready.json"
        self._configuration = folder / "carena.toml"
        self._process = ExitStack()
        self.url = f"https://{host}:{free_port()}"
        folder.mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(_toml(turn, site), encoding="utf-8")
        self._command("init", "--admin", "admin", "--password-stdin", password=secrets.token_urlsafe(18))
        self.clinician = self.add_user("demo", "clinician", "Dr Casey Demo")

    @property
    def authority(self) -> Path:
        """The certificate of the server's own authority."""
        return self.data / "tls" / "authority.pem"

    @property
    def fingerprint(self) -> str:
        """The authority's fingerprint as the server shows it to its operator."""
        return str(json.loads(self._ready.read_text(encoding="utf-8"))["fingerprint"])

    def start(self) -> None:
        """Serve; return when the server is ready."""
        self._ready.unlink(missing_ok=True)
        command = [*self._program("serve"), "--ready-file", str(self._ready)]
        process = self._process.enter_context(running(command, log=self.log))
        wait_until(self._ready.exists, START_S, f"carena-server (see {self.log})", process)

    def stop(self) -> None:
        """Stop serving, gracefully."""
        self._process.close()

    def add_user(self, username: str, role: str, name: str) -> Account:
        """Add an account with a password made for this run."""
        account = Account(username, secrets.token_urlsafe(18))
        arguments = (username, "--role", role, "--name", name, "--password-stdin")
        self._command("user", "add", *arguments, password=account.password)
        return account

    def disable_user(self, username: str) -> None:
        """Disable an account, which ends its sessions."""
        self._command("user", "disable", username)

    def visit_link(self, *, reusable: bool = False) -> str:
        """Make a visit link."""
        return self._command("link", "create", *(["--reusable"] if reusable else [])).strip().splitlines()[-1]

    def verify_audit(self) -> str:
        """Return what ``audit verify`` says; raises CalledProcessError when the log is broken."""
        return self._command("audit", "verify")

    def _program(self, *words: str) -> list[str]:
        listen = self.url.removeprefix("https://")
        common = ["--data", str(self.data), "--config", str(self._configuration), "--listen", listen]
        # An installed server can take the source tree's place (installers/linux/check_packages.py).
        installed = os.environ.get("CARENA_DEMO_SERVER", "")
        program = [installed] if installed else [sys.executable, "-m", "carena_server"]
        return [*self._prefix, *program, *words, *common]

    def _command(self, *words: str, password: str | None = None) -> str:
        done = subprocess.run(
            self._program(*words),
            check=False,
            input="" if password is None else password + "\n",
            capture_output=True,
            text=True,
            timeout=COMMAND_S,
            cwd=ROOT,
        )
        with self.log.open("a", encoding="utf-8") as log:
            log.write(done.stderr)
        if done.returncode != 0:
            raise RuntimeError(f"carena-server {' '.join(words[:2])}: {done.stderr.strip()}")
        return done.stdout


def _toml(turn: Relay | None, site: Site) -> str:
    lines = [
        'clinic = "Demo Clinic"',
        "[tokens]",
        f"access_ttl_s = {float(site.access_ttl_s)}",
        "[queue]",
        f"place_grace_s = {float(site.place_grace_s)}",
    ]
    if turn is not None:
        lines += [
            "[turn]",
            f"urls = {json.dumps([turn.url, *turn.more_urls])}",
            f'secret_file = "{turn.secret_file}"',
            f"relay_only = {'true' if site.relay_only else 'false'}",
        ]
    return "\n".join(lines) + "\n"


@contextmanager
def clinic(
    folder: Path,
    turn: Relay | None,
    site: Site = Site(),
    *,
    host: str = "127.0.0.1",
    prefix: Sequence[str] = (),
) -> Iterator[Clinic]:
    """Run a clinic's server for the length of the block; its files stay in ``folder``.

    Args:
        folder: For its data, configuration and log.
        turn: Its relay.
        site: What its configuration says.
        host: Where it listens.
        prefix: Words before every command, such as those that run it in a network namespace.
    """
    place = Clinic(folder, turn, site, host=host, prefix=prefix)
    place.start()
    try:
        yield place
    finally:
        place.stop()
