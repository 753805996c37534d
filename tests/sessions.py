"""Waiting for what a desktop's session becomes."""

import asyncio
from collections.abc import Callable

from carena_desktop.session.model import SessionSnapshot
from carena_desktop.session.service import SessionService


async def until(
    service: SessionService, holds: Callable[[SessionSnapshot], bool], *, limit_s: float
) -> SessionSnapshot:
    """Wait until the snapshot satisfies ``holds``, and return it; raises TimeoutError."""
    reached = asyncio.Event()

    def look(snapshot: SessionSnapshot) -> None:
        if holds(snapshot):
            reached.set()

    unsubscribe = service.on_change(look)
    look(service.snapshot)
    try:
        async with asyncio.timeout(limit_s):
            await reached.wait()
    finally:
        unsubscribe()
    return service.snapshot
