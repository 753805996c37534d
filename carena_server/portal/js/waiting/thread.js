/**
 * The lines of the chat while waiting, kept for this tab so that a page loaded anew shows them: sealed in the tab's storage
 * under a key that no script can read out, which this browser holds until the visit is over. Nothing of it is on the server.
 */
import { b64, utf8 } from "../e2ee/bytes.js";
import { KEYS, forget, keep, kept } from "../e2ee/kept.js";

/** @typedef {import("./chat.js").Line} Line */
/** @typedef {{load: (name: string) => Promise<any>, save: (name: string, key: CryptoKey) => Promise<unknown>, forget: (name: string) => Promise<unknown>}} KeyStore */

const ITEM = "carena-waiting-lines";
const NAME = "waiting-lines";

/** @type {KeyStore} */
const browserKeys = { load: (name) => kept(KEYS, name), save: (name, key) => keep(KEYS, name, key), forget: (name) => forget(KEYS, name) };

/** @param {unknown} found @returns {Line[]} what is no line is left out */
const linesOf = (found) =>
  (Array.isArray(found) ? found : []).flatMap(({ id, text, at, mine, name, delivery }) =>
    [id, text, name].every((part) => typeof part === "string") && typeof at === "number" && ["waiting", "sending", "received"].includes(delivery)
      ? [{ id, text, at, mine: mine === true, name, delivery: delivery === "sending" ? "waiting" : delivery }]
      : [],
  );

export class Thread {
  /** @param {string} visit @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} [storage] @param {KeyStore} [keys] */
  constructor(visit, storage = globalThis.sessionStorage, keys = browserKeys) {
    this.visit = visit;
    this.storage = storage;
    this.keys = keys;
    /** @type {Promise<CryptoKey | null> | null} */
    this.key = null;
    /** One write after the other. @type {Promise<void>} */
    this.work = Promise.resolve();
    this.over = false;
  }

  /** The lines kept for this visit; none where nothing is, or can be, kept. @returns {Promise<Line[]>} */
  async load() {
    try {
      const { visit, iv, c } = JSON.parse(this.storage.getItem(ITEM) ?? "null") ?? {};
      const key = visit === this.visit ? await this.keys.load(NAME) : null;
      if (!(key instanceof CryptoKey)) return [];
      this.key = Promise.resolve(key);
      const bytes = (/** @type {string} */ text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv), additionalData: utf8(this.visit) }, key, bytes(c));
      return linesOf(JSON.parse(new TextDecoder().decode(plain)));
    } catch {
      return [];
    }
  }

  /** @param {readonly Line[]} lines */
  save(lines) {
    this.work = this.work.then(() => this.write(lines)).catch(() => undefined); // a page that keeps nothing has its memory
  }

  /** @param {readonly Line[]} lines */
  async write(lines) {
    this.key ??= this.newKey();
    const key = await this.key;
    if (key === null || this.over) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(this.visit) }, key, utf8(JSON.stringify(lines)));
    if (!this.over) this.storage.setItem(ITEM, JSON.stringify({ visit: this.visit, iv: b64(iv), c: b64(new Uint8Array(sealed)) }));
  }

  /** @returns {Promise<CryptoKey | null>} */
  async newKey() {
    try {
      const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      await this.keys.save(NAME, key);
      return key;
    } catch {
      return null;
    }
  }

  /** The visit is over: lines and key go. */
  forget() {
    this.over = true;
    try {
      this.storage.removeItem(ITEM);
    } catch {
      // nothing was kept either
    }
    this.work = this.work.then(() => this.keys.forget(NAME)).then(() => undefined, () => undefined);
  }
}
