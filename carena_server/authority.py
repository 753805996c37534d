"""The site's own certificate authority, for sites without a public certificate.

P-256, 10 years, its key readable by the owner only. The server's certificate lives 90 days and is renewed at a start
that finds less than 30 left, or names missing. Desktops pin the SHA-256 of the authority's SubjectPublicKeyInfo
(RFC 7469 section 2.4), which survives every renewal.
"""

import datetime as dt
import hashlib
import ipaddress
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_DAYS: Final = 3652
_SERVER_DAYS: Final = 90
_RENEW_DAYS: Final = 30
_SKEW: Final = dt.timedelta(hours=1)

_Names = list[x509.DNSName | x509.IPAddress]


class AuthorityError(RuntimeError):
    """Certificate files that can't be used; the text names the file."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the TLS listener shows. ``authority`` and ``fingerprint`` are None with a site's own certificate."""

    certificate: Path
    key: Path
    authority: bytes | None
    fingerprint: str | None


def local_identity(folder: Path, names: list[str], now_ms: int) -> Identity:
    """Return the identity in ``folder``, made or renewed where needed. Raises AuthorityError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC)
    ca_key, ca = _authority(folder, now)
    certificate, key = folder / "server.pem", folder / "server.key"
    wanted = _subject_names(names)
    if not _is_current(certificate, key, ca, wanted, now):
        _issue(ca_key, ca, certificate, key, wanted, now)
    return Identity(certificate, key, ca.public_bytes(serialization.Encoding.PEM), fingerprint(ca))


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the SubjectPublicKeyInfo, 64 lower-case hex digits."""
    spki = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(spki).hexdigest()


def host_names() -> list[str]:
    """Return the names and addresses by which other machines may know this one."""
    names = [socket.gethostname(), socket.getfqdn()]
    try:
        found = socket.getaddrinfo(socket.gethostname(), None)
    except OSError:
        found = []
    return [*names, *(str(entry[4][0]).partition("%")[0] for entry in found)]


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, atomically."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _authority(folder: Path, now: dt.datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key_file, file = folder / "authority.key", folder / "authority.pem"
    if key_file.exists() != file.exists():
        # Making another one silently would break every desktop that pinned the first.
        raise AuthorityError(f"{folder}: one of authority.key and authority.pem is missing")
    if file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise AuthorityError(f"{folder}: authority.key and authority.pem don't belong together")
        return key, certificate
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Carena authority of {socket.gethostname()}"[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + dt.timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(key_file, _private_bytes(key))
    write_private(file, certificate.public_bytes(serialization.Encoding.PEM))
    return key, certificate


def _issue(  # noqa: PLR0917 - six values of one certificate
    ca_key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    certificate_file: Path,
    key_file: Path,
    names: _Names,
    now: dt.datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "carena-server")]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(min(now + dt.timedelta(days=_SERVER_DAYS), ca.not_valid_after_utc))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    write_private(key_file, _private_bytes(key))
    write_private(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))


def _is_current(certificate_file: Path, key_file: Path, ca: x509.Certificate, names: _Names, now: dt.datetime) -> bool:
    if not certificate_file.exists() or not key_file.exists():
        return False
    try:
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        certificate.verify_directly_issued_by(ca)
        present = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:  # noqa: BLE001 - whatever is wrong with it, a new one is made
        return False
    if key.public_key() != certificate.public_key():
        return False
    if not certificate.not_valid_before_utc <= now:
        return False
    if certificate.not_valid_after_utc - now < dt.timedelta(days=_RENEW_DAYS):
        return False
    return set(names) <= set(present)


def _subject_names(names: list[str]) -> _Names:
    wanted: dict[x509.DNSName | x509.IPAddress, None] = {}
    for name in ["localhost", "127.0.0.1", "::1", *names]:
        try:
            wanted[x509.IPAddress(ipaddress.ip_address(name))] = None
        except ValueError:
            try:
                wanted[x509.DNSName(name.encode("idna").decode("ascii"))] = None
            except UnicodeError:
                continue
    return list(wanted)


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _private_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
