"""Write carena_protocol/vectors/e2ee.json: what the encryption gives for fixed inputs; the portal must give the same.

python -m scripts.e2ee_vectors
"""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from carena_protocol.e2ee import renewal
from carena_protocol.e2ee.agreement import Agreed, b64, commitment
from carena_protocol.e2ee.safety_code import PICTURES
from carena_protocol.e2ee.sframe import Sealer, shim

PATH = Path(__file__).resolve().parent.parent / "carena_protocol" / "vectors" / "e2ee.json"
FINGERPRINT = ":".join(["AA"] * 32)
CALL = "visit/page/1"


def _hello() -> tuple[str, str]:
    device = Ed25519PrivateKey.from_private_bytes(bytes(32))
    exchange = X25519PrivateKey.from_private_bytes(bytes([1] * 32))
    said = {
        "v": 1, "role": "C", "call": CALL, "dev": b64(device.public_key().public_bytes_raw()),
        "x": b64(exchange.public_key().public_bytes_raw()), "n": b64(bytes([2] * 32)), "fp": FINGERPRINT, "pq": False,
    }  # fmt: skip
    text = json.dumps(said, separators=(",", ":"), sort_keys=True)
    return text, b64(device.sign(b"carena/hello/v1" + text.encode()))


def vectors() -> dict[str, Any]:
    """Return them all."""
    clinician, signature = _hello()
    patient, shared = '{"role":"P"}', bytes([3] * 32)
    agreed = Agreed(clinician, patient, shared)
    root, pair, iv = bytes([4] * 32), bytes(range(32)), bytes([5] * 12)
    following = bytes(renewal.next_root(root, shared))
    sealer, frame = Sealer("C>P", "video"), bytes([1] * 50)
    sealer.install(1, bytes(16))
    return {
        "frame": {"plain": frame.hex(), "shim": shim(frame).hex(), "sealed": sealer.seal(frame, shim(frame)).hex()},
        "hello": {"hello": {"h": clinician, "s": signature}, "call": CALL, "fingerprint": FINGERPRINT},
        "agreement": {
            "clinician": clinician,
            "patient": patient,
            "shared": shared.hex(),
            "commitment": commitment(clinician),
            "pictures": list(agreed.safety_code.pictures),
            "names": list(agreed.safety_code.names),
            "digits": agreed.safety_code.digits,
            "confirm_c": b64(agreed.confirmation("C")),
            "confirm_p": b64(agreed.confirmation("P")),
            "root": bytes(agreed.root()).hex(),
        },
        "renewal": {
            "root": root.hex(),
            "shared": shared.hex(),
            "next": following.hex(),
            "keys": pair.hex(),
            "iv": iv.hex(),
            "wrapped": renewal.wrap(following, "P>C", 7, pair, iv),
            "patient": pair.hex(),
            "clinician": root.hex(),
            "digest": renewal.digest(pair, root),
        },
        "pictures": [list(picture) for picture in PICTURES],
    }


def render() -> str:
    """Return the file's content."""
    return json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
