"""How a fake page reads sealed offers and seals its answers; the secrets of the fake guard are a pattern."""

from carena_protocol.e2ee.chain import Chain
from carena_protocol.peer import AnySignal, LegFailed, Offer, Sealed, SealedOver, decode_signal, encode


class PageChain:
    """The patient's side of the chain, for legs that ``FakeGuard`` guards."""

    def __init__(self) -> None:
        self._chain = Chain("P")
        self._vouched: dict[int, int] = {}

    def read(self, signal: AnySignal | SealedOver) -> AnySignal:
        """Return what the desktop says; raises ChainError for a repetition."""
        if not isinstance(signal, Sealed | SealedOver):
            if isinstance(signal, Offer) and not self._vouched.get(signal.leg):
                self._vouched[signal.leg] = 0
            return signal
        inner = decode_signal(self._chain.open(signal).encode())
        if isinstance(inner, Offer):
            self._vouched[inner.leg] = signal.leg
        return inner

    def write(self, leg: int, signal: AnySignal) -> AnySignal:
        """Return what to say about a leg."""
        is_sealed = self._vouched.get(leg) or (isinstance(signal, LegFailed) and self._chain.leg)
        return self._chain.seal(encode(signal).decode()) if is_sealed else signal

    def safe(self, leg: int) -> None:
        """A leg is safe, on both sides."""
        vouched = self._vouched.get(leg, 0)
        if not vouched:
            self._chain.clear()  # a page that was loaded anew
        self._chain.add(leg, bytes([leg]) * 32, vouched)
        self._chain.use(leg)
