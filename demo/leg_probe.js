// Measures from outside the portal's code what changes of legs and keys do to picture and sound: when which leg's pictures
// were presented in front, which of them was the first under new keys, what could not be opened. Added before any script of
// the portal.
"use strict";
(() => {
  const shown = []; // [ms, number of the leg's stream, RTP timestamp]
  const begun = []; // [leg, epoch, RTP timestamp of the first picture that these keys opened]
  const installed = []; // [ms, leg, epoch, direction]
  const numbered = new Map();
  const streamNumber = (stream) => {
    if (!numbered.has(stream.id)) numbered.set(stream.id, numbered.size + 1);
    return numbered.get(stream.id);
  };
  let worker = null;
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message?.t === "install") {
      worker = this;
      installed.push([performance.now(), message.leg, message.epoch, message.direction]);
    }
    return post.call(this, message, ...rest);
  };
  const connections = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      connections.push(this);
    }
  };
  const watched = new WeakSet();
  const watch = (video) => {
    watched.add(video);
    const next = (now, { rtpTimestamp }) => {
      const note = () => {
        if (video.classList.contains("front") && video.srcObject) shown.push([now, streamNumber(video.srcObject), rtpTimestamp ?? null]);
      };
      setTimeout(note, 0); // the page's own callback for this picture may be the one that brings it to the front
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  };
  setInterval(() => {
    for (const video of document.querySelectorAll("video.remote")) if (!watched.has(video)) watch(video);
  }, 50);
  const counted = () => new Promise((resolve) => {
    if (worker === null) return resolve(null);
    const listen = ({ data }) => {
      if (data?.t !== "counted" || data.id !== "probe") return;
      worker.removeEventListener("message", listen);
      resolve(data);
    };
    worker.addEventListener("message", listen);
    post.call(worker, { t: "count", id: "probe" });
  });
  setInterval(async () => {
    const { leg, epoch, timestamp } = (await counted())?.newest ?? { leg: 0 };
    const last = begun.at(-1);
    if (leg > 0 && (last?.[0] !== leg || last[1] !== epoch)) begun.push([leg, epoch, timestamp]);
  }, 150);
  window.carenaLegs = () => ({ shown: shown.splice(0), installed: installed.splice(0), begun: begun.slice() });
  window.carenaConnections = connections;
  window.carenaConnected = () => connections.filter(({ connectionState }) => connectionState === "connected").length;
  window.carenaCounts = async () => (await counted())?.counts ?? null;
})();
