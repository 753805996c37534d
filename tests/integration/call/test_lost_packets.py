"""Camera and shared screen of the patient's over a path that loses packets: what is repeated reaches its picture.

Needs neither root nor a laboratory: packets are dropped where the patient's transport would send them.
"""

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiortc.rtcdtlstransport import RTCDtlsTransport

from carena_desktop.call.engine.host_inline import InlineEngine
from carena_desktop.call.engine.loopback_patient import LoopbackPatient
from carena_desktop.call.engine.repairs import repetition_route
from carena_desktop.call.service import CallService
from carena_protocol.peer import MediaState
from tests.integration.call.conftest import GENERATED, until
from tests.integration.call.relay import PatientPage
from tests.integration.call.test_two_pictures import Shown, begin

LOSS = 0.04
FRAMES = 100
"""Of the camera, three seconds and a bit."""


@pytest.fixture
async def inline_call() -> AsyncIterator[CallService]:
    """A call service over an engine on this loop, where its repairs can be taken out."""
    service = CallService(InlineEngine(), GENERATED)
    yield service
    await service.aclose()


def lose(patient: LoopbackPatient, share: float, seed: int = 7) -> list[int]:
    """Drop so much of the patient's media from now on, repetitions included; return the growing list of sizes."""
    transport = patient._pc.getTransceivers()[0].sender.transport  # the one for all sections
    send, chance, lost = transport._send_rtp, random.Random(seed), list[int]()  # noqa: S311 - a test's accidents

    async def lossy(data: bytes) -> None:
        is_control = data[1] & 0x7F in range(64, 96)  # RTCP, RFC 5761
        if not is_control and chance.random() < share:
            lost.append(len(data))
        else:
            await send(data)

    transport._send_rtp = lossy  # type: ignore[method-assign]  # the path
    return lost


async def shown_under_loss(call: CallService, page: PatientPage) -> tuple[float, float]:
    """Return which part of the camera's and of the screen's pictures was shown."""
    shown = Shown(call)
    await begin(call, page)
    assert page.patient is not None
    patient: Any = page.patient
    patient.share(shared=True)
    patient.send(MediaState(camera=True, microphone="live", sharing=True))
    await until(lambda: len(shown.screen) > 10)
    lost = lose(patient, LOSS)
    shown.camera.clear()
    shown.screen.clear()
    await until(lambda: shown.camera != [] and shown.camera[-1] - shown.camera[0] > FRAMES)
    assert len(lost) > 10
    parts = [len(set(seen)) / (seen[-1] - seen[0] + 1) for seen in (shown.camera, shown.screen)]
    print(f"shown of camera and screen: {parts}, {len(lost)} packets lost")  # noqa: T201 - with -s
    return parts[0], parts[1]


async def test_repetitions_reach_camera_and_screen(inline_call: CallService, page: PatientPage) -> None:
    """With four packets in a hundred lost nearly all pictures are shown, of both."""
    assert min(await shown_under_loss(inline_call, page)) >= 0.8


async def test_without_the_repair_they_reach_neither(
    inline_call: CallService, page: PatientPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same path with the stock routing of aiortc: more than a third of the pictures is missing."""
    monkeypatch.setattr(repetition_route, "install", lambda: None)
    monkeypatch.setattr(RTCDtlsTransport, "_register_rtp_receiver", repetition_route._registered)
    assert min(await shown_under_loss(inline_call, page)) <= 0.65
