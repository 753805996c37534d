"""What is shown in measured calls: a textured room and a head that moves, as Y4M, the same pixels for every side.

A flat test picture would flatter every encoder; this one needs about what a person before a camera needs.
"""

import hashlib
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

FPS: Final = 30
FRAMES: Final = 90
"""Three seconds, without a jump at the end."""


def clip(cache: Path, width: int = 1280, height: int = 720) -> Path:
    """Return the Y4M file, made once per version of this module (about 125 MB at 720p)."""
    version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    path = cache / f"clip-{version}-{width}x{height}.y4m"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(f"YUV4MPEG2 W{width} H{height} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
            for picture in _pictures(width, height):
                file.write(b"FRAME\n")
                file.write(picture.tobytes())
        part.rename(path)
    return path


def _texture(rng: np.random.Generator, height: int, width: int, exponent: float) -> NDArray[np.float32]:
    """Return noise whose spectrum falls like that of natural pictures, mean 0 and deviation 1."""
    spectrum = rng.standard_normal((height, width // 2 + 1)) + 1j * rng.standard_normal((height, width // 2 + 1))
    distance = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    distance[0, 0] = 1.0
    picture = np.fft.irfft2(spectrum / distance**exponent, s=(height, width))
    scaled: NDArray[np.float32] = ((picture - picture.mean()) / picture.std()).astype(np.float32)
    return scaled


def _pictures(width: int, height: int) -> list[NDArray[np.uint8]]:
    rng = np.random.default_rng(20)
    margin = 8
    room = 118 + 28 * _texture(rng, height + 2 * margin, width + 2 * margin, 1.55)
    rows, columns = int(height * 0.62), int(width * 0.26)
    head = 150 + 22 * _texture(rng, rows, columns, 1.6)
    y, x = np.mgrid[0:rows, 0:columns]
    inside = ((y - rows / 2) / (rows / 2)) ** 2 + ((x - columns / 2) / (columns / 2)) ** 2 <= 1
    hand_size = int(height * 0.2)
    hand = 160 + 20 * _texture(rng, hand_size, hand_size, 1.5)
    chroma = np.full((height // 2, width), 128, np.uint8)
    made = []
    for number in range(FRAMES):
        turn = 2 * np.pi * number / FRAMES
        dx, dy = margin + round(1.5 * np.sin(turn)), margin + round(np.cos(turn))
        luma = room[dy : dy + height, dx : dx + width].copy()
        top = int(height * (0.28 + 0.03 * np.sin(3 * turn)))
        left = int(width * (0.37 + 0.05 * np.sin(2 * turn)))
        face = luma[top : top + rows, left : left + columns]
        face[inside] = head[inside]
        mouth = int(rows * 0.04 * (1.3 + np.sin(12 * turn)))
        face[int(rows * 0.72) : int(rows * 0.72) + mouth, columns // 3 : 2 * columns // 3] = 60
        at_x = int(width * (0.76 + 0.06 * np.sin(5 * turn)))
        at_y = int(height * (0.5 + 0.12 * np.cos(5 * turn)))
        luma[at_y : at_y + hand_size, at_x : at_x + hand_size] = hand
        luma += rng.standard_normal((height, width), dtype=np.float32) * 1.5  # the sensor's noise
        made.append(np.concatenate([np.clip(luma, 16, 235).astype(np.uint8), chroma]))
    return made
