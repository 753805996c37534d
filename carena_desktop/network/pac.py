"""Asks a proxy configuration script (PAC), in a process of its own that ends with the answer.

The script is somebody's program. Its process holds no secret of ours, has little memory and time, and is ended by force
when it takes longer; whatever goes wrong there is a ``ScriptError`` here. The engine is pacparser (docs/adr).
"""

import asyncio
import contextlib
import multiprocessing
from multiprocessing.connection import Connection
from typing import Final

LIMIT_S: Final = 5.0
"""The process may have to start, and the script to ask the name service."""
MAX_SCRIPT_BYTES: Final = 1024 * 1024
_MEMORY_BYTES: Final = 1024 * 1024 * 1024
_CPU_S: Final = 3


class ScriptError(Exception):
    """The script could not be asked."""


async def ask(script: str, url: str, host: str, *, limit_s: float = LIMIT_S) -> str:
    """Return what ``FindProxyForURL(url, host)`` answers; raises ScriptError.

    Args:
        script: Its text.
        url: Without path and query: no script learns what is asked of a server.
        host: Of the URL.
        limit_s: After so long the process is ended.
    """
    return await asyncio.to_thread(_ask, script, url, host, limit_s)


def _ask(script: str, url: str, host: str, limit_s: float) -> str:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, script, url, host), name="proxy-script", daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(limit_s):
            raise ScriptError("no answer in time")
        answer = ours.recv_bytes(4096).decode("utf-8", "replace")
    except (EOFError, OSError):
        raise ScriptError("no answer") from None
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
    if not answer.startswith("="):
        raise ScriptError("no function FindProxyForURL, or it failed")
    return answer[1:]


def _answer(connection: Connection, script: str, url: str, host: str) -> None:
    """Entry point of the process."""
    _restrict()
    import pacparser  # noqa: PLC0415 - loaded nowhere else

    answer = ""
    try:
        pacparser.init()
        pacparser.parse_pac_string(script)
        answer = f"={pacparser.find_proxy(url, host)}"
    except Exception:  # noqa: BLE001 - the script's own errors; the parent says what it means
        answer = "!"
    with contextlib.suppress(OSError):
        connection.send_bytes(answer.encode()[:4096])
    connection.close()


def _restrict() -> None:
    """Bound memory and processor time where the system can do that, and say nothing on the terminal."""
    import os  # noqa: PLC0415 - this process only
    import sys  # noqa: PLC0415 - this process only

    with contextlib.suppress(OSError, AttributeError):  # pacparser prints the script's text with an error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - exists on POSIX only

        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
