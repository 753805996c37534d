/**
 * Which of the clinic's computers this browser knows, and whether the one it talks to now is the one it was. A pin is a device
 * key that proved itself in an agreement; a computer that was never seen is no danger by itself, but it is said.
 */
import { b64, equal } from "./bytes.js";
import { PINS, keep, kept } from "./kept.js";

/**
 * first: nothing was kept yet; same: as last time; known: seen before, another one last time; other: never seen; changed: not the
 * one that this visit began with.
 * @typedef {"unknown" | "first" | "same" | "known" | "other" | "changed"} Meeting
 */
/** @typedef {{load: () => Promise<string[]>, save: (seen: string[]) => Promise<unknown>}} Pins */
/** @typedef {{link: import("./agreement.js").LinkUse, device: Uint8Array | null}} Facts */

const NAME = "desktops";
const CHAT_NAME = "chat-desktops";
export const MOST_PINS = 50;

/** @param {string} name @returns {Promise<string[]>} */
const pinsOf = async (name) => {
  const found = await kept(PINS, name);
  return Array.isArray(found) ? found.filter((pin) => typeof pin === "string" && pin.length === 44) : [];
};

/** The kept pins, the newest last. @type {Pins} */
export const browserPins = { load: () => pinsOf(NAME), save: (seen) => keep(PINS, NAME, seen) };

/** Of who writes while the patient waits: computers of visits are known here, too; one that only writes is not known there. @type {Pins} */
export const chatPins = {
  load: async () => [...new Set([...(await pinsOf(NAME)), ...(await pinsOf(CHAT_NAME))])],
  save: (seen) => keep(PINS, CHAT_NAME, seen),
};

export class Trust {
  /** @param {() => void} onChange @param {Pins} [pins] */
  constructor(onChange, pins = browserPins) {
    this.onChange = onChange;
    this.pins = pins;
    /** @type {Meeting} */
    this.meeting = "unknown";
    /** The link's secret was part of the keys earlier in this visit, and is not now. */
    this.linkLost = false;
    this.linkUsed = false;
    /** @type {Uint8Array | null} */
    this.firstDevice = null;
  }

  /** A leg's keys were proved. @param {Facts} facts */
  async safe({ link, device }) {
    if (device === null) return;
    this.linkLost = this.linkUsed && link !== "used";
    this.linkUsed ||= link === "used";
    const { firstDevice } = this;
    if (firstDevice === null) {
      this.firstDevice = device;
      this.meeting = await this.meet(b64(device));
    } else if (!equal(firstDevice, device)) {
      this.meeting = "changed"; // for the rest of the visit: going back to the first one proves nothing about the time between
    }
    this.onChange();
  }

  /** @param {string} pin @returns {Promise<Meeting>} */
  async meet(pin) {
    /** @type {string[]} */
    let seen;
    try {
      seen = await this.pins.load();
    } catch {
      return "first"; // a browser that keeps nothing knows nobody
    }
    const meeting = seen.length === 0 ? "first" : seen.at(-1) === pin ? "same" : seen.includes(pin) ? "known" : "other";
    try {
      if (meeting !== "same") await this.pins.save([...seen.filter((other) => other !== pin), pin].slice(-MOST_PINS));
    } catch {
      // it is met as a stranger next time: nothing is claimed that is not so
    }
    return meeting;
  }
}
