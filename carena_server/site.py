"""The portal's files and the headers that fence them in: no inline script, no other origin, no framing.

Serves files of known kinds from one folder and nothing else.
"""

import re
from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carena_server.static_file import StaticFiles

PORTAL: Final = Path(__file__).parent / "portal"
_files: Final = StaticFiles()
_NAME: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")
"""Relative, with no part that begins with a dot: such a path can't lead out of the folder."""
_KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
}

_FENCE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Frame-Options": "DENY",
}


def content_security_policy(host: str) -> str:
    """Return the policy; ``host`` is the Host header, whose websocket older browsers don't count as 'self'."""
    websocket = f" wss://{host}" if _is_plain(host) else ""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"connect-src 'self'{websocket}",
            "media-src 'self' blob:",
            "img-src 'self' blob: data:",
            "font-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


class Fence:
    """Middleware that puts the headers on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and fence the response in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")

        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = content_security_policy(host)
                for name, value in _FENCE.items():
                    headers[name] = value
                # Answers may hold tokens or a name; portal files are checked for changes at every use.
                headers["Cache-Control"] = "no-cache" if _is_asset(scope["path"]) else "no-store"
            await send(message)

        await self._app(scope, receive, fenced)


async def visit_page(request: Request) -> Response:
    """Serve the portal's only page."""
    page = PORTAL / "visit.html"
    if not page.is_file():
        return Response(status_code=404)
    return _files.answer(request, page, "text/html; charset=utf-8")


async def asset(request: Request) -> Response:
    """Serve a file of the portal."""
    name = str(request.path_params["path"])
    path = PORTAL / name
    kind = _KINDS.get(path.suffix)
    if kind is None or _NAME.fullmatch(name) is None or not path.is_file():
        return Response(status_code=404)
    return _files.answer(request, path, kind)


def _is_asset(path: str) -> bool:
    return path.startswith("/assets/")


def _is_plain(host: str) -> bool:
    return bool(host) and all(c.isascii() and (c.isalnum() or c in ".-:[]") for c in host)
