/**
 * The patient's camera and microphone: the only module that opens a device, and only after a click. What is wanted and
 * what is open are two things; one loop brings the second to the first, so that a device that is granted after the
 * person changed their mind, or after the visit ended, is closed at once. Camera off stops the track, so that its light
 * goes out; mute keeps the microphone open and sends silence.
 */
import { requestDevices } from "./request.js";
import { SharedScreen } from "./screen.js";

/** @typedef {"camera" | "microphone"} Kind */
/** @typedef {import("./request.js").Problem} Problem */
/** @typedef {"off" | "asking" | "on" | Problem} DeviceState */
/** @typedef {{id: string, label: string}} Choice */

/** @type {readonly Kind[]} */
const KINDS = ["camera", "microphone"];

export class Devices {
  /**
   * @param {() => void} onChange
   * @param {Pick<MediaDevices, "getUserMedia" | "enumerateDevices" | "getDisplayMedia"> | undefined} media undefined where the browser has none
   * @param {Pick<Permissions, "query"> | undefined} permissions
   */
  constructor(onChange, media = globalThis.navigator?.mediaDevices, permissions = globalThis.navigator?.permissions) {
    this.onChange = onChange;
    this.media = media;
    this.permissions = permissions;
    /** @type {Record<Kind, boolean>} */
    this.wanted = { camera: false, microphone: false };
    /** @type {Record<Kind, MediaStreamTrack | null>} */
    this.tracks = { camera: null, microphone: null };
    /** @type {Record<Kind, Problem | null>} */
    this.problems = { camera: null, microphone: null };
    /** @type {Record<Kind, string>} */
    this.chosen = { camera: "", microphone: "" };
    /** @type {Record<Kind, Choice[]>} */
    this.choices = { camera: [], microphone: [] };
    /** @type {Set<Kind>} */
    this.asking = new Set();
    /** @type {Promise<void> | null} */
    this.work = null;
    this.muted = false;
    this.screen = new SharedScreen(onChange, media);
  }

  get audio() {
    return this.tracks.microphone;
  }

  get video() {
    return this.tracks.camera;
  }

  get camera() {
    return this.stateOf("camera");
  }

  get microphone() {
    return this.stateOf("microphone");
  }

  /** @param {Kind} kind @returns {DeviceState} */
  stateOf(kind) {
    if (this.tracks[kind] !== null) return "on";
    if (this.asking.has(kind)) return "asking";
    return this.problems[kind] ?? "off";
  }

  /** What really leaves this page now. @returns {import("../peer/visit.js").MediaState} */
  get state() {
    const { camera, microphone } = this.tracks;
    const heard = microphone !== null && microphone.readyState === "live";
    const silent = this.muted || microphone?.muted === true; // muted by hand, or by the system or the headset
    return { camera: camera !== null && camera.readyState === "live", microphone: !heard ? "off" : silent ? "muted" : "live", sharing: this.screen.isLive };
  }

  /** Whether sound stops outside this page although nobody muted it here. */
  get silenced() {
    return !this.muted && this.tracks.microphone?.muted === true;
  }

  /** Ask for these; whatever is granted is opened, the rest says why not. @param {...Kind} kinds */
  open(...kinds) {
    for (const kind of kinds.length > 0 ? kinds : KINDS) {
      this.wanted[kind] = true;
      this.problems[kind] = null;
    }
    return this.settle();
  }

  /** @param {Kind} kind */
  stop(kind) {
    this.wanted[kind] = false;
    this.problems[kind] = null;
    return this.settle();
  }

  /** Use another device of a kind from now on. @param {Kind} kind @param {string} id */
  choose(kind, id) {
    this.chosen[kind] = id;
    if (this.tracks[kind] === null) return this.settle();
    this.release(kind); // a telephone can't open both its cameras at once
    return this.settle();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    if (this.tracks.microphone) this.tracks.microphone.enabled = !muted;
    this.onChange();
  }

  close() {
    this.screen.stop();
    for (const kind of KINDS) {
      this.wanted[kind] = false;
      this.problems[kind] = null;
    }
    return this.settle();
  }

  /** @returns {Promise<void>} */
  settle() {
    for (const kind of KINDS) if (!this.wanted[kind]) this.release(kind);
    this.work ??= this.openWanted().finally(() => {
      this.work = null;
    });
    this.onChange();
    return this.work;
  }

  async openWanted() {
    for (;;) {
      const missing = KINDS.filter((kind) => this.wanted[kind] && this.tracks[kind] === null && this.problems[kind] === null);
      if (missing.length === 0) return;
      this.asking = new Set(missing);
      const chosen = { ...this.chosen };
      const answer = await requestDevices(missing, chosen, this.media, this.permissions);
      this.asking.clear();
      for (const kind of missing) {
        const track = answer.tracks[kind] ?? null;
        if (track !== null && (!this.wanted[kind] || this.chosen[kind] !== chosen[kind])) track.stop();
        else if (track !== null) this.keep(kind, track);
        else this.problems[kind] = this.wanted[kind] ? (answer.problems[kind] ?? "missing") : null;
      }
      this.onChange();
      await this.list();
    }
  }

  /** @param {Kind} kind @param {MediaStreamTrack} track */
  keep(kind, track) {
    this.tracks[kind] = track;
    if (kind === "microphone") track.enabled = !this.muted;
    track.addEventListener("ended", () => {
      if (this.tracks[kind] !== track) return;
      this.tracks[kind] = null;
      this.wanted[kind] = false;
      this.problems[kind] = "lost";
      this.onChange();
    });
    for (const event of ["mute", "unmute"]) track.addEventListener(event, () => this.onChange());
  }

  /** @param {Kind} kind */
  release(kind) {
    this.tracks[kind]?.stop();
    this.tracks[kind] = null;
  }

  /** Learn which devices there are; browsers name them only once one was granted. */
  async list() {
    if (this.media === undefined) return;
    try {
      const found = await this.media.enumerateDevices();
      const of = (/** @type {string} */ kind) => found.filter((d) => d.kind === kind && d.deviceId !== "").map(({ deviceId, label }) => ({ id: deviceId, label }));
      this.choices = { camera: of("videoinput"), microphone: of("audioinput") };
    } catch {
      return; // without a list there is no choice, and the browser's own choice is in use
    }
    this.onChange();
  }
}
