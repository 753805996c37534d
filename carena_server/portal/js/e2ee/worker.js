/**
 * Every encoded frame of a visit passes through here, both ways: sealed before it leaves, opened before it is decoded.
 * What can't be sealed does not leave; what can't be opened is not played. Keys come by message and stay here.
 */
import { Opener, SealError, Sealer, shim, shimSize } from "./sframe.js";

/** @typedef {import("./sframe.js").Kind} Kind */
/** @typedef {{leg: number, side: "send" | "receive", kind: Kind}} Place */

const KEY_FRAME_PERIOD_MS = 500;
/** @type {readonly Kind[]} */
const KINDS = ["audio", "video", "screen"];

/** @type {Map<string, Sealer>} */
const sealers = new Map();
/** @type {Map<string, Opener>} */
const openers = new Map();
/** @type {Map<string, () => void>} asks for a key frame */
const wishes = new Map();
/** @type {Set<string>} where frames came before their key */
const early = new Set();
/** The newest key that opened a picture, and the RTP timestamp of the first one it opened: what the eye sees of a renewal. */
const newest = { leg: 0, epoch: 0, timestamp: 0 };
const counts = { sealed: 0, opened: 0, unsealed: 0, unopened: 0 };

/** @param {Place} place */
const nameOf = ({ leg, side, kind }) => `${leg}/${side}/${kind}`;

/** @param {Place} place */
const sealerOf = (place) => {
  const found = sealers.get(nameOf(place)) ?? new Sealer("P>C", place.kind);
  sealers.set(nameOf(place), found);
  return found;
};

/** @param {Place} place */
const openerOf = (place) => {
  const found = openers.get(nameOf(place)) ?? new Opener("C>P", place.kind);
  openers.set(nameOf(place), found);
  return found;
};

/** @param {any} transformer @returns {() => void} */
const keyFrameAsker = (transformer) => {
  let asked = -Infinity;
  return () => {
    if (performance.now() - asked < KEY_FRAME_PERIOD_MS) return;
    asked = performance.now();
    transformer.sendKeyFrameRequest?.().catch(() => {});
  };
};

/** @param {number} leg @param {number} key @param {any} frame */
const note = (leg, key, frame) => {
  const timestamp = frame.getMetadata?.().rtpTimestamp ?? frame.timestamp;
  Object.assign(newest, { leg, epoch: Math.floor(key / 2), timestamp });
};

/** @param {any} transformer */
const run = (transformer) => {
  /** @type {Place} */
  const place = transformer.options;
  const isVideo = place.kind !== "audio";
  const sealer = place.side === "send" ? sealerOf(place) : null;
  const opener = place.side === "receive" ? openerOf(place) : null;
  const ask = keyFrameAsker(transformer);
  if (opener !== null && isVideo) wishes.set(nameOf(place), ask);

  /** @param {any} frame @param {TransformStreamDefaultController} controller */
  const transform = async (frame, controller) => {
    const data = new Uint8Array(frame.data);
    try {
      if (sealer !== null) {
        frame.data = (await sealer.seal(data, isVideo ? shim(data) : undefined)).buffer;
        counts.sealed += 1;
      } else if (opener !== null) {
        const before = opener.used;
        frame.data = (await opener.open(data, isVideo ? shimSize(data) : 0)).buffer;
        counts.opened += 1;
        if (place.kind === "video" && opener.used !== before) note(place.leg, opener.used, frame);
      }
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      if (sealer !== null) counts.unsealed += 1;
      else counts.unopened += 1;
      if (opener !== null && isVideo) {
        early.add(nameOf(place));
        ask();
      }
      return;
    }
    controller.enqueue(frame);
  };
  void transformer.readable.pipeThrough(new TransformStream({ transform })).pipeTo(transformer.writable).catch(() => {});
};

const scope = /** @type {any} */ (self);

scope.onrtctransform = (/** @type {any} */ event) => run(event.transformer);

scope.onmessage = async (/** @type {MessageEvent} */ { data }) => {
  switch (data.t) {
    case "install": {
      for (const kind of KINDS) {
        const place = { leg: data.leg, side: data.direction, kind };
        await (data.direction === "send" ? sealerOf(place) : openerOf(place)).install(data.epoch, data[kind]);
        if (data.direction === "receive" && early.delete(nameOf(place))) wishes.get(nameOf(place))?.(); // what came before the key could not be shown
      }
      scope.postMessage({ t: "installed", id: data.id });
      break;
    }
    case "forget":
      for (const map of [sealers, openers, wishes]) for (const name of map.keys()) if (name.startsWith(`${data.leg}/`)) map.delete(name);
      break;
    case "count":
      scope.postMessage({ t: "counted", id: data.id, counts, newest });
      break;
  }
};
