"""Pinned authorities: one PEM file per server in the user's configuration directory.

A certificate is no secret, but whoever writes here decides whom the desktop trusts: the files are the user's alone
(0600) and replaced atomically. A pin that can't be read is an error, never "no pin". Only IT removes one, by deleting
its file.
"""

import logging
from pathlib import Path
from typing import Final

from carena_desktop.private_file import write_private
from carena_desktop.session.address import ServerAddress
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import LocalProblem
from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)
MAX_PEM_BYTES: Final = 16 * 1024


class FileTrustStore:
    """Implements ``world.TrustStore`` in ``directory``, which is made when the first pin is saved."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, server: ServerAddress) -> Path:
        """Return where the pin of ``server`` is or would be."""
        return self._directory / f"{server.host.replace(':', '-')}_{server.port}.pem"

    def load(self, server: ServerAddress) -> bytes | None:
        """Return the pinned PEM or None.

        Raises:
            SessionError: ``certificate_refused``, when there is a pin that can't be read.
        """
        try:
            with self.path(server).open("rb") as file:
                pem = file.read(MAX_PEM_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.error("the pinned authority can't be read: %s", describe_error(error))
            raise SessionError(LocalProblem.CERTIFICATE_REFUSED) from None
        if not pem or len(pem) > MAX_PEM_BYTES:
            _log.error("the pinned authority is not a PEM file")
            raise SessionError(LocalProblem.CERTIFICATE_REFUSED)
        return pem

    def save(self, server: ServerAddress, pem: bytes) -> None:
        """Pin ``pem``.

        Raises:
            SessionError: ``certificate_refused``, when it can't be written: what can't be pinned is not trusted.
        """
        try:
            write_private(self.path(server), pem)
        except OSError as error:
            _log.error("the authority can't be pinned: %s", describe_error(error))
            raise SessionError(LocalProblem.CERTIFICATE_REFUSED) from None
