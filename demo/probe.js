// Measures from outside the portal's code: which frames the page presents, what it hears, what its connection counts.
// Added to the page by Playwright before any script of the portal runs.
"use strict";
(() => {
  const connections = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      connections.push(this);
    }
  };

  const counted = new WeakSet();
  let presented = 0;
  const remoteVideo = () => {
    const tracks = new Set();
    for (const connection of connections) {
      for (const receiver of connection.getReceivers()) tracks.add(receiver.track.id);
    }
    const videos = [...document.querySelectorAll("video")].filter(
      (video) => video.srcObject && video.srcObject.getVideoTracks().some((track) => tracks.has(track.id)),
    );
    const onTop = videos.find((video) => video.classList.contains("front")); // another lies below while legs change
    return onTop ?? videos.find((video) => video.checkVisibility()) ?? videos[0];
  };
  // Chromium presents a black picture of its own when a track ends without having shown anything: that is nobody's.
  const isBlack = (video) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0, 8, 8);
    return context.getImageData(0, 0, 8, 8).data.every((level, at) => at % 4 === 3 || level < 8);
  };
  const count = () => {
    const video = remoteVideo();
    if (!video || counted.has(video)) return;
    counted.add(video);
    const next = () => {
      if (presented > 0 || !isBlack(video)) presented += 1;
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  };
  setInterval(count, 100);

  const numberIn = (video) => {
    if (!video || !video.videoWidth) return null;
    const canvas = document.createElement("canvas");
    const [width, height] = [(canvas.width = video.videoWidth), (canvas.height = video.videoHeight)];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0);
    const row = Math.floor(Math.round((height * 20) / 360) / 2);
    let number = 0;
    for (let bit = 0; bit < 16; bit += 1) {
      const [r, g, b] = context.getImageData(Math.floor(((bit + 0.5) * width) / 16), row, 1, 1).data;
      const level = (r + g + b) / 3;
      if (level > 90 && level < 165) return null;
      number = number * 2 + (level >= 165 ? 1 : 0);
    }
    return number;
  };

  const frameNumber = () => numberIn(remoteVideo());

  // The clinician's shared screen, while the page lets it be seen.
  const screenNumber = () => {
    const shown = document.getElementById("stage")?.dataset.screen === "on";
    return shown ? numberIn(document.querySelector("video.shared.front")) : null;
  };
  let screenShown = [];
  let screenLast = 0;
  setInterval(() => {
    const video = document.querySelector("video.shared.front");
    if (!video || video.carenaWatched) return;
    video.carenaWatched = true;
    const next = (now) => {
      if (screenLast > 0) screenShown.push(now - screenLast);
      screenLast = now;
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  }, 50);
  // Milliseconds between two pictures of it since this was last asked.
  const screenGaps = () => screenShown.splice(0);

  const live = () => connections.filter((connection) => connection.connectionState !== "closed").at(-1);

  const tone = async (hertz, milliseconds) => {
    const receiver = live()?.getReceivers().find((candidate) => candidate.track.kind === "audio");
    if (!receiver) return 0;
    const context = new AudioContext({ sampleRate: 48000 });
    try {
      const analyser = context.createAnalyser();
      analyser.fftSize = 8192;
      analyser.smoothingTimeConstant = 0;
      context.createMediaStreamSource(new MediaStream([receiver.track])).connect(analyser);
      const spectrum = new Float32Array(analyser.frequencyBinCount);
      const bin = Math.round((hertz * analyser.fftSize) / context.sampleRate);
      let best = 0;
      for (const end = performance.now() + milliseconds; performance.now() < end; ) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        analyser.getFloatFrequencyData(spectrum);
        const energy = spectrum.map((decibel) => (Number.isFinite(decibel) ? 10 ** (decibel / 10) : 0));
        const sum = (from, to) => energy.subarray(from, to).reduce((total, value) => total + value, 0);
        const all = sum(2, energy.length);
        if (all > 1e-6) best = Math.max(best, sum(bin - 3, bin + 4) / all);
      }
      return best;
    } finally {
      await context.close();
    }
  };

  const figures = async () => {
    const connection = live();
    if (!connection) return {};
    const out = { state: connection.connectionState };
    const report = await connection.getStats();
    for (const entry of report.values()) {
      if (entry.type === "inbound-rtp" && entry.kind === "video") out.framesDecoded = entry.framesDecoded;
      if (entry.type === "inbound-rtp" && entry.kind === "audio") out.audioPackets = entry.packetsReceived;
      if (entry.type === "outbound-rtp" && entry.kind === "video") out.framesSent = entry.framesSent;
      if (entry.type === "transport") {
        out.srtpCipher = entry.srtpCipher;
        const pair = report.get(entry.selectedCandidatePairId);
        if (pair) {
          out.localCandidate = report.get(pair.localCandidateId)?.candidateType;
          out.remoteCandidate = report.get(pair.remoteCandidateId)?.candidateType;
        }
      }
    }
    return out;
  };

  window.carenaProbe = { framesPresented: () => presented, frameNumber, screenNumber, screenGaps, tone, figures, connections: () => connections.length };
})();
