"""On the patient's page one object owns what is captured, and two modules alone ask the browser for it."""

import re
from pathlib import Path

PORTAL = Path(__file__).resolve().parents[2] / "carena_server" / "portal" / "js"
ASKING = {"getUserMedia": "media/request.js", "getDisplayMedia": "media/screen.js"}


def modules_with(pattern: str) -> set[str]:
    """The portal's modules in whose code the pattern stands, comments left out."""
    found = set()
    for path in PORTAL.rglob("*.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        if re.search(pattern, code):
            found.add(path.relative_to(PORTAL).as_posix())
    return found


def test_one_module_each_asks_for_devices_and_for_a_screen() -> None:
    """Nothing else calls the browser's functions that capture."""
    for function, module in ASKING.items():
        assert modules_with(rf"\.\s*{function}\s*\(") == {module}


def test_one_object_owns_what_is_captured() -> None:
    """Only ``Devices`` asks, and makes the shared screen; whoever else wants either has it from there."""
    assert modules_with(r"\bnew SharedScreen\b") == {"media/devices.js"}
    assert modules_with(r"\brequestDevices\(") == {"media/devices.js", "media/request.js"}
    assert modules_with(r"\bnew Devices\b") == {"main.js"}
