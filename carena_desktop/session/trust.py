"""First contact with a server: is it who it says, and who vouches for it?

    named by the organization's policy?  --> handshake under an authority that it names, or refused
    pinned?  --yes--> handshake under the pinned authority: trusted, AUTHORITY_CHANGED or CERTIFICATE_REFUSED
             --no---> handshake under the system's trust store: trusted, or
                      fetch the server's own authority over a connection that carries nothing else,
                      prove in a second handshake (host name checked) that the server's certificate verifies under it,
                      and offer its fingerprint to the person

No credential is sent before this module returned a context. There is no way round a changed authority.
See docs/adr/0004-trust-in-the-server.md.
"""

import asyncio
import contextlib
import hashlib
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from carena_desktop.network.route import DIRECT
from carena_desktop.network.router import Router
from carena_desktop.network.tunnel import connect_by
from carena_desktop.session import tls
from carena_desktop.session.address import ServerAddress
from carena_desktop.session.failures import CertificateRefusedError, SessionError
from carena_desktop.session.model import AuthorityOffer, LocalProblem
from carena_desktop.session.tls import HAPPY_EYEBALLS_S
from carena_desktop.session.world import AuthApi, Handshake, TrustStore

if TYPE_CHECKING:
    from cryptography import x509

HANDSHAKE_TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Trusted:
    """Connections under ``context`` reach the server that was meant."""

    context: ssl.SSLContext
    pinned: bool
    """Whether only a pinned authority vouches for it."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An authority that vouches for the server, seen for the first time; ``pem`` is pinned when accepted."""

    offer: AuthorityOffer
    pem: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """Another authority than the pinned one; never to be accepted here."""

    offer: AuthorityOffer


class TlsHandshake:
    """Implements ``world.Handshake``: connects, verifies, closes; sends no byte of its own.

    Args:
        router: Says how a server is reached; without one it is directly.
    """

    def __init__(self, router: Router | None = None) -> None:
        self._router = router

    async def verify(self, server: ServerAddress, context: ssl.SSLContext) -> None:
        """Return when the certificate verifies for ``server``.

        Raises:
            CertificateRefusedError: It does not.
            SessionError: ``protocol`` when the other end speaks no TLS 1.2, ``server_unreachable`` when nobody answers.
        """
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
                writer = await self._connect(server, context)
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            raise tls.failure_of(error) from None
        finally:
            if writer is not None:
                writer.close()
                with contextlib.suppress(OSError, TimeoutError):
                    async with asyncio.timeout(1.0):
                        await writer.wait_closed()

    async def _connect(self, server: ServerAddress, context: ssl.SSLContext) -> asyncio.StreamWriter:
        route = DIRECT if self._router is None else await self._router.route(server.host, server.port)
        tunnel = await connect_by(route, server.host, server.port)
        if tunnel is None:
            _, writer = await asyncio.open_connection(
                server.host, server.port, ssl=context, happy_eyeballs_delay=HAPPY_EYEBALLS_S
            )
            return writer
        try:
            _, writer = await asyncio.open_connection(sock=tunnel, ssl=context, server_hostname=server.host)
        except BaseException:
            tunnel.close()
            raise
        return writer


class TrustAgent:
    """Answers whether a server can be trusted, and keeps what a person accepted.

    Args:
        authorities: Fingerprints that the organization names; then nothing else counts and nobody is asked.
    """

    def __init__(
        self, api: AuthApi, handshake: Handshake, store: TrustStore, authorities: tuple[str, ...] | None = None
    ) -> None:
        self._api = api
        self._handshake = handshake
        self._store = store
        self._authorities = authorities

    async def establish(self, server: ServerAddress) -> Trusted | Offered | Changed:
        """Find out; raises SessionError when the answer is no, or nobody answers."""
        if self._authorities is not None:
            return await self._under_policy(server, self._authorities)
        pinned = self._store.load(server)
        if pinned is not None:
            return await self._under_pin(server, pinned)
        context = tls.system_context()
        try:
            await self._handshake.verify(server, context)
        except CertificateRefusedError:
            return await self._first_contact(server)
        return Trusted(context, pinned=False)

    def accept(self, server: ServerAddress, offered: Offered) -> Trusted:
        """Pin the authority that a person accepted; raises SessionError when it can't be kept."""
        context = tls.pinned_context(offered.pem)
        self._store.save(server, offered.pem)
        return Trusted(context, pinned=True)

    async def _under_policy(self, server: ServerAddress, authorities: tuple[str, ...]) -> Trusted | Changed:
        """Trust an authority that the organization names, proved by a handshake under it; refuse every other."""
        pem = await self._api.authority_unverified(server)
        if pem is None:
            raise CertificateRefusedError(unknown_issuer=True)
        shown = fingerprint(pem)
        if shown not in authorities:
            expected = authorities[0] if authorities else "0" * len(shown)
            return Changed(AuthorityOffer(server=server.origin, fingerprint=shown, expected=expected))
        context = tls.pinned_context(_only_certificate(pem))
        await self._handshake.verify(server, context)
        return Trusted(context, pinned=True)

    async def _under_pin(self, server: ServerAddress, pinned: bytes) -> Trusted | Changed:
        context = tls.pinned_context(pinned)
        try:
            await self._handshake.verify(server, context)
        except CertificateRefusedError as error:
            if not error.unknown_issuer:
                raise  # ours, but expired or for another name
            return Changed(
                AuthorityOffer(
                    server=server.origin,
                    fingerprint=await self._fingerprint_shown_now(server),
                    expected=fingerprint(pinned),
                )
            )
        return Trusted(context, pinned=True)

    async def _first_contact(self, server: ServerAddress) -> Offered:
        pem = await self._api.authority_unverified(server)
        if pem is None:
            raise CertificateRefusedError(unknown_issuer=True)
        offer = AuthorityOffer(server=server.origin, fingerprint=fingerprint(pem))
        pem = _only_certificate(pem)
        await self._handshake.verify(server, tls.pinned_context(pem))
        return Offered(offer, pem)

    async def _fingerprint_shown_now(self, server: ServerAddress) -> str:
        """The foreign authority's fingerprint for IT to look at, or "" where it shows none."""
        try:
            pem = await self._api.authority_unverified(server)
            return "" if pem is None else fingerprint(pem)
        except SessionError:
            return ""


def fingerprint(pem: bytes) -> str:
    """Return the SHA-256 of the authority's SubjectPublicKeyInfo (RFC 7469 section 2.4), 64 lower-case hex digits.

    Raises:
        SessionError: ``certificate_refused``, when ``pem`` is not exactly one certificate of an authority.
    """
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - as in _authority
        Encoding,
        PublicFormat,
    )

    certificate = _authority(pem)
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def _only_certificate(pem: bytes) -> bytes:
    """The certificate of ``pem`` written anew, so that nothing beside it is ever pinned."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - as in _authority

    return _authority(pem).public_bytes(Encoding.PEM)


def _authority(pem: bytes) -> "x509.Certificate":
    from cryptography import x509  # noqa: PLC0415 - at first contact; the window does not wait for it

    try:
        certificates = x509.load_pem_x509_certificates(pem)
        if len(certificates) != 1:
            raise CertificateRefusedError(unknown_issuer=True)
        constraints = certificates[0].extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        raise SessionError(LocalProblem.CERTIFICATE_REFUSED) from None
    if not constraints.ca:
        raise CertificateRefusedError(unknown_issuer=True)
    return certificates[0]
