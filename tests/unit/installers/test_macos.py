"""What can be said of the macOS bundle without a Mac."""

import ast
import plistlib
import subprocess
from pathlib import Path

from carena_desktop import __version__
from carena_desktop.policy.sources import MAC_DOMAIN
from installers.freeze import ROOT
from installers.macos.bundle import IDENTIFIER, entitlements, info_plist

FOLDER = ROOT / "installers" / "macos"


def test_the_property_list_can_be_written_and_says_why_devices_are_asked_for() -> None:
    """Without a usage string macOS ends a program that opens a camera; every one of ours is a sentence."""
    read = plistlib.loads(plistlib.dumps(info_plist(__version__)))
    for name in ("NSCameraUsageDescription", "NSMicrophoneUsageDescription", "NSLocalNetworkUsageDescription"):
        assert read[name].endswith(".")
        assert len(read[name]) > 40
    assert read["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["carena"]
    assert read["CFBundleShortVersionString"] == __version__
    assert read["NSHighResolutionCapable"] is True


def test_the_bundle_reads_the_policies_that_the_profile_sets() -> None:
    """The bundle's identifier is the domain of its managed preferences."""
    assert IDENTIFIER == MAC_DOMAIN


def test_the_entitlements_are_devices_and_no_way_around_the_hardened_runtime() -> None:
    """Camera and microphone are there; debugging, foreign libraries and environment variables are not."""
    read = plistlib.loads(plistlib.dumps(entitlements()))
    assert read["com.apple.security.device.camera"]
    assert read["com.apple.security.device.audio-input"]
    forbidden = {"get-task-allow", "disable-library-validation", "allow-dyld-environment-variables"}
    assert not [name for name in read if name.rpartition(".")[2] in forbidden]


def test_spec_and_script_are_sound() -> None:
    """The spec is Python, the script is bash, and both name files that exist."""
    ast.parse((FOLDER / "desktop.spec").read_text("utf-8"))
    script = FOLDER / "build.sh"
    subprocess.run(["bash", "-n", str(script)], check=True)
    for name in ("resources/icons/carena.svg", "installers/macos/desktop.spec"):
        assert name in script.read_text("utf-8")
        assert Path(ROOT / name).exists()
