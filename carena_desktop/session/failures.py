"""The one exception of the session: adapters translate every library's failure into it."""

from carena_desktop.errors import CarenaError
from carena_desktop.session.model import LocalProblem, SessionProblem
from carena_protocol.errors import ErrorCode, RefusalReason


class SessionError(CarenaError):
    """A step of the session failed; ``code`` says how, ``reason`` more closely."""

    def __init__(
        self,
        code: ErrorCode | LocalProblem,
        *,
        retryable: bool = False,
        retry_after_s: float | None = None,
        reason: RefusalReason | None = None,
    ) -> None:
        super().__init__(code, retryable=retryable, retry_after_s=retry_after_s)
        self.code: ErrorCode | LocalProblem = code
        self.reason = reason

    @property
    def problem(self) -> SessionProblem:
        """The same for a snapshot."""
        return SessionProblem(self.code, self.retry_after_s, self.reason)


class CertificateRefusedError(SessionError):
    """The certificate did not verify; ``unknown_issuer`` tells a foreign authority from an expired or misnamed one."""

    def __init__(self, *, unknown_issuer: bool) -> None:
        super().__init__(LocalProblem.CERTIFICATE_REFUSED)
        self.unknown_issuer = unknown_issuer
