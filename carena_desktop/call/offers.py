"""How a leg is offered to the patient's page, and what becomes of its answer: half of the agreement. Sans-IO."""

from carena_desktop.call.leg_track import LegTrack
from carena_desktop.call.ports import ApplyAnswer
from carena_desktop.call.route import Route
from carena_desktop.call.safety import Safety
from carena_desktop.call.turn import Turn
from carena_protocol.peer import Answer, AnySignal, Reveal


class Offers:
    """Of one call. Methods raise AgreementError when what was said is not to be trusted.

    Args:
        turn: Shared with the machine.
        safety: The guards of the legs.
        track: Which leg is what.
        route: How it is said.
    """

    def __init__(self, turn: Turn, safety: Safety, track: LegTrack, route: Route) -> None:
        self._turn = turn
        self._safety = safety
        self._track = track
        self._route = route
        self.visit = ""
        self.is_over_leg = False
        """Whether the newest offer went over the leg in use, so that a relay that refuses it does not matter."""

    def offer(self, leg: int, sdp: str, instance: str, *, is_sure: bool) -> None:
        """Offer a leg to the page; the same offer each time. ``is_sure`` says that the leg in use is well."""
        offer = self._safety.offer(f"{self.visit}/{instance}/{leg}", leg, sdp, instance)
        self.is_over_leg = self._tell(offer, is_sure=is_sure)
        if self.is_over_leg:
            self._route.await_answer(offer, self._track.search.attempt)

    def answered(self, answer: Answer, *, is_sure: bool) -> None:
        """Apply the page's answer, and reveal our part."""
        hello = self._safety.answered(answer.leg, answer.hello, answer.sdp)
        self._route.answered()
        self._turn.command(ApplyAnswer(answer.leg, answer.sdp))
        reveal = self._safety.vouching.wrap(answer.leg, Reveal(leg=answer.leg, hello=hello))
        self._tell(reveal, is_sure=is_sure and not self._route.is_late)

    def _tell(self, signal: AnySignal, *, is_sure: bool) -> bool:
        return self._route.tell(signal, self._track.serving, self._track.search.attempt, is_sure=is_sure)
