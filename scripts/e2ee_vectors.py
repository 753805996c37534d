"""Write carena_protocol/vectors/e2ee.json: what the encryption gives for fixed inputs; the portal must give the same.

python -m scripts.e2ee_vectors
"""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from carena_protocol.e2ee import chain, link_secret, renewal
from carena_protocol.e2ee.agreement import VERSION, Agreed, Role, b64, commitment, short_name
from carena_protocol.e2ee.safety_code import PICTURES
from carena_protocol.e2ee.sframe import Sealer, shim

PATH = Path(__file__).resolve().parent.parent / "carena_protocol" / "vectors" / "e2ee.json"
FINGERPRINT = ":".join(["AA"] * 32)
CALL = "visit/page/1"
_ROLES: tuple[Role, ...] = ("C", "P")


def _hello(*, post_quantum: bool = False) -> tuple[str, str]:
    device = Ed25519PrivateKey.from_private_bytes(bytes(32))
    exchange = X25519PrivateKey.from_private_bytes(bytes([1] * 32))
    said = {
        "v": VERSION, "role": "C", "call": CALL, "dev": b64(device.public_key().public_bytes_raw()),
        "x": b64(exchange.public_key().public_bytes_raw()), "n": b64(bytes([2] * 32)), "fp": FINGERPRINT,
        "pq": post_quantum,
    }  # fmt: skip
    text = json.dumps(said, separators=(",", ":"), sort_keys=True)
    return text, b64(device.sign(b"carena/hello/v1" + text.encode()))


LINK = bytes(range(100, 116))
_EXTRAS = ((b"", b"", b""), (b"\x06" * 1088, b"\x07" * 32, b""), (b"", b"", LINK), (b"\x06" * 1088, b"\x07" * 32, LINK))


def _schedule(clinician: str, patient: str, shared: bytes, *extra: bytes) -> dict[str, Any]:
    ciphertext, quantum, link = extra
    agreed = Agreed(clinician, patient, shared, ciphertext=ciphertext, quantum=quantum, link=link)
    return {
        "ciphertext": ciphertext.hex(),
        "quantum": quantum.hex(),
        "link": link.hex(),
        "pictures": list(agreed.safety_code.pictures),
        "names": list(agreed.safety_code.names),
        "digits": agreed.safety_code.digits,
        "confirm_c": b64(agreed.confirmation("C")),
        "confirm_p": b64(agreed.confirmation("P")),
        "root": bytes(agreed.root()).hex(),
        "resume": agreed.resume().hex(),
    }


def _chain(first: bytes) -> dict[str, Any]:
    agreed, body = bytes([6] * 32), '{"t":"leg-failed","leg":2}'
    later = chain.following(first, agreed)
    return {
        "first": first.hex(),
        "agreed": agreed.hex(),
        "later": later.hex(),
        "body": body,
        "macs": [
            {
                "role": role,
                "resume": resume.hex(),
                "leg": leg,
                "n": n,
                "mac": b64(chain.mac(resume, role, leg, n, body)),
            }
            for role in _ROLES
            for resume, leg, n in ((first, 1, 1), (first, 1, 2), (later, 2, 1))
        ],
    }


def _kem() -> dict[str, str]:
    """A key by its seed, and a ciphertext for it: encapsulating is random, so this pair is kept as it was made once."""
    ciphertext = json.loads(PATH.read_text("utf-8")).get("kem", {}).get("ciphertext") if PATH.exists() else None
    private = MLKEM768PrivateKey.from_seed_bytes(bytes(range(64)))
    if ciphertext is None:
        ciphertext = private.public_key().encapsulate()[1].hex()
    return {
        "seed": bytes(range(64)).hex(),
        "public": private.public_key().public_bytes_raw().hex(),
        "ciphertext": ciphertext,
        "shared": private.decapsulate(bytes.fromhex(ciphertext)).hex(),
    }


def _sound() -> dict[str, str]:
    sealer, packet = Sealer("P>C", "audio"), bytes(range(100))
    sealer.install(2, bytes(range(16)))
    return {"plain": packet.hex(), "sealed": sealer.seal(packet).hex()}


def _screen() -> dict[str, str | int]:
    sealer, frame = Sealer("C>P", "screen"), bytes([1] * 50)
    root = bytes([4] * 32)
    sealer.install(3, renewal.screen_key(root, "C>P"))
    return {
        "root": root.hex(),
        "key_c": renewal.screen_key(root, "C>P").hex(),
        "key_p": renewal.screen_key(root, "P>C").hex(),
        "epoch": 3,
        "plain": frame.hex(),
        "shim": shim(frame).hex(),
        "sealed": sealer.seal(frame, shim(frame)).hex(),
    }


def vectors() -> dict[str, Any]:
    """Return them all."""
    clinician, signature = _hello()
    patient, shared = '{"role":"P"}', bytes([3] * 32)
    root, pair, iv = bytes([4] * 32), bytes(range(32)), bytes([5] * 12)
    following = bytes(renewal.next_root(root, shared))
    sealer, frame = Sealer("C>P", "video"), bytes([1] * 50)
    sealer.install(1, bytes(16))
    return {
        "sound": _sound(),
        "frame": {"plain": frame.hex(), "shim": shim(frame).hex(), "sealed": sealer.seal(frame, shim(frame)).hex()},
        "screen": _screen(),
        "hello_post_quantum": {"hello": dict(zip("hs", _hello(post_quantum=True), strict=True))},
        "hello": {"hello": {"h": clinician, "s": signature}, "call": CALL, "fingerprint": FINGERPRINT},
        "agreement": {
            "clinician": clinician,
            "patient": patient,
            "shared": shared.hex(),
            "commitment": commitment(clinician),
            "schedules": [_schedule(clinician, patient, shared, *extra) for extra in _EXTRAS],
        },
        "link": {
            "secret": LINK.hex(),
            "url": link_secret.into("https://clinic.example/visit#serverserverserver", LINK),
            "hint": b64(link_secret.hint_of(LINK)),
        },
        "kem": _kem(),
        "device": {"key": bytes(32).hex(), "name": short_name(bytes(32))},
        "chain": _chain(Agreed(clinician, patient, shared).resume()),
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
