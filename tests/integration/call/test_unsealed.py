"""A leg whose frames would go around the sealing sends nothing, whatever the other party answers."""

import pytest

from carena_desktop.call.engine.host_inline import InlineEngine
from carena_desktop.call.engine.repairs.sealing import LegSealing
from carena_desktop.call.ports import ApplyAnswer, EngineEvent, EngineFailed, OfferMade, OpenLeg
from tests.integration.call.conftest import until


async def test_a_leg_that_would_send_unsealed_takes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is not even looked at: the leg fails, and says why."""
    monkeypatch.setattr(LegSealing, "is_in_place", False)
    engine, events = InlineEngine(), list[EngineEvent]()
    engine.on_event(events.append)
    await engine.start()
    engine.send(OpenLeg(1, (), screen=False))
    await until(lambda: any(isinstance(event, OfferMade) for event in events))
    engine.send(ApplyAnswer(1, "not even an answer"))
    await until(lambda: EngineFailed("unsealed", 1) in events)
    await engine.aclose()
