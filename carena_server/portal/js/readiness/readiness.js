/**
 * The patient's readiness test: watches the devices, listens to the microphone, measures the connection, and hands out one
 * report whenever it changes. What a test of this visit gave before a reload is kept for the tab, without any name in it.
 */
import { LevelMeter } from "../media/level.js";
import { browserResult } from "./browser.js";
import { measure } from "./network.js";
import { deviceResult, report } from "./results.js";

/** @typedef {import("../media/devices.js").Devices} Devices */
/** @typedef {import("./results.js").DeviceResults} DeviceResults */

const KEY = "carena-readiness";
/** The level above which a voice is heard, 0 to 1. */
export const HEARD = 0.1;

/** Only a test that succeeded is worth keeping. @param {unknown} result @returns {import("./results.js").DeviceResult} */
const lasting = (result) => (result === "ok" ? "ok" : "untested");

/** @param {{camera?: unknown, microphone?: unknown}} results @returns {DeviceResults} */
const lastingOf = ({ camera, microphone }) => ({ camera: lasting(camera), microphone: lasting(microphone) });

/** @returns {DeviceResults} */
const kept = () => {
  try {
    return lastingOf(JSON.parse(sessionStorage.getItem(KEY) ?? "{}"));
  } catch {
    return lastingOf({});
  }
};

export class Readiness {
  /** @param {Devices} devices @param {() => void} onChange the report or the measuring changed @param {(level: number) => void} onLevel ten times a second while a microphone is listened to */
  constructor(devices, onChange, onLevel) {
    this.devices = devices;
    this.onChange = onChange;
    this.onLevel = onLevel;
    this.before = kept();
    /** @type {MediaStreamTrack | null} the microphone that was heard */
    this.heard = null;
    /** @type {MediaStreamTrack | null} the camera that gave a picture */
    this.pictured = null;
    /** @type {LevelMeter | null} */
    this.meter = null;
    /** @type {import("./browser.js").BrowserResult} */
    this.browser = "ok";
    /** @type {import("./network.js").Network | null} */
    this.network = null;
    this.consent = false;
    /** @type {AbortController | null} */
    this.measuring = null;
  }

  /** Once, before anything else is shown. */
  async checkBrowser() {
    this.browser = await browserResult();
    return this.browser;
  }

  /** Measure the connection, again when it was measured before. */
  async measure() {
    this.stop();
    const running = new AbortController();
    this.measuring = running;
    this.onChange();
    const network = await measure(running.signal);
    if (this.measuring !== running) return;
    this.network = network;
    this.measuring = null;
    this.onChange();
  }

  /** The visit begins: it needs the connection for itself. */
  stop() {
    this.measuring?.abort();
    this.measuring = null;
  }

  /** Listen to the microphone while somebody can see its level. @param {boolean} shown */
  listen(shown) {
    const track = shown ? this.devices.audio : null;
    if ((this.meter?.track ?? null) === track) return;
    this.meter?.close();
    this.meter = track === null ? null : new LevelMeter(track, (level) => this.level(track, level));
  }

  /** The preview shows a picture. */
  pictureSeen() {
    if (this.pictured === this.devices.video) return;
    this.pictured = this.devices.video;
    this.onChange();
  }

  /** @param {MediaStreamTrack} track @param {number} level */
  level(track, level) {
    this.onLevel(level);
    if (level <= HEARD || this.heard === track) return;
    this.heard = track;
    this.onChange();
  }

  /** @returns {import("./results.js").Report} */
  get report() {
    const { devices } = this;
    const results = {
      camera: deviceResult(devices.camera, devices.video !== null && this.pictured === devices.video, this.before.camera),
      microphone: deviceResult(devices.microphone, devices.audio !== null && this.heard === devices.audio, this.before.microphone),
    };
    this.keep(results);
    return report(results, this.browser, this.network, this.consent);
  }

  /** @param {DeviceResults} results */
  keep(results) {
    if (lasting(results.camera) === this.before.camera && lasting(results.microphone) === this.before.microphone) return;
    this.before = lastingOf(results);
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.before));
    } catch {
      // it is tested again after a reload
    }
  }

  /** Nothing of this visit is kept. */
  forget() {
    this.stop();
    this.listen(false);
    this.before = lastingOf({});
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // nothing was kept
    }
  }
}
