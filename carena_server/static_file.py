"""The portal's files as they travel: compressed where that helps, and not sent again when the browser has them.

A patient's telephone on a weak connection loads the page in a quarter of the time. Only the portal's own public files
pass here; nothing that holds a secret is ever compressed. They are few and small, so each is kept in memory.
"""

import gzip
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_SQUEEZED: Final = frozenset({".js", ".css", ".json", ".svg", ".html", ".webmanifest"})
_LEVEL: Final = 9


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file's content, and what it was when it was read."""

    changed: tuple[int, int]
    plain: bytes = field(repr=False)
    squeezed: bytes | None = field(repr=False)
    tag: str


class StaticFiles:
    """Answers for files by path; the caller says which paths may be asked for."""

    def __init__(self) -> None:
        self._kept: dict[Path, _Kept] = {}

    def answer(self, request: Request, path: Path, kind: str) -> Response:
        """Return the file, or 304 for a browser that has it. Raises FileNotFoundError."""
        kept = self._read(path)
        squeezed = kept.squeezed if _accepts_gzip(request.headers.get("accept-encoding", "")) else None
        tag = f'"{kept.tag}{"" if squeezed is None else "-gzip"}"'
        headers = {"ETag": tag, "Vary": "Accept-Encoding"}
        known = {known.strip().removeprefix("W/") for known in request.headers.get("if-none-match", "").split(",")}
        if tag in known:
            return Response(status_code=304, headers=headers)
        if squeezed is not None:
            headers["Content-Encoding"] = "gzip"
        return Response(kept.plain if squeezed is None else squeezed, 200, headers, kind)

    def _read(self, path: Path) -> _Kept:
        status = path.stat()
        changed = (status.st_mtime_ns, status.st_size)
        kept = self._kept.get(path)
        if kept is None or kept.changed != changed:
            plain = path.read_bytes()
            squeezed = gzip.compress(plain, _LEVEL, mtime=0) if path.suffix in _SQUEEZED else None
            if squeezed is not None and len(squeezed) >= len(plain):
                squeezed = None
            kept = _Kept(changed, plain, squeezed, hashlib.sha256(plain).hexdigest()[:16])
            self._kept[path] = kept
        return kept


def _accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header (RFC 9110 section 12.5.3) allows gzip; "" allows nothing but the plain file."""
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        if name.strip() in {"gzip", "*"}:
            weight = parameter.replace(" ", "").removeprefix("q=")
            return weight not in {"0", "0.0", "0.00", "0.000"}
    return False
