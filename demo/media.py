"""What the simulated patient's camera sees and microphone hears: generated, so that nobody's face or voice is needed.

``patient.mjpeg``: a drawn person, moving and blinking, with a frame number along the top edge (``frame_code``).
``patient.wav``: 48 kHz mono; a vowel-like sound of 0.5 s each second and, every two seconds, a tone for tests to find.
Both formats are what Chromium's ``--use-file-for-fake-…-capture`` switches read; Chromium plays MJPEG at 30 frames/s.
"""

import hashlib
import io
import math
import wave
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from demo.frame_code import write_number

WIDTH: Final = 640
HEIGHT: Final = 360
FPS: Final = 30
SECONDS: Final = 10
SAMPLE_RATE: Final = 48_000
TONE_HZ: Final = 1000
SPEECH_SECONDS: Final = 8
_SCALE: Final = 2  # drawn twice as large and reduced: that is the anti-aliasing
_JPEG_QUALITY: Final = 88
_SKIN: Final = (232, 188, 158)
_SHADE: Final = (214, 164, 134)
_HAIR: Final = (72, 54, 46)
_SHIRT: Final = (70, 104, 138)


def background() -> Image.Image:
    """Return the room: wall, window, shelf and a plant, at drawing size."""
    width, height = WIDTH * _SCALE, HEIGHT * _SCALE
    ramp = np.linspace(0, 1, height)[:, None, None]
    wall = np.array([222, 226, 224]) * (1 - ramp) + np.array([196, 202, 200]) * ramp
    image = Image.fromarray(np.broadcast_to(wall, (height, width, 3)).astype(np.uint8).copy())
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((90, 110, 370, 460), 10, fill=(246, 247, 244))
    draw.rectangle((106, 126, 354, 444), fill=(196, 220, 236))
    draw.rectangle((224, 126, 236, 444), fill=(246, 247, 244))
    draw.rectangle((106, 280, 354, 290), fill=(246, 247, 244))
    draw.rectangle((930, 300, 1230, 316), fill=(168, 138, 108))
    for left, top, color in ((950, 200, (176, 84, 74)), (990, 186, (90, 122, 112)), (1030, 206, (206, 176, 108))):
        draw.rectangle((left, top, left + 32, 300), fill=color)
    draw.polygon([(1120, 300), (1190, 300), (1180, 240), (1130, 240)], fill=(214, 208, 198))
    for angle in (-50, -25, 0, 25, 50):
        tip = (1155 + 90 * math.sin(math.radians(angle)), 240 - 100 * math.cos(math.radians(angle)))
        draw.line([(1155, 244), tip], fill=(92, 134, 92), width=16)
    return image


def draw_person(image: Image.Image, number: int) -> None:
    """Draw the person of frame ``number`` over the room."""
    t = number / FPS
    phase = 2 * math.pi * number / (FPS * SECONDS)  # whole periods per file: the loop has no jump
    x = 640 + 18 * math.sin(phase)
    y = 370 + 8 * math.sin(2 * phase)
    draw = ImageDraw.Draw(image)
    draw.ellipse((x - 330, 560, x + 330, 1000), fill=_SHIRT)
    draw.rectangle((x - 58, y + 130, x + 58, y + 240), fill=_SHADE)
    draw.polygon([(x - 78, 566), (x + 78, 566), (x, 660)], fill=_SHADE)
    draw.ellipse((x - 158, y - 214, x + 158, y + 40), fill=_HAIR)
    draw.ellipse((x - 140, y - 170, x + 140, y + 190), fill=_SKIN)
    draw.chord((x - 150, y - 206, x + 150, y + 30), 196, 344, fill=_HAIR)
    blink = number % 96 < 5  # noqa: PLR2004 - five frames of every 96
    for side in (-1, 1):
        eye = x + side * 54 + 4 * math.sin(phase)
        draw.arc((eye - 30, y - 66, eye + 30, y - 30), 200, 340, fill=_HAIR, width=7)
        if blink:
            draw.line((eye - 22, y - 14, eye + 22, y - 14), fill=_HAIR, width=6)
        else:
            draw.ellipse((eye - 22, y - 28, eye + 22, y), fill=(252, 252, 250))
            draw.ellipse((eye - 11, y - 25, eye + 11, y - 3), fill=(62, 82, 96))
    draw.arc((x - 18, y - 4, x + 18, y + 44), 20, 160, fill=_SHADE, width=7)
    mouth = 6 + 22 * abs(math.sin(t * 7)) * (1 if t % 4 < 2.6 else 0.1)  # noqa: PLR2004 - talks, pauses, talks
    draw.ellipse((x - 42, y + 96 - mouth / 2, x + 42, y + 96 + mouth), fill=(168, 84, 84))


def patient_frame(number: int, room: Image.Image) -> NDArray[np.uint8]:
    """Return frame ``number`` as (360, 640, 3) RGB."""
    image = room.copy()
    draw_person(image, number)
    picture = np.asarray(image.reduce(_SCALE)).copy()
    write_number(picture, number)
    return picture


def speech() -> NDArray[np.int16]:
    """Return the patient's sound: vowels made of a buzz and three formants, and the marker tone."""
    out = np.zeros(SAMPLE_RATE * SPEECH_SECONDS)
    t = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    envelope = np.sin(np.pi * t / t[-1]) ** 0.5
    vowels = ((730, 1090, 2440), (270, 2290, 3010), (570, 840, 2410), (530, 1840, 2480))
    for index, formants in enumerate(vowels * 2):
        pitch = 118 + 9 * (index % 3) + 6 * np.sin(2 * np.pi * 3 * t)
        turns = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
        voice = np.zeros_like(t)
        for harmonic in range(1, 26):
            gain = sum(1 / (1 + ((harmonic * 122 - f) / 90) ** 2) for f in formants) / harmonic**0.3
            voice += gain * np.sin(harmonic * turns)
        start = index * SAMPLE_RATE
        out[start : start + len(t)] += 0.25 * voice / np.abs(voice).max() * envelope
    tone = 0.3 * np.sin(2 * np.pi * TONE_HZ * np.arange(int(0.4 * SAMPLE_RATE)) / SAMPLE_RATE)
    ramp = np.minimum(1, np.arange(len(tone)) / 480)  # 10 ms: no click
    for second in range(0, SPEECH_SECONDS, 2):
        start = int((second + 0.55) * SAMPLE_RATE)
        out[start : start + len(tone)] += tone * ramp * ramp[::-1]
    return (np.clip(out, -1, 1) * 32767).astype(np.int16)


def write_speech(path: Path) -> None:
    """Write the patient's sound as a 48 kHz mono WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(speech().tobytes())


def write_pictures(path: Path) -> None:
    """Write the patient's pictures as a row of JPEG files."""
    room = background()
    with path.open("wb") as file:
        for number in range(FPS * SECONDS):
            buffer = io.BytesIO()
            Image.fromarray(patient_frame(number, room)).save(buffer, "JPEG", quality=_JPEG_QUALITY)
            file.write(buffer.getvalue())


def patient_media(cache: Path) -> tuple[Path, Path]:
    """Return the patient's picture and sound files, made once per version of this module.

    Args:
        cache: A folder that may be deleted at any time.
    """
    version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    folder = cache / f"patient-{version}"
    pictures, sound = folder / "patient.mjpeg", folder / "patient.wav"
    if not sound.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / "unfinished.mjpeg"
        write_pictures(unfinished)
        unfinished.rename(pictures)
        write_speech(sound)
    return pictures, sound
