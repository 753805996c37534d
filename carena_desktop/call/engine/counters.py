"""Counts of what really passed, and the figures made of them."""

from dataclasses import dataclass

from carena_desktop.call.model import CallFigures, Path


@dataclass(slots=True)
class Counters:
    """Totals of the engine's life, all legs together."""

    video_frames: int = 0
    audio_samples: int = 0
    video_width: int = 0
    video_height: int = 0
    first_video_at_ms: int | None = None
    screen_frames: int = 0
    screen_width: int = 0
    screen_height: int = 0


@dataclass(frozen=True, slots=True)
class ScreenFacts:
    """What a leg's sender of a shared screen says of itself."""

    frames_sent: int = 0
    sent_size: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a leg's video sender and receiver say of themselves; totals where nothing else is said."""

    frames_sent: int = 0
    sent_size: tuple[int, int] = (0, 0)
    sent_kbps: float = 0.0
    """Of the last second."""
    sent_loss: float = 0.0
    """Fraction, lately."""
    path_kbps: float | None = None
    encode_ms: float = 0.0
    is_cpu_limited: bool = False
    received_bytes: int = 0
    received_packets: int = 0
    missed_packets: int = 0
    unopened: int = 0
    """Frames that came and could not be opened."""
    screen: ScreenFacts = ScreenFacts()


@dataclass(frozen=True, slots=True)
class LegFacts:
    """What a leg's transport says of itself."""

    path: Path = Path.UNKNOWN
    srtp_profile: str = ""
    dtls_version: str = ""
    dtls_cipher: str = ""
    relay: str = ""
    """Address of the relay that we send through, "" without one."""
    relay_transport: str = ""
    """How we reach it: udp, tcp or tls."""
    round_trip_ms: float | None = None
    media: MediaFacts = MediaFacts()


class FigureMaker:
    """Turns totals into rates, between one call and the next."""

    def __init__(self, counters: Counters, now: float) -> None:
        self._counters = counters
        self._at = now
        self._video = counters.video_frames
        self._screen = counters.screen_frames
        self._audio = counters.audio_samples
        self._media = MediaFacts()
        self._sent_by = 0

    def make(self, leg: int, facts: LegFacts, now: float, *, frame_samples: int) -> CallFigures:
        """Return the figures since the last call; ``now`` is monotonic seconds."""
        elapsed = max(now - self._at, 0.001)
        totals = self._counters
        media = facts.media
        before = self._media if leg == self._sent_by else MediaFacts()
        missed = media.missed_packets - before.missed_packets
        expected = missed + media.received_packets - before.received_packets
        figures = CallFigures(
            remote_fps=(totals.video_frames - self._video) / elapsed,
            remote_width=totals.video_width,
            remote_height=totals.video_height,
            remote_audio_frames_per_s=(totals.audio_samples - self._audio) / frame_samples / elapsed,
            sent_fps=max(0, media.frames_sent - before.frames_sent) / elapsed,
            round_trip_ms=facts.round_trip_ms,
            remote_frames=totals.video_frames,
            first_remote_frame_at_ms=totals.first_video_at_ms,
            path=facts.path,
            srtp_profile=facts.srtp_profile,
            dtls_version=facts.dtls_version,
            dtls_cipher=facts.dtls_cipher,
            relay=facts.relay,
            relay_transport=facts.relay_transport,
            sent_width=media.sent_size[0],
            sent_height=media.sent_size[1],
            sent_kbps=media.sent_kbps,
            sent_loss=media.sent_loss,
            path_kbps=media.path_kbps,
            received_kbps=max(0, media.received_bytes - before.received_bytes) * 8 / 1000 / elapsed,
            received_loss=max(0.0, missed / expected) if expected > 0 else 0.0,
            encode_ms=media.encode_ms,
            is_cpu_limited=media.is_cpu_limited,
            unopened=media.unopened,
            screen_fps=(totals.screen_frames - self._screen) / elapsed,
            screen_width=totals.screen_width,
            screen_height=totals.screen_height,
            sent_screen_fps=max(0, media.screen.frames_sent - before.screen.frames_sent) / elapsed,
            sent_screen_width=media.screen.sent_size[0],
            sent_screen_height=media.screen.sent_size[1],
        )
        self._screen = totals.screen_frames
        self._at, self._video, self._audio = now, totals.video_frames, totals.audio_samples
        self._media, self._sent_by = media, leg
        return figures
