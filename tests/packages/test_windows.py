"""The Windows packages, built on Linux and used under Wine: minutes of work, root and the network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.packages, pytest.mark.slow]


@pytest.mark.timeout(1800)
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root to enter a root directory")
def test_the_packages_install_call_and_go(tmp_path: Path) -> None:
    """Installed and upgraded silently, both packages call themselves under Wine and leave nothing when they go."""
    build = [sys.executable, "-m", "installers.windows.build", "--out", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True)
    check = [sys.executable, "-m", "installers.windows.check_wine", "--dist", str(tmp_path)]
    subprocess.run(check, cwd=ROOT, check=True)
