"""Commands wait for their replies, boundedly, and every one of them ends."""

import asyncio

import pytest

from carena_desktop.session.commands import MAX_WAITING, CommandDesk, new_id
from carena_desktop.session.ports import CommandRefusedError
from carena_protocol.client import ClientMachine
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import Admit, ClientInfo, Ok


def _admit() -> Admit:
    return Admit(id=new_id(), visit="v", version=1)


@pytest.fixture
def machine() -> ClientMachine:
    """A protocol machine that was never connected: what is submitted waits in it."""
    return ClientMachine(ClientInfo(name="carena-test", version="1"))


@pytest.fixture
def desk(machine: ClientMachine) -> CommandDesk:
    """A desk on it; nothing may be sent."""

    def send(_frame: bytes) -> None:
        raise AssertionError("not connected")

    return CommandDesk(machine, send)


async def test_the_reply_goes_to_who_asked(desk: CommandDesk, machine: ClientMachine) -> None:
    """Replies are paired by id, in any order, and leave nothing behind."""
    one, two = _admit(), _admit()
    asking = [asyncio.get_running_loop().create_task(desk.ask(message, limit_s=5)) for message in (one, two)]
    await asyncio.sleep(0)
    desk.answered(two.id, Ok(re=two.id, version=2))
    desk.answered(one.id, Ok(re=one.id, version=1))
    desk.answered("unknown", Ok(re="unknown"))
    assert [reply.version for reply in await asyncio.gather(*asking) if isinstance(reply, Ok)] == [1, 2]
    assert machine.pending == ()


async def test_giving_up_forgets(desk: CommandDesk, machine: ClientMachine) -> None:
    """After its limit a command is refused as busy and will not be sent with the next welcome."""
    with pytest.raises(CommandRefusedError) as caught:
        await desk.ask(_admit(), limit_s=0.01)
    assert caught.value.code is ErrorCode.BUSY
    assert machine.pending == ()


async def test_a_cancelled_caller_forgets_too(desk: CommandDesk, machine: ClientMachine) -> None:
    """A page that closes while it waits leaves no command behind."""
    asking = asyncio.get_running_loop().create_task(desk.ask(_admit(), limit_s=5))
    await asyncio.sleep(0)
    assert len(machine.pending) == 1
    asking.cancel()
    await asyncio.wait([asking])
    assert machine.pending == ()


async def test_the_end_refuses_all(desk: CommandDesk) -> None:
    """When the session ends waiting commands get its code, and later ones too."""
    asking = asyncio.get_running_loop().create_task(desk.ask(_admit(), limit_s=5))
    await asyncio.sleep(0)
    desk.end(ErrorCode.UNAUTHENTICATED)
    for refused in (asking, desk.ask(_admit(), limit_s=5)):
        with pytest.raises(CommandRefusedError) as caught:
            await refused
        assert caught.value.code is ErrorCode.UNAUTHENTICATED


async def test_waiting_is_bounded(desk: CommandDesk) -> None:
    """While nothing is answered a fixed number of commands may wait; one more is refused at once."""
    asking = [asyncio.get_running_loop().create_task(desk.ask(_admit(), limit_s=5)) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(CommandRefusedError) as caught:
        await desk.ask(_admit(), limit_s=5)
    assert caught.value.code is ErrorCode.BUSY
    desk.end(ErrorCode.UNAUTHENTICATED)
    await asyncio.wait(asking)
    assert all(isinstance(task.exception(), CommandRefusedError) for task in asking)
