"""A patient without a browser: the portal's protocol spoken by Python and aiortc.

For machines without Chromium, and for the patients of the demo who only wait. Reads one JSON object from stdin, so that
the link's secret stands on no command line: ``server``, ``authority``, ``secret``, ``name``, ``birth_date``, ``reason``
and ``reply``. Prints what it received once a second.
"""

import asyncio
import json
import secrets
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import aiohttp
import msgspec
from aiortc import RTCConfiguration, RTCDataChannel, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carena_desktop.call.engine.repairs.sealing import LegSealing, kinds
from carena_desktop.clock import SystemClock
from carena_desktop.tasks import TaskScope
from carena_protocol import peer
from carena_protocol.client import ClientMachine, Delivered, Replied, Violation, Welcomed
from carena_protocol.e2ee.patient import PatientChain, PatientSecurity, PatientStep
from carena_protocol.messages import ClientInfo, Relay, Relayed, TurnRequest, TurnServers, VisitState, VisitStatus
from carena_protocol.version import SUBPROTOCOL
from demo.python_media import NumberedVideo, Received, SpeechAudio, watch

REPORT_S: Final = 1.0


def new_id() -> str:
    """Return a fresh message id."""
    return secrets.token_urlsafe(12)


class PythonPatient:
    """One visit from check-in to its end."""

    def __init__(self, wanted: dict[str, str]) -> None:
        self._wanted = wanted
        self._instance = new_id()
        self._machine = ClientMachine(ClientInfo(name="carena-test", version="0"))
        self._scope = TaskScope("python patient")
        self._clock = SystemClock()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._http: aiohttp.ClientSession | None = None
        self._connection: RTCPeerConnection | None = None
        self._turn: asyncio.Future[TurnServers] | None = None
        self._visit = ""
        self._device = Ed25519PrivateKey.generate()
        self._security: PatientSecurity | None = None
        self._chain = PatientChain()
        self._sealing: LegSealing | None = None
        self._channel: RTCDataChannel | None = None
        self.state = "checking in"
        self.received = Received()
        self.chat: list[str] = []

    async def run(self) -> None:
        """Check in, wait, take the call, until the visit is over."""
        tls = ssl.create_default_context(cafile=self._wanted["authority"])
        headers = {"Origin": self._wanted["server"]}
        connector = aiohttp.TCPConnector(ssl=tls)
        jar = aiohttp.CookieJar(unsafe=True)  # the server is an IP address here
        async with (
            aiohttp.ClientSession(connector=connector, cookie_jar=jar, headers=headers) as self._http,
            self._scope,
        ):
            await self._check_in()
            self._scope.spawn(self._report(), name="report")
            try:
                await self._talk()
            finally:
                self._say()
                if self._connection is not None:
                    await self._connection.close()

    async def _post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        assert self._http is not None  # noqa: S101 - open while running
        async with self._http.post(f"{self._wanted['server']}/api/v1/{path}", json=body) as answer:
            answer.raise_for_status()
            found: dict[str, Any] = await answer.json()
            return found

    async def _check_in(self) -> None:
        assert self._http is not None  # noqa: S101 - open while running
        async with self._http.get(f"{self._wanted['server']}/api/v1/portal") as answer:
            consent = (await answer.json())["consent"]["version"]
        person = {key: self._wanted[key] for key in ("secret", "name", "birth_date", "reason")}
        self._visit = (await self._post("check-in", {**person, "consent_version": consent}))["visit"]

    async def _talk(self) -> None:
        assert self._http is not None  # noqa: S101 - open while running
        ticket = (await self._post("ws-ticket"))["ticket"]
        url = self._wanted["server"].replace("https:", "wss:") + "/ws"
        async with self._http.ws_connect(url, protocols=[SUBPROTOCOL], max_msg_size=0) as self._socket:
            await self._socket.send_str(self._machine.hello(new_id(), ticket).decode())
            async for message in self._socket:
                if message.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
                    break
                for event in self._machine.receive(message.data):
                    await self._handle(event)
                if (ack := self._machine.acknowledge(new_id())) is not None:
                    await self._socket.send_str(ack.decode())
                if self.state in {VisitState.FINISHED, VisitState.LEFT}:
                    return

    async def _handle(self, event: object) -> None:
        match event:
            case Welcomed():
                self.state = "waiting"
            case Violation(code=code):
                raise RuntimeError(f"refused: {code}")
            case Delivered(message=VisitStatus(state=state)):
                entered = state is VisitState.IN_VISIT and self.state != state
                self.state = state
                if entered:
                    await self._signal(peer.Ready(instance=self._instance, screens=True))
            case Delivered(message=Relayed(data=data)):
                self._hear(peer.decode_signal(bytes(data)))
            case Replied(reply=TurnServers() as servers) if self._turn is not None and not self._turn.done():
                self._turn.set_result(servers)
            case _:
                pass

    def _hear(self, sealed: peer.AnySignal | peer.SealedOver) -> None:
        signal = self._chain.opened(sealed)
        if isinstance(signal, peer.Offer) and signal.instance == self._instance:
            self._scope.spawn(self._answer(signal), name="answer")
        elif isinstance(signal, peer.Reveal) and self._security is not None:
            self._secure(self._security.revealed(signal.hello))

    async def _submit(self, message: Relay | TurnRequest) -> None:
        frame = self._machine.submit(message)
        if frame is not None and self._socket is not None:
            await self._socket.send_str(frame.decode())

    async def _signal(self, signal: peer.AnySignal) -> None:
        await self._submit(Relay(id=new_id(), visit=self._visit, data=msgspec.Raw(peer.encode(signal))))

    async def _answer(self, offer: peer.Offer) -> None:
        self._turn = asyncio.get_running_loop().create_future()
        await self._submit(TurnRequest(id=new_id(), visit=self._visit))
        turn = await asyncio.wait_for(self._turn, 10)
        servers = [
            RTCIceServer(urls=entry.urls, username=entry.username or None, credential=entry.credential or None)
            for entry in turn.servers
        ]
        before, self._connection = self._connection, RTCPeerConnection(RTCConfiguration(iceServers=servers))
        if before is not None:
            await before.close()
        connection = self._connection
        connection.on("track", lambda track: self._scope.spawn(watch(track, self.received), name=f"watch {track.kind}"))
        connection.on("datachannel", self._listen)
        await connection.setRemoteDescription(RTCSessionDescription(sdp=offer.sdp, type="offer"))
        self._sealing = LegSealing("P>C", "C>P", self._clock.monotonic)
        transceivers = connection.getTransceivers()
        for transceiver, kind in zip(transceivers, kinds(each.kind for each in transceivers), strict=True):
            if kind != "screen":
                transceiver.sender.replaceTrack(SpeechAudio() if kind == "audio" else NumberedVideo())
            transceiver.direction = "sendrecv"
            self._sealing.attach(transceiver.sender, transceiver.receiver, kind)
        await connection.setLocalDescription(await connection.createAnswer())
        answer = connection.localDescription.sdp
        call = f"{self._visit}/{self._instance}/{offer.leg}"
        self._security = PatientSecurity(
            self._device, call, offer.commit, offer.sdp, bytes.fromhex(self._wanted.get("ours", "")), chain=self._chain
        )
        hello = self._security.hello(answer)
        await self._signal(self._chain.sealed(offer.leg, peer.Answer(leg=offer.leg, sdp=answer, hello=hello)))

    def _secure(self, step: PatientStep) -> None:
        if self._sealing is None:
            return
        for keys in step.first:
            self._sealing.install(keys.use, keys.epoch, keys.audio, keys.video, keys.screen)
        for message in step.say:
            if self._channel is not None:
                self._channel.send(peer.encode(message).decode())
        for keys in step.then:
            self._sealing.install(keys.use, keys.epoch, keys.audio, keys.video, keys.screen)

    def _listen(self, channel: RTCDataChannel) -> None:
        if channel.label != peer.DATA_CHANNEL_LABEL:
            return  # it takes no files

        def send(message: peer.AnyControl) -> None:
            channel.send(peer.encode(message).decode())

        def receive(data: str | bytes) -> None:
            control = peer.decode_control(data.encode() if isinstance(data, str) else data)
            was_safe = self._security is not None and self._security.is_safe
            step = self._security.take(control) if self._security is not None else PatientStep()
            if step is not None:
                self._secure(step)
                if self._security is not None and self._security.is_safe and not was_safe:
                    send(peer.MediaState(camera=True, microphone="live"))
            else:
                self._converse(control, send)

        channel.on("message", receive)
        self._channel = channel
        if self._security is not None:
            self._secure(self._security.opened())

    def _converse(self, control: peer.AnyControl, send: Callable[[peer.AnyControl], None]) -> None:
        match control:
            case peer.SealedOver():
                self._hear(control)
            case peer.Heartbeat(n=n):
                send(peer.HeartbeatSeen(n=n))
            case peer.Chat(id=line, text=text):
                self.chat.append(text)
                send(peer.ChatReceived(id=line))
                if reply := self._wanted.get("reply"):
                    send(peer.Chat(id=new_id(), text=reply, sent_at=self._clock.wall_ms()))
            case _:
                pass

    async def _report(self) -> None:
        while True:
            self._say()
            await asyncio.sleep(REPORT_S)

    def _say(self) -> None:
        got = self.received
        report = {
            "state": str(self.state),
            "video_frames": got.video_frames,
            "audio_frames": got.audio_frames,
            "number": got.number,
            "distinct_numbers": got.distinct_numbers,
            "chat_lines": len(self.chat),
        }
        print(json.dumps(report), flush=True)


def main() -> None:
    """Be the patient that stdin describes."""
    with suppress(KeyboardInterrupt):
        asyncio.run(PythonPatient(json.loads(sys.stdin.readline())).run())


if __name__ == "__main__":
    main()
