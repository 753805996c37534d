"""What can be done in a visit, by name and by key: one table for the shortcuts, the palette and the settings."""

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton

from carena_desktop.ui.commands import Command
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.layout import CallLayout
from carena_desktop.ui.pages.call.view_menu import ViewMenu
from carena_desktop.ui.window_mode import WindowMode


def visit_commands(
    page: CallLayout,
    view: ViewMenu,
    *,
    security: Callable[[], object],
    fill: Callable[[], object],
    swap: Callable[[], object],
    can_swap: Callable[[], bool],
    back: Callable[[], object],
    files: Callable[[], object],
    patient: Callable[[], object],
) -> tuple[Command, ...]:
    """Return them, in the order of the control bar.

    Args:
        page: Whose buttons are pressed.
        view: The menu whose lines are chosen.
        security: Shows or hides how the visit is protected.
        fill: Fills the room with the picture, or shows all of it.
        swap: Changes the patient's two pictures.
        can_swap: Whether there are two.
        back: Closes what is open over the picture, then leaves full screen or the small window.
        files: Shows the visit's files.
        patient: Shows what is known about the patient.
    """
    return (
        _press(tr("Mute or unmute the microphone"), "M", page.mute),
        _press(tr("Start or stop the camera"), "V", page.camera),
        _press(tr("Share a screen or window, or stop"), "S", page.share),
        _press(tr("Compare safety codes"), "C", page.safety),
        Command(tr("Show how the visit is protected"), security, "E"),
        _press(tr("Choose devices"), "D", page.devices),
        _press(tr("Show or hide the chat"), "H", page.chat_button),
        Command(tr("Show the files"), files, "A"),
        Command(tr("Show what is known about the patient"), patient, "T"),
        _press(tr("Send a file to the patient"), "Ctrl+O", page.chat.files.send),
        _press(tr("Ask the patient for a photo, or not any more"), "P", page.chat.files.photo),
        Command(tr("Full screen"), lambda: view.flip(WindowMode.FULL_SCREEN), "F"),
        Command(tr("Small window on top"), lambda: view.flip(WindowMode.SMALL), "W"),
        Command(tr("Fill the room, cut the edges"), fill, "Z"),
        Command(tr("Change the two pictures: camera and screen"), swap, "X", can_swap),
        Command(tr("Connection details"), view.details.trigger, "I"),
        Command(tr("Close what is open"), back, "Esc", listed=False),
        _press(tr("End visit"), "Ctrl+Shift+E", page.end),
    )


def _press(words: str, keys: str, button: QAbstractButton) -> Command:
    """A command that presses a button of the control bar, where it can be pressed."""
    return Command(words, button.click, keys, button.isEnabled)
