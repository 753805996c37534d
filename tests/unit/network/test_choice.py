"""What the policy says about the way, and what scripts and systems answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.network.choice import Mode, Proxy, ProxyChoice, is_local, parse_choice, parse_proxy
from carena_desktop.network.relays import tls_relays
from carena_desktop.network.route import ProxyLogin, Route, parse_answer
from carena_desktop.network.system import gnome_choice, linux_choice

P = Proxy("proxy.example", 3128)
FIXED = ProxyChoice(Mode.FIXED, proxy=P)
DIRECT = ProxyChoice(Mode.DIRECT)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("system", ProxyChoice(Mode.SYSTEM)),
        (" direct ", DIRECT),
        ("http://proxy.example:3128", FIXED),
        ("proxy.example:3128/", FIXED),
        ("http://proxy.example", ProxyChoice(Mode.FIXED, proxy=Proxy("proxy.example", 80))),
        ("http://[2001:db8::1]:8080", ProxyChoice(Mode.FIXED, proxy=Proxy("2001:db8::1", 8080))),
        ("pac+file:///etc/proxy.pac", ProxyChoice(Mode.SCRIPT, script="file:///etc/proxy.pac")),
    ],
)
def test_every_form_is_read_and_written_back(text: str, choice: ProxyChoice) -> None:
    """A value means what it says, and its normal form means the same."""
    assert parse_choice(text) == choice
    assert parse_choice(choice.text) == choice


@pytest.mark.parametrize(
    "text",
    ["", "http://user:secret@proxy:1", "https://proxy:1", "socks5://p:1", "http://p:99999", "http://p/path", "pac+",
     "pac+ftp://x/p.pac", "http://p:1?x=1", "pac+https://u:p@x/p.pac", "a b", "x" * 3000, "http://-p:1"],
)  # fmt: skip
def test_what_is_no_way_is_refused(text: str) -> None:
    """Other kinds of proxies, logins and nonsense are errors that do not quote the value."""
    with pytest.raises(ValueError, match=r"^(?!.*secret)"):
        parse_choice(text)


@given(st.text(max_size=60))
def test_reading_raises_nothing_but_value_errors(text: str) -> None:
    """Whatever stands in a policy, a variable or a script's answer."""
    for read in (parse_choice, parse_proxy):
        try:
            read(text)
        except ValueError:
            continue
    assert parse_answer(text)
    assert tls_relays([text]) is not None


@pytest.mark.parametrize(
    ("answer", "candidates"),
    [
        ("PROXY proxy.example:3128; DIRECT", (P, None)),
        ("SOCKS5 s:1; HTTP proxy.example:3128", (P,)),
        ("DIRECT", (None,)),
        ("", (None,)),
        ("HTTPS p:1", (None,)),
        ("PROXY u:p@proxy.example:1", (None,)),
    ],
)
def test_a_scripts_answer_is_a_list_of_ways(answer: str, candidates: object) -> None:
    """In its order, without kinds that are not spoken; nothing usable is direct."""
    assert parse_answer(answer) == candidates


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("a.localhost", True), ("10.0.0.1", False), ("x", False)],
)
def test_this_computer_is_known(host: str, local: bool) -> None:
    """No proxy can reach it."""
    assert is_local(host) is local


@pytest.mark.parametrize(
    ("environ", "choice"),
    [
        ({"https_proxy": "http://proxy.example:3128"}, FIXED),
        ({"HTTPS_PROXY": "http://other:1", "https_proxy": "http://proxy.example:3128"}, FIXED),
        ({"ALL_PROXY": "http://casey:secret@proxy.example:3128"}, FIXED),
        ({"https_proxy": "http://proxy.example:3128", "no_proxy": "example.org, .visits.test"}, DIRECT),
        ({"https_proxy": "http://proxy.example:3128", "NO_PROXY": "*"}, DIRECT),
        ({"https_proxy": "socks5://proxy.example:1"}, DIRECT),
        ({"http_proxy": "http://proxy.example:3128"}, DIRECT),
    ],
)
def test_the_environment_is_read_as_curl_reads_it(environ: dict[str, str], choice: ProxyChoice) -> None:
    """Small letters win, ``no_proxy`` names hosts and what is below them, a login in the address is left out."""
    assert linux_choice("clinic.visits.test", environ, lambda: "") == choice


GNOME = """org.gnome.system.proxy mode 'manual'
org.gnome.system.proxy autoconfig-url 'http://wpad.test/p.pac'
org.gnome.system.proxy ignore-hosts ['localhost', '10.0.0.0/8', '*.intern.test']
org.gnome.system.proxy.https host 'proxy.example'
org.gnome.system.proxy.https port 3128
org.gnome.system.proxy.http port uint32 80
"""


@pytest.mark.parametrize(
    ("host", "printed", "choice"),
    [
        ("visits.test", GNOME, FIXED),
        ("10.1.2.3", GNOME, DIRECT),
        ("a.intern.test", GNOME, DIRECT),
        ("visits.test", GNOME.replace("manual", "none"), DIRECT),
        ("visits.test", GNOME.replace("manual", "auto"), ProxyChoice(Mode.SCRIPT, script="http://wpad.test/p.pac")),
        ("visits.test", GNOME.replace("proxy.example", "-"), DIRECT),
        ("visits.test", "nonsense\n\n'", DIRECT),
        ("visits.test", "", DIRECT),
    ],
)
def test_gnomes_settings_are_read(host: str, printed: str, choice: ProxyChoice) -> None:
    """Manual, automatic or none, with hosts that are left out; what can't be read is direct."""
    assert gnome_choice(host, printed) == choice


def test_relays_over_tls_are_found() -> None:
    """Only ``turns:`` goes through a proxy, with its port or the standard's."""
    urls = ["turn:a:1", "turns:relay.test:443?transport=tcp", "turns:[::1]", "stun:x", "turns:relay.test:443"]
    assert tls_relays(urls) == (("relay.test", 443), ("::1", 5349))


def test_a_login_does_not_print() -> None:
    """Neither name nor password stand in a repr, nor the header made from them."""
    login = ProxyLogin("casey", "secret")
    assert "casey" not in repr(login)
    assert login.header == "Basic Y2FzZXk6c2VjcmV0"
    assert "Y2Fz" not in repr(Route(P, login.header))
