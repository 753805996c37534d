"""How long to wait before the next leg, how long a leg may take, and how long one is used: policies as values."""

import random
from dataclasses import dataclass
from typing import Final

HANDSHAKE_LIMIT_S: Final = 20.0
"""From the command to make a leg to its first safe word; aiortc itself may stay "connecting" for ever."""
CONNECT_LIMIT_S: Final = 8.0
"""Of that, after the answer came, once there has been a leg: a second or two if the path is good."""
RETRY_DELAYS_S: Final = (0.25, 0.5, 1.0, 2.0)
"""The last one for every further failure: a network that is back is noticed within that."""
PLANNED_DELAYS_S: Final = (5.0, 15.0, 60.0)
"""The same for a leg that nobody waits for."""
SWAP_LIMIT_S: Final = 6.0
"""A leg that was replaced is closed after this, whether or not both sides have said that they show the new one."""
OVERLAP_S: Final = 0.3
"""It is closed so much after both have said it."""
SPREAD: Final = 0.1
CREDENTIAL_AGE: Final = 0.8
"""Of the relay's credentials, as a fraction of their life: a relayed leg is replaced before they run out."""
CLIMB_DELAYS_S: Final = (30.0, 60.0, 120.0, 300.0)
"""After how long a relayed leg is replaced in the hope of a direct path: longer each time that there was none."""
CLIMBS_LOST: Final = 2
"""So many of these delays are skipped after a direct path that lost too much, and as many more after the next."""
SPARE_DELAYS_S: Final = (10.0, 60.0, 120.0, 300.0)
"""After how long a direct leg gets a spare through the relay: longer each time that none could be made."""
SURE_S: Final = 0.08
"""So long after the spare has answered the leg in use must still be silent: a burst of losses ends for both at once."""
RESTART_S: Final = 1.0
"""A leg younger than this is not begun anew for another change of the network: one change comes as several."""
AGAIN_S: Final = 1.5
"""An offer over a data channel that has no answer after this goes through the relay as well."""
PROBE_S: Final = 2.0
"""How often the way to the service is tried while a call has no path."""
SLEPT_S: Final = 5.0
"""The clock of the wall ran so much further than that of the machine: it slept."""
STOPPED_S: Final = 15.0
"""What was due so long ago was not done: it slept on a system whose clocks do not tell, or the path is stale anyway."""
SECURING_LIMIT_S: Final = 30.0
"""Keys that are too old, or frames that can't be opened, are put right within this or the call ends."""
BLIND_S: Final = 2.0
"""Nothing could be opened for so long: it is said."""
BLIND_LIMIT_S: Final = 10.0
"""Nothing could be opened for so long: another leg is made."""
MAX_CRASHES: Final = 3
CRASH_WINDOW_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Periods:
    """How often connections and keys are replaced, seconds, give or take a tenth."""

    leg_s: float = 600.0
    keys_s: float = 30.0


def retry_delay(failures: int) -> float:
    """Return the seconds to wait after the ``failures``-th failure in a row, counted from 1."""
    return _nth(RETRY_DELAYS_S, failures)


def planned_delay(failures: int) -> float:
    """Return the same for a leg that was to replace one that works."""
    return _nth(PLANNED_DELAYS_S, failures)


def climb_delay(tried: int) -> float:
    """Return after how long a relayed leg is replaced, when ``tried`` legs in a row were relayed."""
    return _nth(CLIMB_DELAYS_S, tried)


def spare_delay(tried: int) -> float:
    """Return after how long a spare is made, when ``tried`` in a row could not be."""
    return _nth(SPARE_DELAYS_S, tried + 1)


def spread(period_s: float) -> float:
    """Return the period, give or take a tenth: what happens when can't be told from outside."""
    return period_s * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 - a pace


def _nth(values: tuple[float, ...], count: int) -> float:
    return values[min(max(count, 1), len(values)) - 1]
