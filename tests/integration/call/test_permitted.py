"""Rules for devices that change while the media process runs."""

import os

from carena_desktop.call.engine.child import EngineOptions
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.service import CallService
from tests.integration.call.conftest import GENERATED, until


async def test_the_process_that_runs_takes_a_stricter_rule_and_so_does_the_next() -> None:
    """A server forbids sharing after the sign-in: the screen that was listed is gone, also after a restart."""
    assert os.environ.get("DISPLAY"), "run by make test, which brings a virtual display"
    host = ProcessEngine(EngineOptions(platform="xcb"))
    service = CallService(host, GENERATED)
    await service.prepare()
    service.devices.list_shareable()
    await until(lambda: bool(service.devices.view.shareable))
    host.permit(None, screens=False)
    service.devices.list_shareable()
    await until(lambda: service.devices.view.shareable == ())
    host.permit(None, screens=True)
    service.devices.list_shareable()
    await until(lambda: bool(service.devices.view.shareable))
    host.permit(None, screens=False)
    await host.stop()
    await host.start()
    service.devices.list_shareable()
    await until(lambda: service.devices.view.shareable == ())
    await service.aclose()
