"""``--self-test`` and ``--diagnose``: what support does without a window."""

import asyncio
import sys
from pathlib import Path

from carena_desktop.config import Config
from carena_desktop.session.rules import SiteRules
from carena_desktop.support import report, selftest
from carena_desktop.support.findings import Finding, works
from carena_desktop.support.network import Network

FAILED = 1


def self_test(config: Config) -> int:
    """Try everything, print what worked; the exit code is 1 where a visit can't work."""
    found = asyncio.run(_findings(config))
    sys.stdout.write(selftest.as_json(found) if config.json else selftest.as_text(found))
    return 0 if works(found) else FAILED


def diagnose(config: Config, path: Path) -> int:
    """Test, and write the report that the window shows; the exit code is 1 where it can't be written."""
    found = asyncio.run(_findings(config))
    built = report.build(config.policies, found, log_dir=config.log_dir, state_dir=config.state_dir)
    try:
        path.write_text(report.as_text(built), "utf-8")
    except OSError as error:
        sys.stderr.write(f"carena-desktop: {path}: {error.strerror}\n")
        return FAILED
    sys.stdout.write(f"The report is in {path}. No names, chat or passwords are in it; read it before you send it.\n")
    return 0


async def _findings(config: Config) -> list[Finding]:
    policies, network = config.policies, Network(config)
    rules = SiteRules(policies.items("AllowedServers"), policies.items("AuthorityPins"))
    test = selftest.SelfTest(config.server, rules, network.router, config.config_dir, config.state_dir)
    try:
        return await test.run()
    finally:
        network.credentials.close()
