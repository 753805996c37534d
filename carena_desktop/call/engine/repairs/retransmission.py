"""Repeat lost packets from a longer memory, but within a budget.

aiortc 1.16 remembers 128 packets, a quarter of a second at 2.5 Mbit/s, and repeats whatever is asked for however often:
on a 250 kbit/s link it sent 4.2 Mbit/s (measured). Repetitions here are at most a quarter of what was sent, and the
same packet not twice within the time its first repetition needs.
"""

from collections import OrderedDict
from typing import Final

import aiortc.rtcrtpsender
from aiortc import RTCRtpSender

from carena_desktop.clock import Clock

HISTORY: Final = 1024
"""Packets; two seconds at 2.5 Mbit/s."""
SHARE: Final = 0.25
BURST: Final = 60.0
AGAIN_AFTER_S: Final = 0.04


class Retransmitter:
    """Decides for one sender which requests are met.

    Args:
        sender: Has sent nothing yet.
        clock: The time.
    """

    def __init__(self, sender: RTCRtpSender, clock: Clock) -> None:
        self._sender = sender
        self._clock = clock
        self._retransmit = sender._retransmit  # noqa: SLF001 - the repair
        self._budget = BURST
        self._counted = 0
        self._recent: OrderedDict[int, float] = OrderedDict()
        self.repeated = 0
        """Packets sent again."""
        self.refused = 0
        """Requests that were not met."""
        sender._retransmit = self._asked  # type: ignore[method-assign]  # noqa: SLF001 - the repair

    async def _asked(self, sequence_number: int) -> None:
        sent: int = self._sender._RTCRtpSender__packet_count  # type: ignore[attr-defined]  # noqa: SLF001 - the repair
        self._budget = min(BURST, self._budget + SHARE * (sent - self._counted))
        self._counted = sent
        now = self._clock.monotonic()
        if self._budget < 1 or now - self._recent.get(sequence_number, float("-inf")) < AGAIN_AFTER_S:
            self.refused += 1
            return
        self._budget -= 1
        self._recent[sequence_number] = now
        self._recent.move_to_end(sequence_number)
        while len(self._recent) > HISTORY:
            self._recent.popitem(last=False)
        self.repeated += 1
        await self._retransmit(sequence_number)


def install(sender: RTCRtpSender, clock: Clock) -> Retransmitter:
    """Use it in a video sender that has sent nothing yet; return it."""
    aiortc.rtcrtpsender.RTP_HISTORY_SIZE = HISTORY  # type: ignore[attr-defined]  # its name there, not exported
    return Retransmitter(sender, clock)
