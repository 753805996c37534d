"""The standards' own names of what a call uses; they are the same in every language."""

from typing import Final

FRAMES: Final = "SFrame AES_128_GCM_SHA256_128 (RFC 9605)"
CLASSICAL: Final = "X25519"
HYBRID: Final = "X25519 + ML-KEM-768"
TRANSPORTS: Final = {"udp": "UDP", "tcp": "TCP", "tls": "TLS"}
