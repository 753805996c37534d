"""The way to a host: scripts in a process of their own, systems, logins, and a real proxy that connects through."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from carena_desktop.network import pac, tunnel
from carena_desktop.network.choice import Mode, Proxy, ProxyChoice, parse_choice
from carena_desktop.network.route import DIRECT, ProxyLogin, Route
from carena_desktop.network.router import KEEP_S, Router
from carena_desktop.network.system import linux_choice
from carena_desktop.network.tunnel import TunnelError, TunnelProblem
from tests.connect_proxy import ConnectProxy, connect_proxy
from tests.fakes.clock import FakeClock

SCRIPT = """
function FindProxyForURL(url, host) {
  if (dnsDomainIs(host, ".visits.test") && url.indexOf("secret") < 0) return "PROXY 127.0.0.1:%d; DIRECT";
  if (isInNet(host, "10.0.0.0", "255.0.0.0")) return "PROXY inner.test:8080";
  return "DIRECT";
}
"""


@pytest.fixture
async def proxy() -> AsyncIterator[ConnectProxy]:
    """A proxy that everybody may use."""
    async with connect_proxy(names={"echo.visits.test": "127.0.0.1"}) as running:
        yield running


async def test_a_script_decides_by_host(tmp_path: Path, proxy: ConnectProxy) -> None:
    """One host goes through the proxy, another directly, an address by its network."""
    path = tmp_path / "proxy.pac"
    path.write_text(SCRIPT % proxy.port)
    router = Router(parse_choice(f"pac+file://{path}"))
    assert await router.route("a.visits.test", 443) == Route(Proxy("127.0.0.1", proxy.port))
    assert await router.route("elsewhere.test", 443) == DIRECT
    assert await router.route("10.1.2.3", 8443) == Route(Proxy("inner.test", 8080))


async def test_a_proxy_that_is_gone_is_passed_over(tmp_path: Path, proxy: ConnectProxy) -> None:
    """Of several ways the first whose proxy answers is taken."""
    path = tmp_path / "proxy.pac"
    answer = f"PROXY 127.0.0.1:1; PROXY 127.0.0.1:{proxy.port}; DIRECT"
    path.write_text(f"function FindProxyForURL(u, h) {{ return '{answer}'; }}")
    router = Router(parse_choice(f"pac+file://{path}"))
    assert (await router.route("a.test", 443)).proxy == Proxy("127.0.0.1", proxy.port)


@pytest.mark.parametrize(
    "script",
    ["function FindProxyForURL(u, h) { while (true) {} }", "this is no script", "",
     "var a = []; while (true) a.push('xxxxxxxxxxxxxxxx' + a.length);",
     "function FindProxyForURL(u, h) { throw 1; }"],
)  # fmt: skip
async def test_a_bad_script_costs_a_bounded_time_and_nothing_else(script: str) -> None:
    """Endless, greedy, broken: each is an error within its limit."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    with pytest.raises(pac.ScriptError):
        await pac.ask(script, "https://a.test/", "a.test", limit_s=1.5)
    assert loop.time() - start < 20.0


async def test_without_an_answer_the_way_is_direct(tmp_path: Path) -> None:
    """A script that is missing or broken leaves the program where it was without one."""
    (tmp_path / "broken.pac").write_text("function (")
    for name in ("missing.pac", "broken.pac"):
        router = Router(parse_choice(f"pac+file://{tmp_path / name}"))
        assert await router.route("a.test", 443) == DIRECT


async def test_answers_are_kept_and_asked_anew(proxy: ConnectProxy) -> None:
    """The system is asked once a minute and host, and at once after ``forget``; nobody is asked about this computer."""
    clock, asked = FakeClock(), []

    def system(host: str, port: int) -> tuple[Proxy | None, ...]:
        asked.append((host, port))
        return (Proxy("127.0.0.1", proxy.port),)

    router = Router(ProxyChoice(Mode.SYSTEM), system=system, clock=clock)
    assert router.known("a.test", 443) == DIRECT
    for _ in range(3):
        await router.route("a.test", 443)
    await router.route("localhost", 443)
    assert asked == [("a.test", 443)]
    assert router.known("a.test", 443).proxy == Proxy("127.0.0.1", proxy.port)
    clock.advance(KEEP_S + 1)
    await router.route("a.test", 443)
    router.forget()
    await router.route("a.test", 443)
    assert len(asked) == 3


async def test_the_systems_program_is_really_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GNOME's own tool is run where there is one; one that hangs or fails means direct."""
    tool = tmp_path / "gsettings"
    tool.write_text(
        "#!/bin/sh\necho \"org.gnome.system.proxy mode 'manual'\"\n"
        "echo \"org.gnome.system.proxy.https host '127.0.0.1'\"\necho org.gnome.system.proxy.https port 3128\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    choice = await asyncio.to_thread(linux_choice, "a.test", {})
    assert choice.proxy == Proxy("127.0.0.1", 3128)
    tool.write_text("#!/bin/sh\nexit 1\n")
    assert (await asyncio.to_thread(linux_choice, "a.test", {})).mode is Mode.DIRECT


async def test_bytes_go_through_a_proxy_with_a_login() -> None:
    """With the login the far end is reached; without it, or with another, the proxy's question is told."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"at once ")
        writer.write(await reader.read(100))
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server, connect_proxy("casey:pass word") as proxy:
        port = server.sockets[0].getsockname()[1]
        way = Proxy("127.0.0.1", proxy.port)
        for header in ("", ProxyLogin("casey", "wrong").header):
            with pytest.raises(TunnelError) as caught:
                await tunnel.connect("127.0.0.1", port, way, header)
            assert caught.value.problem is TunnelProblem.PROXY_LOGIN
        sock = await tunnel.connect("127.0.0.1", port, way, ProxyLogin("casey", "pass word").header)
        reader, writer = await asyncio.open_connection(sock=sock)
        writer.write(b"hello")
        assert await reader.read() == b"at once hello"
        writer.close()
        await writer.wait_closed()
        assert proxy.asked == [f"127.0.0.1:{port}"] * 3


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", TunnelProblem.PROXY_REFUSED),
        (b"HTTP/1.1 407 x\r\n\r\n", TunnelProblem.PROXY_LOGIN),
        (b"HTTP/1.1 407 x\r\nproxy-authenticate:\tNTLM\r\nX: Basic\r\n\r\n", TunnelProblem.PROXY_SCHEME),
        (b"", TunnelProblem.PROXY_REFUSED),
        (b"SSH-2.0-x\r\n\r\n\r\n", TunnelProblem.PROXY_REFUSED),
        (b"x" * 20_000, TunnelProblem.PROXY_REFUSED),
        (None, TunnelProblem.PROXY_UNREACHABLE),
    ],
)
async def test_what_a_proxy_may_answer_instead(said: bytes | None, problem: TunnelProblem) -> None:
    """A refusal, silence, another protocol, an endless head: a named failure within the limit, and no open socket."""
    over = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            if said is None:
                await over.wait()
            else:
                writer.write(said)
                await writer.drain()
        writer.transport.abort()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        with pytest.raises(TunnelError) as caught:
            await tunnel.connect(
                "a.test",
                443,
                Proxy("127.0.0.1", server.sockets[0].getsockname()[1]),
                limit_s=0.3 if said is None else 5.0,
            )
        over.set()
    assert caught.value.problem in {problem, TunnelProblem.PROXY_UNREACHABLE if said == b"" else problem}


async def test_a_proxy_that_is_not_there_is_unreachable() -> None:
    """Nothing listens, or the name is unknown."""
    for proxy in (Proxy("127.0.0.1", 1), Proxy("no-such-host.invalid", 3128)):
        with pytest.raises(TunnelError) as caught:
            await tunnel.connect("a.test", 443, proxy)
        assert caught.value.problem is TunnelProblem.PROXY_UNREACHABLE
