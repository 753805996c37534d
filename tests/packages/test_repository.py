"""The apt repository, as apt itself sees it: an apt of its own in a folder, the repository in another."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from installers.freeze import BuildError
from installers.linux.repository import KEYRING, publish, release, sources

KEY = "archive@carena.invalid"

pytestmark = [pytest.mark.packages, pytest.mark.skipif(not shutil.which("apt-get"), reason="needs apt")]


@pytest.fixture
def gnupg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mapping[str, str]]:
    """A key made here and thrown away; GnuPG's agent ends with the test."""
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    command = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", KEY, "ed25519"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    yield {"CARENA_GPG_KEY": KEY}
    subprocess.run(["gpgconf", "--kill", "all"], check=True, timeout=60)


def package(folder: Path, version: str) -> Path:
    """A package with nothing in it."""
    tree = folder / f"tree-{version}"
    (tree / "DEBIAN").mkdir(parents=True)
    words = f"Package: carena-desktop\nVersion: {version}\nArchitecture: all\nMaintainer: x <x@carena.invalid>\n"
    (tree / "DEBIAN" / "control").write_text(f"{words}Description: nothing\n", "utf-8")
    target = folder / f"carena-desktop_{version}_all.deb"
    build = ["dpkg-deb", "--root-owner-group", "--build", str(tree), str(target)]
    subprocess.run(build, check=True, capture_output=True, timeout=60)
    return target


class Apt:
    """An apt that knows one repository and touches nothing outside its folder."""

    def __init__(self, folder: Path, repository: Path, *, signed: bool) -> None:
        for name in ("state/lists/partial", "cache/archives/partial", "etc"):
            (folder / name).mkdir(parents=True)
        (folder / "state/status").touch()
        words = sources(signed=signed).replace("https://packages.example.org/carena", f"file:{repository}")
        words = words.replace(f"/usr/share/keyrings/{KEYRING}", str(repository / KEYRING))
        (folder / "etc/carena.sources").write_text(words, "utf-8")
        options = {
            "Dir::State": folder / "state", "Dir::State::status": folder / "state/status",
            "Dir::Cache": folder / "cache", "Dir::Etc": folder / "etc",
            "Dir::Etc::sourcelist": folder / "etc/carena.sources",
            "Dir::Etc::sourceparts": folder / "none", "Dir::Etc::parts": folder / "none", "APT::Sandbox::User": "root",
        }  # fmt: skip
        self._options = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of apt's."""
        environment = {**os.environ, "LC_ALL": "C"}
        command = [words[0], *self._options, *words[1:]]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_apt_takes_a_signed_repository(tmp_path: Path, gnupg: Mapping[str, str]) -> None:
    """The newest version is offered and the one before stays; what was changed afterwards is refused."""
    repository = tmp_path / "repository"
    assert publish([package(tmp_path, "1.0")], repository, 1_700_000_000, gnupg)
    assert publish([package(tmp_path, "1.1")], repository, 1_700_000_100, gnupg)
    apt = Apt(tmp_path / "apt", repository, signed=True)
    done = apt.run("apt-get", "update")
    assert (done.returncode, "W:" in done.stderr, "E:" in done.stderr) == (0, False, False), done.stderr
    policy = apt.run("apt-cache", "policy", "carena-desktop").stdout
    assert "Candidate: 1.1" in policy
    assert " 1.0 " in policy
    (repository / "InRelease").write_text((repository / "InRelease").read_text().replace("stable", "stolen"))
    again = Apt(tmp_path / "again", repository, signed=True).run("apt-get", "update")
    assert again.returncode != 0
    assert "signature" in again.stderr.lower()


def test_apt_refuses_one_that_is_not_signed(tmp_path: Path, gnupg: Mapping[str, str]) -> None:
    """Without a key there is none, and what an earlier key signed does not stay beside it."""
    repository = tmp_path / "repository"
    publish([package(tmp_path, "1.0")], repository, 1_700_000_000, gnupg)
    assert not publish([package(tmp_path, "1.1")], repository, 1_700_000_100, {})
    assert not (repository / "InRelease").exists()
    assert not (repository / "Release.gpg").exists()
    assert "not signed" in Apt(tmp_path / "apt", repository, signed=False).run("apt-get", "update").stderr
    with pytest.raises(BuildError):
        publish([], repository, 0, {"CARENA_GPG_KEY": "nobody@carena.invalid"})


def test_the_indexes_are_named_by_size_and_sum() -> None:
    """The same indexes make the same file."""
    made = release({"Packages": b"a", "Packages.gz": b"bc"}, 1_700_000_000)
    assert "Date: Tue, 14 Nov 2023 22:13:20 UTC" in made
    assert " ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb 1 Packages\n" in made
    assert made.count("\n ") == 2
