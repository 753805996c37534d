"""Carena Desktop: the clinician's workstation for telehealth visits."""

from typing import Final

__version__: Final = "0.1.0"
