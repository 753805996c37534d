"""Make the sounds of the alerts (python -m scripts.make_sounds): each has its own rhythm, not only its own pitch."""

import math
import struct
import wave
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent.parent / "resources" / "sounds"
RATE: Final = 48_000
PEAK: Final = 0.32
_EDGE_S: Final = 0.008
_DECAY: Final = 5.0

Note = tuple[float, float, float]
"""When it begins (s), how long it lasts (s), and its pitch (Hz)."""

SOUNDS: Final[dict[str, tuple[Note, ...]]] = {
    "message.wav": ((0.0, 0.16, 987.8),),
    "reminder.wav": ((0.0, 0.3, 587.3), (0.42, 0.3, 587.3)),
    "red-flag.wav": (
        (0.0, 0.14, 880.0),
        (0.17, 0.14, 880.0),
        (0.34, 0.14, 880.0),
        (0.7, 0.14, 1046.5),
        (0.87, 0.14, 1046.5),
        (1.04, 0.2, 1046.5),
    ),
}


def samples(notes: tuple[Note, ...]) -> list[int]:
    """Return 16-bit samples: soft edges, a quiet octave above, each note dying away."""
    total = [0.0] * round((max(start + length for start, length, _ in notes) + 0.1) * RATE)
    for start, length, pitch in notes:
        first = round(start * RATE)
        for at in range(round(length * RATE)):
            time = at / RATE
            edge = min(1.0, time / _EDGE_S, (length - time) / _EDGE_S)
            tone = math.sin(2 * math.pi * pitch * time) + 0.25 * math.sin(4 * math.pi * pitch * time)
            total[first + at] += tone * edge * math.exp(-_DECAY * time / length / 2)
    most = max(abs(value) for value in total)
    return [round(value / most * PEAK * 32767) for value in total]


def main() -> None:
    """Write every sound."""
    for name, notes in SOUNDS.items():
        found = samples(notes)
        with wave.open(str(FOLDER / name), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(struct.pack(f"<{len(found)}h", *found))


if __name__ == "__main__":
    main()
