/**
 * Measures the connection to the clinic's own server: how long a question takes, and how fast bytes come and go. Bounded in
 * bytes and seconds. What it says holds for this path; a visit may find another one, and the page says so.
 */

/** @typedef {"good" | "fair" | "poor" | "untested"} NetworkResult */
/** @typedef {{round_trip_ms: number, down_kbps: number, up_kbps: number}} Network */
/** @typedef {{fetch: typeof fetch, now: () => number, sparing: boolean}} Outside `sparing`: this device counts its bytes */

const ADDRESS = "/api/v1/probe";
const ROUNDS = 5;
const SMALL = 64 * 1024;
/** As the server allows them (carena_server/probe.py). */
const MOST_DOWN = 1024 * 1024;
const MOST_UP = 512 * 1024;
/** A small probe faster than this says little about the rate: a large one follows. */
const TELLING_MS = 400;
const WITHIN_MS = 5000;
/** What timers can tell apart in every browser. */
const LEAST_MS = 1;

/** For a picture one can work with, and for one at all: kilobits a second each way, milliseconds. */
const GOOD = { kbps: 1500, round_trip_ms: 250 };
const FAIR = { kbps: 350, round_trip_ms: 500 };

/** @param {Network | null} network @returns {NetworkResult} */
export const networkResult = (network) => {
  if (network === null) return "untested";
  /** @param {{kbps: number, round_trip_ms: number}} least */
  const reaches = (least) => weaker(network) >= least.kbps && network.round_trip_ms <= least.round_trip_ms;
  return reaches(GOOD) ? "good" : reaches(FAIR) ? "fair" : "poor";
};

/** Kilobits a second of the slower direction: what a visit is limited by. @param {Network} network */
export const weaker = ({ down_kbps: down, up_kbps: up }) => Math.min(down, up);

/** @param {number[]} values */
export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return Number(sorted[Math.floor((sorted.length - 1) / 2)]);
};

/** @param {number} bytes @param {number} milliseconds */
const rate = (bytes, milliseconds) => Math.round((bytes * 8) / Math.max(LEAST_MS, milliseconds));

class Prober {
  /** @param {Outside} outside @param {AbortSignal} signal */
  constructor({ fetch, now }, signal) {
    this.fetch = fetch;
    this.now = now;
    this.signal = signal;
  }

  /** @param {string} query @param {RequestInit} [more] */
  async ask(query, more = {}) {
    const answer = await this.fetch(`${ADDRESS}${query}`, { cache: "no-store", credentials: "omit", signal: AbortSignal.any([this.signal, AbortSignal.timeout(WITHIN_MS)]), ...more });
    if (!answer.ok) throw new Error("refused");
    return answer;
  }

  async roundTrip() {
    await (await this.ask("?bytes=0")).arrayBuffer(); // opens the connection, which is not what is measured
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = this.now();
      await (await this.ask("?bytes=0")).arrayBuffer();
      times.push(this.now() - asked);
    }
    return median(times);
  }

  /** Counted from the first piece on. A download cut off by the time limit counts what came. @param {number} size */
  async down(size) {
    const { body } = await this.ask(`?bytes=${size}`);
    if (body === null) throw new Error("no body");
    const reader = body.getReader();
    let [bytes, begun] = [0, 0];
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        if (begun === 0) begun = this.now();
        else bytes += piece.value.length;
      }
    } catch (error) {
      if (bytes === 0 || this.signal.aborted) throw error;
    }
    const took = this.now() - begun;
    return { kbps: rate(bytes > 0 ? bytes : size, took), took };
  }

  /** Counted without the question's own way. One that isn't through in time was at most that fast. @param {number} size @param {number} roundTrip */
  async up(size, roundTrip) {
    const begun = this.now();
    try {
      await this.ask("", { method: "POST", body: new Blob([noise(size)]) });
    } catch (error) {
      if (this.signal.aborted || !(error instanceof DOMException && error.name === "TimeoutError")) throw error;
    }
    const took = this.now() - begun;
    return { kbps: rate(size, took - Math.min(roundTrip, took / 2)), took };
  }
}

/** @param {number} size */
const noise = (size) => {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65536)));
  return bytes;
};

/**
 * @param {AbortSignal} signal ends it early @param {Partial<Outside>} [outside]
 * @returns {Promise<Network | null>} null when it could not be measured
 */
export const measure = async (signal, outside = {}) => {
  const sparing = outside.sparing ?? /** @type {any} */ (globalThis.navigator)?.connection?.saveData === true;
  const prober = new Prober({ fetch: (...args) => globalThis.fetch(...args), now: () => performance.now(), ...outside, sparing }, signal);
  try {
    const roundTrip = await prober.roundTrip();
    let down = await prober.down(SMALL);
    if (down.took < TELLING_MS && !sparing) down = await prober.down(MOST_DOWN);
    let up = await prober.up(SMALL, roundTrip);
    if (up.took < TELLING_MS && !sparing) up = await prober.up(MOST_UP, roundTrip);
    return { round_trip_ms: Math.round(roundTrip), down_kbps: down.kbps, up_kbps: up.kbps };
  } catch {
    return null;
  }
};
