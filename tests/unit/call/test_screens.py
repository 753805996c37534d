"""Shared screens, ours and the other party's, as the call machine has them."""

from carena_desktop.call.inputs import (
    CameraWanted,
    IceServersArrived,
    PersonAllowed,
    PersonEnded,
    ShareWanted,
    Started,
)
from carena_desktop.call.model import (
    Allowed,
    CallFigures,
    CameraLamp,
    MicrophoneLamp,
)
from carena_desktop.call.ports import (
    CaptureChanged,
    FiguresMeasured,
    OpenLeg,
    SetCapture,
)
from carena_desktop.call.screen_watch import STILL_S
from carena_desktop.call.takeover import Takeover
from carena_protocol.peer import (
    MediaState,
    Ready,
)
from tests.unit.call.playbook import Playbook, commands, said

OFF = SetCapture(camera=False, microphone=False, muted=False, camera_device="cam", microphone_device="mic")
LIVE = CaptureChanged(CameraLamp.LIVE, MicrophoneLamp.LIVE)


def test_a_shared_screen_goes_beside_the_camera() -> None:
    """Sharing leaves the camera as it is and is told by itself; its end changes nothing else; the visit's ends it."""
    book = Playbook()
    book.active()

    def last() -> SetCapture:
        return [command for command in commands(book.effects) if isinstance(command, SetCapture)][-1]

    book.tell(ShareWanted("screen:1"))
    assert (last().shared, last().camera, last().microphone) == ("screen:1", True, True)
    book.tell(LIVE)
    shared = CaptureChanged(CameraLamp.LIVE, MicrophoneLamp.LIVE, sharing=True)
    assert said(book.tell(shared)) == [MediaState(camera=True, microphone="live", sharing=True)]
    assert book.snapshot.sharing
    book.tell(CameraWanted(wanted=False))
    assert (last().shared, last().camera) == ("screen:1", False)
    only = CaptureChanged(CameraLamp.OFF, MicrophoneLamp.LIVE, sharing=True)
    assert said(book.tell(only)) == [MediaState(camera=False, microphone="live", sharing=True)]
    book.tell(CameraWanted(wanted=True), ShareWanted(""))
    assert (last().shared, last().camera) == ("", True)
    book.tell(ShareWanted("screen:1"), PersonEnded())
    assert (last().shared, book.snapshot.intent.shared) == ("", "")
    book.tell(ShareWanted("screen:1"))
    assert book.snapshot.intent.shared == ""


def test_nothing_is_shared_in_place_of_what_is_gone() -> None:
    """A shared window that is closed ends the sharing, which is said; the next choice makes that void."""
    book = Playbook()
    book.active()
    book.tell(ShareWanted("window:1"))
    book.tell(CaptureChanged(CameraLamp.OFF, MicrophoneLamp.LIVE, share_problem="gone"))
    assert (book.snapshot.intent.shared, book.snapshot.share_problem) == ("", "gone")
    book.tell(ShareWanted("window:2"))
    assert (book.snapshot.intent.shared, book.snapshot.share_problem) == ("window:2", None)


def test_nothing_is_shared_before_the_question_is_answered() -> None:
    """While the person is asked about devices nothing can be shared either."""
    book = Playbook()
    book.tell(Started("v1"), ShareWanted("screen:1"))
    assert book.snapshot.intent.shared == ""


def test_a_page_that_can_show_screens_gets_a_section_for_them() -> None:
    """It says so in its first word; one that says it later gets it with the next leg; another page is asked anew."""
    book = Playbook()
    book.tell(Started("v1"), PersonAllowed(Allowed.NOTHING))
    assert book.snapshot.may_share

    def opened() -> bool:
        return [command for command in commands(book.effects) if isinstance(command, OpenLeg)][-1].screen

    book.signal(Ready(instance="page-1", screens=True))
    book.tell(IceServersArrived(1, ()))
    assert (opened(), book.snapshot.may_share) == (True, True)
    book.signal(Ready(instance="page-1"))  # every second time without the word
    assert book.snapshot.may_share
    book.signal(Ready(instance="page-2"))
    book.tell(IceServersArrived(2, ()))
    assert (opened(), book.snapshot.may_share) == (False, False)


def test_the_other_partys_screen_is_shown_while_its_pictures_come() -> None:
    """From its word to its word; a screen whose pictures stay away is not shown, and is again when they come."""
    book = Playbook()
    book.active()
    moving = FiguresMeasured(CallFigures(remote_fps=30, remote_audio_frames_per_s=50, screen_fps=4))
    frozen = FiguresMeasured(CallFigures(remote_fps=30, remote_audio_frames_per_s=50))
    book.tell(moving)
    assert not book.snapshot.peer_screen  # it has not said so
    book.say(1, MediaState(camera=True, microphone="live", sharing=True))
    assert book.snapshot.peer_screen
    for figures, shown in ((moving, True), (frozen, True), (frozen, False), (moving, True)):
        book.wait(STILL_S - 1)
        book.tell(figures)
        assert book.snapshot.peer_screen is shown
    book.say(1, MediaState(camera=True, microphone="live"))
    assert not book.snapshot.peer_screen


def test_the_leg_before_stays_until_the_shared_screen_is_here_too() -> None:
    """While a screen is shared a leg has taken over only when camera and screen are both presented."""
    takeover = Takeover()
    takeover.is_shown_there()
    takeover.plays("audio", camera=True, screen=True)
    takeover.plays("video", camera=True, screen=True)
    assert not takeover.is_done
    takeover.plays("screen", camera=True, screen=True)
    assert takeover.is_done
    takeover.began()
    takeover.is_shown_there()
    takeover.plays("screen", camera=False, screen=True)
    assert takeover.is_done
