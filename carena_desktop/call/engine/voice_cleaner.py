"""Takes echo, noise and uneven loudness out of what the microphone hears. A port, and WebRTC's own module behind it.

livekit's wheel carries WebRTC's AudioProcessingModule; nothing else of it is used and it opens no connection. Given a
frame that is not exactly 10 ms it aborts the process, so whatever comes is cut to size here. What is played must be
told before the microphone hears it: both sides live on the devices' thread, and what goes to the speaker is told.
"""

import logging
from typing import Any, Final, Protocol

import numpy as np

from carena_desktop.call.engine.devices import SAMPLE_RATE, Samples

_log = logging.getLogger(__name__)

STEP: Final = SAMPLE_RATE // 100
"""Samples in 10 ms, the only size that the module takes."""


class VoiceCleaner(Protocol):
    """Between the microphone and everybody else. Called on one thread."""

    def played(self, samples: Samples) -> None:
        """Note what the speaker was given: mono, 48 kHz, any number of samples."""
        ...

    def heard(self, samples: Samples) -> Samples:
        """Return what is left of a block of the microphone: mono, 48 kHz, a whole number of 10 ms; else ValueError."""
        ...


class AsHeard:
    """Implements ``VoiceCleaner`` by doing nothing, for systems without the module."""

    def played(self, samples: Samples) -> None:
        """Nothing is done with it."""

    def heard(self, samples: Samples) -> Samples:
        """Return it as it is."""
        return samples


class WebrtcCleaner:
    """Implements ``VoiceCleaner``: echo cancellation, noise suppression, high-pass filter, automatic gain.

    Raises:
        ImportError: livekit is not installed or can't be loaded.
    """

    def __init__(self, *, noise: bool = True, gain: bool = True) -> None:
        from livekit import rtc  # noqa: PLC0415 - half a second and twenty megabytes, for the media process only

        self._frame: Any = rtc.AudioFrame
        self._module = rtc.AudioProcessingModule(
            echo_cancellation=True, noise_suppression=noise, high_pass_filter=True, auto_gain_control=gain
        )
        self._rest: Samples = np.zeros(0, np.int16)

    def played(self, samples: Samples) -> None:
        """Note what the speaker was given; what is less than 10 ms waits for the rest."""
        waiting = np.concatenate([self._rest, samples])
        whole = len(waiting) // STEP * STEP
        for start in range(0, whole, STEP):
            self._module.process_reverse_stream(self._framed(waiting[start : start + STEP]))
        self._rest = waiting[whole:]

    def heard(self, samples: Samples) -> Samples:
        """Return the block without echo and noise; as long as it was."""
        if len(samples) % STEP:
            raise ValueError("not a whole number of 10 ms")
        out = np.empty(len(samples), np.int16)
        for start in range(0, len(samples), STEP):
            frame = self._framed(samples[start : start + STEP])
            self._module.process_stream(frame)
            out[start : start + STEP] = np.frombuffer(frame.data, np.int16)
        return out

    def _framed(self, samples: Samples) -> Any:  # livekit's frame, not typed
        if len(samples) != STEP:  # the process would abort
            raise ValueError("not 10 ms")
        return self._frame(bytearray(samples.astype(np.int16).tobytes()), SAMPLE_RATE, 1, STEP)


def make_cleaner() -> VoiceCleaner:
    """Return WebRTC's module where it is, else one that changes nothing, and say so."""
    try:
        return WebrtcCleaner()
    except (ImportError, OSError, RuntimeError) as error:
        _log.warning("no echo cancellation: %s", type(error).__name__)
        return AsHeard()
