"""The ICE servers that the service named last, and for how long they are good. Sans-IO."""

from carena_desktop.call import recovery
from carena_desktop.call.inputs import IceServersArrived


class KnownServers:
    """Of one call; None and endless before the first answer."""

    def __init__(self) -> None:
        self.newest: IceServersArrived | None = None
        self._until = float("inf")

    @property
    def relay_only(self) -> bool:
        """Whether no direct path is allowed."""
        return self.newest is not None and self.newest.relay_only

    @property
    def until(self) -> float:
        """When a leg that was made with them is to be replaced, monotonic seconds; infinite when they don't age."""
        return self._until

    def take(self, event: IceServersArrived, now: float) -> None:
        """The service has answered."""
        self.newest = event
        self._until = now + recovery.CREDENTIAL_AGE * event.ttl_s if event.ttl_s is not None else float("inf")

    def usable(self, now: float) -> IceServersArrived | None:
        """Return them while they are known to be good for more than this moment, else None."""
        is_dated = self.newest is not None and self.newest.ttl_s is not None
        return self.newest if is_dated and now < self._until else None

    def left_s(self, now: float) -> float | None:
        """Return how long their credentials live from now on; None when they have none."""
        if self.newest is None or self.newest.ttl_s is None:
            return None
        return (self._until - now) / recovery.CREDENTIAL_AGE
