"""What is said over a call's data channel, whichever leg carries it: chat, heartbeats, media state. Sans-IO."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from carena_desktop.call import mute
from carena_desktop.call.chat import ChatLog
from carena_desktop.call.inputs import Moment
from carena_desktop.call.liveness import Liveness
from carena_desktop.call.model import CallFigures
from carena_desktop.call.pinned_device import HeldLines, PinnedDevice
from carena_desktop.call.screen_watch import ScreenWatch
from carena_protocol.peer import (
    AnyControl,
    Chat,
    ChatReceived,
    Confirm,
    Goodbye,
    Heartbeat,
    HeartbeatSeen,
    LegOver,
    LegShown,
    MediaState,
    PeerMessageError,
    Rekey,
    RekeyAck,
    RekeyDone,
    RekeyFin,
    RenewWanted,
    SealedOver,
    Standing,
    decode_control,
)

OF_LEGS: Final = (Confirm, Rekey, RekeyAck, RekeyFin, RekeyDone, SealedOver, LegShown, LegOver, RenewWanted, Standing)
"""What is about the legs themselves."""


def gives_life(figures: CallFigures) -> bool:
    """Whether anything came in the last second."""
    return figures.remote_fps > 0 or figures.screen_fps > 0 or figures.remote_audio_frames_per_s > 0


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a message."""

    valid: bool = False
    goodbye: bool = False
    replies: tuple[AnyControl, ...] = ()


class Talk:
    """The conversation between the two programs.

    Args:
        chat: Where lines go.
        pin: Whose device the visit is with.
    """

    def __init__(self, chat: ChatLog, pin: PinnedDevice) -> None:
        self._chat = chat
        self._pin = pin
        self._held = HeldLines(pin)
        self._liveness: Liveness | None = None
        self._figures = CallFigures()
        self._frames_before = 0
        self.leg = 0
        """The leg whose channel is used, 0 when none is open."""
        self._screen = ScreenWatch()
        self.peer_state: MediaState | None = None
        """What the other party says it sends; None until it has said so."""

    @property
    def figures(self) -> CallFigures:
        """The engine's figures, with what only this side knows."""
        beat = self._liveness.round_trip_ms if self._liveness is not None else None
        own = self._figures.round_trip_ms
        return replace(self._figures, round_trip_ms=beat if own is None else own)

    @property
    def beat_at(self) -> float | None:
        """When the next heartbeat is due."""
        return self._liveness.next_at if self._liveness is not None else None

    @property
    def lost(self) -> bool:
        """Whether too many heartbeats stayed unanswered."""
        return self._liveness is not None and self._liveness.lost

    @property
    def peer_sends(self) -> dict[str, bool]:
        """Whether a picture and sound are to be expected, as keywords of ``quality.judge``; yes until we were told."""
        state = self.peer_state
        return {
            "peer_camera": state is None or state.camera,
            "peer_microphone": state is None or state.microphone == "live",
        }

    @property
    def peer_shares(self) -> bool:
        """Whether the other party says that it shares a screen."""
        return self._screen.is_shared

    @property
    def shows_screen(self) -> bool:
        """Whether the screen that the other party shares comes."""
        return self._screen.shows

    def opened(self, leg: int, now: float, lamps: mute.Lamps) -> tuple[AnyControl, ...]:
        """The channel of ``leg`` is open: return what to say first."""
        self.leg = leg
        self._liveness = Liveness(now)
        return (mute.media_state(lamps), *self.unconfirmed())

    def unconfirmed(self) -> tuple[Chat, ...]:
        """Return our lines that are to be sent again; none goes to a device whose code is to be compared first."""
        return () if self._pin.is_held else self._chat.unconfirmed()

    def released(self, now: Moment) -> tuple[AnyControl, ...]:
        """The codes match: take what was held, and return what to say."""
        held = self._held.released()
        for line in held:
            self._chat.arrived(line, now.wall_ms)
        return (*(ChatReceived(id=line.id) for line in held), *self.unconfirmed())

    def keep_open(self, legs: tuple[int, ...]) -> None:
        """Only ``legs`` are still open."""
        if self.leg not in legs:
            self.leg = 0
            self._liveness = None
            self._figures = replace(
                self._figures,
                remote_fps=0.0,
                screen_fps=0.0,
                remote_audio_frames_per_s=0.0,
                sent_fps=0.0,
                sent_screen_fps=0.0,
                round_trip_ms=None,
            )

    def engine_lost(self) -> None:
        """The engine's counters start anew."""
        self._frames_before = self._figures.remote_frames
        self.keep_open(())

    def page_changed(self) -> None:
        """The patient's page was loaded anew: what the old one said is void."""
        self.peer_state = None
        self._screen = ScreenWatch()

    def beat_due(self, now: float) -> bool:
        """Whether a heartbeat is due."""
        return self._liveness is not None and now >= self._liveness.next_at

    def beat(self, now: float) -> Heartbeat:
        """Return the heartbeat to send."""
        if self._liveness is None:
            raise AssertionError("no channel is open")  # unreachable: see beat_due
        return Heartbeat(n=self._liveness.beat(now))

    def measured(self, figures: CallFigures, now: float) -> None:
        """Take the engine's figures; frames that arrive prove that the other party is there."""
        first = self._figures.first_remote_frame_at_ms
        self._figures = replace(
            figures,
            remote_frames=self._frames_before + figures.remote_frames,
            first_remote_frame_at_ms=figures.first_remote_frame_at_ms if first is None else first,
        )
        self._screen.measured(figures.screen_fps, now)
        if self._liveness is not None and gives_life(figures):
            self._liveness.heard()

    def received(self, leg: int, data: bytes, now: Moment) -> Received:
        """Take a message; what is none of ours is ignored."""
        try:
            message = decode_control(data)
        except PeerMessageError:
            return Received()
        if isinstance(message, OF_LEGS):
            return Received()  # the legs, or their guards, have taken it
        if leg == self.leg and self._liveness is not None:
            self._liveness.heard()
        return self._take(leg, message, now)

    def _take(
        self, leg: int, message: Chat | ChatReceived | Heartbeat | HeartbeatSeen | MediaState | Goodbye, now: Moment
    ) -> Received:
        match message:
            case Chat(id=line_id):
                if self._held.takes(message):
                    return Received(valid=True)
                self._chat.arrived(message, now.wall_ms)
                return Received(valid=True, replies=(ChatReceived(id=line_id),))
            case ChatReceived(id=line_id):
                if not self._pin.is_held:  # it was sent none
                    self._chat.confirmed(line_id)
            case Heartbeat(n=number):
                return Received(valid=True, replies=(HeartbeatSeen(n=number),))
            case HeartbeatSeen(n=number):
                if leg == self.leg and self._liveness is not None:
                    self._liveness.echoed(number, now.monotonic)
            case MediaState():
                self.peer_state = message
                self._screen.said(shared=message.sharing, now=now.monotonic)
            case Goodbye():
                return Received(valid=True, goodbye=True)
            case _:
                assert_never(message)
        return Received(valid=True)
