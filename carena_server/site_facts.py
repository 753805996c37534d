"""What a server tells desktops about itself: versions and policies to staff, the relays' addresses to anyone.

Relays' addresses are no secret: every patient's browser gets them, with credentials that end with the visit. Here they
come without any.
"""

from dataclasses import dataclass
from typing import Final

from carena_protocol.rest import PoliciesResponse, VersionResponse
from carena_server import __version__
from carena_server.settings import Settings

MAX_RELAYS: Final = 16


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The same for everyone, from the start of the server to its end."""

    version: VersionResponse
    policies: PoliciesResponse
    relays: tuple[str, ...]


def site_facts(settings: Settings) -> SiteFacts:
    """Return what the settings say."""
    desktop = settings.desktop
    return SiteFacts(
        version=VersionResponse(server=__version__, desktop=desktop.version or __version__),
        policies=PoliciesResponse(locked=desktop.locked, default=desktop.default),
        relays=tuple([*settings.turn.stun, *settings.turn.urls][:MAX_RELAYS]),
    )
