// Measures from outside the portal's code what changes of legs and keys do to the picture: when which leg's frames were
// presented in front, and when the page's worker was given keys. Added before any script of the portal runs.
"use strict";
(() => {
  const shown = []; // [ms, leg's stream, frame number or -1]
  const installed = []; // [ms, leg, epoch, direction]
  const numbered = new Map();
  const streamNumber = (stream) => {
    if (!numbered.has(stream.id)) numbered.set(stream.id, numbered.size + 1);
    return numbered.get(stream.id);
  };
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message?.t === "install") installed.push([performance.now(), message.leg, message.epoch, message.direction]);
    return post.call(this, message, ...rest);
  };
  const watched = new WeakSet();
  const watch = (video) => {
    watched.add(video);
    const next = (now) => {
      if (video.classList.contains("front") && video.srcObject) shown.push([now, streamNumber(video.srcObject)]);
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  };
  setInterval(() => {
    for (const video of document.querySelectorAll("video.remote")) if (!watched.has(video)) watch(video);
  }, 50);
  window.carenaLegs = () => ({ shown: shown.splice(0), installed: installed.splice(0) });
})();
