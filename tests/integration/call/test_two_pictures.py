"""A camera and a shared screen at once, each way: a media process on one side, aiortc on the other."""

import itertools
from collections.abc import Sequence

from carena_desktop.call.engine import frame_number
from carena_desktop.call.engine.generator import SCREEN_HEIGHT, SCREEN_NUMBERS
from carena_desktop.call.engine.virtual_devices import GENERATOR
from carena_desktop.call.model import Allowed, CallState, CameraLamp
from carena_desktop.call.ports import Stream
from carena_desktop.call.service import CallService
from carena_protocol.peer import MediaState
from tests.integration.call.conftest import until
from tests.integration.call.relay import PatientPage


class Shown:
    """The frame numbers that the window would show, of both pictures."""

    def __init__(self, call: CallService) -> None:
        self._call = call
        self.camera: list[int] = []
        self.screen: list[int] = []
        call.on_frame(self._frame)

    def _frame(self, stream: Stream) -> None:
        picture = self._call.frames(stream).take()
        number = frame_number.read_picture(picture) if picture is not None else None
        if number is not None and stream is not Stream.SELF:
            (self.camera if stream is Stream.REMOTE else self.screen).append(number)


def is_one_stream(numbers: Sequence[int], *, screen: bool) -> bool:
    """Whether they grow, and are all of the one generator."""
    own = all((number >= SCREEN_NUMBERS) is screen for number in numbers)
    return own and all(before <= after for before, after in itertools.pairwise(numbers))


async def begin(call: CallService, page: PatientPage) -> None:
    """Start a call with everything allowed and wait until both sides see each other."""
    await call.start("visit-1", page)
    call.allow(Allowed.CAMERA_AND_MICROPHONE)
    await page.load()
    await until(lambda: call.snapshot.state is CallState.ACTIVE and call.snapshot.figures.remote_fps > 20)


async def test_camera_and_screen_both_ways_at_once(call: CallService, page: PatientPage) -> None:
    """Four pictures: each arrives in order and is never taken for another; stopping ends the screens alone."""
    shown = Shown(call)
    await begin(call, page)
    assert page.patient is not None
    patient = page.patient
    assert call.snapshot.may_share
    assert (shown.screen, patient.screen_numbers) == ([], [])

    call.share(GENERATOR)
    patient.share(shared=True)
    patient.send(MediaState(camera=True, microphone="live", sharing=True))
    await until(lambda: len(shown.screen) > 20 and len(patient.screen_numbers) > 20)
    shown.camera.clear()
    patient.numbers.clear()
    await until(lambda: len(shown.camera) > 20 and len(patient.numbers) > 20)
    assert is_one_stream(shown.camera, screen=False)
    assert is_one_stream(shown.screen, screen=True)
    assert is_one_stream(patient.numbers, screen=False)
    assert is_one_stream(patient.screen_numbers, screen=True)
    await until(lambda: call.snapshot.figures.screen_fps > 0 and call.snapshot.figures.sent_screen_fps > 0)
    figures = call.snapshot.figures
    assert (figures.screen_height, figures.sent_screen_height) == (SCREEN_HEIGHT, SCREEN_HEIGHT)
    assert (call.snapshot.camera, call.snapshot.sharing, call.snapshot.peer_screen) == (CameraLamp.LIVE, True, True)
    assert figures.unopened == 0

    call.share("")
    patient.share(shared=False)
    patient.send(MediaState(camera=True, microphone="live"))
    await until(lambda: not call.snapshot.sharing and not call.snapshot.peer_screen)
    await until(lambda: call.snapshot.figures.screen_fps == 0 and call.snapshot.figures.sent_screen_fps == 0)
    shown.camera.clear()
    screens = len(shown.screen), len(patient.screen_numbers)
    await until(lambda: len(shown.camera) > 30 and call.snapshot.figures.sent_fps > 10)
    assert (len(shown.screen), len(patient.screen_numbers)) == screens
    assert call.snapshot.leg == 1  # nothing was negotiated anew


async def test_a_screen_without_a_camera(call: CallService, page: PatientPage) -> None:
    """With the camera off a shared screen is sent all the same, and the patient is told what is what."""
    await begin(call, page)
    assert page.patient is not None
    patient = page.patient
    call.set_camera(wanted=False)
    call.share(GENERATOR)
    await until(lambda: len(patient.screen_numbers) > 10)
    told = [message for message in patient.control if isinstance(message, MediaState)]
    await until(lambda: [m for m in patient.control if isinstance(m, MediaState)][-1].camera is False)
    told = [message for message in patient.control if isinstance(message, MediaState)]
    assert (told[-1].camera, told[-1].sharing) == (False, True)
    assert call.snapshot.camera is CameraLamp.OFF


async def test_a_page_of_before_gets_the_offer_of_before(call: CallService, page: PatientPage) -> None:
    """One that does not say that it shows screens is offered none, sees the camera, and can't be shown a screen."""
    page.takes_screens = False
    await begin(call, page)
    assert page.patient is not None
    patient = page.patient
    assert page.offers[-1].sdp.count("m=video") == 1
    assert not call.snapshot.may_share
    call.share(GENERATOR)  # the window offers no such thing
    await until(lambda: call.snapshot.sharing)
    patient.numbers.clear()
    await until(lambda: len(patient.numbers) > 30)
    assert patient.screen_numbers == []
    assert is_one_stream(patient.numbers, screen=False)
