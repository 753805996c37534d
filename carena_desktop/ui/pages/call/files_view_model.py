"""What the files panel shows for the visit's files; pure."""

from dataclasses import dataclass, field
from typing import Final

from carena_desktop.call.files.model import FileState, FilesView, FileView, RequestState
from carena_desktop.call.files.name import extension
from carena_desktop.call.files.sniff import PREVIEWED, Kind, contradicts
from carena_desktop.ui.i18n import locale, mark, tr, tr_marked
from carena_desktop.ui.preview.decoder import MAX_BYTES

_KIB: Final = 1024
_MIB: Final = 1024 * 1024

_ICONS: Final = {
    Kind.ARCHIVE: "file-archive",
    Kind.PAGE: "file-warning",
    Kind.PDF: "file-text",
    Kind.TEXT: "file-text",
    Kind.PROGRAM: "file-warning",
    **dict.fromkeys((Kind.JPEG, Kind.PNG, Kind.GIF, Kind.WEBP, Kind.BMP, Kind.HEIC, Kind.TIFF, Kind.DICOM), "image"),
}
_REASONS: Final = {
    "declined": mark("declined"),
    "not-allowed": mark("files are not allowed"),
    "too-large": mark("too large"),
    "kind": mark("this kind of file is not taken"),
    "busy": mark("too many files at once"),
    "cancelled": mark("cancelled"),
    "by-peer": mark("cancelled by the patient"),
    "corrupt": mark("damaged on the way"),
    "failed": mark("could not be sent"),
    "program": mark("deleted: it is a program"),
    "ended": mark("not finished before the call ended"),
}
_REFUSALS: Final = {
    "empty": mark("This file is empty."),
    "unreadable": mark("This file can't be read."),
    "kind": mark("Programs, scripts and documents with macros can't be sent."),
    "not-allowed": mark("Your organization does not allow files to be sent."),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as it is shown."""

    id: str
    name: str = field(repr=False)
    icon: str
    caption: str = field(repr=False)
    """Whose it is, how large, and how it stands."""
    warning: str
    percent: int | None
    """While it moves."""
    may_answer: bool
    may_cancel: bool
    may_save: bool
    may_preview: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class FilesState:
    """Everything the panel renders."""

    rows: tuple[FileRow, ...] = ()
    tab: str = ""
    may_send: bool = False
    may_ask: bool = False
    asking: bool = False
    """Whether a photo is asked for: the button takes that back."""
    request: str = ""
    empty: str = ""
    offered: str = ""
    """For the chat beside it: what waits for an answer."""


def files_state(view: FilesView, *, running: bool) -> FilesState:
    """Return the panel for ``view``; ``running`` is whether the two are in a call."""
    rows = tuple(_row(file) for file in view.files)
    return FilesState(
        rows=rows,
        tab=tr("Files {count}").format(count=len(rows)) if rows else tr("Files"),
        may_send=running and view.allowed and view.most > 0,
        may_ask=running and view.allowed,
        asking=view.request is RequestState.OPEN,
        request=_request(view),
        empty="" if rows else _empty(view),
        offered=tr("The patient wants to send you %n file(s).", "", view.waiting) if view.waiting else "",
    )


def size(size_bytes: int) -> str:
    """Return a file's size in words."""
    if size_bytes < _MIB:
        return tr("{count} kB").format(count=locale().toString(max(1, round(size_bytes / _KIB))))
    return tr("{count} MB").format(count=locale().toString(size_bytes / _MIB, "f", 1))


def refusal(code: str, most: int) -> str:
    """Return why a file can't be sent."""
    if code == "too-large":
        return tr("This file is too large. The largest that can be sent is {size}.").format(size=size(most))
    return tr_marked(_REFUSALS.get(code, _REFUSALS["unreadable"]))


def _row(file: FileView) -> FileRow:
    is_here = not file.mine and file.state is FileState.DONE
    moving = file.state is FileState.MOVING
    who = tr("From you") if file.mine else tr("From the patient")
    return FileRow(
        id=file.id,
        name=file.name,
        icon=_ICONS.get(file.kind, "file"),
        caption=" · ".join((who, size(file.size), _standing(file))),
        warning=_warning(file) if is_here else "",
        percent=file.moved * 100 // file.size if moving else None,
        may_answer=not file.mine and file.state is FileState.OFFERED,
        may_cancel=moving or (file.mine and file.state is FileState.OFFERED),
        may_save=is_here,
        may_preview=is_here and file.kind in PREVIEWED and file.size <= MAX_BYTES,
        failed=file.state in {FileState.FAILED, FileState.DECLINED},
    )


def _standing(file: FileView) -> str:
    match file.state:
        case FileState.OFFERED:
            return tr("waiting for the patient") if file.mine else tr("wants to send you this")
        case FileState.MOVING:
            percent = f"{file.moved * 100 // file.size} %"
            words = tr("sending, {percent}") if file.mine else tr("receiving, {percent}")
            return words.format(percent=percent)
        case FileState.DONE:
            if file.mine:
                return tr("delivered")
            return tr("saved") if file.saved else tr("not saved yet")
        case FileState.DECLINED | FileState.CANCELLED | FileState.FAILED:
            return tr_marked(_REASONS.get(file.reason, _REASONS["failed"]))


def _warning(file: FileView) -> str:
    if file.kind is Kind.PAGE:
        return tr("This is a web page, whatever its name says. Opening it can run what is in it.")
    if contradicts(extension(file.name), file.kind):
        return tr("The content is not what the name says. Be careful before you open it.")
    return ""


def _request(view: FilesView) -> str:
    match view.request:
        case RequestState.OPEN:
            return tr("You asked for a photo. Waiting for the patient.")
        case RequestState.DECLINED:
            return tr("The patient does not want to send a photo now.")
        case RequestState.ANSWERED | RequestState.WITHDRAWN | None:
            return ""


def _empty(view: FilesView) -> str:
    if not view.allowed:
        return tr("Your organization does not allow files in visits.")
    return tr("No files yet. What the patient sends stays here, encrypted, until you save it or the visit ends.")
