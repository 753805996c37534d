"""What a self-test found: one line each, with a verdict and, where it is not good, one line of advice. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carena_desktop.ui.i18n import mark


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"
    """A visit works, with something missing."""
    FAIL = "fail"
    """A visit can't work like this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. ``name`` and ``detail`` are for support and stay English; ``advice`` is a key of ``i18n``."""

    name: str
    verdict: Verdict
    detail: str
    advice: str = ""


ADVICE: Final = {
    "media process": mark("Picture and sound can't be started. Install Carena again, or send the report to IT."),
    "encryption": mark("The call could not be encrypted. Install Carena again, or send the report to IT."),
    "video received": mark("No picture came back. Another program may use up this computer: close it and try again."),
    "video sent": mark("No picture was sent. Another program may use up this computer: close it and try again."),
    "sound received": mark("No sound came back. Another program may use up this computer: close it and try again."),
    "sound sent": mark("The sound was not as it should be. Close other programs and try again."),
    "data channel": mark(
        "Messages did not get through on this computer. A security program may block local connections."
    ),
    "devices": mark(
        "A camera, a microphone or a speaker is missing. Plug it in, and check the system's privacy settings."
    ),
    "encoder speed": mark("This computer is slow for video. Close other programs, or plug in the power supply."),
    "keyring": mark("The system's keyring can't be used: you have to sign in at each start."),
    "server": mark("No usable server is set. Enter its address on the sign-in screen, or ask IT for it."),
    "proxy": mark("The proxy of this network is in the way. Sign in to it, or ask IT to let Carena through."),
    "connection": mark("No Carena server answers at this address. Check the address and the network, or ask IT."),
    "certificate": mark("The server is not who it should be, or is not known yet. Compare its fingerprint with IT."),
    "clock": mark("This computer's clock is wrong. Set it to the network's time."),
    "signaling": mark("The server answers, but live connections (wss) do not get through. Ask IT to allow them."),
    "facts": mark(
        "The server does not tell its time and its relays: it may be older than Carena. Ask IT to upgrade it."
    ),
    "relay": mark("A relay can't be reached this way. IT finds its address and port in the detail."),
    "no relay": mark("The server names no relay. Calls work only where both sides reach each other directly."),
}
"""By the first words of a finding's name."""


def finding(name: str, verdict: Verdict, detail: str) -> Finding:
    """Return a finding with the advice of its kind, none where all is well."""
    if verdict is Verdict.OK:
        return Finding(name, verdict, detail)
    kind = next((key for key in sorted(ADVICE, key=len, reverse=True) if name.startswith(key)), "")
    return Finding(name, verdict, detail, ADVICE.get(kind, ""))


def works(findings: list[Finding]) -> bool:
    """Whether a visit can work: something was found, and nothing of it is a failure."""
    return bool(findings) and all(one.verdict is not Verdict.FAIL for one in findings)
