/**
 * The patient's side of the chat while waiting: end to end between this page and the one member of staff who opened it.
 * The service relays what it can't read. Lines live in this page, and sealed in its tab (thread.js), until the visit is over.
 *
 *   closed --open--> agreeing --both proofs--> open --close, open anew--> closed, agreeing
 *   agreeing --a check fails--> unsafe (nothing is sent in this chat any more; another opening begins anew)
 *
 * Each opening has keys of its own. A line that was not received in one is sent again in the next, with its id.
 */
import { AgreementError, PatientAgreement, isConfirmed } from "../e2ee/agreement.js";
import { b64 } from "../e2ee/bytes.js";
import { randomId } from "../ids.js";
import { Trust, chatPins } from "../e2ee/trust.js";
import { Signals } from "../peer/signals.js";
import { isCount, isIdentifier, isObject, isShape, isString } from "../protocol/shape.js";
import { ChatCipher } from "./chat_cipher.js";

/** @typedef {{id: string, text: string, at: number, mine: boolean, name: string, delivery: "waiting" | "sending" | "received"}} Line */
/** @typedef {"closed" | "agreeing" | "open" | "unsafe"} ChatState */
/** @typedef {{chat: string, agreement: PatientAgreement, agreed: import("../e2ee/agreement.js").Agreed | null, cipher: ChatCipher | null}} Opening */
/** What is true of the opening that is on. @typedef {{code: import("../e2ee/safety_code.js").SafetyCode, link: import("../e2ee/agreement.js").LinkUse, postQuantum: boolean}} Facts */
/** @typedef {Pick<import("./thread.js").Thread, "load" | "save" | "forget">} Kept */
/** @typedef {{link?: () => Uint8Array<ArrayBuffer> | null, trust?: Pick<Trust, "safe" | "meeting">, thread?: Kept | null, onLine?: () => void}} More `link`: the visit link's secret */

export const MOST_CHARS = 2000;
const MOST_LINES = 1000;
const MOST_SEEN = 1024;
/** What stands in for DTLS fingerprints: there is no other connection to bind to. */
const MARK = "waiting";

const text = isString(1, MOST_CHARS);
const hello = isObject;
/** @type {Record<string, Record<string, import("../protocol/shape.js").Check>>} */
const SHAPES = {
  open: { commit: isString(44, 44) },
  reveal: { hello },
  proof: { mac: isString(44, 44) },
  sealed: { n: isCount(1), c: isString(24, 32 * 1024) },
  close: {},
};
/** @type {Record<string, Record<string, import("../protocol/shape.js").Check>>} */
const CONTENTS = { line: { id: isIdentifier, text, sent_at: isCount() }, received: { id: isIdentifier } };

/** @param {unknown} value @param {typeof SHAPES} shapes @param {Record<string, import("../protocol/shape.js").Check>} [more] @returns {any} null when it is none of them */
const shaped = (value, shapes, more = {}) => {
  if (!isObject(value) || typeof value.t !== "string" || !Object.hasOwn(shapes, value.t)) return null;
  return isShape({ ...shapes[value.t], ...more })(value) ? value : null;
};

export class WaitingChat {
  /** @param {string} visit @param {(data: object) => Promise<unknown>} relay rejects with ApiError @param {Promise<CryptoKeyPair>} device @param {() => void} onChange @param {More} [more] */
  constructor(visit, relay, device, onChange, { link = () => null, trust = new Trust(onChange, chatPins), thread = null, onLine = () => {} } = {}) {
    this.visit = visit;
    this.device = device;
    this.onChange = onChange;
    this.onLine = onLine;
    this.link = link;
    this.trust = trust;
    this.thread = thread;
    /** @type {Facts | null} */
    this.facts = null;
    this.signals = new Signals((data) => relay(data));
    /** @type {ChatState} */
    this.state = "closed";
    /** @type {Opening | null} */
    this.opening = null;
    /** @type {readonly Line[]} */
    this.lines = [];
    /** Lines nobody has looked at yet. */
    this.unread = 0;
    this.peer = "";
    /** Whether the clinic knows that the patient wants to write. */
    this.requested = false;
    this.dropped = 0;
    /** @type {Set<string>} */
    this.seen = new Set();
    /** One after the other, however long a check takes. @type {Promise<void>} */
    this.work = Promise.resolve();
    this.after(() => this.remember());
  }

  /** The lines of before the page was loaded come first; what was not received is sent again. */
  async remember() {
    const lines = (await this.thread?.load()) ?? [];
    const known = new Set(this.lines.map((line) => line.id));
    if (lines.length > 0) this.keep([...lines.filter((line) => !known.has(line.id)), ...this.lines]);
    this.onChange();
  }

  /** @param {readonly Line[]} lines */
  keep(lines) {
    this.lines = lines;
    this.thread?.save(lines);
  }

  /** Who is at the other end, as the server says. @param {boolean} present @param {string | null} name */
  peerIs(present, name) {
    if (name) this.peer = name;
    if (present) this.requested = false;
    else this.end();
    this.onChange();
  }

  /** @param {{id: string, data: unknown}} relayed */
  relayed({ id, data }) {
    if (this.seen.has(id)) return;
    this.seen.add(id);
    const [oldest] = this.seen;
    if (this.seen.size > MOST_SEEN && oldest !== undefined) this.seen.delete(oldest);
    this.after(() => this.take(data));
  }

  /** @param {() => Promise<void>} task */
  after(task) {
    this.work = this.work.then(task).catch(() => {
      this.dropped += 1;
    });
  }

  /** @param {unknown} data */
  async take(data) {
    const message = shaped(data, SHAPES, { chat: isIdentifier });
    if (message === null) {
      this.dropped += 1;
      return;
    }
    if (message.t === "open") return this.opened(message);
    const { opening } = this;
    if (opening === null || opening.chat !== message.chat) {
      if (message.t !== "close") this.send({ t: "lost", chat: message.chat }, () => this.opening?.chat !== message.chat);
      return;
    }
    try {
      if (message.t === "reveal") await this.revealed(opening, message.hello);
      else if (message.t === "proof") await this.proved(opening, message.mac);
      else if (message.t === "sealed") await this.unsealed(opening, message);
      else this.end();
    } catch (error) {
      this.dropped += 1;
      if (error instanceof AgreementError && this.opening === opening) {
        this.facts = null;
        this.become("unsafe");
      }
    }
  }

  /** A member of staff opens the chat, or opens it anew. @param {{chat: string, commit: string}} message */
  async opened({ chat, commit }) {
    const agreement = new PatientAgreement(await this.device, `${this.visit}/waiting/${chat}`, commit, MARK, this.link());
    this.facts = null;
    this.opening = { chat, agreement, agreed: null, cipher: null };
    this.requested = false;
    this.become("agreeing");
    const { opening } = this;
    this.send({ t: "hello", chat, hello: await agreement.hello(MARK) }, () => this.opening === opening);
  }

  /** @param {Opening} opening @param {any} said */
  async revealed(opening, said) {
    if (this.state !== "agreeing" || opening.agreed !== null) throw new AgreementError("twice");
    opening.agreed = await opening.agreement.revealed(said);
    const mac = b64(await opening.agreed.confirmation("P"));
    this.send({ t: "proof", chat: opening.chat, mac }, () => this.opening === opening);
  }

  /** @param {Opening} opening @param {string} mac */
  async proved(opening, mac) {
    const { agreed, agreement } = opening;
    if (this.state !== "agreeing" || agreed === null || !(await isConfirmed(agreed, "C", mac))) throw new AgreementError("proof");
    opening.cipher = await ChatCipher.of(agreed.root, agreement.call, "P>C");
    this.facts = { code: agreed.safetyCode, link: agreement.link, postQuantum: agreed.isPostQuantum };
    await this.trust.safe({ link: agreement.link, device: agreement.peerDevice });
    this.become("open");
    for (const line of this.lines) if (line.mine && line.delivery !== "received") this.sealLine(line);
  }

  /** @param {Opening} opening @param {{n: number, c: string}} sealed */
  async unsealed(opening, sealed) {
    if (opening.cipher === null) throw new TypeError("too early");
    const content = shaped(await opening.cipher.open(sealed), CONTENTS);
    if (content === null) throw new TypeError("no content");
    if (content.t === "received") this.mark(content.id, "received");
    else this.arrived(content);
    this.onChange();
  }

  /** @param {{id: string, text: string}} line */
  arrived({ id, text }) {
    const known = this.lines.some((line) => line.id === id && !line.mine);
    if (!known && this.lines.length >= MOST_LINES) return; // not received: nobody could read it
    this.seal({ t: "received", id });
    if (known) return;
    this.keep([...this.lines, { id, text: text.toWellFormed(), at: Date.now(), mine: false, name: this.peer, delivery: "received" }]);
    this.unread += 1;
    this.onLine();
  }

  /** Whether the text was taken; it waits for somebody to open the chat when nobody has. @param {string} text */
  say(text) {
    const clean = text.toWellFormed();
    if (clean === "" || [...clean].length > MOST_CHARS || this.lines.length >= MOST_LINES) return false;
    /** @type {Line} */
    const line = { id: randomId(), text: clean, at: Date.now(), mine: true, name: "", delivery: "waiting" };
    this.keep([...this.lines, line]);
    if (this.state === "open") this.sealLine(line);
    this.onChange();
    return true;
  }

  /** @param {Line} line */
  sealLine(line) {
    this.mark(line.id, "sending");
    this.seal({ t: "line", id: line.id, text: line.text, sent_at: line.at });
  }

  /** In order: the counter of a sealed line must not overtake. @param {object} content */
  seal(content) {
    const { opening } = this;
    this.after(async () => {
      if (opening?.cipher && this.opening === opening) this.send({ t: "sealed", chat: opening.chat, ...(await opening.cipher.seal(content)) }, () => this.opening === opening);
    });
  }

  /** @param {string} id @param {Line["delivery"]} delivery */
  mark(id, delivery) {
    this.keep(this.lines.map((line) => (line.mine && line.id === id ? { ...line, delivery } : line)));
  }

  /** @param {{t: string, [field: string]: unknown}} message @param {() => boolean} meant */
  send(message, meant) {
    this.signals.send(message, meant);
  }

  /** Somebody looks at the lines now. */
  read() {
    if (this.unread === 0) return;
    this.unread = 0;
    this.onChange();
  }

  /** This opening is over; what was not received waits for the next. */
  end() {
    this.opening = null;
    this.facts = null;
    this.lines = this.lines.map((line) => (line.delivery === "sending" ? { ...line, delivery: "waiting" } : line));
    if (this.state !== "unsafe") this.become("closed");
  }

  /** @param {ChatState} state */
  become(state) {
    this.state = state;
    this.onChange();
  }

  /** The page leaves the visit. @param {{over?: boolean}} [how] over: its lines are deleted from this tab, too */
  close({ over = false } = {}) {
    if (over) this.thread?.forget();
    this.signals.close();
    this.opening = null;
    this.lines = [];
    this.unread = 0;
  }
}
