"""TLS contexts, and what a failed handshake means. TLS 1.2 or newer; the host name is always checked.

The one context that verifies nothing is for fetching a certificate authority before anybody trusts it: it carries no
credential, and what it brings is proved afterwards by a verified handshake.
"""

import ssl
from typing import Final

import truststore

from carena_desktop.network.tunnel import TunnelError
from carena_desktop.session.failures import CertificateRefusedError, SessionError
from carena_desktop.session.model import LocalProblem

HAPPY_EYEBALLS_S: Final = 0.25
"""After so long the next address is tried too (RFC 8305), so that a broken IPv6 costs a moment and not the visit."""

# OpenSSL's verify codes (x509_vfy.h) that mean "nobody I trust signed this", as opposed to expired or misnamed.
_UNKNOWN_ISSUER = frozenset(
    {
        2,  # unable to get issuer certificate
        7,  # certificate signature failure
        18,  # self-signed certificate
        19,  # self-signed certificate in chain
        20,  # unable to get local issuer certificate
        21,  # unable to verify the first certificate
        24,  # invalid CA certificate
        30,  # authority and subject key identifier mismatch
        # The system's own verdicts, as truststore hands them on (winerror.h, SecBase.h):
        0x800B0109,  # CERT_E_UNTRUSTEDROOT
        0x800B010A,  # CERT_E_CHAINING
        -67843,  # errSecNotTrusted
        -67820,  # errSecCreateChainFailed
    }
)

_NOT_THE_PROTOCOL = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLCertVerificationError)


def system_context() -> ssl.SSLContext:
    """Return a context that trusts what the operating system trusts, an organization's own authorities among it."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def pinned_context(authority_pem: bytes) -> ssl.SSLContext:
    """Return a context that trusts this authority and nothing else.

    Raises:
        SessionError: ``certificate_refused``, when the bytes are no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # CERT_REQUIRED and check_hostname are its defaults
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    try:
        context.load_verify_locations(cadata=authority_pem.decode("ascii"))
    except (ssl.SSLError, ValueError):
        raise SessionError(LocalProblem.CERTIFICATE_REFUSED) from None
    return context


def unverified_context() -> ssl.SSLContext:
    """Return the context that verifies nothing; see the module's docstring for its one use."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def failure_of(error: BaseException) -> SessionError:
    """Return what a failed connection means: the certificate, the protocol, or the network.

    Looks through the chain of causes, where libraries hide the TLS error. What is not TLS is the network's.
    """
    seen: BaseException | None = error
    while seen is not None:
        # aiohttp's own subclass has no verify code; the error it wraps is next in the chain.
        if isinstance(seen, ssl.SSLCertVerificationError) and hasattr(seen, "verify_code"):
            return CertificateRefusedError(unknown_issuer=seen.verify_code in _UNKNOWN_ISSUER)
        if isinstance(seen, TunnelError):
            return SessionError(LocalProblem(seen.problem.value), retryable=True)
        if isinstance(seen, ssl.SSLError) and not isinstance(seen, _NOT_THE_PROTOCOL):
            return SessionError(LocalProblem.PROTOCOL)  # not TLS at all, or older than 1.2
        seen = getattr(seen, "os_error", None) or seen.__cause__ or seen.__context__
    return SessionError(LocalProblem.SERVER_UNREACHABLE, retryable=True)
