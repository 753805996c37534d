"""Legs that vouch for each other: what is believed, and every forgery that is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_protocol.e2ee.agreement import Agreed, AgreementError
from carena_protocol.e2ee.chain import KEPT, WINDOW, Chain, ChainError
from carena_protocol.e2ee.patient import PatientChain
from carena_protocol.peer import LegFailed, Offer, Sealed, encode

FIRST, SECOND = bytes([1] * 32), bytes([2] * 32)
KEY32 = "c" * 43 + "="


def chains() -> tuple[Chain, Chain]:
    """A desktop's and a patient's after their first leg."""
    here, there = Chain("C"), Chain("P")
    for chain in (here, there):
        chain.add(1, FIRST, 0)
        chain.use(1)
    return here, there


@given(st.text(min_size=1))
def test_what_one_seals_the_other_opens_once(body: str) -> None:
    """A sealed text is opened unchanged; a second time, and by whoever sealed it, it is refused."""
    here, there = chains()
    message = here.seal(body)
    assert there.open(message) == body
    with pytest.raises(ChainError, match="taken before"):
        there.open(message)
    with pytest.raises(ChainError, match="forged"):
        here.open(message)


@given(st.sampled_from(["leg", "n", "body", "mac"]), st.data())
def test_any_change_is_a_forgery(what: str, data: st.DataObject) -> None:
    """With any part of it changed a message is refused, and the true one is still taken afterwards."""
    here, there = chains()
    for chain in (here, there):
        chain.add(2, SECOND, 1)
    message = here.seal("body")
    fields = {"leg": message.leg, "n": message.n, "body": message.body, "mac": message.mac}
    others = {
        "leg": st.integers(1, 9),
        "n": st.integers(1, 9),
        "body": st.text(min_size=1),
        "mac": st.text("AZaz09+/", min_size=43, max_size=43).map(lambda text: text + "="),
    }
    fields[what] = data.draw(others[what].filter(lambda value: value != fields[what]))
    with pytest.raises(ChainError):
        there.open(Sealed(**fields))  # type: ignore[arg-type]  # the strategies are of the fields' types
    assert there.open(message) == "body"


def test_a_later_leg_carries_the_earlier_ones() -> None:
    """The secrets of a leg depend on who vouched for it; a stranger's leg finds nobody who does."""
    here, there = chains()
    here.add(2, SECOND, 1)
    there.add(2, FIRST, 1)
    here.use(2)
    with pytest.raises(ChainError, match="forged"):
        there.open(here.seal("body"))
    with pytest.raises(AgreementError):
        here.add(3, SECOND, 0)
    with pytest.raises(AgreementError):
        here.add(3, SECOND, 9)


def test_the_leg_in_use_is_never_forgotten() -> None:
    """Spares that come and go unused push out each other's secrets, not those that everything is sealed with."""
    here, there = chains()
    for leg in range(2, 9):
        there.add(leg, SECOND, 1)
        here.add(leg, FIRST, 1)
    assert there.legs == (1, 6, 7, 8)
    assert there.open(here.seal("body")) == "body"


def test_only_a_few_legs_are_remembered() -> None:
    """Old secrets are forgotten, so that what was sealed under them is worth nothing."""
    here, there = chains()
    old = here.seal("old")
    for leg in range(2, KEPT + 3):
        there.add(leg, SECOND, leg - 1)
        there.use(leg)
    assert there.legs == (3, 4, 5)
    with pytest.raises(ChainError, match="unknown leg"):
        there.open(old)
    there.clear()
    assert (there.legs, there.leg) == ((), 0)
    with pytest.raises(ChainError):
        there.seal("body")


def test_numbers_far_behind_are_refused() -> None:
    """A message more than a window behind the newest can't be told from a repetition."""
    here, there = chains()
    first = here.seal("first")
    for _ in range(2 * WINDOW + 10):
        there.open(here.seal("more"))
    with pytest.raises(ChainError, match="taken before"):
        there.open(first)


def test_a_page_with_secrets_takes_no_plain_offer() -> None:
    """After the first leg an offer without a seal, or with a wrong one, is nothing to the page; a sealed is taken."""
    page, desktop = PatientChain(), Chain("C")
    agreed = Agreed("c", "p", FIRST)
    offer = Offer(leg=1, instance="i", sdp="s", commit=KEY32)
    assert page.opened(offer) == offer
    page.is_safe(1, agreed)
    desktop.add(1, agreed.resume(), 0)
    desktop.use(1)
    following = Offer(leg=2, instance="i", sdp="s", commit=KEY32)
    assert page.opened(following) is None
    assert page.opened(Sealed(leg=1, n=1, body=encode(following).decode(), mac=KEY32)) is None
    assert page.opened(desktop.seal(encode(following).decode())) == following
    page.is_settled(1)
    answer = page.sealed(2, LegFailed(leg=2))
    assert isinstance(answer, Sealed)
    assert desktop.open(answer) == encode(LegFailed(leg=2)).decode()
    assert isinstance(page.sealed(1, LegFailed(leg=1)), Sealed)
    assert PatientChain().sealed(1, LegFailed(leg=1)) == LegFailed(leg=1)
