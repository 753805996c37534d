"""What stands in a leg's video senders and receivers: the repairs together, and what they measured.

The camera and a shared screen have a sender and a receiver each; the rate, the numbers of packets and the feedback are
the transport's, and so there is one of them for both.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from aiortc import RTCRtpTransceiver

from carena_desktop.call.engine.counters import MediaFacts, ScreenFacts
from carena_desktop.call.engine.repairs import live_vp8, retransmission
from carena_desktop.call.engine.repairs.send_control import SendControl
from carena_desktop.call.engine.repairs.transport_cc import FeedbackReporter
from carena_desktop.call.engine.repairs.video_reception import VideoReception
from carena_desktop.clock import Clock
from carena_desktop.tasks import TaskScope

if TYPE_CHECKING:
    from carena_desktop.call.engine.repairs.live_vp8 import LiveVp8Encoder


class LegVideo:
    """Installed in transceivers that have sent and received nothing yet.

    Args:
        camera: Of the camera's picture.
        screen: Of a shared screen's; None when the other party knows no such section.
        scope: Owns what runs meanwhile.
        clock: The time.
    """

    def __init__(
        self, camera: RTCRtpTransceiver, screen: RTCRtpTransceiver | None, scope: TaskScope, clock: Clock
    ) -> None:
        self._camera = live_vp8.install(camera.sender, clock)
        self._control = SendControl(camera.sender, self._camera, clock)
        self._reporter = FeedbackReporter(camera.receiver, clock)
        self._received = self._install(camera, scope, clock)
        self._screen: LiveVp8Encoder | None = None
        self._received_screen: VideoReception | None = None
        if screen is not None:
            self._screen = live_vp8.install(screen.sender, clock, is_screen=True)
            self._screen.spare(self._camera)
            self._control.add_screen(screen.sender, self._screen)
            self._reporter.also(screen.receiver)
            self._received_screen = self._install(screen, scope, clock)
        scope.spawn(self._control.run(), name="send-control")
        scope.spawn(self._reporter.run(), name="feedback")

    @staticmethod
    def _install(transceiver: RTCRtpTransceiver, scope: TaskScope, clock: Clock) -> VideoReception:
        retransmission.install(transceiver.sender, clock)
        reception = VideoReception(transceiver.receiver, clock)
        scope.spawn(reception.run(), name="reception")
        return reception

    def begin_at(self, kbps: float) -> None:
        """Begin with a rate that another leg of the call found."""
        self._control.begin_at(kbps)

    def set_sending(self, *, camera: bool, screen: bool) -> None:
        """Say what is captured, so that each has its share of the rate."""
        self._control.set_sending(camera=camera, screen=screen and self._screen is not None)

    @property
    def reports(self) -> tuple[int, float | None]:
        """How many reports of our packets came, and since when one is owed; None: all is told of."""
        return self._control.reports

    def facts(self) -> MediaFacts:
        """Return what senders and receivers say now; rates and losses are of both pictures together."""
        camera = MediaFacts(
            frames_sent=self._camera.sent,
            sent_size=self._camera.size,
            sent_kbps=self._camera.output_kbps,
            sent_loss=self._control.loss,
            path_kbps=self._control.estimate_kbps,
            encode_ms=self._camera.encode_ms,
            is_cpu_limited=self._camera.is_cpu_limited,
            received_bytes=self._received.bytes,
            received_packets=self._received.packets,
            missed_packets=self._received.missed,
        )
        if self._screen is None or self._received_screen is None:
            return camera
        return replace(
            camera,
            sent_kbps=camera.sent_kbps + self._screen.output_kbps,
            received_bytes=camera.received_bytes + self._received_screen.bytes,
            received_packets=camera.received_packets + self._received_screen.packets,
            missed_packets=camera.missed_packets + self._received_screen.missed,
            screen=ScreenFacts(self._screen.sent, self._screen.size),
        )
