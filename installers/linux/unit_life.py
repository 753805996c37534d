"""The life of the server's unit under a real systemd: new, set up, upgraded, stopped, removed; for check_packages."""

import shutil
from pathlib import Path
from typing import Final

from carena_server import __version__
from installers.freeze import BuildError
from installers.linux.boot import run_booted
from installers.linux.root import Root

_INBOX: Final = "var/tmp"
_TOOLS: Final = ("curl", "systemd")
_INIT: Final = (
    "runuser -u carena-server -- carena-server init --data /var/lib/carena-server"
    " --config /etc/carena-server/server.toml --admin keeper --generate-password"
)
_SCRIPT: Final = """
answer() {{
  i=0
  while [ $i -lt 100 ]; do
    curl --silent --insecure --fail --max-time 3 https://127.0.0.1:8443/visit | grep --quiet '<html' && break
    i=$((i+1)); sleep 0.2
  done
  [ $i -lt 100 ] && echo "$1: answered by $(dpkg-query --show --showformat='${{Version}}' carena-server)"
}}
pid() {{ systemctl show --value --property=MainPID carena-server; }}
systemctl start carena-server
echo "new: $(systemctl is-active carena-server), $(systemctl is-failed carena-server)"
{init} >/dev/null
systemctl start carena-server
answer older
before=$(pid)
dpkg --force-confold --install {package} >/dev/null
answer newer
[ "$before" != "$(pid)" ] && echo "newer: restarted"
systemctl show carena-server --property=ActiveState,NRestarts
grep -E '^(CapEff|NoNewPrivs|Seccomp):' "/proc/$(pid)/status"
systemctl stop carena-server
systemctl show carena-server --property=ActiveState,Result
systemctl start carena-server
after=$(pid)
dpkg --remove carena-server >/dev/null
[ -d "/proc/$after" ] || echo "removed: ended"
"""
_SAYS: Final = (
    "new: inactive, inactive\n",  # not failed: nobody has set it up yet
    "older: answered by 0.0.1\n",
    f"newer: answered by {__version__}\n",
    "newer: restarted\n",
    "ActiveState=active\n",
    "NRestarts=0\n",
    "CapEff:\t0000000000000000\n",
    "NoNewPrivs:\t1\n",
    "Seccomp:\t2\n",
    "ActiveState=inactive\n",
    "Result=success\n",
    "removed: ended\n",
)


def check(folder: Path, archive: Path, older: Path, newer: Path) -> None:
    """Boot a system with the older package and lead it through its life; raises BuildError, CannotBootError.

    Args:
        folder: For the system.
        archive: A minimal one.
        older: A package of version 0.0.1.
        newer: The package.
    """
    root = Root(folder / "booted", archive)
    for package in (older, newer):
        shutil.copyfile(package, root.folder / _INBOX / package.name)
    root.run("apt-get", "update", "-q")
    root.run("apt-get", "install", "-q", "-y", "--no-install-recommends", *_TOOLS, f"/{_INBOX}/{older.name}")
    said = run_booted(root, _SCRIPT.format(init=_INIT, package=f"/{_INBOX}/{newer.name}"))
    if missing := [words for words in _SAYS if words not in said]:
        raise BuildError(f"the unit does not say {missing}:\n{said[-2000:]}")
