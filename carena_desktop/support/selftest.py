"""Everything ``--self-test`` looks at, in the order in which a visit needs it.

This computer first (a loopback call, devices, keyring, encoder), then the way to the server. Nothing is signed in, no
device is opened, nothing is kept; the keyring's entry is taken back.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from carena_desktop import __version__
from carena_desktop.call.relay_probe import Probe, probe
from carena_desktop.call.selftest import run_self_test
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.network.router import Router
from carena_desktop.session.credentials import KeyringCredentials
from carena_desktop.session.memory import FileMemory
from carena_desktop.session.model import KeyringState
from carena_desktop.session.rules import SiteRules
from carena_desktop.session.server_check import ServerReport, check_server
from carena_desktop.session.world import CredentialKey
from carena_desktop.support.findings import Finding, Verdict, finding, works

SKEW_NOTE_MS = 30_000
SKEW_FAIL_MS = 300_000


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What is tested.

    Attributes:
        server: Its address, "" for the one used last.
        rules: The organization's.
        router: The way to it.
        config_dir: Where pinned authorities are.
        state_dir: Where the server used last is remembered.
        system_devices: Whether this machine's devices are listed; off in tests.
    """

    server: str
    rules: SiteRules
    router: Router
    config_dir: Path
    state_dir: Path
    system_devices: bool = True

    async def run(self) -> list[Finding]:
        """Return everything that was found."""
        return [one async for one in self.findings()]

    async def findings(self) -> AsyncIterator[Finding]:
        """Yield what is found as it is found."""
        for item in await run_self_test(system_devices=self.system_devices):
            verdict = Verdict.OK if item.ok else Verdict.NOTE if item.optional else Verdict.FAIL
            yield finding(item.name, verdict, item.detail)
        yield await keyring_finding(KeyringCredentials())
        server = self.server or self._last_server()
        report = await check_server(server, self.rules, self.router, self.config_dir)
        for one in server_findings(report):
            yield one
        for url in report.relays:
            yield relay_finding(await probe(url, self.router.known))

    def _last_server(self) -> str:
        remembered = FileMemory(self.state_dir / "session.json").load()
        return "" if remembered is None else remembered.server


async def keyring_finding(credentials: KeyringCredentials) -> Finding:
    """Store something, read it and take it back."""
    key = CredentialKey("self-test.invalid", "self-test")
    state = await credentials.save(key, "self-test")
    if state is KeyringState.STORED:
        _, kept = await credentials.load(key)
        state = state if kept == "self-test" else KeyringState.FAILED
        await credentials.delete(key)
    credentials.close()
    return finding("keyring", Verdict.OK if state is KeyringState.STORED else Verdict.NOTE, state.value)


def server_findings(report: ServerReport) -> list[Finding]:
    """Return what a server's report means."""
    found: list[Finding] = []
    for step in report.steps:
        verdict = Verdict.OK if step.ok else Verdict.NOTE if step.optional else Verdict.FAIL
        found.append(finding(step.name, verdict, step.detail))
    if report.skew_ms is not None:
        skew = abs(report.skew_ms)
        verdict = Verdict.OK if skew <= SKEW_NOTE_MS else Verdict.NOTE if skew <= SKEW_FAIL_MS else Verdict.FAIL
        found.append(finding("clock", verdict, f"{report.skew_ms / 1000:+.1f} s from the server's"))
        if not report.relays:
            found.append(finding("no relay", Verdict.NOTE, "none is configured"))
    return found


def relay_finding(one: Probe) -> Finding:
    """Return what a probe means. One closed way is no failure by itself: a call climbs to the next."""
    return finding(f"relay {one.url}", Verdict.OK if one.ok else Verdict.NOTE, one.detail)


def as_json(findings: list[Finding]) -> str:
    """Return the result for programs."""
    items = [{**asdict(one), "ok": one.verdict is Verdict.OK} for one in findings]
    found = {"ok": works(findings), "version": __version__, "at_ms": SYSTEM_CLOCK.wall_ms(), "items": items}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def as_text(findings: list[Finding]) -> str:
    """Return the result for people."""
    words = {Verdict.OK: "ok  ", Verdict.NOTE: "note", Verdict.FAIL: "FAIL"}
    lines = []
    for one in findings:
        lines.append(f"{words[one.verdict]}  {one.name}: {one.detail}")
        if one.advice:
            lines.append(f"      {one.advice}")
    summary = (
        "A visit can work on this computer." if works(findings) else "A visit can't work on this computer as it is."
    )
    return "\n".join([*lines, "", summary, ""])
