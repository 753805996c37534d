"""What the operating system says about proxies on Linux: the environment first, then GNOME's settings.

Reads; changes nothing. Windows and macOS answer by Qt (``carena_desktop.ui.system_proxy``), their scripts included.
"""

import ast
import fnmatch
import ipaddress
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Final

from carena_desktop.network.choice import Mode, ProxyChoice, parse_choice, parse_proxy

_GSETTINGS_LIMIT_S: Final = 3.0
_DIRECT: Final = ProxyChoice(Mode.DIRECT)


def linux_choice(
    host: str, environ: Mapping[str, str] = os.environ, read_gnome: "Callable[[], str] | None" = None
) -> ProxyChoice:
    """Return how ``host`` is reached by this desktop session's settings.

    Args:
        host: Whom.
        environ: ``https_proxy``, ``all_proxy`` and ``no_proxy``, in small or capital letters, as curl reads them.
        read_gnome: Returns what ``gsettings list-recursively org.gnome.system.proxy`` prints, "" where there is none.
    """
    named = {
        name.lower().removesuffix("_proxy"): value
        for name, value in sorted(environ.items())  # capitals first: the small letters win
        if name.lower().endswith("_proxy")
    }
    address = named.get("https") or named.get("all")
    if address:
        if _ignored(host, [part.strip() for part in named.get("no", "").split(",") if part.strip()]):
            return _DIRECT
        try:
            return ProxyChoice(Mode.FIXED, proxy=parse_proxy(_without_login(address)))
        except ValueError:
            return _DIRECT
    return gnome_choice(host, (read_gnome or _gsettings)())


def gnome_choice(host: str, printed: str) -> ProxyChoice:
    """Return what GNOME's settings mean for ``host``; what can't be read means direct."""
    settings: dict[str, object] = {}
    for line in printed.splitlines():
        schema, _, rest = line.partition(" ")
        key, _, value = rest.partition(" ")
        try:
            settings[f"{schema.removeprefix('org.gnome.system.proxy').lstrip('.')}/{key}"] = ast.literal_eval(
                value.removeprefix("@as ").replace("uint32 ", "")
            )
        except (ValueError, SyntaxError):
            settings[f"{schema}/{key}"] = value
    try:
        if settings.get("/mode") == "auto" and settings.get("/autoconfig-url"):
            return parse_choice(f"pac+{settings['/autoconfig-url']}")
        if settings.get("/mode") == "manual" and not _ignored(host, settings.get("/ignore-hosts")):
            for kind in ("https", "http"):
                if settings.get(f"{kind}/host") and settings.get(f"{kind}/port"):
                    proxy = parse_proxy(f"{settings[f'{kind}/host']}:{settings[f'{kind}/port']}")
                    return ProxyChoice(Mode.FIXED, proxy=proxy)
    except ValueError:
        return _DIRECT
    return _DIRECT


def _ignored(host: str, patterns: object) -> bool:
    for pattern in patterns if isinstance(patterns, list) else []:
        try:
            if ipaddress.ip_address(host) in ipaddress.ip_network(str(pattern), strict=False):
                return True
        except ValueError:
            if fnmatch.fnmatchcase(host.lower(), str(pattern).lower()) or host.lower().endswith(
                "." + str(pattern).lower().lstrip("*.")
            ):
                return True
    return False


def _without_login(address: str) -> str:
    """The address without ``user:password@``: a login comes from the keyring."""
    scheme, separator, rest = address.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}" if separator else address.rpartition("@")[2]


def _gsettings() -> str:
    program = shutil.which("gsettings")
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            [program, "list-recursively", "org.gnome.system.proxy"],
            capture_output=True,
            text=True,
            timeout=_GSETTINGS_LIMIT_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
