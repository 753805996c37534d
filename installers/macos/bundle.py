"""What macOS is told about the program: Info.plist and the entitlements of its hardened runtime. No I/O.

``desktop.spec`` gives the first to PyInstaller's BUNDLE, ``build.sh`` signs with the second. Neither has been run on a
Mac by this project; what can be checked elsewhere is (tests/unit/installers/test_macos.py).

References: Apple, Information Property List; Hardened Runtime; PyInstaller, "Spec Files", BUNDLE.
"""

from typing import Final

IDENTIFIER: Final = "org.carena.desktop"
NAME: Final = "Carena Desktop"
MINIMUM: Final = "13.0"
"""Qt 6.11's."""


def info_plist(version: str) -> dict[str, object]:
    """Return the bundle's Info.plist: who it is, which links it opens, and why it asks for devices."""
    return {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundlePackageType": "APPL",
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "es"],
        "CFBundleURLTypes": [
            {"CFBundleURLName": IDENTIFIER, "CFBundleURLSchemes": ["carena"], "CFBundleTypeRole": "Viewer"}
        ],
        "LSApplicationCategoryType": "public.app-category.medical",
        "LSMinimumSystemVersion": MINIMUM,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "Apache-2.0; parts under the GPL, see the licences inside",
        "NSCameraUsageDescription": "The patient sees you during a visit, and you see yourself in the device check.",
        "NSMicrophoneUsageDescription": "The patient hears you during a visit, and the device check shows your level.",
        "NSLocalNetworkUsageDescription": "A visit goes straight to the patient's device when both are in one network.",
    }


def entitlements() -> dict[str, object]:
    """Return the entitlements: devices, and what the interpreter needs under the hardened runtime."""
    return {
        "com.apple.security.device.camera": True,
        "com.apple.security.device.audio-input": True,
        # The wheels' libraries are signed by their makers or not at all before build.sh signs them with ours; Python's
        # cffi makes executable memory for callbacks.
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
    }
