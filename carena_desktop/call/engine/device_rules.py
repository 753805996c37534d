"""What the organization lets this computer capture, as it crosses to the media process. Pure; cheap to import."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DeviceRules:
    """What may be opened.

    Attributes:
        names: What cameras and microphones may be called, ``*`` for any characters, letter case ignored; None for any.
        camera: Whether any camera may be opened at all.
        screens: Whether screens and windows may be captured.
    """

    names: tuple[str, ...] | None = None
    camera: bool = True
    screens: bool = True


ANY_DEVICE: Final = DeviceRules()
