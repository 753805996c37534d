"""From the sign-in page to the waiting room, and the ways it does not get there."""

import pytest

from carena_desktop.session.model import KeyringState, LocalProblem, SessionProblem, SessionState
from carena_protocol.errors import ErrorCode
from tests.fakes.transport import FakeService
from tests.scenarios.conftest import PASSWORD, SERVER, Desktop


async def test_a_clinician_signs_in_and_sees_who_waits(desktop: Desktop, backend: FakeService) -> None:
    """Signing in goes through the drawn states to a waiting room with the patient, and the token is in the keyring."""
    visit = backend.arrive("Test Patient")
    await desktop.sign_in()
    assert desktop.states == [SessionState.SIGNING_IN, SessionState.CONNECTING, SessionState.ONLINE]
    assert [entry.visit for entry in desktop.snapshot.waiting_room.entries] == [visit]
    assert desktop.snapshot.account is not None
    assert desktop.snapshot.account.display_name == "Dr Alex"
    assert desktop.snapshot.keyring is KeyringState.STORED
    assert len(desktop.keyring.secrets) == 1


async def test_a_wrong_password_is_said(desktop: Desktop) -> None:
    """A refused password leads back with its code; nothing is stored."""
    await desktop.service.sign_in(SERVER, "alex", "wrong")
    assert desktop.snapshot.state is SessionState.SIGNED_OUT
    assert desktop.snapshot.problem == SessionProblem(ErrorCode.WRONG_CREDENTIALS)
    assert desktop.keyring.secrets == {}


async def test_an_address_that_is_none_is_said(desktop: Desktop, backend: FakeService) -> None:
    """An address over http is refused before anything is sent."""
    await desktop.service.sign_in("http://clinic.test", "alex", PASSWORD)
    assert desktop.snapshot.problem == SessionProblem(LocalProblem.ADDRESS_INVALID)
    assert backend.calls == []


async def test_a_new_patient_appears_and_leaves(desktop: Desktop, backend: FakeService) -> None:
    """Deltas reach the waiting room as they come."""
    await desktop.sign_in()
    visit = backend.arrive("Test Patient")
    await desktop.until(lambda s: [entry.visit for entry in s.waiting_room.entries] == [visit])
    backend.leave(visit)
    await desktop.until(lambda s: s.waiting_room.entries == ())


async def test_a_fault_of_ours_is_said(
    desktop: Desktop, backend: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    """An unexpected exception in a step ends it with "internal", not in a state that waits for ever."""

    async def broken(*_: object) -> None:
        raise RuntimeError("Test Patient")

    backend.login = broken  # type: ignore[method-assign, assignment]  # a fault
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.problem == SessionProblem(ErrorCode.INTERNAL)
    assert "RuntimeError" in caplog.text
    assert "Patient" not in caplog.text


async def test_a_fault_of_ours_while_connecting_is_retried(desktop: Desktop, backend: FakeService) -> None:
    """Once signed in, a fault in bringing signaling up costs a retry."""
    good = backend.connect

    async def broken(*_: object) -> None:
        backend.connect = good  # type: ignore[method-assign]  # the fault is over
        raise RuntimeError

    backend.connect = broken  # type: ignore[method-assign, assignment]  # a fault
    await desktop.service.sign_in(SERVER, "alex", PASSWORD)
    assert desktop.snapshot.problem == SessionProblem(ErrorCode.INTERNAL)
    await desktop.back_online()
