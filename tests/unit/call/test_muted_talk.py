"""Talking while muted is noticed; a keyboard, a cough and a loud room that is not muted are not."""

import pytest

from carena_desktop.call.model import CameraLamp, MicrophoneLamp
from carena_desktop.call.muted_talk import SHOWN_S, MutedTalk
from carena_desktop.call.ports import CaptureChanged, LevelMeasured
from carena_protocol.peer import Ready
from tests.unit.call.playbook import Playbook


def _after(levels: list[float], *, muted: bool = True) -> tuple[MutedTalk, float]:
    talk, now = MutedTalk(), 0.0
    for level in levels:
        now += 0.1
        talk.take(level, now, muted=muted)
    return talk, now


def test_a_sentence_is_noticed_and_forgotten_after_a_while() -> None:
    """A second of speech shows the notice; some seconds of silence take it away."""
    talk, now = _after([0.6, 0.1] * 8)
    assert talk.noticed(now)
    assert not talk.noticed(now + SHOWN_S + 0.1)


@pytest.mark.parametrize("levels", [[0.3] * 50, [0.9] * 3 + [0.0] * 30, ([0.8] + [0.0] * 9) * 5, []])
def test_what_is_no_speech_is_not_noticed(levels: list[float]) -> None:
    """A quiet room, one cough, a click each second: no notice."""
    talk, now = _after(levels)
    assert not talk.noticed(now)


def test_who_is_heard_needs_no_notice() -> None:
    """Not muted: nothing is said, and what was loud before muting does not count."""
    talk, now = _after([0.9] * 30, muted=False)
    talk.take(0.9, now + 0.1, muted=True)
    assert not talk.noticed(now + 0.1)


def test_unmuting_ends_the_notice_at_once() -> None:
    """Whoever unmutes has understood."""
    talk, now = _after([0.9] * 10)
    assert talk.noticed(now)
    talk.take(0.9, now, muted=False)
    assert not talk.noticed(now)


def test_a_call_says_it_only_while_the_microphone_is_muted() -> None:
    """In a visit: speech into a muted microphone shows the notice, unmuting takes it away; an open one never has it."""
    book = Playbook()
    book.begin()
    book.signal(Ready(instance="page-1"))
    book.connect(book.offer())
    muted = CaptureChanged(CameraLamp.LIVE, MicrophoneLamp.MUTED)
    live = CaptureChanged(CameraLamp.LIVE, MicrophoneLamp.LIVE)
    book.tell(live, *[LevelMeasured(0.8)] * 20)
    assert not book.snapshot.talking_while_muted
    book.tell(muted, *[LevelMeasured(0.8)] * 20)
    assert book.snapshot.talking_while_muted
    book.tell(live)
    assert not book.snapshot.talking_while_muted
