"""The desk with a fake engine: two of them joined by sealed records, and what a person sees."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from carena_desktop.call.file_desk import FileDesk
from carena_desktop.call.files.channel import FilesOpened, FilesReceived, SendFileRecord
from carena_desktop.call.files.machine import Check, FileEffect, Say, SendPiece, Store, TransferMachine
from carena_desktop.call.files.model import FileState, FilesView
from carena_desktop.call.files.port import FileRefusedError
from carena_desktop.call.files.sniff import Kind
from carena_desktop.call.files.vault import Vault
from carena_desktop.call.ports import LegChanged, LegState
from carena_desktop.clock import SYSTEM_CLOCK
from carena_protocol.files import AnyFileMessage, FileKey, FileOffer, FileOpener, FileSeal, Piece, decode, encode
from tests.fakes.engine import FakeEngine

KEYS = {"send": b"s" * 16, "receive": b"r" * 16}


class Patient:
    """The other party behind the engine: a machine of its own with the same keys the other way round."""

    def __init__(self, engine: FakeEngine, desk: FileDesk) -> None:
        self.engine, self.desk = engine, desk
        self.machine = TransferMachine()
        self.kept: dict[str, bytes] = {}
        self.sends: dict[str, bytes] = {}
        self.leg = 0
        self.done = 0

    def connect(self, leg: int) -> None:
        """A leg is up, its keys agreed."""
        self.leg = leg
        self.seal, self.opener = FileSeal("P>C"), FileOpener("C>P")
        self.seal.install(1, KEYS["receive"])
        self.opener.install(1, KEYS["send"])
        self.engine.emit(FilesOpened(leg))
        self.desk.install(FileKey(leg, "receive", 1, KEYS["receive"]))
        self.desk.install(FileKey(leg, "send", 1, KEYS["send"]))
        self.do(self.machine.opened(0))

    def do(self, effects: list[FileEffect]) -> None:
        """Perform effects."""
        for effect in effects:
            match effect:
                case Say(message=message):
                    self.say(message)
                case SendPiece(id=key, start=start, size=size):
                    self.say(Piece(key, start, self.sends[key][start : start + size]))
                case Store(id=key, data=data):
                    self.kept[key] = self.kept.get(key, b"") + data
                case Check(id=key):
                    self.do(self.machine.checked(key, 0, good=True))
                case _:
                    pass

    def say(self, said: AnyFileMessage | Piece) -> None:
        """Send a record."""
        self.engine.emit(FilesReceived(self.leg, self.seal.seal(encode(said))))

    def hear(self) -> None:
        """Take everything that the desktop has sent."""
        while self.done < len(self.engine.history):
            command = self.engine.history[self.done]
            self.done += 1
            if isinstance(command, SendFileRecord) and command.leg == self.leg:
                self.do(self.machine.received(decode(self.opener.open(command.record)), SYSTEM_CLOCK.monotonic()))
        self.do(self.machine.tick(SYSTEM_CLOCK.monotonic()))

    async def until(self, condition: Callable[[], bool]) -> None:
        """Talk until ``condition`` holds."""
        async with asyncio.timeout(10):
            while not condition():
                self.hear()
                await asyncio.sleep(0.002)

    def offer(self, key: str, data: bytes, name: str = "photo.jpg") -> None:
        """Offer a file."""
        from base64 import b64encode  # noqa: PLC0415 - only here
        from hashlib import sha256  # noqa: PLC0415 - only here

        self.sends[key] = data
        hashed = b64encode(sha256(data).digest()).decode()
        self.do(self.machine.offer(FileOffer(id=key, name=name, size=len(data), sha256=hashed), 0))


@pytest.fixture
def engine() -> FakeEngine:
    """An engine that does nothing by itself."""
    return FakeEngine(auto=False)


@pytest.fixture
async def desk(engine: FakeEngine, tmp_path: Path) -> AsyncIterator[FileDesk]:
    """A desk in a visit."""
    made = FileDesk(engine, SYSTEM_CLOCK, Vault(tmp_path / "vault"), lambda: 1_000_000)
    made.begin("v1")
    yield made
    made.close()


def state(desk: FileDesk, index: int = 0) -> FileState | None:
    """Return how a file stands."""
    files = desk.view.files
    return files[index].state if len(files) > index else None


async def test_a_file_goes_out_whole(engine: FakeEngine, desk: FileDesk, tmp_path: Path) -> None:
    """A chosen file is offered, sent when it is taken, and done when the other side has checked it."""
    patient, data = Patient(engine, desk), bytes(range(256)) * 700
    (tmp_path / "letter.pdf").write_bytes(data)
    patient.connect(1)
    await desk.send(tmp_path / "letter.pdf")
    await patient.until(lambda: len(patient.machine.files) == 1)
    key = patient.machine.files[0].id
    patient.do(patient.machine.accept(key, 0))
    await patient.until(lambda: state(desk) is FileState.DONE)
    assert patient.kept[key] == data


async def test_a_file_comes_in_and_is_saved(engine: FakeEngine, desk: FileDesk, tmp_path: Path) -> None:
    """An offer waits for the person; what was taken is known by its content, and saved where the person says."""
    patient, data = Patient(engine, desk), b"\xff\xd8\xff" + bytes(100_000)
    patient.connect(1)
    patient.offer("a" * 32, data)
    assert desk.view.waiting == 1
    desk.accept("a" * 32)
    await patient.until(lambda: state(desk) is FileState.DONE)
    assert (desk.view.files[0].kind, desk.view.unsaved) == (Kind.JPEG, 1)
    assert await desk.content("a" * 32) == data
    await desk.save("a" * 32, tmp_path / "photo.jpg")
    assert (tmp_path / "photo.jpg").read_bytes() == data
    assert desk.view.unsaved == 0


async def test_it_goes_on_over_another_leg(engine: FakeEngine, desk: FileDesk) -> None:
    """The leg is replaced in the middle of a file, once overlapping and once after a gap: the file arrives."""
    patient, data = Patient(engine, desk), bytes(600_000)
    patient.connect(1)
    patient.offer("a" * 32, data)
    desk.accept("a" * 32)
    await patient.until(lambda: len(patient.machine.files) > 0 and patient.machine.files[0].moved > 50_000)
    patient.connect(2)
    engine.emit(LegChanged(1, LegState.CLOSED))
    await patient.until(lambda: patient.machine.files[0].moved > 200_000)
    engine.emit(LegChanged(2, LegState.FAILED))
    assert not desk.view.connected
    patient.machine.closed()
    patient.connect(3)
    await patient.until(lambda: state(desk) is FileState.DONE)
    assert await desk.content("a" * 32) == data


async def test_a_program_by_another_name_is_dropped(engine: FakeEngine, desk: FileDesk) -> None:
    """What turns out to be a program is deleted and said to be one."""
    patient = Patient(engine, desk)
    patient.connect(1)
    patient.offer("a" * 32, b"MZ" + bytes(1000), "photo.jpg")
    desk.accept("a" * 32)
    await patient.until(lambda: state(desk) is FileState.FAILED)
    assert desk.view.files[0].reason == "program"
    with pytest.raises(OSError, match="no such file"):
        await desk.content("a" * 32)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("big.pdf", bytes(1_000_001), "too-large"), ("none.pdf", b"", "empty"), ("a.exe", b"x", "kind")],
)
async def test_what_can_not_be_sent_is_said_at_once(
    desk: FileDesk, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    """A file that is empty, too large or a program is refused before anything is offered."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileRefusedError) as refused:
        await desk.send(tmp_path / name)
    assert refused.value.code == code
    assert desk.view.files == ()


async def test_a_file_that_is_not_there_is_refused(desk: FileDesk, tmp_path: Path) -> None:
    """What can't be read can't be sent."""
    with pytest.raises(FileRefusedError) as refused:
        await desk.send(tmp_path / "gone.pdf")
    assert refused.value.code == "unreadable"


async def test_a_policy_without_files_refuses_both_ways(engine: FakeEngine, tmp_path: Path) -> None:
    """Where files are not allowed nothing is sent, and every offer is declined by itself."""
    desk = FileDesk(engine, SYSTEM_CLOCK, Vault(None), lambda: 0)
    desk.begin("v1")
    patient = Patient(engine, desk)
    patient.connect(1)
    patient.offer("a" * 32, b"photo")
    await patient.until(lambda: patient.machine.files[0].state is FileState.DECLINED)
    (tmp_path / "a.pdf").write_bytes(b"x")
    with pytest.raises(FileRefusedError):
        await desk.send(tmp_path / "a.pdf")
    assert not desk.view.allowed
    desk.close()


async def test_the_end_of_the_call_keeps_what_is_here_and_the_end_of_the_visit_nothing(
    engine: FakeEngine, desk: FileDesk, tmp_path: Path
) -> None:
    """A received file can be saved after the patient hung up, through a rejoin, until the visit is left."""
    patient = Patient(engine, desk)
    patient.connect(1)
    patient.offer("a" * 32, b"photo")
    desk.accept("a" * 32)
    await patient.until(lambda: state(desk) is FileState.DONE)
    patient.offer("b" * 32, b"unfinished")
    desk.call_over()
    assert (state(desk, 0), state(desk, 1)) == (FileState.DONE, FileState.FAILED)
    desk.begin("v1")
    assert await desk.content("a" * 32) == b"photo"
    desk.begin("v2")
    assert desk.view.files == ()
    with pytest.raises(OSError, match="no such file"):
        await desk.content("a" * 32)
    assert not [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]


async def test_forged_and_replayed_records_count_for_nothing(engine: FakeEngine, desk: FileDesk) -> None:
    """Bytes without the leg's key, records heard twice and records of no leg are dropped and counted."""
    patient = Patient(engine, desk)
    patient.connect(1)
    record = patient.seal.seal(encode(FileOffer(id="a" * 32, name="n", size=5, sha256="x" * 44)))
    engine.emit(FilesReceived(1, bytes(60)))
    engine.emit(FilesReceived(1, record[:-1] + bytes([record[-1] ^ 1])))
    assert desk.view.files == ()
    engine.emit(FilesReceived(1, record))
    engine.emit(FilesReceived(1, record))
    engine.emit(FilesReceived(9, record))
    assert len(desk.view.files) == 1
    assert desk._records.refused == 3


async def test_progress_is_told_a_few_times_a_second(engine: FakeEngine, desk: FileDesk) -> None:
    """However fast pieces come, the window is not told of each."""
    patient, views = Patient(engine, desk), list[FilesView]()
    desk.on_change(views.append)
    patient.connect(1)
    patient.offer("a" * 32, bytes(900_000))
    desk.accept("a" * 32)
    await patient.until(lambda: state(desk) is FileState.DONE)
    assert len(views) < 20


async def test_no_file_passes_while_another_device_is_held(engine: FakeEngine, desk: FileDesk, tmp_path: Path) -> None:
    """Held from its keys on: nothing is sent, an offer is not shown; once the codes match both pass, each once."""
    patient = Patient(engine, desk)
    desk.hold(held=True)
    patient.connect(2)
    patient.offer("1" * 32, b"theirs")
    path = tmp_path / "ours.txt"
    path.write_bytes(b"ours")
    await desk.send(path)
    patient.hear()
    assert [file.mine for file in desk.view.files] == [True]
    assert not desk.view.connected
    assert [file.mine for file in patient.machine.files] == [True]
    assert not [command for command in engine.history if isinstance(command, SendFileRecord)]
    desk.hold(held=False)
    await patient.until(lambda: len(patient.machine.files) == 2)
    assert sorted(file.mine for file in desk.view.files) == [False, True]
    desk.accept("1" * 32)
    await patient.until(lambda: state(desk, 1) is FileState.DONE)
