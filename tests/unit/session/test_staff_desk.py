"""What a signed-in person asks of the own account goes to the right place, with the token, and keeps nothing."""

import pytest

from carena_desktop.session.failures import SessionError
from carena_desktop.session.staff_desk import StaffDesk
from carena_protocol.errors import ErrorCode


class Asked:
    """Stands for the session: keeps what was asked, answers what is set."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, bytes]] = []
        self.answer: bytes | SessionError = b""

    async def ask(self, method: str, path: str, body: bytes) -> bytes:
        """Answer."""
        self.requests.append((method, path, body))
        if isinstance(self.answer, SessionError):
            raise self.answer
        return self.answer


async def test_unlocking_sends_the_password_once() -> None:
    """The password goes to the unlock address and is not kept."""
    asked = Asked()
    desk = StaffDesk(asked.ask)
    await desk.unlock("correct horse")
    assert asked.requests == [("POST", "/api/v1/unlock", b'{"password":"correct horse"}')]
    assert "correct horse" not in repr(vars(desk))


async def test_a_wrong_password_is_told() -> None:
    """The server's refusal comes through as it is."""
    asked = Asked()
    asked.answer = SessionError(ErrorCode.WRONG_CREDENTIALS)
    with pytest.raises(SessionError) as caught:
        await StaffDesk(asked.ask).unlock("x")
    assert caught.value.code is ErrorCode.WRONG_CREDENTIALS
