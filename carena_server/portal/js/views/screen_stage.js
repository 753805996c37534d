/**
 * The clinician's shared screen beside the camera's picture: two stacked video elements, so that one leg can follow the
 * other unseen. It is shown from its first picture after the clinician's program said that it shares, until it says that
 * it does not, or until no picture came for seconds: a still screen is sent again each second.
 */
import { video } from "./dom.js";

const STILL_MS = 6000;
const LOOK_MS = 250;
/** A leg is not held up for longer by a screen that does not come. */
const WITHIN_MS = 1500;

export class ScreenStage {
  /** @param {() => void} onChange @param {() => number} now milliseconds */
  constructor(onChange, now = () => performance.now()) {
    this.onChange = onChange;
    this.now = now;
    this.front = video("screen-a");
    this.back = video("screen-b");
    this.isShared = false;
    this.cameAt = -Infinity;
    this.showed = false;
    /** Pictures counted by each element. @type {Map<HTMLVideoElement, number>} */
    this.counted = new Map();
    /** @type {Map<MediaStream, () => void>} */
    this.awaited = new Map();
    for (const element of [this.front, this.back]) this.follow(element);
    setInterval(() => this.look(), LOOK_MS);
  }

  /** Whether there is something to be seen. */
  get shows() {
    return this.isShared && this.now() - this.cameAt < STILL_MS;
  }

  /** A leg has a section for it. @param {MediaStream} stream */
  add(stream) {
    if (this.front.srcObject === stream || this.back.srcObject === stream) return;
    const target = this.front.srcObject === null ? this.front : this.back;
    target.srcObject = stream;
    this.counted.delete(target);
    void target.play().catch(() => undefined); // it is muted: browsers let it
  }

  /** What the clinician's program says. @param {boolean} isShared */
  share(isShared) {
    if (isShared === this.isShared) return;
    this.isShared = isShared;
    this.cameAt = -Infinity; // what came before is another share's
    this.changed();
  }

  /** Resolves when this leg's screen is seen, if one is awaited, or has kept us waiting for too long. @param {MediaStream} stream @returns {Promise<void>} */
  whenSeen(stream) {
    if (!this.shows || this.front.srcObject === stream) return Promise.resolve();
    return new Promise((resolve) => {
      this.awaited.set(stream, resolve);
      setTimeout(resolve, WITHIN_MS);
    });
  }

  /** Note each picture as it is presented, where the browser says it. @param {HTMLVideoElement} element */
  follow(element) {
    if (!("requestVideoFrameCallback" in element)) return;
    const next = () => {
      this.came(element);
      element.requestVideoFrameCallback(next);
    };
    element.requestVideoFrameCallback(next);
  }

  /** Count them where it does not, and notice when they stay away. */
  look() {
    for (const element of [this.front, this.back]) {
      const count = element.getVideoPlaybackQuality?.().totalVideoFrames ?? 0;
      const before = this.counted.get(element) ?? 0;
      this.counted.set(element, count);
      if (count > before) this.came(element);
    }
    this.changed();
  }

  /** @param {HTMLVideoElement} element */
  came(element) {
    if (!this.isShared || element.srcObject === null || element.videoWidth === 0) return;
    if (element === this.back) this.swap();
    this.cameAt = this.now();
    this.changed();
  }

  swap() {
    [this.front, this.back] = [this.back, this.front];
    this.front.classList.add("front");
    this.back.classList.remove("front");
    [this.front.ariaHidden, this.back.ariaHidden] = ["false", "true"];
    this.back.srcObject = null;
    const stream = /** @type {MediaStream} */ (this.front.srcObject);
    this.awaited.get(stream)?.();
    this.awaited.delete(stream);
  }

  changed() {
    if (this.showed === this.shows) return;
    this.showed = this.shows;
    this.onChange();
  }

  clear() {
    this.isShared = false;
    this.awaited.clear();
    for (const element of [this.front, this.back]) element.srcObject = null;
    this.changed();
  }
}
