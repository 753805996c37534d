"""The Debian packages, built and used for real: minutes of work, root and the network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.packages, pytest.mark.slow]


@pytest.mark.timeout(1800)
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root to enter a root directory")
def test_the_packages_install_and_work(tmp_path: Path) -> None:
    """Built twice they are equal; in Debian 12 and 13 they call, serve, hold a visit, upgrade, and purge."""
    subprocess.run([sys.executable, "-m", "installers.linux.build", "--twice", "--out", tmp_path], cwd=ROOT, check=True)
    check = [sys.executable, "-m", "installers.linux.check_packages", "--dist", str(tmp_path)]
    subprocess.run(check, cwd=ROOT, check=True)
    subprocess.run([*check, "--suite", "trixie", "--no-lintian"], cwd=ROOT, check=True)
