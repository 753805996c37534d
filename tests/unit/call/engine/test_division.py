"""The rate of a leg is divided so that a shared screen is legible, and never more than there is."""

from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.engine.division import LEAST_KBPS, Shares, divide
from carena_desktop.call.engine.video_ladder import DETAILED, LADDER, VideoLadder


@given(st.integers(-100, 10_000), st.booleans(), st.booleans())
def test_no_more_than_there_is(kbps: int, camera: bool, screen: bool) -> None:
    """Together they are at most the whole, but for the least that one alone gets; who sends nothing gets nothing."""
    shares = divide(kbps, camera=camera, screen=screen)
    assert shares.camera + shares.screen == max(kbps, LEAST_KBPS)
    assert shares.screen > 0 if screen else shares.screen == 0
    assert shares.camera == 0 or shares.camera >= LEAST_KBPS
    assert camera or not screen or shares.camera == 0


@given(st.integers(50, 5000))
def test_more_for_both_is_less_for_neither(kbps: int) -> None:
    """A rising estimate takes from nobody, but for the moment in which the camera begins."""
    before, after = divide(kbps, camera=True, screen=True), divide(kbps + 10, camera=True, screen=True)
    assert after.camera >= before.camera
    assert after.screen >= before.screen or (before.camera == 0 and after.camera > 0)


def test_the_screen_is_legible_first() -> None:
    """Up to 250 kbit/s all is the screen's, 1080 lines of it; a camera that moves costs it nothing of that."""
    assert divide(200, camera=True, screen=True) == Shares(0, 200)
    assert divide(310, camera=True, screen=True) == Shares(60, 250)
    for kbps in (350, 700, 1500, 2500):
        shares = divide(kbps, camera=True, screen=True)
        assert VideoLadder(shares.screen, 0.0, DETAILED).rung.height == 1080
        assert shares.camera >= 100
    rich = divide(2500, camera=True, screen=True)
    assert VideoLadder(rich.camera, 0.0, LADDER).rung.fps == 30


@given(st.integers(300, 5000), st.integers(0, 3000))
def test_what_a_still_screen_leaves_is_the_cameras(kbps: int, used: int) -> None:
    """A screen that uses less than it could lends the rest, keeps what makes it legible, and the sum is the same."""
    lent, whole = divide(kbps, camera=True, screen=True, used=used), divide(kbps, camera=True, screen=True)
    assert lent.camera + lent.screen == kbps
    assert lent.screen >= min(250, whole.screen)
    assert lent.camera >= whole.camera
    assert divide(550, camera=True, screen=True, used=20) == Shares(300, 250)


def test_alone_each_has_all() -> None:
    """A camera without a screen, and a screen without a camera."""
    assert divide(900, camera=True, screen=False) == Shares(900, 0)
    assert divide(900, camera=False, screen=True) == Shares(0, 900)
