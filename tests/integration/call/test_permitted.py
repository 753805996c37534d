"""Rules for devices that change while the media process runs."""

import os
from pathlib import Path

import pytest

from carena_desktop.adapters import known_keys, real_call
from carena_desktop.call.engine.child import EngineOptions
from carena_desktop.call.engine.device_rules import DeviceRules
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.model import Allowed, CallState, CameraLamp, MicrophoneLamp
from carena_desktop.call.service import CallService
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.config import read_config
from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.support.network import Network
from carena_protocol.peer import MediaState
from tests.integration.call.conftest import GENERATED, until
from tests.integration.call.relay import PatientPage


async def test_the_process_that_runs_takes_a_stricter_rule_and_so_does_the_next() -> None:
    """A server forbids sharing after the sign-in: the screen that was listed is gone, also after a restart."""
    assert os.environ.get("DISPLAY"), "run by make test, which brings a virtual display"
    host = ProcessEngine(EngineOptions(platform="xcb"))
    service = CallService(host, GENERATED)
    await service.prepare()
    service.devices.list_shareable()
    await until(lambda: bool(service.devices.view.shareable))
    host.permit(DeviceRules(screens=False))
    service.devices.list_shareable()
    await until(lambda: service.devices.view.shareable == ())
    host.permit(DeviceRules())
    service.devices.list_shareable()
    await until(lambda: bool(service.devices.view.shareable))
    host.permit(DeviceRules(screens=False))
    await host.stop()
    await host.start()
    service.devices.list_shareable()
    await until(lambda: service.devices.view.shareable == ())
    await service.aclose()


async def test_a_server_that_locks_devices_in_mid_call_closes_them(
    page: PatientPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the program is put together: camera and shared screen close, the patient is told, the sound goes on."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    environ = {"CARENA_HOME": str(tmp_path), "CARENA_CAMERA": "generator", "CARENA_MICROPHONE": "generator"}
    config = read_config([], environ, list)
    desk = PolicyDesk()
    call = real_call(config, SYSTEM_CLOCK, Network(config).router, desk, known_keys(config, SYSTEM_CLOCK))
    assert isinstance(call, CallService)
    await call.start("visit-1", page)
    call.allow(Allowed.CAMERA_AND_MICROPHONE)
    await page.load()
    await until(lambda: call.snapshot.state is CallState.ACTIVE and call.snapshot.camera is CameraLamp.LIVE)
    call.share("generator")
    await until(lambda: call.snapshot.sharing)
    desk.server_says("https://visits.carena.invalid", {"AllowCamera": False, "AllowScreenSharing": False}, {})
    await until(lambda: call.snapshot.camera is CameraLamp.OFF and not call.snapshot.sharing)
    assert (call.snapshot.camera_problem, call.snapshot.share_problem) == ("forbidden", "forbidden")
    assert call.snapshot.microphone is MicrophoneLamp.LIVE
    assert page.patient is not None
    patient = page.patient
    dark = MediaState(camera=False, microphone="live", sharing=False)
    await until(lambda: [said for said in patient.control if isinstance(said, MediaState)][-1] == dark)
    call.share("generator")
    await until(lambda: call.snapshot.share_problem == "forbidden")
    assert not call.snapshot.sharing
    assert call.snapshot.state is CallState.ACTIVE
    await call.aclose()
