"""Whether this session's screens are Wayland's: there no program sees another's windows by itself."""

import os
from collections.abc import Mapping


def is_wayland(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether they are, also for a program that X11's windows are kept for (XWayland)."""
    return environment.get("XDG_SESSION_TYPE") == "wayland" or bool(environment.get("WAYLAND_DISPLAY"))
