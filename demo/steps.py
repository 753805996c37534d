"""What a clinician does in the window, step by step; used by the demonstration and the end-to-end tests."""

import time
from pathlib import Path

from demo.clinic import Account, Clinic
from demo.desktop import Desktop, DriverError

WAITING_ROOM = "Waiting room"


def sign_in(window: Desktop, place: Clinic, account: Account | None = None) -> None:
    """Sign in through the window, as the clinic's clinician unless another account is given, up to the waiting room.

    The server is new to this workstation: its fingerprint on the screen has to be the one the server printed.
    """
    account = account or place.clinician
    submit_credentials(window, place.url, account.username, account.password)
    accept_authority(window, place.fingerprint)
    window.wait_for(WAITING_ROOM, "table")


def submit_credentials(window: Desktop, server: str, username: str, password: str) -> None:
    """Fill the form and press the button."""
    window.type("Server address", server)
    window.type("Username", username)
    window.type("Password", password)
    window.click("Sign in")


def accept_authority(window: Desktop, fingerprint: str) -> None:
    """Compare the fingerprint on the screen, then trust it."""
    digits = fingerprint.replace(":", "").replace(" ", "").lower()
    window.wait(lambda: any(digits in _squeezed(text) for text in window.ask("texts")), "the fingerprint")
    window.click("Trust this server")


def start_visit(window: Desktop, patient: str) -> float:
    """Admit a patient by the keyboard; return the wall-clock time of the key press in ms since the epoch."""
    window.wait_for_row(WAITING_ROOM, patient)
    window.select_row(WAITING_ROOM, patient)
    pressed_at = time.clock_gettime(time.CLOCK_REALTIME) * 1000
    window.press(WAITING_ROOM, "Enter", "table")
    return pressed_at


def choose_file(window: Desktop, path: Path) -> None:
    """Choose a file, or a place for one, in the dialog that asks for it."""

    def chosen() -> bool:
        try:
            window.ask("choose_file", path=str(path))
        except DriverError as error:
            if "no dialog" in str(error):
                return False
            raise
        return True

    window.wait(chosen, "a dialog that asks for a file")


def _squeezed(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
