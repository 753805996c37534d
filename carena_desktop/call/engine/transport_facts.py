"""What a connection's transport says of itself: path, SRTP profile, DTLS version, round-trip time.

Private fields of aiortc and aioice are read here (and checked by ``internals``); nothing is written.
"""

from aiortc import RTCPeerConnection
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.stats import RTCRemoteInboundRtpStreamStats

from carena_desktop.call.engine.counters import LegFacts, MediaFacts
from carena_desktop.call.engine.repairs import ice_ladder
from carena_desktop.call.model import Path


async def read_facts(pc: RTCPeerConnection, media: MediaFacts) -> LegFacts:
    """Return the facts of ``pc``'s one shared transport."""
    transceivers = pc.getTransceivers()
    if not transceivers:
        return LegFacts()
    transport = transceivers[0].receiver.transport
    profile, version, cipher = _dtls(transport)
    relay, relay_transport = _relay(transport)
    return LegFacts(
        path=_path(transport),
        srtp_profile=profile,
        dtls_version=version,
        dtls_cipher=cipher,
        relay=relay,
        relay_transport=relay_transport,
        round_trip_ms=await _round_trip(pc),
        media=media,
    )


def _path(transport: RTCDtlsTransport) -> Path:
    """The selected candidate pair's path: relayed when either end is a TURN allocation (RFC 8445)."""
    pairs = transport.transport._connection._nominated.values()  # noqa: SLF001 - aioice tells nobody
    types = {kind for pair in pairs for kind in (pair.local_candidate.type, pair.remote_candidate.type)}
    if not types:
        return Path.UNKNOWN
    return Path.RELAYED if "relay" in types else Path.DIRECT


def _relay(transport: RTCDtlsTransport) -> tuple[str, str]:
    """The address of the relay that we send through, and how we reach it; empty without one."""
    for pair in transport.transport._connection._nominated.values():  # noqa: SLF001 - aioice tells nobody
        rung = ice_ladder.rung_of(pair.protocol)
        if rung is not None:
            return f"{rung.host}:{rung.port}", "tls" if rung.is_tls else rung.transport
    return "", ""


def _dtls(transport: RTCDtlsTransport) -> tuple[str, str, str]:
    connection = transport._ssl  # noqa: SLF001 - aiortc tells only the state
    if connection is None or not transport.encrypted:
        return "", "", ""
    profile = connection.get_selected_srtp_profile()
    return (profile or b"").decode(), connection.get_protocol_version_name(), connection.get_cipher_name() or ""


async def _round_trip(pc: RTCPeerConnection) -> float | None:
    report = await pc.getStats()
    times = [
        stats.roundTripTime * 1000
        for stats in report.values()
        if isinstance(stats, RTCRemoteInboundRtpStreamStats) and stats.roundTripTime is not None
    ]
    return min(times, default=None)
