"""The site's own authority: made once, renewed in time, private."""

import datetime as dt
import ipaddress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from carena_server.authority import AuthorityError, Identity, fingerprint, local_identity

NOW = 1_800_000_000_000
DAY = 86_400_000


def certificate(identity: Identity) -> x509.Certificate:
    """Return the server's certificate."""
    return x509.load_pem_x509_certificate(identity.certificate.read_bytes())


def test_the_first_start_makes_an_authority_and_a_certificate(tmp_path: Path) -> None:
    """P-256, ten years and 90 days, signed by one another, for the names asked and the loopback addresses."""
    made = local_identity(tmp_path / "tls", ["clinic.example", "192.0.2.1"], NOW)
    assert made.authority is not None
    ca, server = x509.load_pem_x509_certificate(made.authority), certificate(made)
    server.verify_directly_issued_by(ca)
    assert isinstance(ca.public_key(), ec.EllipticCurvePublicKey)
    assert ca.not_valid_after_utc - ca.not_valid_before_utc > dt.timedelta(days=3650)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", "clinic.example"} <= set(names.get_values_for_type(x509.DNSName))
    addresses = {ipaddress.ip_address(a) for a in ("127.0.0.1", "::1", "192.0.2.1")}
    assert addresses <= set(names.get_values_for_type(x509.IPAddress))
    assert (server.not_valid_after_utc - dt.datetime.fromtimestamp(NOW / 1000, dt.UTC)).days == 90
    assert made.fingerprint == fingerprint(ca)
    assert len(made.fingerprint) == 64


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    """Nobody else may read a private key or enter its folder."""
    made = local_identity(tmp_path / "tls", [], NOW)
    for path in (tmp_path / "tls", tmp_path / "tls" / "authority.key", made.key):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_authority_cannot_sign_further_authorities(tmp_path: Path) -> None:
    """Path length 0, and the server's certificate is none."""
    made = local_identity(tmp_path / "tls", [], NOW)
    assert made.authority is not None
    ca = x509.load_pem_x509_certificate(made.authority)
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert not certificate(made).extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize(("days", "renewed"), [(0, False), (59, False), (61, True), (200, True)])
def test_the_certificate_is_renewed_with_less_than_30_days_left(tmp_path: Path, days: int, renewed: bool) -> None:
    """The authority, and with it what desktops pinned, stays the same."""
    first = local_identity(tmp_path / "tls", [], NOW)
    serial = certificate(first).serial_number
    later = local_identity(tmp_path / "tls", [], NOW + days * DAY)
    assert (certificate(later).serial_number != serial) is renewed
    assert later.fingerprint == first.fingerprint


def test_a_new_name_renews_and_a_lost_name_does_not(tmp_path: Path) -> None:
    """The certificate covers at least the names asked for."""
    first = certificate(local_identity(tmp_path / "tls", ["a.example"], NOW)).serial_number
    same = certificate(local_identity(tmp_path / "tls", [], NOW)).serial_number
    other = certificate(local_identity(tmp_path / "tls", ["b.example"], NOW)).serial_number
    assert first == same != other


def test_a_damaged_certificate_is_replaced(tmp_path: Path) -> None:
    """Rubbish, or a key of another certificate, leads to a new pair."""
    made = local_identity(tmp_path / "tls", [], NOW)
    made.certificate.write_text("rubbish")
    again = local_identity(tmp_path / "tls", [], NOW)
    key = serialization.load_pem_private_key(again.key.read_bytes(), None)
    assert key.public_key() == certificate(again).public_key()


@pytest.mark.parametrize("lost", ["authority.key", "authority.pem"])
def test_a_lost_authority_is_never_replaced_silently(tmp_path: Path, lost: str) -> None:
    """Desktops have pinned it: somebody has to decide."""
    local_identity(tmp_path / "tls", [], NOW)
    (tmp_path / "tls" / lost).unlink()
    with pytest.raises(AuthorityError):
        local_identity(tmp_path / "tls", [], NOW)


def test_a_swapped_authority_key_is_refused(tmp_path: Path) -> None:
    """Key and certificate of the authority belong together."""
    local_identity(tmp_path / "a", [], NOW)
    local_identity(tmp_path / "b", [], NOW)
    (tmp_path / "a" / "authority.key").write_bytes((tmp_path / "b" / "authority.key").read_bytes())
    with pytest.raises(AuthorityError):
        local_identity(tmp_path / "a", [], NOW)
