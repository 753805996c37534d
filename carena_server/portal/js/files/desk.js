/**
 * The files of a visit for the page: drives the machine with the legs' channels and keys, and holds the bytes in memory.
 * Records are sealed, sent and opened one after the other; nothing outlives the page.
 */
import { b64, concat, sha256 } from "../e2ee/bytes.js";
import { Timers } from "../net/timers.js";
import { MAX_FILE_BYTES, MAX_FILE_NAME_CHARS } from "../protocol/limits.js";
import { TransferMachine, isUnfinished } from "./machine.js";
import { isProgram, isRefused } from "./name.js";
import { FileOpener, FileSeal, decode, encode } from "./records.js";

/** @typedef {import("./machine.js").Effect} Effect */
/** @typedef {import("../e2ee/renewal.js").EpochKeys} EpochKeys */
/** @typedef {{seal: FileSeal, opener: FileOpener, channel: RTCDataChannel | null}} Line */

/** Far more than the machine has on its way. */
const MOST_BUFFERED = 1024 * 1024;

/** 32 hex digits. */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class FileDesk {
  /** @param {() => void} onChange @param {() => number} [clock] milliseconds that only grow */
  constructor(onChange, clock = () => performance.now()) {
    this.onChange = onChange;
    this.clock = clock;
    this.machine = new TransferMachine();
    /** @type {Map<object, Line>} of each leg, oldest first; by the leg itself, for a number may come again */
    this.lines = new Map();
    /** @type {object | null} the leg that carries files */
    this.leg = null;
    /** @type {Map<string, Blob>} what is being sent */
    this.sending = new Map();
    /** @type {Map<string, Uint8Array<ArrayBuffer>[]>} what arrives */
    this.arriving = new Map();
    /** @type {Map<string, Blob>} what is here */
    this.here = new Map();
    /** @type {Promise<void>} one thing after the other */
    this.turn = Promise.resolve();
    this.timers = new Timers();
    this.refused = 0;
    this.isOver = false;
  }

  /** Every file, oldest first. */
  get files() {
    return [...this.machine.files.values()];
  }

  /** The largest file that may be sent now; 0 while none may. */
  get most() {
    return this.machine.peerMost === null ? 0 : Math.min(this.machine.peerMost, MAX_FILE_BYTES);
  }

  // -- what the legs tell

  /** The files channel of a leg. @param {object} leg @param {RTCDataChannel} channel */
  adopt(leg, channel) {
    channel.binaryType = "arraybuffer";
    channel.addEventListener("message", ({ data }) => this.arrived(leg, data));
    channel.addEventListener("close", () => this.forget(leg));
    this.line(leg).channel = channel;
    if (channel.readyState === "open") this.follow();
    else channel.addEventListener("open", () => this.follow());
  }

  /** @param {object} leg @param {EpochKeys} keys */
  install(leg, { use, epoch, files }) {
    const { seal, opener } = this.line(leg);
    this.then(async () => {
      await (use === "send" ? seal : opener).install(epoch, files);
      files.fill(0);
      this.follow();
    });
  }

  /** @param {object} leg */
  forget(leg) {
    if (this.lines.delete(leg)) this.follow();
  }

  /** The visit is over: nothing moves any more; what is here can be saved until the page is closed. */
  end() {
    this.isOver = true;
    this.timers.clear();
    this.lines.clear();
    this.machine.closed();
    for (const bytes of [this.sending, this.arriving]) bytes.clear();
  }

  /** The visit goes on: what came before can still be saved, and what was on its way is said not to have arrived. @param {FileDesk} before */
  goOn(before) {
    for (const file of before.files) {
      const { id } = file.offer;
      const received = before.received(id);
      if (received !== null) this.here.set(id, received);
      else if (!file.mine && isUnfinished(file)) continue; // nobody offers it any more
      const state = isUnfinished(file) ? "failed" : file.state;
      this.machine.files.set(id, { ...file, state });
    }
  }

  // -- what the person does

  /** Offer a file; returns why not, or "". @param {File} file @param {string} [answers] the photo that was asked for */
  async offer(file, answers) {
    if (file.size === 0) return "empty";
    if (file.size > (this.most || MAX_FILE_BYTES)) return "too-large";
    if (isRefused(file.name)) return "kind";
    try {
      const hashed = await sha256(new Uint8Array(await file.arrayBuffer()));
      if (this.isOver) return "";
      const id = newId();
      this.sending.set(id, file);
      const name = [...(file.name.toWellFormed() || "file")].slice(-MAX_FILE_NAME_CHARS).join("");
      this.do(this.machine.offer({ t: "offer", id, name, size: file.size, sha256: b64(hashed), ...(answers ? { answers } : {}) }, this.clock()));
      return "";
    } catch {
      return "unreadable";
    }
  }

  /** @param {string} id */
  accept(id) {
    this.do(this.machine.accept(id, this.clock()));
  }

  /** @param {string} id */
  decline(id) {
    this.do(this.machine.decline(id, this.clock()));
  }

  /** @param {string} id */
  cancel(id) {
    this.do(this.machine.cancel(id, this.clock()));
  }

  /** A received file; never of a type that a browser would show by itself. @param {string} id @returns {Blob | null} */
  received(id) {
    return this.here.get(id) ?? null;
  }

  // -- inside

  /** @param {object} leg @returns {Line} */
  line(leg) {
    const known = this.lines.get(leg);
    if (known) return known;
    const made = { seal: new FileSeal("P>C"), opener: new FileOpener("C>P"), channel: null };
    this.lines.set(leg, made);
    return made;
  }

  /** Carry files on the newest leg that can. */
  follow() {
    const ready = [...this.lines].filter(([, line]) => line.channel?.readyState === "open" && line.seal.isReady).map(([leg]) => leg);
    const leg = ready.at(-1) ?? null;
    if (leg === this.leg || this.isOver) return;
    this.leg = leg;
    if (leg !== null) this.do(this.machine.opened(this.clock()));
    else {
      this.machine.closed();
      this.onChange();
    }
  }

  /** @param {object} leg @param {unknown} data */
  arrived(leg, data) {
    this.then(async () => {
      const line = this.lines.get(leg);
      if (!(data instanceof ArrayBuffer) || line === undefined) return;
      let said;
      try {
        said = decode(await line.opener.open(new Uint8Array(data)));
      } catch {
        this.refused += 1;
        return;
      }
      this.do(this.machine.received(said, this.clock()));
    });
  }

  /** @param {Effect[]} effects */
  do(effects) {
    if (this.isOver) return;
    for (const effect of effects) this.perform(effect);
    const { deadline } = this.machine;
    if (deadline === null) this.timers.stop("files");
    else this.timers.start("files", () => this.do(this.machine.tick(this.clock())), Math.max(0, deadline - this.clock()));
    this.onChange();
  }

  /** @param {Effect} effect */
  perform(effect) {
    const { leg } = this;
    switch (effect.e) {
      case "say":
        this.then(() => this.send(leg, encode(effect.message)));
        break;
      case "piece": {
        const file = this.sending.get(effect.id);
        if (file) this.then(() => this.sendPiece(leg, file, effect));
        break;
      }
      case "store":
        if (!this.arriving.has(effect.id)) this.arriving.set(effect.id, []);
        this.arriving.get(effect.id)?.push(effect.data);
        break;
      case "check":
        this.then(() => this.check(effect.id, effect.sha256));
        break;
      case "drop":
        for (const bytes of [this.sending, this.arriving, this.here]) bytes.delete(effect.id);
        break;
    }
  }

  /** @param {object | null} leg @param {Blob} file @param {{id: string, start: number, size: number}} piece */
  async sendPiece(leg, file, { id, start, size }) {
    let data;
    try {
      data = new Uint8Array(await file.slice(start, start + size).arrayBuffer());
    } catch {
      this.do(this.machine.cancel(id, this.clock(), "failed")); // deleted or changed meanwhile
      return;
    }
    await this.send(leg, encode({ t: "piece", id, start, data }));
  }

  /** @param {object | null} leg @param {Uint8Array<ArrayBuffer>} plain */
  async send(leg, plain) {
    const line = leg === null ? undefined : this.lines.get(leg);
    if (line?.channel?.readyState !== "open" || line.channel.bufferedAmount > MOST_BUFFERED) return; // it will be asked for again
    const record = await line.seal.seal(plain);
    if (line.channel.readyState === "open") line.channel.send(record);
  }

  /** @param {string} id @param {string} expected */
  async check(id, expected) {
    const bytes = concat(...(this.arriving.get(id) ?? []));
    const good = b64(await sha256(bytes)) === expected;
    this.arriving.delete(id);
    if (good && isProgram(bytes)) {
      this.do(this.machine.cancel(id, this.clock(), "failed"));
      return;
    }
    if (good) this.here.set(id, new Blob([bytes], { type: "application/octet-stream" }));
    this.do(this.machine.checked(id, good, this.clock()));
  }

  /** @param {() => Promise<void>} step */
  then(step) {
    this.turn = this.turn.then(async () => {
      if (this.isOver) return;
      try {
        await step();
      } catch {
        this.refused += 1; // a channel that closed meanwhile
      }
    });
  }
}
