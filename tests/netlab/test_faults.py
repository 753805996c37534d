"""What a call must stand: loss, jitter, narrow links, outages and firewalls, between our engine and a browser."""

from typing import Any

import pytest

from tests.netlab.laboratory import STUN, TCP, TLS, UDP, Profile, Result, run

pytestmark = [
    pytest.mark.netlab,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # the laboratory leaves logs open
]

SETTLED = 8.0
"""Seconds after which a call has found its rate."""

MOST_DELAY = 0.12
"""Seconds that sound may be heard later than its fastest packet, 19 times out of 20."""


def site(**faults: Any) -> Any:
    """The clinician's access link, each direction."""
    return lambda lab: lab.link("cl", "both", **faults)


def steady(result: Result, end: float) -> tuple[float, float, float]:
    """Sound frames a second, pictures a second and the longest gap between pictures, once settled."""
    return (
        result.audio_rate(SETTLED, end),
        result.video_rate(SETTLED, end),
        result.longest_gap(result.video, SETTLED, end),
    )


@pytest.mark.parametrize(
    ("faults", "sound"),
    [
        ({"loss": 0.03}, 47),
        ({"loss": 0.10}, 43),
        ({"burst": {"loss": 0.10, "len": 8}}, 42),
    ],
    ids=["loss-3", "loss-10", "burst-10"],
)
def test_loss(faults: dict[str, Any], sound: int) -> None:
    """Sound keeps what was not lost, and the picture never stops for more than a second."""
    result = run(Profile(25, site(delay_ms=20, **faults)), "loss")
    audio, _, gap = steady(result, 24)
    assert audio >= sound
    assert gap <= 1.0


def test_jitter() -> None:
    """100 ms and 30 more or less cost no sound, and it is heard at most 120 ms after its fastest packet came."""
    result = run(Profile(25, site(delay_ms=100, jitter_ms=30)), "jitter")
    assert steady(result, 24)[0] >= 49
    assert result.longest_gap(result.audio, SETTLED, 24) <= 0.3
    assert result.added_delay(SETTLED, 24) <= MOST_DELAY


@pytest.mark.parametrize("kbps", [500, 250])
def test_a_narrow_link(kbps: int) -> None:
    """Sound comes first: it has no gaps, the picture goes on smaller, and we do not send more than the link carries."""
    profile = Profile(40, site(rate_bps=kbps * 1000, queue_ms=300, delay_ms=20))
    result = run(profile, "narrow")
    audio, video, _ = steady(result, 39)
    offered = result.link["cl"]["up"]["bytes"] * 8 / 40 / 1000
    assert audio >= 48
    assert result.longest_gap(result.audio, SETTLED, 39) <= 0.3
    assert video >= 10
    assert offered <= 1.2 * kbps
    assert result.patient_rate("vframes") >= 10
    assert result.patient_rate("apk") >= 48


@pytest.mark.parametrize("kbps", [500, 250])
def test_a_screen_over_a_narrow_link(kbps: int) -> None:
    """A shared screen takes its part of what the link carries: sound has no gaps, and no more is sent than without."""
    began = 10.0
    profile = Profile(40, site(rate_bps=kbps * 1000, queue_ms=300, delay_ms=20), share_at=began)
    result = run(profile, "screen")
    offered = result.link["cl"]["up"]["bytes"] * 8 / 40 / 1000
    assert result.audio_rate(began, 39) >= 48
    assert result.longest_gap(result.audio, began, 39) <= 0.3
    heard, made_up = (result.patient_rate(name, 25) for name in ("asamples", "aconceal"))
    assert result.patient_rate("apk", 25) >= 48
    assert made_up / heard <= 0.03
    assert offered <= 1.2 * kbps
    assert any(one["sent_screen_fps"] > 0 for one in result.figures if one["at"] > began)


@pytest.mark.parametrize("seconds", [5, 20])
def test_an_outage(seconds: int) -> None:
    """The call comes back by itself: sound within a second of its end, the picture within two, and nothing stale."""
    back = 8.0 + seconds
    script = ((8.0, lambda lab: lab.link("cl", outage=True)), (back, lambda lab: lab.link("cl", outage=False)))
    end = back + 15
    result = run(Profile(end, script=script), "outage")
    late = 1.0  # the script runs by the room's clock, the engine by its own
    assert min(at for at in result.audio if at > back - late) <= back + 1.0 + late
    assert min(at for at in result.video if at > back - late) <= back + 2.0 + late
    assert result.video_rate(back + 1, back + 4) <= 1.2 * 20
    assert result.video_rate(end - 5, end - 1) >= 10


def symmetric(lab: Any) -> None:
    """A new port for each destination on both sides: no hole can be punched."""
    lab.nat("cl", "symmetric")
    lab.nat("pt", "symmetric")


@pytest.mark.parametrize(
    ("profile", "path"),
    [
        (Profile(12, lambda lab: lab.block_udp("cl"), ice=(STUN, UDP, TCP, TLS)), "relayed"),
        (Profile(12, lambda lab: lab.only_tcp_ports("cl", 5349, 8080), ice=(STUN, UDP, TCP, TLS)), "relayed"),
        (Profile(12, symmetric, ice=(STUN, UDP, TCP, TLS)), "relayed"),
    ],
    ids=["udp-blocked", "tls-only", "symmetric-nat"],
)
def test_the_way_round(profile: Profile, path: str) -> None:
    """Where there is no direct path a relay is found, and within three seconds."""
    result = run(profile, "ladder")
    assert result.figures[-1]["path"] == path
    assert result.connected() <= 3.0
    assert result.audio_rate(6, 11) >= 45
