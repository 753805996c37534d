"""A patient's page without a browser: check-in over HTTPS, signaling over a websocket, no media."""

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import msgspec

from carena_protocol import peer
from carena_protocol.client import ClientMachine, Delivered, Replied, Welcomed
from carena_protocol.messages import ClientInfo, ClientMessage, Error, Relay, Relayed, ServerMessage, VisitStatus
from carena_protocol.peer import AnySignal
from carena_protocol.version import SUBPROTOCOL


class Patient:
    """One checked-in patient; ``signals`` and ``statuses`` are queues of what arrived."""

    def __init__(self, visit: str, socket: aiohttp.ClientWebSocketResponse, machine: ClientMachine) -> None:
        self.visit = visit
        self.signals: asyncio.Queue[AnySignal] = asyncio.Queue()
        self.statuses: asyncio.Queue[VisitStatus] = asyncio.Queue()
        self.replies: asyncio.Queue[ServerMessage] = asyncio.Queue()
        self._socket = socket
        self._machine = machine

    async def say(self, signal: AnySignal) -> None:
        """Send a signal and wait until the service has taken it."""
        await self._submit(Relay(id=secrets.token_hex(8), visit=self.visit, data=msgspec.Raw(peer.encode(signal))))
        async with asyncio.timeout(5):
            reply = await self.replies.get()
        assert not isinstance(reply, Error), reply.code

    async def hear(self) -> AnySignal:
        """Return the next signal of the clinician."""
        async with asyncio.timeout(5):
            return await self.signals.get()

    async def read(self) -> None:
        """Read until the socket ends."""
        async for frame in self._socket:
            for event in self._machine.receive(frame.data):
                match event:
                    case Delivered(Relayed(data=data)):
                        self.signals.put_nowait(peer.decode_signal(bytes(data)))
                    case Delivered(VisitStatus() as status):
                        self.statuses.put_nowait(status)
                    case Replied(_, reply):
                        self.replies.put_nowait(reply)
                    case _:
                        pass

    async def _submit(self, message: ClientMessage) -> None:
        frame = self._machine.submit(message)
        assert frame is not None
        await self._socket.send_str(frame.decode())


@asynccontextmanager
async def patient(url: str, authority: str, link: str, name: str = "Test Patient") -> AsyncIterator[Patient]:
    """Check in by a visit link and stay connected for the block."""
    tls = ssl.create_default_context(cafile=authority)
    async with aiohttp.ClientSession(
        base_url=url,
        connector=aiohttp.TCPConnector(ssl=tls),
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        headers={"Origin": url},
    ) as http:
        async with http.get("/api/v1/portal") as response:
            consent = (await response.json())["consent"]["version"]
        body = {
            "secret": link.partition("#")[2],
            "name": name,
            "birth_date": "1980-01-01",
            "reason": "Test reason",
            "consent_version": consent,
        }
        async with http.post("/api/v1/check-in", json=body) as response:
            assert response.status == 200, await response.text()
            visit = (await response.json())["visit"]
        async with http.post("/api/v1/ws-ticket") as response:
            ticket = (await response.json())["ticket"]
        async with http.ws_connect("/ws", protocols=[SUBPROTOCOL]) as socket:
            machine = ClientMachine(ClientInfo(name="carena-test", version="1"))
            await socket.send_str(machine.hello(secrets.token_hex(8), ticket).decode())
            first = await socket.receive(timeout=5)
            assert any(isinstance(event, Welcomed) for event in machine.receive(first.data))
            one = Patient(visit, socket, machine)
            reading = asyncio.get_running_loop().create_task(one.read(), name="patient/read")
            try:
                yield one
            finally:
                reading.cancel()
                await asyncio.wait([reading])
