"""One leg of a call: a peer connection that sends what the feeds give and hands on what the other party sends.

aiortc's traps are met here and nowhere else: the data channel is created last (created first, a shared transport never
connects), candidates of any section go to the transport that all sections share, the answer is checked before it is
applied, every remote track is always consumed (aiortc's queues have no bound), and closing is bounded.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.sdp import candidate_from_sdp
from av import AudioFrame, VideoFrame

from carena_desktop.call.engine import answer_check, srtp
from carena_desktop.call.engine.counters import LegFacts, MediaFacts
from carena_desktop.call.engine.feeds import AudioFeed, VideoFeed
from carena_desktop.call.engine.flood import MessageBudget
from carena_desktop.call.engine.leg_files import LegFiles
from carena_desktop.call.engine.leg_video import LegVideo
from carena_desktop.call.engine.offer_text import with_one_fingerprint
from carena_desktop.call.engine.repairs import audio_jitter, direct_path, failed_sends, ice_ladder, playout_delay, voice
from carena_desktop.call.engine.repairs.sealing import LegSealing
from carena_desktop.call.engine.transport_facts import read_facts
from carena_desktop.call.path_events import KeysTaken
from carena_desktop.call.ports import (
    ControlOpened,
    ControlReceived,
    EngineEvent,
    EngineFailed,
    InstallKeys,
    LegChanged,
    LegState,
    OfferMade,
    Tunnel,
)
from carena_desktop.clock import Clock
from carena_desktop.tasks import TaskScope
from carena_protocol import limits
from carena_protocol.e2ee.sframe import Kind, SealError
from carena_protocol.messages import IceServer
from carena_protocol.peer import DATA_CHANNEL_LABEL

_log = logging.getLogger(__name__)

CLOSE_LIMIT_S: Final = 3.0
"""aiortc waits for TURN servers that may be gone."""
FLUSH_LIMIT_S: Final = 0.3
FLUSH_STEP_S: Final = 0.01
MAX_BUFFERED: Final = 1024 * 1024
CAUTION: Final = 0.8
"""Of the rate that the leg before had: the way may be another, and for a moment both send."""

_CODECS: Final = {"audio": ("audio/opus",), "video": ("video/vp8", "video/rtx")}
_STATES: Final = {
    "new": LegState.CONNECTING,
    "connecting": LegState.CONNECTING,
    "connected": LegState.CONNECTED,
    "failed": LegState.FAILED,
    "closed": LegState.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where a leg hands on what it gets; called on the loop with the leg's number."""

    event: Callable[[EngineEvent], None]
    video: Callable[[int, VideoFrame], None]
    screen: Callable[[int, VideoFrame], None]
    audio: Callable[[int, AudioFrame], None]


class Leg:
    """A peer connection that offers. Methods are called on the engine's loop.

    Args:
        number: Of the leg.
        servers: STUN and TURN servers, all of which are asked.
        relay_only: Whether only relayed candidates may be used.
        srtp_profiles: Those that are allowed, None for all.
        video: The camera.
        screen: The shared screen; None when the other party knows no section for it.
        audio: The microphone.
        sinks: Where to hand on.
        clock: The time.
        tunnels: Which relays are reached through a proxy.

    Raises:
        ValueError: An address of ``servers`` can't be read, or no SRTP profile is left.
    """

    def __init__(
        self,
        number: int,
        *,
        servers: tuple[IceServer, ...],
        relay_only: bool,
        srtp_profiles: tuple[str, ...] | None = None,
        video: VideoFeed,
        screen: VideoFeed | None,
        audio: AudioFeed,
        sinks: Sinks,
        clock: Clock,
        tunnels: tuple[Tunnel, ...] = (),
    ) -> None:
        ladder, profiles = ice_ladder.read(servers, tunnels), srtp.chosen(srtp_profiles)
        self.number = number
        self._sinks = sinks
        self._clock = clock
        self.made_at = clock.monotonic()
        """Monotonic seconds."""
        self._scope = TaskScope(f"leg-{number}", on_failure=lambda _name, _error: self._fail("leg_error"))
        self._budget = MessageBudget(clock)
        self._state: LegState | None = None
        self._answered = False
        self._closing = False
        self._early_candidates: list[str] = []
        self._pc = RTCPeerConnection(
            RTCConfiguration(
                iceServers=[],  # all of them are asked by the ladder
                bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
                iceTransportPolicy=RTCIceTransportPolicy.RELAY if relay_only else RTCIceTransportPolicy.ALL,
            )
        )
        self._pc.on("connectionstatechange", self._state_changed)
        self._pc.on("track", self._track_arrived)
        self._sealing = LegSealing("C>P", "P>C", clock.monotonic)
        sound = self._add_media(audio.subscribe(), "audio")
        self._transport = sound.sender.transport
        direct_path.install(self._transport, self._scope)
        audio_jitter.install(sound.receiver)
        camera = self._add_media(video.subscribe(), "video")
        self._screen = self._add_media(screen.subscribe(), "screen") if screen is not None else None
        self._video = LegVideo(camera, self._screen, self._scope, clock)
        srtp.restrict(self._pc, profiles)
        ice_ladder.install(self._pc, ladder)
        self._channel: RTCDataChannel = self._pc.createDataChannel(DATA_CHANNEL_LABEL)
        self._channel.on("open", lambda: self._sinks.event(ControlOpened(number)))
        self._channel.on("message", self._message_arrived)
        self._files = LegFiles(self._pc, number, sinks.event, lambda: self._fail("flood"), clock)

    async def offer(self) -> None:
        """Gather candidates and report the offer."""
        await self._pc.setLocalDescription(await self._pc.createOffer())
        self._sinks.event(OfferMade(self.number, with_one_fingerprint(self._pc.localDescription.sdp)))

    async def apply_answer(self, sdp: str) -> None:
        """Check and apply the other party's answer; a bad one fails the leg."""
        if self._answered:
            return
        self._answered = True
        if not self._sealing.is_in_place:
            _log.error("leg %d: frames would leave unsealed", self.number)
            self._fail("unsealed")
            return
        try:
            checked = answer_check.check(sdp, tuple(self._mids()))
            await self._pc.setRemoteDescription(RTCSessionDescription(playout_delay.understood(checked.sdp), "answer"))
        except answer_check.AnswerError as error:
            _log.warning("leg %d: answer refused: %s", self.number, error.reason)
            self._fail("bad_answer")
            return
        except Exception as error:  # noqa: BLE001 - aiortc's parser raises anything; its text may quote the SDP
            _log.warning("leg %d: answer refused by aiortc: %s", self.number, type(error).__name__)
            self._fail("bad_answer")
            return
        for candidate in (*checked.hidden_candidates, *self._early_candidates):
            self._scope.spawn(self._apply_candidate(candidate), name="candidate")
        self._early_candidates.clear()

    def add_candidate(self, candidate: str) -> None:
        """Use a trickled candidate; "no more" is not passed on, as names still being resolved would be too late."""
        candidate = candidate.removeprefix("a=")
        if not candidate:
            return
        if self._answered and self._pc.remoteDescription is not None:
            self._scope.spawn(self._apply_candidate(candidate), name="candidate")
        elif len(self._early_candidates) < answer_check.MAX_CANDIDATES:
            self._early_candidates.append(candidate)

    def send_control(self, data: bytes) -> None:
        """Send over the data channel; dropped when it is not open or hopelessly behind."""
        if self._channel.readyState == "open" and self._channel.bufferedAmount < MAX_BUFFERED:
            self._channel.send(data.decode())

    def send_file_record(self, record: bytes) -> None:
        """Send over the files channel."""
        self._files.send(record)

    def begin_like(self, other: "Leg") -> None:
        """Send a little less than what another leg of the call found that the path carries, and find out the rest."""
        found = other.facts_of_video.path_kbps
        if found is not None:
            self._video.begin_at(CAUTION * found)

    @property
    def facts_of_video(self) -> MediaFacts:
        """What the video senders and receivers say now."""
        return self._video.facts()

    def set_sending(self, *, camera: bool, screen: bool) -> None:
        """Say which pictures are captured: the rate is divided between them."""
        self._video.set_sending(camera=camera, screen=screen)

    @property
    def has_sent(self) -> bool:
        """Whether it ever had keys to send with."""
        return self._sealing.has_keys

    def install(self, keys: InstallKeys) -> None:
        """Take keys; before the first ones nothing leaves and nothing is played."""
        try:
            self._sealing.install(keys.use, keys.epoch, keys.audio, keys.video, keys.screen)
        except SealError:
            self._fail("bad_keys")

    @property
    def received_packets(self) -> int:
        """Datagrams that came over the transport, STUN left out."""
        return int(self._transport._RTCDtlsTransport__rx_packets)  # type: ignore[attr-defined]  # noqa: SLF001 - checked by internals

    @property
    def reports(self) -> tuple[int, float | None]:
        """How many reports of our packets came, and since when one is owed; None: all is told of."""
        return self._video.reports

    @property
    def failed_sends(self) -> int:
        """Datagrams that this machine could not send."""
        return failed_sends.count(self._transport.transport)

    async def facts(self) -> LegFacts:
        """Return what the transport says now."""
        return await read_facts(self._pc, replace(self.facts_of_video, unopened=self._sealing.unopened))

    async def aclose(self) -> None:
        """Send what is queued, close everything; bounded."""
        self._closing = True
        waited = 0.0
        while self._channel.readyState == "open" and self._channel.bufferedAmount and waited < FLUSH_LIMIT_S:
            await asyncio.sleep(FLUSH_STEP_S)
            waited += FLUSH_STEP_S
        for transceiver in self._pc.getTransceivers():
            if transceiver.sender.track is not None:
                transceiver.sender.track.stop()
        try:
            await asyncio.wait_for(self._pc.close(), CLOSE_LIMIT_S)
        except TimeoutError:
            _log.warning("leg %d did not close in time", self.number)
        await self._scope.aclose()
        self._tell(LegState.CLOSED)

    # -- media -----------------------------------------------------------------------------------------------------

    def _add_media(self, track: MediaStreamTrack, kind: Kind) -> RTCRtpTransceiver:
        transceiver = self._pc.addTransceiver(track, direction="sendrecv")
        capabilities = RTCRtpReceiver.getCapabilities(track.kind)
        known = capabilities.codecs if capabilities is not None else []
        transceiver.setCodecPreferences([codec for codec in known if codec.mimeType.lower() in _CODECS[track.kind]])
        if kind == "audio":
            voice.install_encoder(transceiver.sender)
        self._sealing.attach(transceiver.sender, transceiver.receiver, kind)  # around all that encodes
        return transceiver

    def _track_arrived(self, track: MediaStreamTrack) -> None:
        if not self._closing:
            is_screen = self._screen is not None and track is self._screen.receiver.track
            show = self._sinks.screen if is_screen else self._sinks.video
            self._scope.spawn(self._consume(track, show), name=f"remote-{track.kind}")

    async def _consume(self, track: MediaStreamTrack, show: Callable[[int, VideoFrame], None]) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, VideoFrame):
                if (epoch := self._sealing.epoch_begun(frame.pts)) is not None:
                    self._sinks.event(KeysTaken(self.number, epoch))
                show(self.number, frame)
            elif isinstance(frame, AudioFrame):
                self._sinks.audio(self.number, frame)

    # -- the connection ----------------------------------------------------------------------------------------------

    def _mids(self) -> list[str]:
        lines = self._pc.localDescription.sdp.splitlines()
        return [line.removeprefix("a=mid:") for line in lines if line.startswith("a=mid:")]

    async def _apply_candidate(self, text: str) -> None:
        try:
            candidate = candidate_from_sdp(text.removeprefix("candidate:"))
            candidate.sdpMid = self._mids()[0]  # all sections share its transport
            await self._pc.addIceCandidate(candidate)
        except Exception as error:  # noqa: BLE001 - a stranger's text, and multicast may be forbidden: skip it
            _log.debug("leg %d: candidate skipped: %s", self.number, type(error).__name__)

    def _message_arrived(self, message: str | bytes) -> None:
        data = message.encode() if isinstance(message, str) else message
        if len(data) > limits.MAX_CONTROL_BYTES:
            _log.warning("leg %d: oversize control message dropped", self.number)
        elif self._budget.spend():
            self._sinks.event(ControlReceived(self.number, data))
        else:
            self._fail("flood")

    def _state_changed(self) -> None:
        self._tell(_STATES[self._pc.connectionState])

    def _tell(self, state: LegState) -> None:
        if state is not self._state and self._state is not LegState.CLOSED:
            self._state = state
            self._sinks.event(LegChanged(self.number, state))

    def _fail(self, code: str) -> None:
        if not self._closing:
            self._sinks.event(EngineFailed(code, self.number))
