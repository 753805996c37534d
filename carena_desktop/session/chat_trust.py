"""What waiting chats know of keys: this workstation's own, the secrets of links made here, patients' verified ones.

Callables, because the keys are kept by the call, which the session may not know.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class ChatTrust:
    """Who this is, and whom it knows.

    Attributes:
        device: Returns this workstation's device key, the same that signs visits.
        prepare: Loads it; before that ``device`` is a key for this run of the program.
        link_of: Returns the secret of a visit link made here by its hint, b"" for one that is not known.
        verified: When a patient's device key was verified by comparing codes, ms since the epoch.
        remember: Keeps that it was verified now, for chats and visits alike.
    """

    device: Callable[[], Ed25519PrivateKey]
    prepare: Callable[[], Awaitable[None]] = _nothing
    link_of: Callable[[bytes], bytes] = lambda _hint: b""
    verified: Callable[[bytes], int | None] = lambda _device: None
    remember: Callable[[bytes], None] = lambda _device: None


def one_key() -> ChatTrust:
    """Return a key for this run of the program, that knows nobody."""
    key = Ed25519PrivateKey.generate()
    return ChatTrust(lambda: key)
