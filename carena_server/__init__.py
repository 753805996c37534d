"""The service that introduces clinician and patient and forgets: accounts, the live queue, opaque relay, portal."""

from typing import Final

__version__: Final = "0.1.0"
