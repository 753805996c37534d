/**
 * The files of a visit as a machine; call/files/machine.py's twin, where the protocol's rules are explained. Pure: what was
 * said and pressed in, what to say and move out. Times are milliseconds.
 *
 *   offered --accepted--> moving --all there, hash right--> done
 *   offered --> declined; offered, moving --> cancelled, failed
 */
import { FILE_PIECE_BYTES, MAX_FILE_BYTES } from "../protocol/limits.js";
import { clean, isRefused } from "./name.js";
import { Pace } from "./pace.js";

/** @typedef {"offered" | "moving" | "done" | "declined" | "cancelled" | "failed"} FileState */
/** @typedef {{t: "offer", id: string, name: string, size: number, sha256: string, answers?: string | null}} Offer */
/** @typedef {import("./records.js").FileMessage} FileMessage */
/** @typedef {import("./records.js").Piece} Piece */
/**
 * @typedef {{e: "say", message: FileMessage} | {e: "piece", id: string, start: number, size: number} | {e: "store", id: string, data: Uint8Array<ArrayBuffer>}
 *   | {e: "check", id: string, sha256: string} | {e: "drop", id: string}} Effect
 */
/**
 * @typedef {object} FileEntry
 * @property {Offer} offer
 * @property {string} name cleaned
 * @property {boolean} mine
 * @property {FileState} state
 * @property {number} moved bytes that have arrived
 * @property {number} sent
 * @property {boolean} flowing ours: whether this leg's receiver has said where to go on
 * @property {number} asked theirs: the missing piece that was asked for already
 * @property {boolean} checking
 * @property {string} reason
 */

export const STALL_MS = 10_000;
const MOST_OPEN = 20;
const MOST_ITEMS = 200;
const MOST_RECEIVED = 5 * MAX_FILE_BYTES;
const DECLINES = new Set(["not-allowed", "too-large", "kind", "busy"]);

/** @param {FileEntry} file */
export const isUnfinished = (file) => file.state === "offered" || file.state === "moving";

export class TransferMachine {
  /** @param {number} [most] the largest file to take, bytes; 0 takes none */
  constructor(most = MAX_FILE_BYTES) {
    this.most = Math.min(most, MAX_FILE_BYTES);
    /** @type {Map<string, FileEntry>} in the order in which they appeared */
    this.files = new Map();
    /** @type {Map<string, {mine: boolean, state: "open" | "answered" | "declined" | "withdrawn"}>} */
    this.requests = new Map();
    this.pace = new Pace();
    /** @type {Effect[]} */
    this.effects = [];
    this.now = 0;
    this.progressAt = 0;
    /** @type {number | null} */
    this.sendAt = null;
    /** Whether a leg carries files now. */
    this.open = false;
    /** @type {number | null} the largest file that the other party takes */
    this.peerMost = null;
  }

  /** The photo that the other party waits for, by its id; "" for none. */
  get asked() {
    return [...this.requests].filter(([, { mine, state }]) => !mine && state === "open").at(-1)?.[0] ?? "";
  }

  /** When `tick` is due. @returns {number | null} */
  get deadline() {
    if (!this.open || this.sending === undefined) return null;
    const stall = this.progressAt + STALL_MS;
    return this.sendAt === null ? stall : Math.min(stall, this.sendAt);
  }

  /** A leg carries files from now on: say where everything of ours stands. @param {number} now */
  opened(now) {
    this.begin(now);
    this.open = true;
    this.pace.restart();
    this.progressAt = now;
    this.say({ t: "rules", most: this.most });
    for (const file of this.files.values()) {
      file.flowing = false;
      file.asked = -1;
      if (file.mine && isUnfinished(file)) this.say(file.offer);
      else if (file.mine && file.state === "cancelled" && file.reason === "cancelled") this.say({ t: "cancel", id: file.offer.id });
      else if (!file.mine && file.state === "moving" && !file.checking) this.say({ t: "accept", id: file.offer.id, start: file.moved });
    }
    for (const [id, { mine, state }] of this.requests) {
      if (mine && state === "open") this.say({ t: "photo", id });
      else if (mine && state === "withdrawn") this.say({ t: "cancel", id });
    }
    return this.effects;
  }

  closed() {
    this.open = false;
    this.sendAt = null;
  }

  /** Offer a file of ours; its id was drawn at random. @param {Offer} offer @param {number} now */
  offer(offer, now) {
    this.begin(now);
    this.files.set(offer.id, this.entry(offer, true));
    this.forgetOld();
    this.say(offer);
    if (offer.answers && this.requests.has(offer.answers)) this.requests.set(offer.answers, { mine: false, state: "answered" });
    return this.effects;
  }

  /** @param {string} id @param {number} now */
  accept(id, now) {
    this.begin(now);
    const file = this.theirs(id);
    if (file?.state === "offered") {
      file.state = "moving";
      this.say({ t: "accept", id, start: 0 });
    }
    return this.effects;
  }

  /** Refuse an offered file, or to send the photo that was asked for. @param {string} id @param {number} now */
  decline(id, now) {
    this.begin(now);
    const file = this.theirs(id);
    const request = this.requests.get(id);
    if (file?.state === "offered") this.refuse(file, "declined");
    else if (request && !request.mine && request.state === "open") {
      request.state = "declined";
      this.say({ t: "decline", id, reason: "declined" });
    }
    return this.effects;
  }

  /** Give a file up. @param {string} id @param {number} now @param {"cancelled" | "corrupt" | "failed"} [reason] */
  cancel(id, now, reason = "cancelled") {
    this.begin(now);
    const file = this.files.get(id);
    const request = this.requests.get(id);
    if (file && isUnfinished(file)) {
      this.finish(file, reason === "cancelled" ? "cancelled" : "failed", reason);
      this.say({ t: "cancel", id, reason });
    } else if (request?.mine && request.state === "open") {
      request.state = "withdrawn";
      this.say({ t: "cancel", id });
    }
    return this.pumped();
  }

  /** Ask for a photo. @param {string} id @param {number} now */
  askPhoto(id, now) {
    this.begin(now);
    if (![...this.requests.values()].some(({ mine, state }) => mine && state === "open")) {
      this.requests.set(id, { mine: true, state: "open" });
      this.say({ t: "photo", id });
    }
    return this.effects;
  }

  /** The hash of a file was compared. @param {string} id @param {boolean} good @param {number} now */
  checked(id, good, now) {
    this.begin(now);
    const file = this.theirs(id);
    if (file?.state === "moving" && file.checking) {
      if (good) {
        file.state = "done";
        this.say({ t: "done", id });
      } else this.giveUp(file, "corrupt");
    }
    return this.effects;
  }

  /** Go on sending; ask anew when nothing moves. @param {number} now */
  tick(now) {
    this.begin(now);
    const file = this.sending;
    if (this.open && file !== undefined && now - this.progressAt >= STALL_MS) {
      this.progressAt = now;
      file.flowing = false;
      this.say(file.offer);
    }
    return this.pumped();
  }

  /** @param {FileMessage | Piece} said @param {number} now */
  received(said, now) {
    this.begin(now);
    switch (said.t) {
      case "piece":
        this.piece(/** @type {Piece} */ (said));
        break;
      case "rules":
        this.peerMost = /** @type {FileMessage} */ (said).most;
        break;
      case "offer":
        this.offered(/** @type {Offer} */ (said));
        break;
      case "photo":
        this.photoWanted(said.id);
        break;
      case "accept":
      case "got":
      case "done":
        this.answered(/** @type {FileMessage} */ (said));
        break;
      case "decline":
      case "cancel":
        this.refused(/** @type {FileMessage} */ (said));
        break;
    }
    return this.pumped();
  }

  // -- receiving

  /** @param {Offer} offer */
  offered(offer) {
    const known = this.files.get(offer.id);
    if (known) {
      this.sayState(known, offer);
      return;
    }
    if (this.files.size >= MOST_ITEMS && !this.forgetOld()) return;
    const file = this.entry(offer, false);
    this.files.set(offer.id, file);
    const reason = this.objection(offer);
    const request = this.requests.get(offer.answers ?? "");
    if (reason !== null) this.refuse(file, reason);
    else if (request?.mine && request.state === "open") {
      request.state = "answered";
      file.state = "moving";
      this.say({ t: "accept", id: offer.id, start: 0 });
    }
  }

  /** @param {Offer} offer @returns {string | null} */
  objection(offer) {
    if (this.most === 0) return "not-allowed";
    if (offer.size > this.most) return "too-large";
    if (isRefused(offer.name)) return "kind";
    const theirs = [...this.files.values()].filter((file) => !file.mine && file.offer !== offer);
    const held = theirs.filter(({ state }) => state === "moving" || state === "done").reduce((sum, file) => sum + file.offer.size, 0);
    return theirs.filter(({ state }) => state === "offered").length >= MOST_OPEN || held + offer.size > MOST_RECEIVED ? "busy" : null;
  }

  /** An offer is heard again, on a new leg say. @param {FileEntry} file @param {Offer} offer */
  sayState(file, offer) {
    const { id } = offer;
    if (file.mine || file.offer.size !== offer.size || file.offer.sha256 !== offer.sha256 || file.offer.name !== offer.name) return;
    if (file.state === "moving" && !file.checking) this.say({ t: "accept", id, start: file.moved });
    else if (file.state === "done") this.say({ t: "done", id });
    else if (file.state === "declined") this.say({ t: "decline", id, reason: DECLINES.has(file.reason) ? file.reason : "declined" });
    else if (file.state === "cancelled" || file.state === "failed") this.say({ t: "cancel", id, reason: file.reason === "corrupt" ? "corrupt" : "cancelled" });
  }

  /** @param {Piece} piece */
  piece({ id, start, data }) {
    const file = this.theirs(id);
    if (file?.state !== "moving" || file.checking) return;
    if (start > file.moved) {
      if (file.asked === file.moved) return;
      file.asked = file.moved;
      this.say({ t: "accept", id, start: file.moved });
    } else if (start < file.moved) this.say({ t: "got", id, end: file.moved });
    else if (file.moved + data.length > file.offer.size) this.giveUp(file, "corrupt");
    else {
      file.moved += data.length;
      this.effects.push({ e: "store", id, data });
      this.say({ t: "got", id, end: file.moved });
      if (file.moved === file.offer.size) {
        file.checking = true;
        this.effects.push({ e: "check", id, sha256: file.offer.sha256 });
      }
    }
  }

  // -- sending

  /** The file whose turn it is. */
  get sending() {
    return [...this.files.values()].find((file) => file.mine && file.state === "moving");
  }

  /** @param {FileMessage} said */
  answered(said) {
    const file = this.files.get(said.id);
    if (file === undefined || (file.mine && (file.state === "cancelled" || file.state === "failed"))) {
      if (said.t === "accept") this.say({ t: "cancel", id: said.id, reason: file === undefined ? "failed" : "cancelled" }); // of a page before this one
      return;
    }
    if (!file.mine || !isUnfinished(file)) return;
    if (said.t === "accept" && said.start < file.offer.size) {
      file.state = "moving";
      file.flowing = true;
      file.moved = file.sent = said.start;
      this.pace.restart();
    } else if (said.t === "got" && file.state === "moving" && said.end > file.moved && said.end <= file.offer.size) {
      file.moved = said.end;
      file.sent = Math.max(file.sent, said.end);
      this.pace.arrived(said.end, this.now);
    } else if (said.t === "done") {
      file.moved = file.offer.size;
      this.finish(file, "done", "");
    }
    this.progressAt = this.now;
  }

  /** @param {FileMessage} said */
  refused(said) {
    const file = this.files.get(said.id);
    if (file === undefined) this.requestRefused(said);
    else if (isUnfinished(file) && (file.mine || said.t === "cancel")) {
      const reason = said.reason ?? (said.t === "decline" ? "declined" : "cancelled");
      if (said.t === "decline") this.finish(file, "declined", reason);
      else if (reason === "cancelled") this.finish(file, "cancelled", "by-peer");
      else this.finish(file, "failed", reason);
    }
  }

  /** Send what may be sent now, and return everything that is to be done. */
  pumped() {
    this.sendAt = null;
    const file = this.sending;
    while (this.open && file?.flowing && file.sent < file.offer.size) {
      const size = Math.min(FILE_PIECE_BYTES, file.offer.size - file.sent);
      if (!this.pace.room(file.sent - file.moved, size)) break;
      const wait = this.pace.wait(size, this.now);
      if (wait > 0) {
        this.sendAt = this.now + wait;
        break;
      }
      this.effects.push({ e: "piece", id: file.offer.id, start: file.sent, size });
      file.sent += size;
      this.pace.sent(file.sent, size, this.now);
    }
    return this.effects;
  }

  // -- photos

  /** @param {string} id */
  photoWanted(id) {
    const known = this.requests.get(id);
    if (known === undefined && this.requests.size < MOST_ITEMS) this.requests.set(id, { mine: false, state: "open" });
    else if (known && !known.mine && known.state === "declined") this.say({ t: "decline", id, reason: "declined" });
  }

  /** @param {FileMessage} said */
  requestRefused(said) {
    const request = this.requests.get(said.id);
    if (request?.state !== "open") return;
    if (request.mine && said.t === "decline") request.state = "declined";
    else if (!request.mine && said.t === "cancel") request.state = "withdrawn";
  }

  // -- small things

  /** @param {number} now */
  begin(now) {
    this.now = now;
    this.effects = [];
  }

  /** @param {any} message */
  say(message) {
    if (this.open) this.effects.push({ e: "say", message });
  }

  /** @param {Offer} offer @param {boolean} mine @returns {FileEntry} */
  entry(offer, mine) {
    return { offer, name: clean(offer.name), mine, state: "offered", moved: 0, sent: 0, flowing: false, asked: -1, checking: false, reason: "" };
  }

  /** @param {string} id */
  theirs(id) {
    const file = this.files.get(id);
    return file?.mine === false ? file : undefined;
  }

  /** @param {FileEntry} file @param {string} reason */
  refuse(file, reason) {
    file.state = "declined";
    file.reason = reason;
    this.say({ t: "decline", id: file.offer.id, reason });
  }

  /** @param {FileEntry} file @param {"corrupt" | "failed"} reason */
  giveUp(file, reason) {
    this.finish(file, "failed", reason);
    this.say({ t: "cancel", id: file.offer.id, reason });
  }

  /** @param {FileEntry} file @param {FileState} state @param {string} reason */
  finish(file, state, reason) {
    Object.assign(file, { state, reason, flowing: false });
    this.effects.push({ e: "drop", id: file.offer.id });
  }

  /** Make room for another file; what is open or here stays. */
  forgetOld() {
    const settled = [...this.files.values()].find((file) => !isUnfinished(file) && file.state !== "done");
    if (this.files.size > MOST_ITEMS - 1 && settled) this.files.delete(settled.offer.id);
    return this.files.size < MOST_ITEMS;
  }
}
