"""What stands in a leg's video sender and receiver: the repairs together, and what they measured."""

from aiortc import RTCRtpTransceiver

from carena_desktop.call.engine.counters import MediaFacts
from carena_desktop.call.engine.repairs import live_vp8, retransmission
from carena_desktop.call.engine.repairs.send_control import SendControl
from carena_desktop.call.engine.repairs.transport_cc import FeedbackReporter
from carena_desktop.call.engine.repairs.video_reception import VideoReception
from carena_desktop.clock import Clock
from carena_desktop.tasks import TaskScope


class LegVideo:
    """Installed in a transceiver that has sent and received nothing yet.

    Args:
        transceiver: Of video.
        scope: Owns what runs meanwhile.
        clock: The time.
    """

    def __init__(self, transceiver: RTCRtpTransceiver, scope: TaskScope, clock: Clock) -> None:
        self._encoder = live_vp8.install(transceiver.sender, clock)
        retransmission.install(transceiver.sender, clock)
        self._control = SendControl(transceiver.sender, self._encoder, clock)
        self._reception = VideoReception(transceiver.receiver, clock)
        reporter = FeedbackReporter(transceiver.receiver, clock)
        scope.spawn(self._reception.run(), name="reception")
        scope.spawn(self._control.run(), name="send-control")
        scope.spawn(reporter.run(), name="feedback")

    def begin_at(self, kbps: float) -> None:
        """Begin with a rate that another leg of the call found."""
        self._control.begin_at(kbps)

    def set_content(self, *, detailed: bool) -> None:
        """Say whether the picture has to be read or to move."""
        self._encoder.set_content(detailed=detailed)

    def facts(self) -> MediaFacts:
        """Return what sender and receiver say now."""
        return MediaFacts(
            frames_sent=self._encoder.sent,
            sent_size=self._encoder.size,
            sent_kbps=self._encoder.output_kbps,
            sent_loss=self._control.loss,
            path_kbps=self._control.estimate_kbps,
            encode_ms=self._encoder.encode_ms,
            is_cpu_limited=self._encoder.is_cpu_limited,
            received_bytes=self._reception.bytes,
            received_packets=self._reception.packets,
            missed_packets=self._reception.missed,
        )
