"""A patient made of the same parts: answers offers, sends the generated picture and tone, measures what it gets.

For the self-test and for tests; it is never part of a visit. What it measures comes from decoded frames: the numbers in
the pictures, and the frequency of the sound.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

import numpy as np
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, VideoFrame

from carena_desktop.call.engine import frame_number
from carena_desktop.call.engine.capture_guard import CaptureGuard
from carena_desktop.call.engine.devices import SAMPLE_RATE, Samples
from carena_desktop.call.engine.feeds import AudioFeed, VideoFeed
from carena_desktop.call.engine.planes import luma, samples
from carena_desktop.call.engine.repairs.sealing import LegSealing, kinds
from carena_desktop.call.engine.screen_feed import ScreenFeed
from carena_desktop.call.engine.virtual_devices import GENERATOR, VirtualDevices
from carena_desktop.call.ports import SetCapture
from carena_desktop.clock import SYSTEM_CLOCK, Clock
from carena_desktop.tasks import TaskScope
from carena_protocol.peer import DATA_CHANNEL_LABEL, AnyControl, decode_control, encode

CLOSE_LIMIT_S: Final = 3.0
TONE_WINDOW_FRAMES: Final = 25
"""Half a second of 20 ms frames: 2 Hz of resolution."""


class LoopbackPatient:
    """The other party of one leg.

    Args:
        clock: The time.
        on_control: Called with each control message.
        camera: Whether to send a picture.
        screen: Whether to share the generated screen.
        microphone: Whether to send sound.
    """

    def __init__(
        self,
        clock: Clock = SYSTEM_CLOCK,
        *,
        on_control: Callable[[AnyControl], None] | None = None,
        camera: bool = True,
        microphone: bool = True,
        screen: bool = False,
    ) -> None:
        self._on_control = on_control
        self._video = VideoFeed(clock)
        self._screen = ScreenFeed(clock)
        self._audio = AudioFeed(clock)
        self._audio.muted = False
        self._scope = TaskScope("loopback-patient")
        self._guard = CaptureGuard(
            VirtualDevices(clock),
            on_frame=self._video.push,
            on_screen=self._screen.push,
            on_samples=self._audio.push,
            on_change=lambda _report: None,
            clock=clock,
        )
        self._wish = SetCapture(camera, microphone, muted=False, camera_device=GENERATOR, microphone_device=GENERATOR)
        self.share(shared=screen)
        self._scope.spawn(self._screen.run(), name="screen")
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.on_open: Callable[[], None] = lambda: None
        """Called when the data channel is there."""
        self.on_other_channel: Callable[[RTCDataChannel], None] = lambda _channel: None
        """Called with every data channel but the control one; without it nothing is done with them."""
        self.sealing = LegSealing("P>C", "C>P", clock.monotonic)
        """Whoever agrees on keys puts them here; before that nothing leaves and nothing is heard."""
        self._pc.on("track", self._track_arrived)
        self._pc.on("datachannel", self._channel_arrived)
        self._channel: RTCDataChannel | None = None
        self._sound: deque[Samples] = deque(maxlen=TONE_WINDOW_FRAMES)
        self.numbers: list[int] = []
        """Frame numbers seen, in order of arrival."""
        self.screen_numbers: list[int] = []
        """The same of the shared screen."""
        self.newest_screen: VideoFrame | None = None
        """The last picture of it."""
        self.video_frames = 0
        self.audio_frames = 0
        self.control: list[AnyControl] = []
        self.changed = asyncio.Event()
        """Set whenever something arrived; whoever waits clears it."""

    async def answer(self, offer: str) -> str:
        """Return the answer to ``offer``."""
        await self._pc.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        transceivers = self._pc.getTransceivers()
        feeds: dict[str, AudioFeed | VideoFeed] = {"audio": self._audio, "video": self._video, "screen": self._screen}
        for transceiver, kind in zip(transceivers, kinds(each.kind for each in transceivers), strict=True):
            transceiver.direction = "sendrecv"
            transceiver.sender.replaceTrack(feeds[kind].subscribe())
            self.sealing.attach(transceiver.sender, transceiver.receiver, kind)
        await self._pc.setLocalDescription(await self._pc.createAnswer())
        sdp: str = self._pc.localDescription.sdp
        return sdp

    def share(self, *, shared: bool) -> None:
        """Share the generated screen, or stop."""
        self._wish = replace(self._wish, shared=GENERATOR if shared else "")
        if not shared:
            self._screen.clear()
        self._guard.set(self._wish)

    def send(self, message: AnyControl) -> bool:
        """Send a control message; returns whether the channel was open."""
        if self._channel is None or self._channel.readyState != "open":
            return False
        self._channel.send(encode(message).decode())
        return True

    def send_raw(self, data: str | bytes) -> None:
        """Send anything, as a hostile page would."""
        if self._channel is not None:
            self._channel.send(data)

    def loudest_hertz(self) -> float:
        """Return the strongest frequency of the last half second, 0 when it was silent."""
        if not self._sound:
            return 0.0
        heard = np.concatenate(list(self._sound)).astype(np.float64)
        if np.abs(heard).max() < 100:  # noqa: PLR2004 - of 32767: silence
            return 0.0
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
        return float(np.argmax(spectrum) * SAMPLE_RATE / len(heard))

    async def aclose(self) -> None:
        """Close the connection and the generators."""
        await self._guard.aclose()
        # WORKAROUND: asyncio's proactor (Windows) forgets to say that a datagram transport is closed while a packet is
        # being sent (proactor_events.py: close() counts _conn_lost, _loop_writing() then returns); aioice waits for it.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._pc.close(), CLOSE_LIMIT_S)
        await self._scope.aclose()

    def _track_arrived(self, track: MediaStreamTrack) -> None:
        before = [each.receiver.track for each in self._pc.getTransceivers() if each.kind == "video"]
        is_screen = track.kind == "video" and track is not before[0]
        self._scope.spawn(self._consume(track, is_screen=is_screen), name=f"remote-{track.kind}")

    async def _consume(self, track: MediaStreamTrack, *, is_screen: bool) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, VideoFrame):
                self.video_frames += not is_screen
                self.newest_screen = frame if is_screen else self.newest_screen
                number = frame_number.read(luma(frame))
                if number is not None:
                    (self.screen_numbers if is_screen else self.numbers).append(number)
            elif isinstance(frame, AudioFrame):
                self.audio_frames += 1
                self._sound.append(samples(frame)[:, 0].copy())
            self.changed.set()

    def _channel_arrived(self, channel: RTCDataChannel) -> None:
        if channel.label != DATA_CHANNEL_LABEL:
            self.on_other_channel(channel)
            return
        self._channel = channel
        channel.on("message", self._message_arrived)
        self.on_open()
        self.changed.set()

    def _message_arrived(self, message: str | bytes) -> None:
        control = decode_control(message.encode() if isinstance(message, str) else message)
        self.control.append(control)
        self.changed.set()
        if self._on_control is not None:
            self._on_control(control)
