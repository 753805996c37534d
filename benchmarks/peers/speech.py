"""Sounds that are like speech, and rooms: enough for echo cancellers, and the same on every machine."""

import numpy as np
from numpy.typing import NDArray

RATE = 48_000


def babble(count: int, seed: int, level_db: float = -20.0) -> NDArray[np.int16]:
    """Return ``count`` samples of voiced and unvoiced syllables with pauses, at ``level_db`` of full scale."""
    rng = np.random.default_rng(seed)
    out = np.zeros(count)
    at = 0
    while at < count:
        length = int(rng.uniform(0.12, 0.32) * RATE)
        t = np.arange(length) / RATE
        pitch = rng.uniform(90, 220) * (1 + 0.05 * np.sin(2 * np.pi * 4 * t))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        first, second = rng.uniform(300, 800), rng.uniform(900, 2400)
        sound = np.zeros(length)
        for harmonic in range(1, 30):
            hertz = harmonic * float(pitch.mean())
            weight = np.exp(-(((hertz - first) / 250) ** 2)) + 0.5 * np.exp(-(((hertz - second) / 400) ** 2)) + 0.02
            sound += weight * np.sin(harmonic * phase)
        sound += 0.15 * rng.standard_normal(length)
        piece = (sound * np.hanning(length))[: count - at]
        out[at : at + len(piece)] = piece
        at += length + int(rng.uniform(0.02, 0.25) * RATE)
    scale = 10 ** (level_db / 20) / np.sqrt(np.mean(out**2))
    return _samples(out * scale)


def _samples(sound: NDArray[np.float64]) -> NDArray[np.int16]:
    clipped: NDArray[np.int16] = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    return clipped


def echo_of(
    far: NDArray[np.int16], delay_s: float, *, reverberation_s: float = 0.35, gain_db: float = -6.0, drive: float = 0.0
) -> NDArray[np.int16]:
    """Return what a microphone hears of ``far`` through speaker and room.

    Args:
        far: What is played.
        delay_s: Of the devices and the way through the air.
        reverberation_s: Until the room's answer is 60 dB down.
        gain_db: Loudness of the echo.
        drive: How much the speaker distorts; 0 not at all.
    """
    played = far / 32768
    if drive:
        played = np.tanh(drive * played) / drive
    rng = np.random.default_rng(5)
    length = int(reverberation_s * RATE)
    room = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    room[0] = 3.0
    room /= np.sqrt(np.sum(room**2))
    size = 1 << (len(played) + length).bit_length()
    echo = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(room, size), size)[: len(played)]
    delayed = np.concatenate([np.zeros(int(delay_s * RATE)), echo])[: len(played)] * 10 ** (gain_db / 20)
    return _samples(delayed)
