"""The simulated patient's pictures and sound carry what the end-to-end tests look for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from demo import media
from demo.frame_code import read_number, write_number
from demo.sound import tone_share


@given(number=st.integers(0, 2**16 - 1), width=st.integers(64, 700), height=st.integers(48, 400))
def test_a_number_is_read_back_from_a_picture_of_any_size(number: int, width: int, height: int) -> None:
    """Whatever the size of the picture, the number painted is the number read."""
    picture = np.full((height, width, 3), 120, np.uint8)

    write_number(picture, number)

    assert read_number(picture) == number


@given(number=st.integers(0, 2**16 - 1))
def test_a_number_survives_scaling(number: int) -> None:
    """A picture that was scaled on its way still shows its number."""
    picture = np.full((360, 640, 3), 120, np.uint8)
    write_number(picture, number)

    scaled = np.asarray(Image.fromarray(picture).resize((426, 240), Image.Resampling.BILINEAR))

    assert read_number(scaled) == number


def test_a_picture_without_a_number_has_none() -> None:
    """Grey blocks are no number, rather than a wrong one."""
    assert read_number(np.full((360, 640, 3), 120, np.uint8)) is None


def test_the_patient_moves_and_is_numbered() -> None:
    """Different frames show different pictures, each with its own number."""
    room = media.background()

    first, later = media.patient_frame(3, room), media.patient_frame(60, room)

    assert (read_number(first), read_number(later)) == (3, 60)
    assert np.abs(first[40:].astype(int) - later[40:]).max() > 50


def test_the_tone_stands_out_when_it_sounds() -> None:
    """While the marker tone sounds, its frequency is far above everything else."""
    start = int(0.65 * media.SAMPLE_RATE)
    part = media.speech()[start : start + 4800].astype(float) * np.hanning(4800)

    spectrum = np.abs(np.fft.rfft(part))

    assert spectrum.argmax() == media.TONE_HZ // 10
    assert spectrum.max() > 100 * np.median(spectrum)


def test_only_the_tone_is_taken_for_the_tone() -> None:
    """The measure that looks for the marker finds it in the patient's sound, and finds nothing in speech alone."""
    sound = media.speech()
    speech_alone = sound[: media.SAMPLE_RATE // 2]

    assert tone_share(sound, media.TONE_HZ) > 0.95
    assert tone_share(speech_alone, media.TONE_HZ) < 0.3
    assert tone_share(sound, 440) < 0.7
