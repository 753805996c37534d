"""aiortc as it comes, sending a file and decoding what it gets, in a process of its own.

Speaks lines of JSON: says {"ready"}, answers an empty line with {"offer"}, reads {"answer"}, then answers each empty
line with its totals until its input ends. Nothing of this project runs in it.

    python -m benchmarks.peers.stock FILE.y4m
"""

import asyncio
import json
import sys
import time
from collections import deque
from typing import Any

import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, MediaStreamTrack


class FileTrack(VideoStreamTrack):
    """The file's pictures from memory, thirty a second, again and again."""

    def __init__(self, path: str) -> None:
        super().__init__()
        with av.open(path) as container:
            self._frames = list(container.decode(video=0))
        self._shown = 0
        self.captured: deque[tuple[int, float]] = deque(maxlen=900)

    async def recv(self) -> av.VideoFrame:
        """Return the next picture when it is due."""
        pts, time_base = await self.next_timestamp()
        frame = self._frames[self._shown % len(self._frames)]
        self._shown += 1
        frame.pts, frame.time_base = pts, time_base
        frame.pict_type = av.video.frame.PictureType.NONE
        self.captured.append((_number(frame), _wall_ms()))
        return frame


def _number(frame: av.VideoFrame) -> int:
    """Read the sixteen blocks along the picture's top edge."""
    plane = frame.planes[0]
    row = (frame.height * 10 // 360) * plane.line_size
    data = memoryview(plane)
    return sum(
        (data[row + int((bit + 0.5) * frame.width / 16)] > 127) << (15 - bit)  # noqa: PLR2004 - light or dark
        for bit in range(16)
    )


def _wall_ms() -> float:
    return time.time() * 1000  # noqa: TID251 - nothing of this project runs in it


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def _main(path: str) -> None:
    totals: dict[str, float | None] = {"first_ms": None}
    counts = {"video": 0, "audio": 0}
    tasks = []
    decoded: deque[tuple[int, float]] = deque(maxlen=900)

    async def consume(track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                decoded.append((_number(frame), _wall_ms()))
                totals["first_ms"] = totals["first_ms"] or decoded[0][1]
            counts[track.kind] += 1

    video = FileTrack(path)
    reader = await _lines()
    _say({"ready": True})
    await reader.readline()
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    pc.on("track", lambda track: tasks.append(asyncio.get_running_loop().create_task(consume(track))))
    pc.addTrack(AudioStreamTrack())
    pc.addTrack(video)
    await pc.setLocalDescription(await pc.createOffer())
    _say({"offer": pc.localDescription.sdp})
    answer = json.loads(await reader.readline())["answer"]
    await pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    while await reader.readline():
        seen = {"captured": list(video.captured), "decoded": list(decoded)}
        _say({"at": time.monotonic(), **totals, **counts, **seen})
    await pc.close()


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
