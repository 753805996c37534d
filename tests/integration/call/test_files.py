"""Files through a media process and real connections, both ways, with the conversation going on."""

import os
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.files.model import FileState
from carena_desktop.call.model import Allowed, CallState, Delivery
from carena_desktop.call.service import CallService
from tests.integration.call.conftest import until
from tests.integration.call.patient_files import PatientFiles
from tests.integration.call.relay import PatientPage

SIZE = 4_000_000


@pytest.fixture
def files(page: PatientPage) -> Iterator[PatientFiles]:
    """The patient's files."""
    page.files = PatientFiles()
    yield page.files
    page.files.close()


async def begin(call: CallService, page: PatientPage) -> None:
    """As far as a call in which files can be sent."""
    await call.start("visit-1", page)
    call.allow(Allowed.CAMERA_AND_MICROPHONE)
    await page.load()
    await until(lambda: call.snapshot.state is CallState.ACTIVE and call.files.view.connected)


def state(call: CallService) -> FileState | None:
    """Return how the newest file stands."""
    return call.files.view.files[-1].state if call.files.view.files else None


async def test_a_file_each_way_beside_the_conversation(
    call: CallService, page: PatientPage, files: PatientFiles, tmp_path: Path
) -> None:
    """Megabytes go both ways at once; meanwhile chat is delivered promptly, and sound and picture go on."""
    data, photo = secrets.token_bytes(SIZE), secrets.token_bytes(SIZE)
    (tmp_path / "scan.pdf").write_bytes(data)
    await begin(call, page)
    await call.files.send(tmp_path / "scan.pdf")
    sent = files.send(photo)
    await until(lambda: call.files.view.waiting == 1)
    call.files.accept(sent)
    waits = []
    while any(file.state is FileState.MOVING for file in call.files.view.files):
        began = time.monotonic()
        call.send_chat("still here?")
        await until(lambda: call.snapshot.chat[-1].delivery is Delivery.DELIVERED)
        waits.append(time.monotonic() - began)
    assert [file.state for file in call.files.view.files] == [FileState.DONE, FileState.DONE]
    assert bytes(next(iter(files.kept.values()))) == data
    assert await call.files.content(sent) == photo
    assert len(waits) > 5
    assert max(waits) < 3.0, f"a line waited {max(waits):.1f} s behind files"  # heartbeats are missed after 3 s
    assert call.snapshot.state is CallState.ACTIVE
    assert call.snapshot.leg == 1, "the connection was given up under the load"


async def test_a_file_survives_the_media_process(
    call: CallService, page: PatientPage, files: PatientFiles, process_engine: ProcessEngine
) -> None:
    """The process that carries the call is killed in the middle of a file, which goes on over the next leg."""
    photo = secrets.token_bytes(SIZE)
    await begin(call, page)
    sent = files.send(photo)
    await until(lambda: call.files.view.waiting == 1)
    call.files.accept(sent)
    await until(lambda: call.files.view.files[0].moved > SIZE // 10)
    assert process_engine.pid is not None
    os.kill(process_engine.pid, signal.SIGKILL)
    await until(lambda: state(call) is FileState.DONE, within=50)
    assert files.legs == 2
    assert await call.files.content(sent) == photo


async def test_a_record_that_was_changed_on_the_way_costs_a_moment(
    call: CallService, page: PatientPage, files: PatientFiles
) -> None:
    """A record that does not open is dropped and counted, and its piece asked for again."""
    photo = secrets.token_bytes(SIZE // 10)
    changed: list[bytes] = []

    def tamper(record: bytes) -> bytes:
        if len(changed) < 3 and len(record) > 10_000:
            changed.append(record)
            return record[:-1] + bytes([record[-1] ^ 1])
        return record

    await begin(call, page)
    files.tampered = tamper
    sent = files.send(photo)
    await until(lambda: call.files.view.waiting == 1)
    call.files.accept(sent)
    await until(lambda: state(call) is FileState.DONE, within=40)
    assert await call.files.content(sent) == photo
    assert call.files._records.refused == 3
