"""Files of a visit for the screenshots."""

from carena_desktop.call.files.model import FileState, FilesView, FileView, RequestState
from carena_desktop.call.files.sniff import Kind

FILES = FilesView(
    files=(
        FileView("1", "pill-bottle.jpg", 1_887_436, mine=False, state=FileState.DONE, kind=Kind.JPEG),
        FileView("2", "Discharge-ES.pdf", 2_400_000, mine=True, state=FileState.MOVING, moved=1_536_000),
        FileView("3", "lab results from last week.pdf", 340_000, mine=False, state=FileState.OFFERED),
        FileView("4", "scan.pdf", 12_345, mine=False, state=FileState.DONE, kind=Kind.PAGE, saved=True),
        FileView("5", "video.mov", 104_857_600, mine=True, state=FileState.DECLINED, reason="too-large"),
    ),
    request=RequestState.OPEN,
    connected=True,
    most=100 * 1024 * 1024,
)
