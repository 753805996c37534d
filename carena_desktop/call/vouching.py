"""How the desktop makes sure that what it says and hears about a leg comes from the page of the leg before. Sans-IO.

The first leg of a page has nobody to vouch for it: what the two compare is its code. From the second on, signals are
sealed (``carena_protocol.e2ee.chain``), and a plain one about such a leg is nobody's.
"""

from carena_protocol.e2ee.chain import Chain, ChainError
from carena_protocol.peer import (
    Answer,
    AnySignal,
    Candidate,
    LegFailed,
    PeerMessageError,
    Sealed,
    SealedOver,
    decode_signal,
    encode,
)


class Vouching:
    """The chain of one page's legs."""

    def __init__(self) -> None:
        self._chain = Chain("C")
        self._vouched: dict[int, int] = {}
        self.refused = 0
        """Signals that no earlier leg vouched for, or that came twice."""

    def new_page(self) -> None:
        """The page was loaded anew, and has no secrets."""
        self._chain.clear()
        self._vouched.clear()

    def begun(self, leg: int) -> bool:
        """A leg is made; return whether an earlier one vouches for it."""
        self._vouched[leg] = self._chain.leg
        return self._chain.leg > 0

    def is_vouched(self, leg: int) -> bool:
        """Whether an earlier leg vouches for this one."""
        return self._vouched.get(leg, 0) > 0

    def safe(self, leg: int, resume: bytes) -> None:
        """Both proved to have agreed on a leg; raises AgreementError when nobody can have vouched for it."""
        self._chain.add(leg, resume, self._vouched.get(leg, 0))

    def settled(self, leg: int) -> None:
        """The page has the secrets of a leg as well: it has answered a renewal."""
        self._chain.use(leg)

    def wrap(self, leg: int, signal: AnySignal) -> AnySignal:
        """Return what to say about a leg."""
        return self._chain.seal(encode(signal).decode()) if self.is_vouched(leg) else signal

    def unwrap(self, signal: AnySignal | SealedOver) -> AnySignal | None:
        """Return what the page says; None for what is forged, came twice, or is plain and should not be."""
        if isinstance(signal, Sealed | SealedOver):
            try:
                return decode_signal(self._chain.open(signal).encode())
            except (ChainError, PeerMessageError):
                self.refused += 1
                return None
        about_ours = isinstance(signal, LegFailed) and self._chain.leg > 0  # whoever has secrets uses them
        if about_ours or (isinstance(signal, Answer | Candidate) and self.is_vouched(signal.leg)):
            self.refused += 1
            return None
        return signal
