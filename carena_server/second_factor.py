"""Time-based one-time passwords (RFC 6238) and recovery codes, as pure functions: the caller keeps and tells the time.

Six digits, SHA-1, 30 seconds: what every authenticator can do. A code of the step before or after is taken, for clocks
that are a little off, and a step counts once: whoever saw a code over a shoulder can't use it again.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import quote, urlencode

STEP_S: Final = 30
DIGITS: Final = 6
_DRIFT_STEPS: Final = 1
_SECRET_BYTES: Final = 20
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that looks like something else."""
_RECOVERY_CHARS: Final = 16


def new_secret() -> bytes:
    """Return 160 random bits, the length RFC 4226 section 4 recommends."""
    return secrets.token_bytes(_SECRET_BYTES)


def one_time_password(secret: bytes, step: int) -> str:
    """Return the code of a time step (RFC 4226 section 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: bytes, code: str, now_s: float, last_step: int) -> int | None:
    """Return the step whose code this is; None when it is wrong, too old, or was used before."""
    if not is_one_time_password(code):
        return None
    digits = code.replace(" ", "").replace("-", "")
    here = int(now_s // STEP_S)
    found = None
    for step in range(here - _DRIFT_STEPS, here + _DRIFT_STEPS + 1):
        if hmac.compare_digest(one_time_password(secret, step), digits) and step > last_step:
            found = step
    return found


def is_one_time_password(code: str) -> bool:
    """Whether this looks like six digits, and not like a recovery code."""
    digits = code.replace(" ", "").replace("-", "")
    return len(digits) == DIGITS and digits.isascii() and digits.isdigit()


def base32(secret: bytes) -> str:
    """Return a secret as authenticators take it when typed."""
    return base64.b32encode(secret).decode().rstrip("=")


def enrolment_uri(secret: bytes, issuer: str, account: str) -> str:
    """Return the ``otpauth://`` address that authenticators read from a QR code."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    parameters = {"secret": base32(secret), "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{label}?{urlencode(parameters, quote_via=quote)}"


def new_recovery_codes() -> tuple[str, ...]:
    """Return ten codes of 80 random bits each, in groups of four."""
    return tuple(_recovery_code() for _ in range(RECOVERY_CODES))


def recovery_digest(code: str) -> str:
    """Return what is stored of a recovery code; how it is typed does not matter."""
    plain = code.upper().replace(" ", "").replace("-", "").replace("O", "0").replace("I", "1").replace("L", "1")
    return hashlib.sha256(plain.encode()).hexdigest()


def _recovery_code() -> str:
    plain = "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_CHARS))
    return "-".join(plain[i : i + 4] for i in range(0, _RECOVERY_CHARS, 4))
