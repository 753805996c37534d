"""A window that is busy 150 ms of each second, with the engine in its own process or on the window's loop.

Speaks lines of JSON: says {"offer", "key"} (frames are sealed with it), reads {"answer"}, and ends with its input.

    python -m benchmarks.peers.stalled process|loop
"""

import asyncio
import contextlib
import json
import os
import secrets
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from carena_desktop.call.engine.child import EngineOptions
from carena_desktop.call.engine.host_inline import InlineEngine
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.ports import ApplyAnswer, EngineEvent, InstallKeys, OfferMade, OpenLeg, SetCapture

STALL_S = 0.15
PERIOD_MS = 1000
CAPTURE = SetCapture(
    camera=True, microphone=True, muted=False, camera_device="generator", microphone_device="generator"
)


async def _main(kind: str) -> None:
    engine = ProcessEngine(EngineOptions(system_devices=False)) if kind == "process" else InlineEngine()
    offered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def heard(event: EngineEvent) -> None:
        if isinstance(event, OfferMade) and not offered.done():
            offered.set_result(event.sdp)

    engine.on_event(heard)
    await engine.start()
    engine.send(CAPTURE)
    engine.send(OpenLeg(1, ()))
    key, offer = secrets.token_bytes(16), await offered
    engine.send(InstallKeys(1, "send", 1, key, key, key))
    sys.stdout.write(json.dumps({"offer": offer, "key": key.hex()}) + "\n")
    sys.stdout.flush()
    answer = json.loads(await asyncio.to_thread(sys.stdin.readline))["answer"]
    engine.send(ApplyAnswer(1, answer))
    busy = QTimer()
    busy.timeout.connect(lambda: time.sleep(STALL_S))
    busy.start(PERIOD_MS)
    await asyncio.to_thread(sys.stdin.read)
    busy.stop()
    await engine.aclose()


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    loop = qasync.QEventLoop(application)
    with contextlib.closing(loop):
        loop.run_until_complete(_main(sys.argv[1]))
