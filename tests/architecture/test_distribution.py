"""What is installed is what was promised: no Qt on the server, no server on the desktop, nothing missing."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"


def locked(extra: str) -> set[str]:
    """Return the names of the distributions that one extra installs, as locked."""
    found = subprocess.run(
        [UV, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--no-annotate", "--extra", extra],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    lines = (line for line in found.stdout.splitlines() if line and not line.startswith("#"))
    return {line.partition("==")[0].strip().lower() for line in lines}


def test_the_server_installs_without_qt() -> None:
    """The server's extra brings its own parts, and neither Qt, nor media, nor a keyring."""
    names = locked("server")
    assert {"starlette", "uvicorn", "sqlalchemy", "alembic", "argon2-cffi", "websockets"} <= names
    assert not {n for n in names if n.startswith(("pyside6", "shiboken"))}
    assert not names & {"aiortc", "av", "qasync", "keyring", "numpy", "aiohttp"}


def test_the_desktop_installs_without_the_server() -> None:
    """The desktop's extra brings its own parts, and no web server or database."""
    names = locked("desktop")
    assert {"pyside6", "aiortc", "qasync", "keyring", "websockets", "numpy"} <= names
    assert not names & {"starlette", "uvicorn", "sqlalchemy", "alembic", "argon2-cffi"}


@pytest.mark.slow
def test_the_wheel_has_everything(tmp_path: Path) -> None:
    """Portal, migrations, vectors, fonts, icons and style sheets are in the wheel, and no tests or tools."""
    subprocess.run([UV, "build", "--wheel", "--out-dir", tmp_path, ROOT], check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for wanted in (
        "carena_server/portal/visit.html",
        "carena_server/portal/js/main.js",
        "carena_server/portal/locales/es.json",
        "carena_server/portal/vendor/i18next/LICENSE.txt",
        "carena_server/portal/fonts/inter-latin-wght-normal.woff2",
        "carena_server/migrations/env.py",
        "carena_protocol/vectors/client.json",
        "carena_desktop/ui/_resources/fonts/inter/Inter_400Regular.ttf",
        "carena_desktop/ui/_resources/icons/carena.svg",
        "carena_desktop/app.py",
    ):
        assert wanted in names, wanted
    assert any(name.startswith("carena_desktop/ui/_resources/qss/") for name in names)
    outside = {name.partition("/")[0] for name in names}
    assert {o for o in outside if not o.startswith("carena_")} == set()
