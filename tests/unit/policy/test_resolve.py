"""Which source of a policy wins, and what becomes of values that can't be read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.policy.kinds import Kind
from carena_desktop.policy.padlock import Who, lines, may_set
from carena_desktop.policy.report import as_json, as_text
from carena_desktop.policy.resolve import Level, Policies, Source, resolve
from carena_desktop.policy.table import POLICIES

A, B = "https://a.example", "https://b.example"
PIN = "ab" * 32


def source(level: Level, **values: object) -> Source:
    """Return a source named after its level."""
    return Source(level, level.words, values)


def test_without_sources_the_table_speaks() -> None:
    """Every policy has its default, built in, and nothing is managed."""
    found = resolve([])
    assert {name: setting.value for name, setting in found.settings.items()} == {p.name: p.default for p in POLICIES}
    assert not any(setting.managed for setting in found.settings.values())
    assert found.findings == ()


@pytest.mark.parametrize(("first", "second"), list(zip(list(Level)[:-2], list(Level)[1:-1], strict=True)))
def test_the_stronger_level_wins(first: Level, second: Level) -> None:
    """Of two neighbouring levels the stronger one's size is taken, whatever order they are read in."""
    sources = [source(second, TextSizePercent=120), source(first, TextSizePercent=150)]
    assert resolve(sources).number("TextSizePercent") == 150


def test_what_the_organization_set_is_managed_and_said() -> None:
    """A mandatory value is managed, and an option that wanted another is reported."""
    found = resolve([source(Level.COMMAND_LINE, ServerUrl=B), source(Level.MACHINE_MANDATORY, ServerUrl=A)])
    assert found.settings["ServerUrl"].managed
    assert [(finding.name, finding.words) for finding in found.findings] == [
        ("ServerUrl", "is set by your organization; ignored")
    ]


def test_a_wish_for_less_safety_is_said() -> None:
    """What the person sets looser than the organization is reported as ignored; what agrees with it is not."""
    wished = source(Level.ENVIRONMENT, RelayOnly=False, LockTimeoutMinutes=20, MaxFileMegabytes=5)
    found = resolve([wished, source(Level.MACHINE_MANDATORY, RelayOnly=True, LockTimeoutMinutes=5, MaxFileMegabytes=5)])
    assert [found.value(name) for name in ("RelayOnly", "LockTimeoutMinutes", "MaxFileMegabytes")] == [True, 5, 5]
    assert {(finding.name, finding.words) for finding in found.findings} == {
        ("RelayOnly", "is set by your organization; ignored"),
        ("LockTimeoutMinutes", "is set by your organization; ignored"),
    }


@pytest.mark.parametrize("strict_level", [Level.MACHINE_MANDATORY, Level.COMMAND_LINE, Level.MACHINE_RECOMMENDED])
def test_safety_takes_the_strictest(strict_level: Level) -> None:
    """Wherever the strict value stands, it wins over a lax one of any level."""
    for lax_level in {Level.MACHINE_MANDATORY, Level.USER_SETTINGS, Level.USER_RECOMMENDED} - {strict_level}:
        found = resolve(
            [
                source(strict_level, RelayOnly=True, AllowCamera=False, KeepSignedIn=False, LogLevel="error"),
                source(lax_level, RelayOnly=False, AllowCamera=True, KeepSignedIn=True, LogLevel="debug"),
            ]
        )
        assert [found.value(n) for n in ("RelayOnly", "AllowCamera", "KeepSignedIn", "LogLevel")] == [
            True, False, False, "error",
        ]  # fmt: skip


def test_allowed_servers_are_those_that_all_sources_name() -> None:
    """Two lists leave what both have; lists with nothing in common allow nothing."""
    machine = source(Level.MACHINE_MANDATORY, AllowedServers=[A, B])
    assert resolve([machine, source(Level.USER_SETTINGS, AllowedServers=[B])]).items("AllowedServers") == (B,)
    other = source(Level.USER_SETTINGS, AllowedServers=["https://c.example"])
    assert resolve([machine, other]).items("AllowedServers") == ()


def test_an_option_takes_the_variables_place() -> None:
    """Of the person's own sources the first speaks alone, also for policies of safety."""
    found = resolve([source(Level.COMMAND_LINE, LogLevel="debug"), source(Level.ENVIRONMENT, LogLevel="error")])
    assert found.text("LogLevel") == "debug"


def test_pins_are_an_administrators() -> None:
    """A user's settings can't say which authorities are trusted."""
    found = resolve([source(Level.USER_SETTINGS, AuthorityPins=[PIN])])
    assert found.items("AuthorityPins") is None
    assert "administrator only" in found.findings[0].words
    assert resolve([source(Level.MACHINE_MANDATORY, AuthorityPins=PIN.upper())]).items("AuthorityPins") == (PIN,)


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("AllowedServers", "http://plain.example", ()),
        ("AllowedServers", [A, 3], ()),
        ("AuthorityPins", ["abc"], ()),
        ("RelayOnly", "perhaps", True),
        ("AllowCamera", 7, False),
        ("KeepSignedIn", None, False),
        ("LogLevel", "loud", "error"),
        ("ServerUrl", "ftp://a.example", ""),
        ("Proxy", "http://casey:secret@proxy.example:3128", "system"),
        ("Proxy", "socks5://proxy.example:1080", "system"),
        ("LockTimeoutMinutes", 9999, 1),
        ("MaxFileMegabytes", True, 1),
        ("TextSizePercent", "big", 100),
        ("AllowedDevices", ["x" * 201], ()),
        ("SrtpProfiles", ["NULL"], ("AEAD_AES_256_GCM",)),
    ],
)
def test_what_cannot_be_read_is_reported_and_strict(name: str, raw: object, expected: object) -> None:
    """A malformed value is a finding that does not quote it; of safety it counts as the strictest."""
    found = resolve([source(Level.MACHINE_MANDATORY, **{name: raw})])
    assert found.value(name) == expected
    (finding,) = found.findings
    assert finding.name == name
    assert str(raw) not in finding.words or raw is None


def test_unknown_keys_are_reported() -> None:
    """A key that is no policy is named, shortened and printable, and changes nothing."""
    found = resolve([source(Level.MACHINE_MANDATORY, Nonsense=1, **{"x\n" * 100: 2})])
    assert found.settings == Policies().settings
    assert "Nonsense" in [finding.name for finding in found.findings]
    assert all(len(finding.name) <= 60 and finding.name.isprintable() for finding in found.findings)


def test_an_unreadable_place_is_reported() -> None:
    """A source with a problem says so and sets nothing."""
    found = resolve([Source(Level.MACHINE_MANDATORY, "/etc/x.json", problem="is not JSON")])
    assert [(finding.origin, finding.words) for finding in found.findings] == [("/etc/x.json", "is not JSON")]


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("Proxy", "proxy.example:3128", "http://proxy.example:3128"),
        ("Proxy", "pac+https://proxy.example/a.pac", "pac+https://proxy.example/a.pac"),
        ("Proxy", "http://[::1]:8080", "http://[::1]:8080"),
        ("LockTimeoutMinutes", "5", 5),
        ("AllowedDevices", "Jabra *; Integrated Camera", ("Jabra *", "Integrated Camera")),
        ("SrtpProfiles", "aead_aes_128_gcm AEAD_AES_256_GCM", ("AEAD_AES_128_GCM", "AEAD_AES_256_GCM")),
        ("NotificationText", "Neutral", "neutral"),
    ],
)
def test_values_are_read_in_the_forms_that_sources_have(name: str, raw: object, expected: object) -> None:
    """A registry's or a variable's string is as good as JSON's own type."""
    found = resolve([source(Level.MACHINE_MANDATORY, **{name: raw})])
    assert (found.value(name), found.findings) == (expected, ())


def test_a_server_can_lock_and_tighten_and_never_loosen() -> None:
    """What the signed-in server locks is managed; it can't undo an administrator's, nor say where to connect."""
    desk = PolicyDesk([source(Level.MACHINE_MANDATORY, LockTimeoutMinutes=5, AllowFiles=False)])
    told: list[Policies] = []
    desk.on_change(told.append)
    desk.server_says(
        A,
        {"LockTimeoutMinutes": 15, "AllowFiles": True, "AllowCamera": False, "Proxy": "direct"},
        {"TextSizePercent": 150},
    )
    now = desk.policies
    assert [now.value(n) for n in ("LockTimeoutMinutes", "AllowFiles", "AllowCamera", "Proxy", "TextSizePercent")] == [
        5, False, False, "system", 150,
    ]  # fmt: skip
    assert now.settings["AllowCamera"].managed
    assert [(f.name, f.words) for f in now.findings] == [("Proxy", "can't be set by a server; ignored")]
    desk.signed_out()
    assert desk.policies.switch("AllowCamera")
    assert told == [now, desk.policies]


def test_every_policy_says_why_a_server_cannot_set_it() -> None:
    """Only what is decided before the sign-in, or has to hold without one, is out of a server's reach."""
    out_of_reach = {policy.name for policy in POLICIES if not policy.by_server}
    assert out_of_reach == {
        "ServerUrl", "AllowedServers", "AuthorityPins", "Proxy", "RequireSecondFactor", "StartAtLogin",
    }  # fmt: skip
    desk = PolicyDesk()
    desk.server_says(A, {policy.name: json.loads(policy.example) for policy in POLICIES}, {})
    assert {finding.name for finding in desk.policies.findings} == out_of_reach
    assert {name for name, one in desk.policies.settings.items() if not one.managed} == out_of_reach


def test_a_settings_page_knows_what_is_locked_and_by_whom() -> None:
    """Each policy has a line; a locked one of safety may still be made stricter by the person."""
    found = resolve(
        [
            source(Level.MACHINE_MANDATORY, LockTimeoutMinutes=10, ServerUrl=A),
            source(Level.USER_SETTINGS, Appearance="dark"),
            source(Level.SERVER_LOCKED, AllowFiles=False),
        ]
    )
    shown = {one.policy.name: one for one in lines(found)}
    assert set(shown) == {policy.name for policy in POLICIES}
    assert (shown["LockTimeoutMinutes"].locked, shown["LockTimeoutMinutes"].who) == (True, Who.ORGANIZATION)
    assert (shown["Appearance"].locked, shown["Appearance"].who) == (False, Who.PERSON)
    assert (shown["AllowFiles"].locked, shown["AllowFiles"].who) == (True, Who.SERVER)
    assert shown["AuthorityPins"].locked
    by_name = {policy.name: policy for policy in POLICIES}
    assert may_set(found, by_name["LockTimeoutMinutes"], 5)
    assert not may_set(found, by_name["LockTimeoutMinutes"], 15)
    assert not may_set(found, by_name["ServerUrl"], B)
    assert may_set(found, by_name["Appearance"], "light")


def test_the_persons_settings_take_effect_when_they_change() -> None:
    """New settings replace the old ones of the person and leave the other sources."""
    desk = PolicyDesk([source(Level.USER_SETTINGS, Appearance="dark"), source(Level.ENVIRONMENT, TextSizePercent=150)])
    desk.user_says("settings.json", {"Appearance": "light", "TextSizePercent": 110})
    assert (desk.policies.text("Appearance"), desk.policies.number("TextSizePercent")) == ("light", 150)


_RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from([A, PIN, "error"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.tuples(st.sampled_from(Level), st.dictionaries(st.sampled_from([p.name for p in POLICIES]), _RAW))))
def test_nothing_that_a_source_says_is_fatal(said: list[tuple[Level, dict[str, object]]]) -> None:
    """Whatever stands in the sources, every policy has a value of its kind."""
    found = resolve([Source(level, "x", values) for level, values in said])
    for policy in POLICIES:
        value = found.value(policy.name)
        match policy.kind:
            case Kind.SWITCH:
                assert isinstance(value, bool)
            case Kind.CHOICE:
                assert value in policy.choices
            case Kind.NUMBER:
                assert isinstance(value, int)
                assert policy.minimum <= value <= policy.maximum
            case Kind.SERVER | Kind.PROXY:
                assert isinstance(value, str)
            case Kind.SERVERS | Kind.FINGERPRINTS | Kind.NAMES | Kind.CHOICES:
                assert value is None or isinstance(value, tuple)


def test_the_reports_name_value_source_and_level() -> None:
    """People and programs read who set what, and what was found wrong."""
    found = resolve([Source(Level.MACHINE_MANDATORY, "/etc/site.json", {"RelayOnly": True, "Nonsense": 1})])
    text = as_text(found)
    assert "RelayOnly" in text
    assert "mandatory: /etc/site.json" in text
    assert "/etc/site.json: Nonsense is no policy" in text
    columns = {
        line.index(words) for line in text.splitlines() for words in (" built in: ", " mandatory: ") if words in line
    }
    assert len(columns) == 1
    decoded = json.loads(as_json(found))
    assert decoded["policies"]["RelayOnly"] == {
        "value": True, "level": "machine mandatory", "source": "/etc/site.json", "managed": True,
    }  # fmt: skip
    assert decoded["findings"][0]["policy"] == "Nonsense"
