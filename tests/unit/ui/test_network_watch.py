"""What the system says of the network, on its way to the call."""

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation
from PySide6.QtWidgets import QApplication

from carena_desktop.ui.network_watch import NetworkWatch

Medium = QNetworkInformation.TransportMedium
Reachability = QNetworkInformation.Reachability


@pytest.mark.parametrize(
    ("reachability", "told"),
    [(Reachability.Online, 1), (Reachability.Site, 1), (Reachability.Disconnected, 0), (Reachability.Unknown, 0)],
)
def test_a_network_that_is_back_is_told(qapp: QApplication, reachability: Reachability, told: int) -> None:
    """What is reachable again is news; what is gone is found out by what does not come."""
    assert qapp is not None
    heard: list[None] = []
    NetworkWatch(lambda: heard.append(None)).reachability_changed(reachability)
    assert len(heard) == told


@pytest.mark.parametrize(("medium", "told"), [(Medium.WiFi, 1), (Medium.Ethernet, 1), (Medium.Unknown, 0)])
def test_another_medium_is_told(qapp: QApplication, medium: Medium, told: int) -> None:
    """From a cable to Wi-Fi or back is another network."""
    assert qapp is not None
    heard: list[None] = []
    NetworkWatch(lambda: heard.append(None)).medium_changed(medium)
    assert len(heard) == told


class System(QObject):
    """What Qt says of the system, with its signals under the test's hand."""

    reachabilityChanged = Signal(Reachability)  # noqa: N815 - Qt's name
    transportMediumChanged = Signal(Medium)  # noqa: N815 - Qt's name

    def supports(self, _feature: QNetworkInformation.Feature) -> bool:
        """It knows everything."""
        return True


def test_it_listens_to_the_system(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system's backend says through Qt reaches the call."""
    assert qapp is not None
    system, heard = System(), list[None]()
    monkeypatch.setattr(QNetworkInformation, "loadDefaultBackend", staticmethod(lambda: True))
    monkeypatch.setattr(QNetworkInformation, "instance", staticmethod(lambda: system))
    watch = NetworkWatch(lambda: heard.append(None))
    assert watch.is_listening
    system.reachabilityChanged.emit(Reachability.Disconnected)
    assert heard == []
    system.reachabilityChanged.emit(Reachability.Online)
    system.transportMediumChanged.emit(Medium.WiFi)
    assert len(heard) == 2


def test_it_works_without_a_system_that_tells(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Qt has no backend nothing is listened to, and nothing fails."""
    assert qapp is not None
    monkeypatch.setattr(QNetworkInformation, "loadDefaultBackend", staticmethod(lambda: False))
    assert not NetworkWatch(lambda: None).is_listening
