"""How good the call is and why, out of its figures: pure, with a memory of seconds so that no word flickers."""

from typing import Final

from carena_desktop.call.model import CallFigures, Cause, Level, Path, Reading

GOOD_ROUND_TRIP_MS: Final = 150.0
FAIR_ROUND_TRIP_MS: Final = 350.0
GOOD_FPS: Final = 18.0
FAIR_FPS: Final = 8.0
GOOD_SOUND: Final = 47.0
"""Frames of 20 ms played per second."""
FAIR_SOUND: Final = 40.0
FAIR_LOSS: Final = 0.05
POOR_LOSS: Final = 0.15
FAIR_PATH_KBPS: Final = 350.0
POOR_PATH_KBPS: Final = 150.0
BUSY_ENCODE_MS: Final = 25.0
WORSE_AFTER: Final = 2
"""Readings in a row, about a second each, before a worse word is shown."""
BETTER_AFTER: Final = 5


def judge(figures: CallFigures, *, peer_camera: bool, peer_microphone: bool) -> Reading:
    """Return the worst of what the figures say; of two alike the one that can be helped sooner.

    Args:
        figures: Of the last second.
        peer_camera: Whether the other party sends pictures; without, none are missed.
        peer_microphone: Whether it sends sound.
    """
    if figures.round_trip_ms is None:
        return Reading()
    found = [
        Reading(_uplink(figures), Cause.OUR_UPLINK),
        Reading(_computer(figures), Cause.BUSY_COMPUTER),
        Reading(_downlink(figures, peer_camera=peer_camera, peer_microphone=peer_microphone), Cause.THEIR_LINK),
        Reading(
            _step(figures.round_trip_ms, GOOD_ROUND_TRIP_MS, FAIR_ROUND_TRIP_MS),
            Cause.RELAY if figures.path is Path.RELAYED else Cause.DISTANCE,
        ),
    ]
    worst = max(found, key=lambda reading: reading.level)
    return worst if worst.level > Level.GOOD else Reading(Level.GOOD)


def _step(value: float, good: float, fair: float) -> Level:
    """Return the level of a value that is better the smaller it is."""
    if value <= good:
        return Level.GOOD
    return Level.FAIR if value <= fair else Level.POOR


def _uplink(figures: CallFigures) -> Level:
    level = _step(figures.sent_loss, FAIR_LOSS, POOR_LOSS)
    if figures.path_kbps is None:
        return level
    return max(level, _step(-figures.path_kbps, -FAIR_PATH_KBPS, -POOR_PATH_KBPS))


def _computer(figures: CallFigures) -> Level:
    return Level.FAIR if figures.is_cpu_limited and figures.encode_ms > BUSY_ENCODE_MS else Level.GOOD


def _downlink(figures: CallFigures, *, peer_camera: bool, peer_microphone: bool) -> Level:
    level = _step(figures.received_loss, FAIR_LOSS, POOR_LOSS)
    if peer_camera and figures.remote_height > 0:
        level = max(level, _step(-figures.remote_fps, -GOOD_FPS, -FAIR_FPS))
    if peer_microphone and figures.remote_audio_frames_per_s > 0:
        level = max(level, _step(-figures.remote_audio_frames_per_s, -GOOD_SOUND, -FAIR_SOUND))
    return level


class QualityJudge:
    """What is shown: the last reading that lasted."""

    def __init__(self) -> None:
        self.shown = Reading()
        self._candidate = Reading()
        self._count = 0

    def take(self, reading: Reading) -> Reading:
        """Take a second's reading and return what is to be shown."""
        if reading == self.shown:
            self._count = 0
            return self.shown
        same = reading == self._candidate
        both_worse = min(reading.level, self._candidate.level) > self.shown.level
        both_better = max(reading.level, self._candidate.level) < self.shown.level
        self._count = self._count + 1 if same or both_worse or both_better else 1
        self._candidate = reading
        needed = WORSE_AFTER if reading.level > self.shown.level else BETTER_AFTER
        if self.shown.level is Level.UNKNOWN or self._count >= needed:
            self.shown = reading
            self._count = 0
        return self.shown
