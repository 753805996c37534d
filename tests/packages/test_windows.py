"""The Windows package, built on Linux and used under Wine: minutes of work, root and the network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.packages, pytest.mark.slow]


@pytest.mark.timeout(1800)
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root to enter a root directory")
def test_the_msi_installs_calls_and_goes(tmp_path: Path) -> None:
    """Silently installed with its policies, the program calls itself under Wine; uninstalled it leaves nothing."""
    build = [sys.executable, "-m", "installers.windows.build", "--no-exe", "--out", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True)
    check = [sys.executable, "-m", "installers.windows.check_wine", "--dist", str(tmp_path)]
    subprocess.run(check, cwd=ROOT, check=True)
