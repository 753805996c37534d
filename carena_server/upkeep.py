"""What has to be done now and then: expired rows deleted, deleted text scrubbed, the audit chain's end written down."""

import asyncio
import logging
from pathlib import Path
from typing import Final

from carena_server.clock import Clock
from carena_server.logs import failure
from carena_server.repository import Upkeep
from carena_server.store.audit_log import write_anchor

_log = logging.getLogger(__name__)
_ROUND_S: Final = 2.0
_ANCHOR_S: Final = 30.0
_PRUNE_S: Final = 600.0


class Keeper:
    """Runs beside the service and never in its way."""

    def __init__(self, upkeep: Upkeep, clock: Clock, anchor: Path) -> None:
        self._upkeep = upkeep
        self._clock = clock
        self._anchor = anchor
        self._scrub_due = True
        self._anchored_at = 0.0
        self._pruned_at = 0.0

    def scrub_soon(self) -> None:
        """Patient text was deleted: have it gone from the files with the next round."""
        self._scrub_due = True

    async def run(self) -> None:
        """Keep until cancelled."""
        while True:
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - logged; the next round may succeed
                _log.error("upkeep failed: %s", failure(error))
            await asyncio.sleep(_ROUND_S)

    async def round(self) -> None:
        """Do what is due."""
        now = self._clock.monotonic()
        if await self._upkeep.forget_due(self._clock.wall_ms()):
            self._scrub_due = True
        if now - self._pruned_at >= _PRUNE_S:
            await self._upkeep.prune(self._clock.wall_ms())
            self._pruned_at, self._scrub_due = now, True
        if self._scrub_due:
            self._scrub_due = False
            self._scrub_due = not await self._upkeep.scrub() or self._scrub_due
        if now - self._anchored_at >= _ANCHOR_S:
            await self._write_anchor()
            self._anchored_at = now

    async def finish(self) -> None:
        """Leave everything tidy at a stop."""
        await self._upkeep.scrub()
        await self._write_anchor()

    async def _write_anchor(self) -> None:
        head = await self._upkeep.audit_head()
        await asyncio.to_thread(write_anchor, self._anchor, head)
