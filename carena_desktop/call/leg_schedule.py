"""When the leg in use is to be replaced although it works: age, the relay's credentials, a better path. Sans-IO.

Every replacement means fresh certificates, DTLS and SRTP keys. One whose packets go through a relay is also replaced in
the hope that the next finds a direct path; each time that there was none the next try is later.
"""

from carena_desktop.call import recovery
from carena_desktop.call.inputs import Moment
from carena_desktop.call.model import Path


class LegSchedule:
    """Of one call.

    Args:
        period_s: Between two legs, give or take a tenth.
    """

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._since = 0.0
        self._ttl_s: float | None = None
        self._may_climb = True
        self._climbs = 0
        self._fewest = 0
        self._counted = False
        self.at: float | None = None
        """When the next leg is due, monotonic seconds; None while no leg is in use."""
        self._shown: tuple[float, int] | None = None

    def began(self, now: float, *, ttl_s: float | None, relay_only: bool) -> None:
        """A leg is in use from now on.

        Args:
            now: Monotonic seconds.
            ttl_s: How long its relay's credentials live; None when it has none.
            relay_only: Whether no direct path is allowed.
        """
        self._since = now
        self._ttl_s = ttl_s
        self._may_climb = not relay_only
        self._counted = False
        self.at = now + recovery.spread(self._period_s)

    def found(self, path: Path) -> None:
        """The leg in use goes this way."""
        if self.at is None or self._counted or path is Path.UNKNOWN:
            return
        self._counted = True
        if path is Path.DIRECT:
            self._climbs = self._fewest
            return
        if self._ttl_s is not None:
            self.at = min(self.at, self._since + recovery.CREDENTIAL_AGE * self._ttl_s)
        if self._may_climb:
            self._climbs += 1
            self.at = min(self.at, self._since + recovery.spread(recovery.climb_delay(self._climbs)))

    def at_ms(self, now: Moment) -> int | None:
        """Return ``at`` as ms since the epoch, the same until it is another."""
        if self.at is None:
            return None
        if self._shown is None or self._shown[0] != self.at:
            self._shown = self.at, now.wall_ms + round((self.at - now.monotonic) * 1000)
        return self._shown[1]

    def worse(self) -> None:
        """A direct path lost too much: the next one is tried later, and later still if that does as well."""
        self._fewest += recovery.CLIMBS_LOST
        self._climbs = self._fewest

    def hurry(self, now: float) -> None:
        """Another path is to be taken, and the one in use is well: replace the leg soon."""
        if self.at is not None:
            self.at = min(self.at, now)

    def network_changed(self) -> None:
        """Perhaps there is a direct path now."""
        self._climbs = self._fewest = 0

    def ended(self) -> None:
        """No leg is in use."""
        self.at = None
