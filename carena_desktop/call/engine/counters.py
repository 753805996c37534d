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


@dataclass(frozen=True, slots=True)
class LegFacts:
    """What a leg's transport says of itself."""

    path: Path = Path.UNKNOWN
    srtp_profile: str = ""
    dtls_version: str = ""
    round_trip_ms: float | None = None
    frames_sent: int = 0


class FigureMaker:
    """Turns totals into rates, between one call and the next."""

    def __init__(self, counters: Counters, now: float) -> None:
        self._counters = counters
        self._at = now
        self._video = counters.video_frames
        self._audio = counters.audio_samples
        self._sent = 0
        self._sent_by = 0

    def make(self, leg: int, facts: LegFacts, now: float, *, frame_samples: int) -> CallFigures:
        """Return the figures since the last call; ``now`` is monotonic seconds."""
        elapsed = max(now - self._at, 0.001)
        totals = self._counters
        sent = facts.frames_sent - (self._sent if leg == self._sent_by else 0)
        figures = CallFigures(
            remote_fps=(totals.video_frames - self._video) / elapsed,
            remote_width=totals.video_width,
            remote_height=totals.video_height,
            remote_audio_frames_per_s=(totals.audio_samples - self._audio) / frame_samples / elapsed,
            sent_fps=max(0, sent) / elapsed,
            round_trip_ms=facts.round_trip_ms,
            remote_frames=totals.video_frames,
            first_remote_frame_at_ms=totals.first_video_at_ms,
            path=facts.path,
            srtp_profile=facts.srtp_profile,
            dtls_version=facts.dtls_version,
        )
        self._at, self._video, self._audio = now, totals.video_frames, totals.audio_samples
        self._sent, self._sent_by = facts.frames_sent, leg
        return figures
