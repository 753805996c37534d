"""The visit's menu of devices: what is chosen is ticked, a choice takes effect at once, the connection stays."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from carena_desktop.call.ports import DeviceChoice, DevicesView
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.devices.view_model import Choice, Kind, choices


class DeviceMenu(QMenu):
    """Filled when it opens; a change of what is plugged in while it is open shows at the next opening."""

    choice_requested = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._devices = DevicesView()
        self.setAccessibleName(tr("Devices"))
        self.aboutToShow.connect(self._fill)

    def render_devices(self, devices: DevicesView) -> None:
        """Remember what is there."""
        self._devices = devices

    def _fill(self) -> None:
        self.clear()
        for choice in choices(self._devices):
            self._add(choice)

    def _add(self, choice: Choice) -> None:
        self.addSection(choice.caption)
        group = QActionGroup(self)
        for at, option in enumerate(choice.options):
            action = QAction(text.isolate(option.words).replace("&", "&&"), group)
            action.setCheckable(True)
            action.setChecked(at == choice.chosen)
            action.setEnabled(not option.missing)
            action.setProperty("device", option.id)
            action.triggered.connect(lambda _=False, kind=choice.kind, device=option.id: self._pick(kind, device))
            self.addAction(action)

    def _pick(self, kind: Kind, device: str) -> None:
        self.choice_requested.emit(_chosen(self._devices.choice, kind, device))


def _chosen(choice: DeviceChoice, kind: Kind, device: str) -> DeviceChoice:
    match kind:
        case Kind.CAMERA:
            return replace(choice, camera=device)
        case Kind.MICROPHONE:
            return replace(choice, microphone=device)
        case Kind.SPEAKER:
            return replace(choice, speaker=device)
