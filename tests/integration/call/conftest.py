"""Engines, patients and calls for the tests of this folder; whatever a test starts ends with it."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from carena_desktop.call.engine.child import EngineOptions
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.mute import DeviceChoice
from carena_desktop.call.service import CallService
from tests.integration.call.relay import PatientPage

GENERATED = DeviceChoice(camera="generator", microphone="generator")


async def until(condition: Callable[[], bool], within: float = 20.0) -> None:
    """Wait until ``condition`` holds; fails after ``within`` seconds."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - several sources; a poll is the simplest of them
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def nothing_is_left() -> object:
    """No process, thread or shared memory of a test outlives it."""
    shared = Path("/dev/shm")  # noqa: S108 - where Linux keeps shared memory; other systems skip this half
    before = {path.name for path in shared.glob(f"carena_{os.getpid()}_*")} if shared.exists() else set()
    threads = set(threading.enumerate())
    yield
    assert multiprocessing.active_children() == []
    left = [t.name for t in threading.enumerate() if t not in threads and not t.name.startswith(("asyncio_", "Thread"))]
    assert left == []
    assert ({path.name for path in shared.glob(f"carena_{os.getpid()}_*")} if shared.exists() else set()) <= before


@pytest.fixture
async def process_engine() -> AsyncIterator[ProcessEngine]:
    """A media process with virtual devices, not started."""
    engine = ProcessEngine(EngineOptions(system_devices=False))
    yield engine
    await engine.aclose()


@pytest.fixture
async def call(process_engine: ProcessEngine) -> AsyncIterator[CallService]:
    """A call service over a media process."""
    service = CallService(process_engine, GENERATED)
    yield service
    await service.aclose()


@pytest.fixture
async def page() -> AsyncIterator[PatientPage]:
    """A patient's page and the relay to it."""
    page = PatientPage()
    yield page
    await page.aclose()
