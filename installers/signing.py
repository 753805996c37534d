"""Signs what was built, where keys are given: nothing here makes a key, and without one nothing is signed.

``CARENA_GPG_KEY``: id of a key in the keyring of GnuPG; signs SHA256SUMS and an apt repository's InRelease.
``CARENA_AUTHENTICODE_PKCS12`` and ``CARENA_AUTHENTICODE_PASSWORD_FILE``: for osslsigncode, Windows' files.
"""

import hashlib
import subprocess
from collections.abc import Mapping
from pathlib import Path

from installers.freeze import BuildError

TIMESTAMP_SERVER = "http://timestamp.digicert.com"


def write_sums(out: Path) -> Path:
    """Write the sums of everything in ``out`` that is handed on; return the list."""
    packages = sorted(path for path in out.iterdir() if path.suffix in {".deb", ".msi", ".exe"})
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in packages)
    (out / "SHA256SUMS").write_text(sums, "ascii")
    return out / "SHA256SUMS"


def sign_sums(sums: Path, environment: Mapping[str, str]) -> Path | None:
    """Return the detached signature of a list of sums, or None without a key; raises BuildError."""
    key = environment.get("CARENA_GPG_KEY", "")
    if not key:
        print(f"{sums.name}: not signed (CARENA_GPG_KEY is not set)")
        return None
    target = sums.with_name(sums.name + ".asc")
    _run(
        ["gpg", "--batch", "--yes", "--armor", "--detach-sign", "--local-user", key, "--output", str(target), str(sums)]
    )
    return target


def sign_release(release: Path, keyring: str, environment: Mapping[str, str]) -> bool:
    """Sign an apt repository's Release and put the public key into ``keyring``; return whether there was a key.

    What an earlier key signed is taken away first: no signature stays beside what it does not belong to.

    Raises:
        BuildError: GnuPG is missing or has no such key.
    """
    names = {"--clear-sign": "InRelease", "--detach-sign": "Release.gpg"}
    for name in names.values():
        release.with_name(name).unlink(missing_ok=True)
    key = environment.get("CARENA_GPG_KEY", "")
    if not key:
        print(f"{release.name}: not signed (CARENA_GPG_KEY is not set); apt will refuse the repository")
        return False
    command = ["gpg", "--batch", "--yes"]
    for how, name in names.items():
        target = str(release.with_name(name))
        _run([*command, "--armor", how, "--local-user", key, "--output", target, str(release)])
    _run([*command, "--output", str(release.with_name(keyring)), "--export", key])
    return True


def sign_windows(file: Path, environment: Mapping[str, str]) -> bool:
    """Sign an .exe or .msi in place; return whether there was a key; raises BuildError."""
    container = environment.get("CARENA_AUTHENTICODE_PKCS12", "")
    if not container:
        print(f"{file.name}: not signed (CARENA_AUTHENTICODE_PKCS12 is not set)")
        return False
    command = ["osslsigncode", "sign", "-pkcs12", container, "-n", "Carena Desktop", "-h", "sha256"]
    if password := environment.get("CARENA_AUTHENTICODE_PASSWORD_FILE", ""):
        command += ["-readpass", password]
    if environment.get("CARENA_AUTHENTICODE_TIMESTAMP", "1") != "0":
        command += ["-ts", TIMESTAMP_SERVER]
    signed = file.with_name(file.name + ".signed")
    _run([*command, "-in", str(file), "-out", str(signed)])
    signed.replace(file)
    return True


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except FileNotFoundError:
        raise BuildError(f"{command[0]} is missing") from None
    if done.returncode != 0:
        raise BuildError(f"{command[0]} failed: {done.stderr[-800:]}")
