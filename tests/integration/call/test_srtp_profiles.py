"""SRTP profiles as a site allows them, over real DTLS: used when both can, and no call when they can't."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from carena_desktop.call.engine import srtp
from carena_desktop.call.engine.aiortc_engine import prepare
from carena_desktop.call.engine.feeds import AudioFeed, VideoFeed
from carena_desktop.call.engine.leg import Leg, Sinks
from carena_desktop.call.engine.loopback_patient import LoopbackPatient
from carena_desktop.call.ports import EngineEvent, LegChanged, LegState, OfferMade
from carena_desktop.clock import SYSTEM_CLOCK
from tests.integration.call.conftest import until


@asynccontextmanager
async def connecting(
    allowed: tuple[str, ...] | None, patients: tuple[str, ...] | None = None
) -> AsyncIterator[tuple[Leg, Callable[[], LegState]]]:
    """A leg that may use ``allowed`` and a patient that can do ``patients``; yields it and how it stands."""
    prepare()
    events: list[EngineEvent] = []
    sinks = Sinks(events.append, lambda *_: None, lambda *_: None, lambda *_: None)
    video, audio = VideoFeed(SYSTEM_CLOCK), AudioFeed(SYSTEM_CLOCK)
    leg = Leg(
        1,
        servers=(),
        relay_only=False,
        srtp_profiles=allowed,
        video=video,
        screen=None,
        audio=audio,
        sinks=sinks,
        clock=SYSTEM_CLOCK,
    )
    patient = LoopbackPatient(camera=False, microphone=False)
    try:
        await leg.offer()
        offer = next(event.sdp for event in events if isinstance(event, OfferMade))
        answer = await patient.answer(offer)
        if patients is not None:
            srtp.restrict(patient._pc, srtp.chosen(patients))
        await leg.apply_answer(answer)
        yield (
            leg,
            lambda: next(
                (event.state for event in reversed(events) if isinstance(event, LegChanged)), LegState.CONNECTING
            ),
        )
    finally:
        await asyncio.gather(leg.aclose(), patient.aclose())


@pytest.mark.parametrize("name", srtp.PROFILES)
async def test_a_call_uses_the_profile_that_the_site_allows(name: str) -> None:
    """Forced either way: AES-GCM alone, or the exact suite AES-128 with HMAC-SHA1-80."""
    async with connecting((name,)) as (leg, state):
        await until(lambda: state() is LegState.CONNECTED)
        facts = await leg.facts()
        assert facts.srtp_profile.endswith(name.removeprefix("SRTP_"))
        assert facts.dtls_version == "DTLSv1.2"
        assert "ECDHE" in facts.dtls_cipher
        assert (facts.relay, facts.relay_transport) == ("", "")


async def test_the_strongest_profile_is_taken() -> None:
    """Without a policy both ends can do all three: AES-256-GCM it is."""
    async with connecting(None) as (leg, state):
        await until(lambda: state() is LegState.CONNECTED)
        assert (await leg.facts()).srtp_profile == "SRTP_AEAD_AES_256_GCM"


async def test_no_profile_in_common_is_no_call() -> None:
    """A patient's end that can do the floor alone does not pull a site below what it allows."""
    async with connecting(("AEAD_AES_256_GCM",), ("SRTP_AES128_CM_SHA1_80",)) as (leg, state):
        await until(lambda: state() in {LegState.FAILED, LegState.CLOSED})
        assert (await leg.facts()).srtp_profile == ""
