"""Chromium as one end of a measured call: one page, one peer connection, figures from its own statistics."""

import asyncio
import http.server
import json
import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import psutil
from playwright.async_api import Page, async_playwright

from benchmarks.peers.numbered import Seen
from demo.browser import chromium

MAX_BITS_PER_S: Final = 2_500_000
"""What a page that wants 720p asks for, and Chromium's own ceiling at this size."""

E2EE: Final = Path(__file__).resolve().parents[2] / "carena_server" / "portal" / "js" / "e2ee"
"""The portal's own modules that seal and open frames."""

Keys = dict[str, tuple[bytes, bytes, bytes]]
"""For "send" and "receive", as the page sees it: keys of sound, picture and shared screen, 16 bytes each."""

_PAGE: Final = """
<!doctype html><meta charset="utf-8"><title>peer</title>
<video id="remote" autoplay playsinline muted width="1020" height="574"></video>
<video id="self" autoplay playsinline muted width="224" height="126"></video>
"""
"""Shows what a visit shows, at the size of our window's."""
_SCRIPT: Final = """
window.begin = async () => {
  const pc = window.pc = new RTCPeerConnection({bundlePolicy: "max-bundle", ...window.connection});
  pc.ontrack = (event) => {
    if (event.track.kind === "video") document.getElementById("remote").srcObject = new MediaStream([event.track]);
  };
  const video = {width: 1280, height: 720, frameRate: 30};
  window.media = await navigator.mediaDevices.getUserMedia({audio: true, video});
  document.getElementById("self").srcObject = new MediaStream(media.getVideoTracks());
};
window.gathered = () => new Promise((done) => {
  if (pc.iceGatheringState === "complete") done();
  else pc.onicegatheringstatechange = () => pc.iceGatheringState === "complete" && done();
});
window.limit = async (bits) => {
  for (const sender of pc.getSenders()) {
    if (sender.track?.kind !== "video") continue;
    const parameters = sender.getParameters();
    parameters.encodings[0].maxBitrate = bits;
    await sender.setParameters(parameters);
  }
};
window.renew = async (epoch, keys) => {
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  for (const [use, audio, video, screen] of keys) {
    await sealing.install(1, {use, epoch, audio: bytes(audio), video: bytes(video), screen: bytes(screen)});
  }
};
window.answer = async (sdp, keys) => {
  window.sealing = keys === null ? null : new (await import("/e2ee/sealing.js")).Sealing(() => {});
  await renew(1, keys ?? []);
  await pc.setRemoteDescription({type: "offer", sdp});
  if (sealing !== null) for (const one of pc.getTransceivers()) sealing.attach(1, one, one.receiver.track.kind);
  for (const track of media.getTracks()) pc.addTrack(track, media);
  await pc.setLocalDescription();
  await gathered();
  return pc.localDescription.sdp;
};
window.offer = async () => {
  for (const track of media.getTracks()) pc.addTrack(track, media);
  const video = pc.getTransceivers().find((one) => one.sender.track.kind === "video");
  const wanted = RTCRtpReceiver.getCapabilities("video").codecs.filter((one) => /VP8|rtx/.test(one.mimeType));
  video.setCodecPreferences(wanted);
  await pc.setLocalDescription();
  await gathered();
  return pc.localDescription.sdp;
};
window.accept = (sdp) => pc.setRemoteDescription({type: "answer", sdp});
window.numberOf = (bytes, {offset, stride}, width, row) => {
  const light = (bit) => bytes[offset + row * stride + Math.floor((bit + 0.5) * width / 16)] > 127;
  let number = 0;
  for (let bit = 0; bit < 16; bit++) number = number * 2 + light(bit);
  return number;
};
window.pictureOf = async () => {
  const file = new Uint8Array(await (await fetch("/clip")).arrayBuffer());
  const [width, height] = [1280, 720], size = width * height * 3 / 2;
  const first = new TextDecoder().decode(file.subarray(0, 200)).indexOf("FRAME") + 6;
  const count = Math.floor((file.length - first + 6) / (size + 6));
  return {width, height, count, picture: (number) => file.subarray(first + number * (size + 6)).subarray(0, size)};
};
window.quality = async (wanted) => {
  const {width, height, count, picture} = await pictureOf();
  const [track] = document.getElementById("remote").srcObject.getVideoTracks();
  const reader = new MediaStreamTrackProcessor({track}).readable.getReader();
  const found = [];
  for (let seen = 0; found.length < wanted && seen < 20 * wanted; seen++) {
    const {value: frame, done} = await reader.read();
    if (done) break;
    if (seen % 7 === 0 && frame.codedWidth === width && frame.codedHeight === height) {
      const bytes = new Uint8Array(frame.allocationSize());
      const [luma] = await frame.copyTo(bytes);
      const number = numberOf(bytes, luma, width, 20);
      if (number < count) {
        const source = picture(number);
        let squares = 0;
        for (let row = 0; row < height; row++) {
          const from = luma.offset + row * luma.stride;
          for (let x = 0; x < width; x++) squares += (bytes[from + x] - source[row * width + x]) ** 2;
        }
        found.push(10 * Math.log10(255 * 255 * width * height / Math.max(1, squares)));
      }
    }
    frame.close();
  }
  await reader.cancel();
  return found;
};
window.beginNumbered = async () => {
  window.pc = new RTCPeerConnection({bundlePolicy: "max-bundle", ...window.connection});
  window.captured = []; window.decoded = [];
  pc.ontrack = ({track}) => { if (track.kind === "video") void watch(track); };
  const {width, height, count, picture} = await pictureOf();
  const track = new MediaStreamTrackGenerator({kind: "video"}), writer = track.writable.getWriter();
  const sound = (await navigator.mediaDevices.getUserMedia({audio: true})).getAudioTracks();
  window.media = new MediaStream([track, ...sound]);
  let shown = 0, due = performance.now();
  const step = () => {
    const number = shown++ % count, timestamp = Math.round(performance.now() * 1000);
    const shape = {format: "I420", codedWidth: width, codedHeight: height, timestamp};
    captured.push([number, performance.timeOrigin + performance.now()]);
    void writer.write(new VideoFrame(picture(number), shape));
    due += 1000 / 30;
    setTimeout(step, Math.max(0, due - performance.now()));
  };
  step();
};
window.watch = async (track) => {
  const reader = new MediaStreamTrackProcessor({track}).readable.getReader();
  for (;;) {
    const {value: frame, done} = await reader.read();
    if (done) return;
    const at = performance.timeOrigin + performance.now(), {codedWidth: width, codedHeight: height} = frame;
    const row = Math.floor(height * 10 / 360 / 2) * 2, rect = {x: 0, y: row, width: width - width % 2, height: 2};
    const bytes = new Uint8Array(frame.allocationSize({rect}));
    const [luma] = await frame.copyTo(bytes, {rect});
    decoded.push([numberOf(bytes, luma, width, 0), at]);
    frame.close();
  }
};
window.seen = () => ({captured: window.captured.splice(0), decoded: window.decoded.splice(0)});
window.figures = async () => {
  const all = [...(await pc.getStats()).values()];
  const find = (type) => all.find((one) => one.type === type && one.kind === "video") ?? {};
  const out = find("outbound-rtp"), into = find("inbound-rtp");
  return {
    at: performance.now() / 1000,
    sent_bytes: out.bytesSent ?? 0, encoded: out.framesEncoded ?? 0, qp: out.qpSum ?? 0,
    got_bytes: into.bytesReceived ?? 0, decoded: into.framesDecoded ?? 0, keys: into.keyFramesDecoded ?? 0,
    freezes: into.freezeCount ?? 0, height: into.frameHeight ?? 0,
  };
};
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Totals of a page's video; times in seconds, ``cpu_s`` of the whole browser."""

    at: float
    sent_bytes: int
    encoded: int
    qp: int
    got_bytes: int
    decoded: int
    keys: int
    freezes: int
    height: int
    cpu_s: float

    def since(self, before: Self) -> "Rates":
        """Return the rates between two moments."""
        seconds = self.at - before.at
        encoded = max(1, self.encoded - before.encoded)
        return Rates(
            sent_kbps=(self.sent_bytes - before.sent_bytes) * 8 / seconds / 1000,
            sent_fps=(self.encoded - before.encoded) / seconds,
            qp=(self.qp - before.qp) / encoded,
            got_kbps=(self.got_bytes - before.got_bytes) * 8 / seconds / 1000,
            got_fps=(self.decoded - before.decoded) / seconds,
            keys=self.keys - before.keys,
            cpu=(self.cpu_s - before.cpu_s) / seconds,
        )


@dataclass(frozen=True, slots=True)
class Rates:
    """A page's video between two moments; ``cpu`` in cores."""

    sent_kbps: float
    sent_fps: float
    qp: float
    got_kbps: float
    got_fps: float
    keys: int
    cpu: float


class BrowserPeer:
    """A page with a camera, before its call, in a browser of its own."""

    def __init__(self, page: Page, process: psutil.Process) -> None:
        self.page = page
        self.process = process
        """The browser's main one."""

    async def answer(self, offer: str, keys: Keys | None = None) -> str:
        """Return the answer to an offer; the page sends from now on, frames sealed if there are keys."""
        words = None if keys is None else _words(keys)
        answer: str = await self.page.evaluate("([sdp, keys]) => answer(sdp, keys)", [offer, words])
        await self.page.evaluate("(bits) => limit(bits)", MAX_BITS_PER_S)
        return answer

    async def renew(self, epoch: int, keys: Keys) -> None:
        """Use other keys: to receive those of both epochs for a while, to send the new ones at once."""
        await self.page.evaluate("([epoch, keys]) => renew(epoch, keys)", [epoch, _words(keys)])

    async def call(self, other: "BrowserPeer") -> None:
        """Offer to another page and connect with it."""
        offer = await self.page.evaluate("() => offer()")
        answer = await other.answer(offer)
        await self.page.evaluate("(sdp) => accept(sdp)", answer)
        await self.page.evaluate("(bits) => limit(bits)", MAX_BITS_PER_S)

    async def seen(self) -> tuple[Seen, Seen]:
        """Return what a numbered page has captured and decoded since it was last asked."""
        found = await self.page.evaluate("() => seen()")
        return [(int(n), at) for n, at in found["captured"]], [(int(n), at) for n, at in found["decoded"]]

    async def psnr(self, pictures: int = 20) -> list[float]:
        """Return the luma PSNR, dB, of some of the 720p pictures shown; the clip must be a numbered one."""
        found: list[float] = await self.page.evaluate("(count) => quality(count)", pictures)
        return found

    async def figures(self) -> Figures:
        """Return the totals now."""
        found = await self.page.evaluate("() => figures()")
        return Figures(**found, cpu_s=tree_cpu(self.process))

    async def aclose(self) -> None:
        """End the browser."""
        browser = self.page.context.browser
        if browser is not None:
            await browser.close()


def _words(keys: Keys) -> list[tuple[str, ...]]:
    return [(use, *(b64encode(key).decode() for key in kinds)) for use, kinds in keys.items()]


def tree_cpu(process: psutil.Process) -> float:
    """Return the CPU seconds of a process and its children so far."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


@contextmanager
def _site(clip: Path) -> Iterator[str]:
    """Serve the page, its modules and the clip on loopback, which browsers treat as a secure place."""
    modules = {path.name: path.read_bytes() for path in E2EE.glob("*.js")}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/e2ee/")
            if self.path == "/clip":
                body, kind = clip.read_bytes(), "application/octet-stream"
            elif name in modules:
                body, kind = modules[name], "text/javascript; charset=utf-8"
            else:
                body, kind = _PAGE.encode(), "text/html; charset=utf-8"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Nobody reads it."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@asynccontextmanager
async def browser_peers(
    count: int, camera: Path, *, numbered: bool = False, sealed: bool = False
) -> AsyncIterator[list[BrowserPeer]]:
    """Run a Chromium for each of ``count`` pages that show ``camera`` (Y4M), as at two computers.

    ``numbered`` pages note when each picture came; ``sealed`` ones can be given keys, and play nothing without.
    """
    connection = {"encodedInsertableStreams": True} if sealed else {}
    switches = [
        "--no-sandbox",
        "--disable-gpu",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]
    with _site(camera) as url:
        async with async_playwright() as playwright:
            peers: list[BrowserPeer] = []
            try:
                for _ in range(count):
                    known = {peer.process.pid for peer in peers}
                    browser = await playwright.chromium.launch(executable_path=chromium(), args=switches)
                    page = await (await browser.new_context()).new_page()
                    peers.append(BrowserPeer(page, await _process(str(camera), known)))
                    await page.add_init_script(f"window.connection = {json.dumps(connection)};\n{_SCRIPT}")
                    await page.goto(url)
                    await page.evaluate("() => beginNumbered()" if numbered else "() => begin()")
                yield peers
            finally:
                for peer in peers:
                    await peer.aclose()


async def _process(mark: str, known: set[int]) -> psutil.Process:
    """Return a new browser's main process: its command line has ``mark``, and it is none of the ``known``."""
    for _ in range(100):
        for process in psutil.Process().children(recursive=True):
            try:
                line = process.cmdline()
            except psutil.NoSuchProcess:
                continue
            is_main = any(mark in word for word in line) and not any(word.startswith("--type=") for word in line)
            if is_main and process.pid not in known:
                return process
        await asyncio.sleep(0.1)
    raise RuntimeError("the browser's process was not found")
