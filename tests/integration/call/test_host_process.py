"""The media process as a process: starts clean, dies when it should, leaves nothing, takes no window along."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from carena_desktop.call.engine import child, frame_number, host_process
from carena_desktop.call.engine.child import EngineOptions
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.engine.loopback_patient import LoopbackPatient
from carena_desktop.call.ports import (
    CloseLeg,
    EngineEvent,
    EngineFailed,
    EngineStartError,
    FrameReady,
    OfferMade,
    OpenLeg,
    SetCapture,
    Stream,
)
from carena_desktop.call.selftest import run_self_test
from tests.integration.call.conftest import until

GENERATED = SetCapture(
    camera=True, microphone=True, muted=False, camera_device="generator", microphone_device="generator"
)


async def test_the_window_process_stays_free_of_codecs() -> None:
    """Importing the host loads neither aiortc nor FFmpeg nor Qt: that is the media process's business."""
    code = """
        import sys
        import carena_desktop.call.engine.host_process, carena_desktop.call.service
        print([name for name in ("aiortc", "av", "PySide6", "numpy") if name in sys.modules])
    """
    run = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


async def test_pictures_come_through_shared_memory(process_engine: ProcessEngine) -> None:
    """The self view: as captured, at the size asked for, with frame numbers that rise."""
    await process_engine.start()
    reader = process_engine.frames(Stream.SELF)
    reader.request_size(320, 180)
    numbers: list[int] = []
    sizes: set[tuple[int, int]] = set()

    def on_event(event: EngineEvent) -> None:
        if isinstance(event, FrameReady):
            picture = reader.take()
            assert picture is not None
            number = frame_number.read(frame_number.as_array(picture))
            assert number is not None
            numbers.append(number)
            sizes.add((picture.width, picture.height))

    process_engine.on_event(on_event)
    process_engine.send(GENERATED)
    await until(lambda: len(numbers) > 20)
    assert numbers == sorted(set(numbers))
    assert sizes == {(320, 180)}


async def test_a_killed_process_is_reported_and_replaced(process_engine: ProcessEngine) -> None:
    """SIGKILL: one ``engine_lost``, no leftover, and the same object starts another process that works."""
    events: list[EngineEvent] = []
    process_engine.on_event(events.append)
    await process_engine.start()
    first = process_engine.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: EngineFailed("engine_lost") in events)
    assert not psutil.pid_exists(first)
    assert process_engine.pid is None
    process_engine.send(GENERATED)  # into the void
    await process_engine.start()
    assert process_engine.pid not in {None, first}
    process_engine.send(OpenLeg(1, ()))
    await until(lambda: any(isinstance(event, OfferMade) for event in events))
    assert events.count(EngineFailed("engine_lost")) == 1


async def test_stop_releases_and_start_begins_anew(process_engine: ProcessEngine) -> None:
    """Stopping ends the process; nothing of it is in the slot when the next one starts."""
    await process_engine.start()
    pid = process_engine.pid
    assert pid is not None
    ready = asyncio.Event()
    process_engine.on_event(lambda event: ready.set() if isinstance(event, FrameReady) else None)
    process_engine.send(GENERATED)
    await asyncio.wait_for(ready.wait(), 10)
    await process_engine.stop()
    assert not psutil.pid_exists(pid)
    await process_engine.start()
    assert process_engine.frames(Stream.SELF).take() is None


async def test_what_was_closed_leaves_nothing_in_the_process(process_engine: ProcessEngine, tmp_path: Path) -> None:
    """Devices and legs that are closed give back files, sockets and threads, though the process goes on idle."""
    film = tmp_path / "film.y4m"
    film.write_bytes(b"YUV4MPEG2 W64 H36 F30:1 Ip C420\n" + (b"FRAME\n" + bytes(64 * 36 * 3 // 2)) * 30)
    events: list[EngineEvent] = []
    process_engine.on_event(events.append)
    await process_engine.start()
    assert process_engine.pid is not None
    process = psutil.Process(process_engine.pid)
    before = process.num_fds(), process.num_threads()
    for leg in (1, 2):
        events.clear()
        process_engine.send(replace(GENERATED, camera_device=f"file:{film}"))
        process_engine.send(OpenLeg(leg, ()))
        await until(lambda: {OfferMade, FrameReady} <= {type(event) for event in events})
        assert str(film) in {one.path for one in process.open_files()}
        process_engine.send(SetCapture(camera=False, microphone=False, muted=True))
        process_engine.send(CloseLeg(leg))
    await until(lambda: process.num_fds() <= before[0] and process.num_threads() <= before[1])


async def test_a_hung_process_is_ended_by_force(process_engine: ProcessEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped (frozen) process does not keep the program from closing."""
    monkeypatch.setattr(host_process, "CLOSE_LIMIT_S", 0.3)
    monkeypatch.setattr(host_process, "TERMINATE_LIMIT_S", 0.3)
    await process_engine.start()
    pid = process_engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await asyncio.wait_for(process_engine.aclose(), 5)
    assert not psutil.pid_exists(pid)


async def test_a_silent_process_is_given_up(process_engine: ProcessEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that hangs while nothing is asked of it is ended, reported lost once, and can be replaced."""
    monkeypatch.setattr(host_process, "HANG_LIMIT_S", 2.5)
    events: list[EngineEvent] = []
    process_engine.on_event(events.append)
    await process_engine.start()
    pid = process_engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await until(lambda: EngineFailed("engine_lost") in events)
    assert not psutil.pid_exists(pid)
    monkeypatch.undo()
    await process_engine.start()
    process_engine.send(OpenLeg(1, ()))
    await until(lambda: any(isinstance(event, OfferMade) for event in events))
    assert events.count(EngineFailed("engine_lost")) == 1


async def test_a_process_that_takes_no_commands_is_given_up(process_engine: ProcessEngine) -> None:
    """A frozen process fills the queue: sending never blocks, and the engine is reported lost."""
    events: list[EngineEvent] = []
    process_engine.on_event(events.append)
    await process_engine.start()
    pid = process_engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    for _ in range(5000):
        process_engine.send(GENERATED)
    await until(lambda: EngineFailed("engine_lost") in events)


async def test_a_refused_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A media process that ends before it is ready is an EngineStartError, and leaves nothing behind."""
    monkeypatch.setattr(child, "run", _end_at_once)
    engine = ProcessEngine(EngineOptions(system_devices=False))
    with pytest.raises(EngineStartError):
        await engine.start()
    await engine.aclose()


def _end_at_once(*_arguments: object) -> None:
    """A media process that has nothing to say."""


async def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    """The parent is killed with SIGKILL: the media process, cameras and all, is gone within seconds."""
    program = tmp_path / "parent.py"
    program.write_text(
        textwrap.dedent(
            """
            import asyncio
            from carena_desktop.call.engine.child import EngineOptions
            from carena_desktop.call.engine.host_process import ProcessEngine

            async def main():
                engine = ProcessEngine(EngineOptions(system_devices=False))
                await engine.start()
                print(engine.pid, flush=True)
                await asyncio.Event().wait()

            if __name__ == "__main__":
                asyncio.run(main())
            """
        )
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    parent = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True, env=environment)  # noqa: ASYNC220 - a millisecond
    try:
        assert parent.stdout is not None
        pid = int(await asyncio.to_thread(parent.stdout.readline))
        assert psutil.pid_exists(pid)
    finally:
        parent.kill()
        parent.wait(5)
        parent.stdout.close() if parent.stdout is not None else None
    await until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, 10)


async def test_sending_costs_the_window_nothing(process_engine: ProcessEngine) -> None:
    """``send`` hands over from the loop's thread without touching the pipe: the writer is another thread."""
    await process_engine.start()
    names = {thread.name for thread in threading.enumerate()}
    assert {"engine-reader", "engine-writer"} <= names


async def test_the_self_test_passes() -> None:
    """A call with oneself finds everything in order on a machine where the other tests pass."""
    items = await run_self_test(system_devices=False)
    assert [item.name for item in items if not item.ok and not item.optional] == []  # there may be no camera here
    assert {item.name for item in items} == {
        "media process",
        "encryption",
        "video received",
        "video sent",
        "sound received",
        "sound sent",
        "data channel",
        "devices",
        "encoder speed",
    }


@pytest.mark.parametrize("hangs", ["answer", "aclose"])
async def test_a_self_test_that_hangs_comes_to_its_end(monkeypatch: pytest.MonkeyPatch, hangs: str) -> None:
    """Whatever of the other side never comes back, the result is there in bounded time and says what is missing."""
    close = LoopbackPatient.aclose

    async def never(patient: LoopbackPatient, *_offer: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            if hangs == "aclose":
                await close(patient)

    monkeypatch.setattr(LoopbackPatient, hangs, never)
    async with asyncio.timeout(50):
        items = await run_self_test(system_devices=False, limit_s=2.0 if hangs == "answer" else 8.0)
    found = {item.name: item.ok for item in items}
    assert "encoder speed" in found
    assert found["video sent"] is (hangs == "aclose")
