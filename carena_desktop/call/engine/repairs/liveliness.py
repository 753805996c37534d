"""Ask the other party often whether it still hears us, so that a call comes back with its network.

A browser stops sending over a path that has been silent for some seconds and sends again when a check reaches it.
aioice 0.13 checks every four to six seconds: that long a call stayed silent after an outage of twenty (measured 6.2 s).
Asked every second it is back within one. Consent still expires after half a minute, as RFC 7675 section 5.1 has it.
"""

from typing import Final

import aioice.ice

PERIOD_S: Final = 1
FAILURES: Final = 22
"""Each takes one and a half seconds: the period and the wait for an answer."""


def install() -> None:
    """Use it in every connection from now on; may be called again."""
    aioice.ice.CONSENT_INTERVAL = PERIOD_S
    aioice.ice.CONSENT_FAILURES = FAILURES
