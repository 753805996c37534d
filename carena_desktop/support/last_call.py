"""The last call's figures, kept as numbers for a report: how it went, never with whom.

Only fields that are named here are written, and a text among them only where it is one of our own code's or OpenSSL's.
The same holds when it is read: somebody else may have written the file.
"""

import re
from pathlib import Path
from typing import Final

import msgspec

from carena_desktop.call.model import CallSnapshot, CallState, EndReason
from carena_desktop.call.model import Path as MediaPath
from carena_desktop.private_file import write_private

FILE_NAME: Final = "last-call.json"
_PROBLEMS: Final = "no_device|busy|denied|forbidden|failed|gone|silent|echo"
_FORMS: Final = {
    "end": re.compile("|".join(EndReason)),
    "path": re.compile("|".join(MediaPath)),
    "relay_transport": re.compile("udp|tcp|tls"),
    "srtp_profile": re.compile(r"SRTP_[A-Z0-9_]{1,40}"),
    "dtls_version": re.compile(r"DTLSv1(\.[0-9])?"),
    "camera_problem": re.compile(_PROBLEMS),
    "microphone_problem": re.compile(_PROBLEMS),
    "speaker_problem": re.compile(_PROBLEMS),
}
"""Every text of a record, and what it may be; anything else is left out."""


class CallRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a call."""

    lasted_s: float = 0.0
    end: str = ""
    legs: int = 0
    quality: int = 0
    path: str = ""
    relay_transport: str = ""
    srtp_profile: str = ""
    dtls_version: str = ""
    round_trip_ms: float | None = None
    remote_fps: float = 0.0
    remote_width: int = 0
    remote_height: int = 0
    remote_audio_frames_per_s: float = 0.0
    sent_fps: float = 0.0
    sent_width: int = 0
    sent_height: int = 0
    sent_kbps: float = 0.0
    sent_loss: float = 0.0
    received_kbps: float = 0.0
    received_loss: float = 0.0
    path_kbps: float | None = None
    encode_ms: float = 0.0
    is_cpu_limited: bool = False
    unopened: int = 0
    camera_problem: str = ""
    microphone_problem: str = ""
    speaker_problem: str = ""


_FIGURES: Final = (
    "round_trip_ms", "remote_fps", "remote_width", "remote_height", "remote_audio_frames_per_s", "sent_fps",
    "sent_width", "sent_height", "sent_kbps", "sent_loss", "received_kbps", "received_loss", "path_kbps", "encode_ms",
    "is_cpu_limited", "unopened",
)  # fmt: skip


def record_of(call: CallSnapshot, now_ms: int) -> CallRecord:
    """Return what is kept of a call as it is now."""
    figures = call.figures
    started = call.started_at_ms
    record = CallRecord(
        lasted_s=0.0 if started is None else max(0.0, (now_ms - started) / 1000),
        end="" if call.end_reason is None else call.end_reason.value,
        legs=call.leg,
        quality=int(call.quality.level),
        path=figures.path.value,
        relay_transport=figures.relay_transport,
        srtp_profile=figures.srtp_profile,
        dtls_version=figures.dtls_version,
        camera_problem=call.camera_problem or "",
        microphone_problem=call.microphone_problem or "",
        speaker_problem=call.speaker_problem or "",
        **{name: getattr(figures, name) for name in _FIGURES},
    )
    return _plain(record)


class LastCall:
    """Writes a record when a call ends.

    Args:
        folder: The state directory.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._running: CallSnapshot | None = None

    def changed(self, call: CallSnapshot, now_ms: int) -> None:
        """Follow a call; its last figures while it ran are those that count."""
        if call.state not in {CallState.IDLE, CallState.ENDED}:
            self._running = call
            return
        if self._running is None:
            return
        record = msgspec.structs.replace(
            record_of(self._running, now_ms), end="" if call.end_reason is None else call.end_reason.value
        )
        self._running = None
        try:
            write_private(self._path, msgspec.json.encode(record))
        except OSError:
            return  # a report without it is still one

    def read(self) -> CallRecord | None:
        """Return the last record, None where there is none."""
        try:
            return _plain(msgspec.json.decode(self._path.read_bytes(), type=CallRecord))
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None


def _plain(record: CallRecord) -> CallRecord:
    strange = {name: "" for name, form in _FORMS.items() if form.fullmatch(getattr(record, name)) is None}
    return msgspec.structs.replace(record, **strange)
