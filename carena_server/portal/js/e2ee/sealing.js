/**
 * The page's side of the worker that seals and opens frames: attaches it to senders and receivers, hands it keys.
 * A connection without it sends nothing that could be read, because its senders begin without a track.
 */

/** @typedef {import("./sframe.js").Kind} Kind */
/** @typedef {"send" | "receive"} Side */
/** @typedef {{sealed: number, opened: number, unsealed: number, unopened: number}} Counts */

/** Whether this browser can encrypt frames; without it there is no visit. */
export const canSeal = (page = globalThis) => "RTCRtpScriptTransform" in page && "Worker" in page;

/** A worker that is alive answers within milliseconds. A page that stood still asks twice, as its clock ran on meanwhile. */
export const ANSWER_MS = 3000;

export class Sealing {
  /** @param {() => void} onFailure the worker is gone: nothing is sealed or opened any more */
  constructor(onFailure, makeWorker = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" })) {
    this.worker = makeWorker();
    this.count = 0;
    /** @type {Map<number, (answer: any) => void>} */
    this.waiting = new Map();
    this.worker.addEventListener("message", ({ data }) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    });
    this.onFailure = onFailure;
    this.worker.addEventListener("error", onFailure);
  }

  /** In the very task in which the transceiver appears: a later one may come after the first frames. @param {number} leg @param {RTCRtpTransceiver} transceiver @param {Kind} kind */
  attach(leg, transceiver, kind) {
    transceiver.receiver.transform = new RTCRtpScriptTransform(this.worker, { leg, side: "receive", kind });
    transceiver.sender.transform = new RTCRtpScriptTransform(this.worker, { leg, side: "send", kind });
  }

  /** Resolves when the worker has the keys. @param {number} leg @param {{use: Side, epoch: number, audio: Uint8Array, video: Uint8Array, screen: Uint8Array}} keys */
  async install(leg, { use, epoch, audio, video, screen }) {
    await this.ask({ t: "install", leg, direction: use, epoch, audio, video, screen });
    for (const key of [audio, video, screen]) key.fill(0);
  }

  /** @param {number} leg */
  forget(leg) {
    this.worker.postMessage({ t: "forget", leg });
  }

  /** @returns {Promise<Counts>} */
  async counts() {
    return (await this.ask({ t: "count" })).counts;
  }

  /** @param {object} message @returns {Promise<any>} */
  ask(message) {
    this.count += 1;
    const id = this.count;
    const answer = new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ ...message, id });
    });
    this.expect(id, 2);
    return answer;
  }

  /** A worker may end without an event (memory ran out, say). @param {number} id @param {number} chances */
  expect(id, chances) {
    const timer = setTimeout(() => {
      if (chances > 1) this.expect(id, chances - 1);
      else this.onFailure();
    }, ANSWER_MS);
    const { waiting } = this;
    const answered = waiting.get(id);
    if (answered !== undefined)
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        answered(answer);
      });
  }

  close() {
    this.worker.terminate();
  }
}
