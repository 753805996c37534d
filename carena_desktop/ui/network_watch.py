"""Tells a running call that the system says the network is another one, or is back.

Qt asks the system (NetworkManager, GLib, Windows' and macOS' own); where it knows nothing the call finds out by itself
(``call.engine.path_watch``), a second or two later.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation

_REACHABLE = frozenset({QNetworkInformation.Reachability.Online, QNetworkInformation.Reachability.Site})


class NetworkWatch(QObject):
    """Listens for as long as it lives.

    Args:
        changed: Called when something changed for which a connection may have to be made anew.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed
        self.is_listening = False
        """Whether the system tells anything."""
        if not QNetworkInformation.loadDefaultBackend():
            return
        information = QNetworkInformation.instance()
        if information.supports(QNetworkInformation.Feature.Reachability):
            information.reachabilityChanged.connect(self.reachability_changed)
            self.is_listening = True
        if information.supports(QNetworkInformation.Feature.TransportMedium):
            information.transportMediumChanged.connect(self.medium_changed)
            self.is_listening = True

    def reachability_changed(self, reachability: QNetworkInformation.Reachability) -> None:
        """A network that is gone is noticed by what does not come; one that is back is news."""
        if reachability in _REACHABLE:
            self._changed()

    def medium_changed(self, medium: QNetworkInformation.TransportMedium) -> None:
        """From a cable to Wi-Fi, say."""
        if medium is not QNetworkInformation.TransportMedium.Unknown:
            self._changed()
