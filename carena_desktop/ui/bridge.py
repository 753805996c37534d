"""From snapshots to Qt signals; the only place where a service's callback meets a widget's slot.

Services call back on the loop's thread, which is Qt's, so a signal is a plain call here. The bridge changes nothing.
"""

from PySide6.QtCore import QObject, Signal

from carena_desktop.call.ports import CallPort
from carena_desktop.session.ports import SessionPort


class Bridge(QObject):
    """Re-emits every snapshot of both services until ``close``."""

    session_changed = Signal(object)
    call_changed = Signal(object)
    frame_ready = Signal(object)
    devices_changed = Signal(object)
    files_changed = Signal(object)

    def __init__(self, session: SessionPort, call: CallPort) -> None:
        super().__init__()
        self._unsubscribe = [
            session.on_change(self.session_changed.emit),
            call.on_change(self.call_changed.emit),
            call.on_frame(self.frame_ready.emit),
            call.devices.on_change(self.devices_changed.emit),
            call.files.on_change(self.files_changed.emit),
        ]

    def close(self) -> None:
        """Stop listening; may be called more than once."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
