/**
 * How a leg vouches for the next; the protocol is in carena_protocol/e2ee/chain.py. Offers and answers of every leg but a
 * page's first come sealed under the secrets of a leg before it, so that whoever relays them can lose them and not forge.
 */
import { AgreementError } from "./agreement.js";
import { b64, equal, expand, hmac, parts, unb64, utf8 } from "./bytes.js";

/** @typedef {{leg: number, n: number, body: string, mac: string}} SealedMessage */
/** @typedef {{resume: Uint8Array<ArrayBuffer>, newest: number, seen: Set<number>}} ChainLink */

const WINDOW = 1024;
/** Legs whose secrets are kept: a side may not know yet that the other has the newest. */
const KEPT = 3;

/** A message that no earlier leg vouches for, or that was taken before. It is dropped; the call goes on. */
export class ChainError extends Error {}

/** @param {Uint8Array<ArrayBuffer>} resume @param {"C" | "P"} role @param {number} leg @param {number} number @param {string} body */
export const mac = async (resume, role, leg, number, body) =>
  hmac(await expand(resume, `carena/leg/${role}`, 32), parts(utf8("carena/leg/v1"), utf8(String(leg)), utf8(String(number)), utf8(body)));

/** The resume secret of a leg that another one vouched for. @param {Uint8Array<ArrayBuffer>} before @param {Uint8Array} agreed */
export const following = (before, agreed) => hmac(before, agreed);

/** Whether a number is new; it is not afterwards. @param {ChainLink} link @param {number} number */
const take = (link, number) => {
  if (link.seen.has(number) || number <= link.newest - WINDOW) return false;
  link.seen.add(number);
  link.newest = Math.max(link.newest, number);
  if (link.seen.size > 2 * WINDOW) for (const old of link.seen) if (old <= link.newest - WINDOW) link.seen.delete(old);
  return true;
};

/** The secrets of this page's legs; the patient's side. */
export class Chain {
  constructor() {
    /** @type {Map<number, ChainLink>} */
    this.links = new Map();
    this.count = 0;
    /** Whose secrets we seal with; 0 before there are any. */
    this.leg = 0;
  }

  /** Both proved to have agreed on a leg. @param {number} leg @param {Uint8Array<ArrayBuffer>} agreed @param {number} vouched under whose secrets its offer came, 0 for the first */
  async add(leg, agreed, vouched) {
    const before = this.links.get(vouched);
    if (before === undefined && (vouched !== 0 || this.links.size > 0)) throw new AgreementError("nobody vouches for this leg");
    const resume = before === undefined ? agreed : await following(before.resume, agreed);
    this.links.set(leg, { resume, newest: 0, seen: new Set() });
    for (const old of [...this.links.keys()].sort((one, other) => one - other).slice(0, -KEPT)) {
      if (old === this.leg) continue; // spares may come and go before another leg is used
      this.links.get(old)?.resume.fill(0);
      this.links.delete(old);
    }
  }

  /** The other side has the secrets of a leg as well. @param {number} leg */
  use(leg) {
    if (this.links.has(leg) && leg > this.leg) this.leg = leg;
  }

  clear() {
    for (const link of this.links.values()) link.resume.fill(0);
    this.links.clear();
    this.leg = 0;
  }

  /** @param {string} body @returns {Promise<{t: "sealed"} & SealedMessage>} */
  async seal(body) {
    const [link, leg] = [this.links.get(this.leg), this.leg];
    if (link === undefined) throw new ChainError("no leg yet");
    this.count += 1;
    const n = this.count;
    return { t: "sealed", leg, n, body, mac: b64(await mac(link.resume, "P", leg, n, body)) };
  }

  /** The body of the desktop's message. @param {SealedMessage} message */
  async open(message) {
    const link = this.links.get(message.leg);
    if (link === undefined) throw new ChainError("unknown leg");
    let given;
    try {
      given = unb64(message.mac, 32);
    } catch {
      throw new ChainError("not a mac");
    }
    if (!equal(await mac(link.resume, "C", message.leg, message.n, message.body), given)) throw new ChainError("forged");
    if (!take(link, message.n)) throw new ChainError("taken before");
    return message.body;
  }
}
