"""The command line: no default password, nothing secret printed twice, mistakes refused."""

import io
import re
from pathlib import Path

import pytest

from carena_server.cli import main
from carena_server.data import DataDirectory
from carena_server.store import accounts


class Console:
    """Runs commands on a data directory."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = folder / "data"
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self._config = folder / "carena.toml"
        self._config.write_text("[passwords]\nmemory_kib = 64\ntime_cost = 1\n")

    def __call__(self, *words: str, stdin: str = "") -> tuple[int, str, str]:
        """Return exit code, output and errors."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = main([*words, "--data", str(self.data), "--config", str(self._config), "--log-level", "error"])
        output = self._capsys.readouterr()
        return code, output.out, output.err


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Console:
    """Return a console on an empty directory."""
    return Console(tmp_path, monkeypatch, capsys)


def test_init_makes_an_administrator_with_a_password_shown_once(console: Console) -> None:
    """The password is random, stands in the output and in no file; a second init is refused."""
    code, out, _ = console("init", "--admin", "root")
    assert code == 0
    made = re.search(r"shown only now: (\S{20,})", out)
    assert made is not None
    assert re.search(r"[0-9a-f]{64}", out)
    for path in console.data.rglob("*"):
        assert path.is_dir() or made.group(1).encode() not in path.read_bytes()
    code, _, err = console("init", "--admin", "root2")
    assert (code, "administrator already" in err) == (1, True)


def test_two_sites_never_share_a_password(console: Console, tmp_path: Path) -> None:
    """There is no default: each generated password is another one."""
    first = console("init", "--admin", "root")[1]
    console.data = tmp_path / "other"
    assert first != console("init", "--admin", "root")[1]


def test_init_without_a_person_needs_a_name(console: Console) -> None:
    """No administrator is invented."""
    code, _, err = console("init")
    assert (code, "--admin" in err) == (1, True)
    assert not console.data.exists()


@pytest.mark.parametrize("password", ["short\n", "\n", "", "x" * 300 + "\n"])
def test_a_bad_password_is_refused(console: Console, password: str) -> None:
    """Too short, empty or too long: no account is made."""
    console("init", "--admin", "root")
    code, _, _ = console("user", "add", "ann", "--role", "clinician", "--password-stdin", stdin=password)
    assert code == 1
    assert "ann" not in console("user", "list")[1]


@pytest.mark.parametrize("name", ["a b", "", "x" * 65, "ann/../bob", "\u00e9lise"])
def test_a_bad_username_is_refused(console: Console, name: str) -> None:
    """What nobody could sign in with can't be added."""
    console("init", "--admin", "root")
    assert console("user", "add", name, "--role", "nurse", "--generate-password")[0] == 1


def test_accounts_are_added_listed_disabled_and_reset(console: Console) -> None:
    """The console does what it says, refuses duplicates whatever their case, and audits all of it."""
    console("init", "--admin", "root")
    assert (
        console(
            "user", "add", "Ann", "--role", "clinician", "--name", "Dr Ann", "--password-stdin", stdin="correct horse\n"
        )[0]
        == 0
    )
    assert console("user", "add", "aNN", "--role", "nurse", "--generate-password")[0] == 1
    listing = console("user", "list")[1]
    assert re.search(r"^ann +clinician +enabled +Dr Ann \(all rooms\)$", listing, re.MULTILINE)
    assert console("user", "disable", "ann")[0] == 0
    assert re.search(r"^ann +clinician +disabled", console("user", "list")[1], re.MULTILINE)
    assert console("user", "disable", "ann", "--enable")[0] == 0
    assert console("user", "reset", "ann", "--generate-password")[0] == 0
    assert console("user", "disable", "nobody")[0] == 1
    assert console("user", "reset", "nobody", "--generate-password")[0] == 1
    code, out, _ = console("audit", "verify")
    assert (code, "5 entries, unbroken" in out) == (0, True)


def test_a_patient_is_no_account(console: Console) -> None:
    """The role does not exist on the command line."""
    console("init", "--admin", "root")
    with pytest.raises(SystemExit):
        console("user", "add", "p", "--role", "patient")


def test_a_link_is_printed_whole_and_stored_as_a_digest(console: Console) -> None:
    """The secret stands in the fragment and in no file."""
    console("init", "--admin", "root")
    code, out, _ = console("link", "create", "--reusable", "--listen", "127.0.0.1:9443")
    assert code == 0
    found = re.fullmatch(r"https://127\.0\.0\.1:9443/visit#([A-Za-z0-9_-]{22})\n", out)
    assert found is not None
    assert found.group(1).encode() not in (console.data / "carena.db").read_bytes()
    assert console("link", "create", "--expires-in", "1")[0] == 1


def test_audit_verify_fails_on_tampering(console: Console) -> None:
    """An edited entry, a cut end and a foreign head are each found."""
    console("init", "--admin", "root")
    console("user", "add", "ann", "--role", "nurse", "--generate-password")
    head = re.search(r"Head.*: (\S+)", console("audit", "verify")[1])
    assert head is not None
    assert console("audit", "verify", "--expect", head.group(1))[0] == 0
    assert console("audit", "verify", "--expect", "99:" + "0" * 64)[0] == 1
    assert console("audit", "verify", "--expect", "rubbish")[0] == 1

    engine = DataDirectory(console.data).engine()
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit WHERE seq = 2")
    engine.dispose()
    code, out, _ = console("audit", "verify")
    assert (code, "cut off" in out) == (1, True)


def test_files_are_private(console: Console) -> None:
    """Nobody but the owner reads the directory or anything in it."""
    console("init", "--admin", "root")
    assert console.data.stat().st_mode & 0o077 == 0
    for name in ("carena.db", "audit.key", "audit.anchor", "tls/authority.key"):
        assert (console.data / name).stat().st_mode & 0o077 == 0, name


def test_a_lost_audit_key_is_not_replaced(console: Console) -> None:
    """Continuing the chain with another key would hide what happened."""
    console("init", "--admin", "root")
    (console.data / "audit.key").unlink()
    assert console("user", "list")[0] == 1
    assert not (console.data / "audit.key").exists()


def test_commands_need_a_data_directory(console: Console) -> None:
    """Nothing is made by a command that only looks."""
    for words in (["user", "list"], ["audit", "verify"], ["link", "create"]):
        assert console(*words)[0] == 1
    assert not console.data.exists()


def test_passwords_are_stored_as_argon2id(console: Console) -> None:
    """The database has the encoded hash of the configured cost and not the password."""
    console("init", "--admin", "root", "--password-stdin", stdin="correct horse\n")
    engine = DataDirectory(console.data).engine()
    with engine.connect() as connection:
        found = accounts.find(connection, "ROOT")
    engine.dispose()
    assert found is not None
    assert found.password_hash.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert "argon2" not in repr(found)


def test_rooms_are_added_listed_and_changed(console: Console) -> None:
    """A room has the usual settings first, then those given; names are unique and nonsense is refused with why."""
    console("init", "--admin", "root", "--generate-password")
    assert console("room", "add", "Children")[0] == 0
    assert console("room", "add", "Children")[0] == 1
    assert console("room", "add", "\u202eevil")[0] == 1
    code, _, problem = console(
        "room", "set", "Children", "--targets", "0", "5", "20", "40", "90", "--triage-first", "--alarm-waiting", "8",
        "--hours", "mon-fri 08:00-17:30; sun 22:00-02:00", "--zone", "Europe/Madrid", "--field", "call_back=required",
        "--closed-text", "Back at eight.", "--closed-text-in", "es=Abrimos a las ocho.",
    )  # fmt: skip
    assert code == 0, problem
    listing = console("room", "list")[1]
    assert "Children" in listing
    assert "targets 0/5/20/40/90 min" in listing
    assert "fri 08:00-17:30; sun 22:00-02:00 (Europe/Madrid)" in listing
    assert "call_back=required" in listing
    for words in (
        ["--hours", "weekdays 8-17"],
        ["--hours", "mon 25:00-26:00"],
        ["--zone", "Mars/Olympus"],
        ["--field", "mood=required"],
        ["--field", "reason=sometimes"],
        ["--away-max-min", "0"],
        ["--closed-text-in", "x=Too short a language"],
        ["--rename", "Waiting room"],
        [],
    ):
        assert console("room", "set", "Children", *words)[0] == 1, words
    assert console("room", "set", "Nowhere", "--triage-first")[0] == 1


def test_people_serve_rooms(console: Console) -> None:
    """An account serves all rooms or those it is given; a room that does not exist adds nobody."""
    console("init", "--admin", "root", "--generate-password")
    console("room", "add", "Children")
    add = ("user", "add", "nia", "--role", "nurse", "--generate-password")
    assert console(*add, "--room", "Nowhere")[0] == 1
    assert console(*add, "--room", "Children")[0] == 0
    assert "(Children)" in console("user", "list")[1]
    assert console("user", "set", "nia", "--all-rooms", "--role", "clinician", "--name", "Dr Nia")[0] == 0
    assert re.search(r"^nia +clinician +enabled +Dr Nia \(all rooms\)$", console("user", "list")[1], re.MULTILINE)
    assert console("user", "set", "nobody", "--all-rooms")[0] == 1
    assert console("link", "create", "--room", "Children")[0] == 0
    assert console("link", "create", "--room", "Nowhere")[0] == 1


def test_a_common_password_is_refused(console: Console) -> None:
    """What attackers try first, and the username with a few digits, is no password."""
    console("init", "--admin", "root", "--generate-password")
    add = ("user", "add", "annabelle-long", "--role", "nurse", "--password-stdin")
    for bad in ("password1234\n", "annabelle-long12\n", "elevenchars\n"):
        assert console(*add, stdin=bad)[0] == 1
    assert console(*add, stdin="correct horse battery\n")[0] == 0
