"""Microphone and speaker through QtMultimedia. Objects live on Qt's thread; only ``CaptureGuard`` opens microphones.

Measured traps that shape this module: ``stateChanged`` never calls a one-argument lambda; states prove nothing (a
killed sound server leaves ``Active`` and ``NoError`` for ever), bytes do; a speaker is fed by pushing on a 5 ms timer.
"""

import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import av
import numpy as np
from av import AudioFrame
from PySide6.QtCore import QIODevice, QObject, Qt, QTimer, Slot
from PySide6.QtMultimedia import (
    QAudioDevice,
    QAudioFormat,
    QAudioSink,
    QAudioSource,
    QCameraDevice,
    QMediaDevices,
    QtAudio,
)

from carena_desktop.call.engine.devices import (
    FRAME_SAMPLES,
    SAMPLE_RATE,
    DeliverSamples,
    DeviceError,
    DeviceProblem,
    Samples,
)
from carena_desktop.call.engine.echo_watch import EchoWatch
from carena_desktop.call.engine.planes import samples
from carena_desktop.call.engine.voice_cleaner import VoiceCleaner
from carena_desktop.clock import Clock

BUFFER_S: Final = 0.06
MAX_QUEUED_S: Final = 0.16
"""Remote sound that waits longer than this is dropped: late words are worse than lost ones."""
PUSH_MS: Final = 5
WATCH_MS: Final = 250
STALLED_S: Final = 1.5
_STEREO_BYTES_PER_S: Final = SAMPLE_RATE * 2 * 2
_SILENCE: Final = bytes(_STEREO_BYTES_PER_S // 100)


def audio_format(channels: int) -> QAudioFormat:
    """Return 48 kHz, 16 bit."""
    chosen = QAudioFormat()
    chosen.setSampleRate(SAMPLE_RATE)
    chosen.setChannelCount(channels)
    chosen.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return chosen


def _mono(stereo: bytes) -> Samples:
    """Return 16-bit stereo bytes as one channel."""
    both = np.frombuffer(stereo, np.int16).reshape(-1, 2).astype(np.int32)
    mixed: Samples = (both.sum(axis=1) // 2).astype(np.int16)
    return mixed


class BlockMaker:
    """Cuts bytes of any length, rate and channel count into blocks of 960 mono samples at 48 kHz."""

    def __init__(self, given: QAudioFormat) -> None:
        self._channels = given.channelCount()
        self._rate = given.sampleRate()
        self._plain = given == audio_format(1)
        self._resampler = None if self._plain else av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        self._bytes = b""
        self._rest: Samples = np.zeros(0, np.int16)

    def feed(self, data: bytes) -> list[Samples]:
        """Return the blocks that are complete with ``data``."""
        self._bytes += data
        whole = len(self._bytes) // (2 * self._channels) * 2 * self._channels
        heard, self._bytes = np.frombuffer(self._bytes[:whole], np.int16), self._bytes[whole:]
        self._rest = np.concatenate([self._rest, heard if self._plain else self._convert(heard)])
        count = len(self._rest) // FRAME_SAMPLES
        blocks = [self._rest[i * FRAME_SAMPLES : (i + 1) * FRAME_SAMPLES].copy() for i in range(count)]
        self._rest = self._rest[count * FRAME_SAMPLES :]
        return blocks

    def _convert(self, heard: Samples) -> Samples:
        if self._resampler is None or len(heard) == 0:
            return heard[:0]
        mono = heard.reshape(-1, self._channels).mean(axis=1).astype(np.int16)
        frame = AudioFrame.from_ndarray(mono.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate
        pieces = [samples(piece)[:, 0] for piece in self._resampler.resample(frame)]
        return np.concatenate(pieces) if pieces else heard[:0]


def device_id(device: QAudioDevice | QCameraDevice) -> str:
    """Return the id as text."""
    return bytes(device.id().data()).decode(errors="replace")


class QtMicrophone(QObject):
    """One open microphone; implements ``qt_handle.Openable``."""

    def __init__(self, device: QAudioDevice, deliver: DeliverSamples, cleaner: EchoWatch) -> None:
        super().__init__()
        self._cleaner = cleaner
        cleaner.begin()
        wanted = audio_format(1)
        self._format = wanted if device.isFormatSupported(wanted) else device.preferredFormat()
        self._format.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        if not device.isFormatSupported(self._format):
            raise DeviceError(DeviceProblem.FAILED)
        self._source = QAudioSource(device, self._format, self)
        self._source.setBufferSize(self._format.bytesForDuration(int(BUFFER_S * 1e6)))
        self._blocks = BlockMaker(self._format)
        self._deliver = deliver
        self._stream: QIODevice | None = None
        self.device = device_id(device)
        self.active = False
        self.problem: DeviceProblem | None = None
        self.silent_s = 0.0

    @property
    def echoes(self) -> bool:
        """Whether it hears the speaker loudly."""
        return self._cleaner.is_strong

    def start(self) -> None:
        """Open; raises DeviceError."""
        self._source.stateChanged.connect(self._state_changed)
        self._stream = self._source.start()
        if self._source.error() is not QtAudio.Error.NoError:
            self.stop()
            raise DeviceError(DeviceProblem.BUSY)
        self.active = True
        self._stream.readyRead.connect(self._read)

    def stop(self) -> None:
        """Release."""
        self._stream = None  # first: stopping says so at once, and that is no failure
        self._source.stop()
        self.active = self._source.state() is not QtAudio.State.StoppedState

    def vanished(self) -> None:
        """It was unplugged. PulseAudio moves the stream to another microphone and says nothing: end it at once."""
        self.problem = DeviceProblem.GONE
        self.stop()

    @Slot()
    def _read(self) -> None:
        if self._stream is not None:
            for block in self._blocks.feed(bytes(self._stream.readAll().data())):
                # Before cleaning, which makes zeros of a quiet room.
                self.silent_s = 0.0 if block.any() else self.silent_s + FRAME_SAMPLES / SAMPLE_RATE
                self._deliver(self._cleaner.heard(block))

    @Slot(QtAudio.State)
    def _state_changed(self, state: QtAudio.State) -> None:
        if state is QtAudio.State.StoppedState and self._stream is not None:
            self.problem = DeviceProblem.FAILED
            self.active = False


class QtSpeaker(QObject):
    """The chosen speaker, or the default one, whichever that is at the moment; implements ``devices.Speaker``.

    A chosen speaker that is gone is not replaced: a headset's patient must not be heard in the room.
    """

    def __init__(
        self, clock: Clock, cleaner: VoiceCleaner, outputs: Callable[[], Mapping[str, QAudioDevice]], wanted: str = ""
    ) -> None:
        super().__init__()
        self._wanted = wanted
        self._clock = clock
        self._cleaner = cleaner
        self._outputs = outputs
        self._lock = threading.Lock()
        self._queue = bytearray()
        self._sink: QAudioSink | None = None
        self._device = ""
        self._used = wanted
        self._stream: QIODevice | None = None
        self._in_device = 0
        self._accepted_at = clock.monotonic()
        self._problem: DeviceProblem | None = DeviceProblem.NO_DEVICE
        self.stop_soon: Callable[[], Awaitable[None]] | None = None
        self._push_timer = QTimer(self)
        self._push_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._push_timer.timeout.connect(self._push)
        self._watch_timer = QTimer(self)
        self._watch_timer.timeout.connect(self._watch)
        self._watch()
        self._push_timer.start(PUSH_MS)
        self._watch_timer.start(WATCH_MS)

    @property
    def problem(self) -> DeviceProblem | None:
        """Set when nobody can hear."""
        return self._problem

    @property
    def waiting_s(self) -> float:
        """What is queued here and in the device, as of its last 5 ms."""
        return (len(self._queue) + self._in_device) / _STEREO_BYTES_PER_S

    def choose(self, device: str) -> None:
        """Use another device from now on, from any thread; it is opened within half a second."""
        self._wanted = device

    def write(self, samples: bytes) -> None:
        """Queue sound, from any thread; the oldest is dropped when it waits too long."""
        with self._lock:
            self._queue += samples
            late = len(self._queue) - int(MAX_QUEUED_S * _STEREO_BYTES_PER_S)
            if late > 0:
                del self._queue[: late // 4 * 4 + 4]

    async def close(self) -> None:
        """Release, from the engine's thread."""
        if self.stop_soon is not None:
            await self.stop_soon()

    def stop(self) -> None:
        """Release, on Qt's thread."""
        self._push_timer.stop()
        self._watch_timer.stop()
        self._drop()

    def _drop(self) -> None:
        sink, self._sink, self._stream = self._sink, None, None
        if sink is not None:
            sink.stop()
            sink.deleteLater()

    @Slot()
    def _push(self) -> None:
        if self._sink is None or self._stream is None:
            return
        free = self._sink.bytesFree() // 4 * 4
        self._in_device = max(self._sink.bufferSize() - free, 0)
        if free <= 0:
            return
        with self._lock:
            data = bytes(self._queue[:free])
            del self._queue[: len(data)]
        if not data and free >= len(_SILENCE) * int(BUFFER_S * 100) - len(_SILENCE):
            data = _SILENCE  # nearly run dry: keep the clock of the device going
        if data:
            self._stream.write(data)
            self._in_device += len(data)
            self._cleaner.played(_mono(data))
            self._accepted_at = self._clock.monotonic()

    @Slot()
    def _watch(self) -> None:
        """Open what is missing, reopen what is gone or takes nothing any more."""
        known = self._outputs()
        if self._wanted != self._used:
            self._used = self._wanted
            self._drop()
        stalled = self._clock.monotonic() - self._accepted_at > STALLED_S
        if self._sink is not None and (self._device not in known or stalled):
            self._drop()
            self._problem = DeviceProblem.FAILED if known else DeviceProblem.NO_DEVICE
        if self._sink is not None:
            return
        device = known.get(self._used or device_id(QMediaDevices.defaultAudioOutput()))
        if device is None:
            self._problem = DeviceProblem.GONE if self._used else DeviceProblem.NO_DEVICE
            return
        self._open(device)

    def _open(self, device: QAudioDevice) -> None:
        wanted = audio_format(2)
        if not device.isFormatSupported(wanted):
            self._problem = DeviceProblem.FAILED
            return
        self._sink = QAudioSink(device, wanted, self)
        self._sink.setBufferSize(int(BUFFER_S * _STEREO_BYTES_PER_S))
        self._stream = self._sink.start()
        if self._sink.error() is not QtAudio.Error.NoError:
            self._drop()
            self._problem = DeviceProblem.FAILED
            return
        self._device = device_id(device)
        self._accepted_at = self._clock.monotonic()
        self._problem = None
