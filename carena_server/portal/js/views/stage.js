/**
 * The clinician's picture and sound: two stacked video elements. A new leg is seen at its first picture, and heard a
 * quarter of a second later, when its sound has found its pace; the old one plays until then, and fades within 30 ms.
 *
 * The fade turns the elements' own volume. Sound that is mixed in an AudioContext would escape the echo canceller of some
 * browsers; where the volume can't be set (iOS) it changes at once.
 */
import { element, video } from "./dom.js";

/** After there are keys, for a leg that brings sound and no picture. */
const PICTURE_WITHIN_MS = 1500;
const SOUND_AFTER_MS = 250;
const FADE_MS = 30;
const FADE_STEPS = 3;

/** A camera whose pictures stay away for so long pauses, since the screen beside it needs the connection. */
const STILL_MS = 6000;
const LOOK_MS = 100;
/** A leg whose pictures stopped so long ago, and no longer, has just died: there is no sound of it to wait for. */
const DIED_MS = { from: 250, to: 3000 };

/** @typedef {{stream: MediaStream, ready: Promise<void>}} Source */

export class Stage {
  constructor() {
    this.front = video("remote-a");
    this.back = video("remote-b");
    /** Ends a change that is under way. @type {(() => void) | null} */
    this.finish = null;
    /** What was counted of the front's pictures, and when it last grew. */
    this.seen = { count: 0, at: performance.now() };
    setInterval(() => this.look(), LOOK_MS);
    element("hear").addEventListener("click", () => void this.play(this.front));
  }

  look() {
    const count = this.front.getVideoPlaybackQuality?.().totalVideoFrames ?? this.seen.count + 1;
    if (count !== this.seen.count) this.seen = { count, at: performance.now() };
  }

  /** Whether the camera's picture stands still: it says nothing of now. */
  get isStill() {
    return performance.now() - this.seen.at > STILL_MS;
  }

  /** Show a leg as soon as it has a picture, or a moment after it has keys. @param {Source} source @param {boolean} expectsPicture @param {() => void} shown */
  show({ stream, ready }, expectsPicture, shown) {
    if (this.front.srcObject === stream || this.back.srcObject === stream) return;
    if (this.front.srcObject === null) {
      this.front.srcObject = stream;
      this.front.muted = false;
      void this.play(this.front);
      shown();
      return;
    }
    this.finish?.();
    const incoming = this.back;
    const isDue = () => this.back === incoming && incoming.srcObject === stream && this.finish === null;
    const seen = () => {
      if (!isDue()) return;
      incoming.classList.add("front");
      this.front.classList.remove("front");
      this.handOver(shown);
    };
    incoming.srcObject = stream;
    incoming.muted = true;
    incoming.hidden = false;
    void this.play(incoming);
    if ("requestVideoFrameCallback" in incoming) incoming.requestVideoFrameCallback(seen);
    incoming.addEventListener("loadeddata", () => { if (incoming.videoWidth > 0) seen(); }, { once: true });
    void ready.then(() => setTimeout(seen, expectsPicture ? PICTURE_WITHIN_MS : SOUND_AFTER_MS));
  }

  /** The new leg is seen: let it be heard, and then be the one in front. @param {() => void} shown */
  handOver(shown) {
    const [incoming, outgoing] = [this.back, this.front];
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    let step = 0;
    const done = () => {
      clearTimeout(timer);
      this.finish = null;
      this.swap();
      shown();
    };
    const fade = () => {
      step += 1;
      incoming.volume = step / FADE_STEPS;
      outgoing.volume = 1 - step / FADE_STEPS;
      if (step < FADE_STEPS) timer = setTimeout(fade, FADE_MS / FADE_STEPS);
      else done();
    };
    this.finish = done;
    const since = performance.now() - this.seen.at;
    const hasDied = since > DIED_MS.from && since < DIED_MS.to;
    timer = setTimeout(() => {
      incoming.volume = 0;
      incoming.muted = false;
      void this.play(incoming); // a browser may pause what starts to sound without a click
      fade();
    }, hasDied ? 0 : SOUND_AFTER_MS);
  }

  swap() {
    [this.front, this.back] = [this.back, this.front];
    this.front.muted = false;
    this.front.volume = 1;
    this.front.classList.add("front");
    this.back.classList.remove("front");
    this.back.muted = true;
    this.back.volume = 1;
    this.back.srcObject = null;
    this.back.hidden = true;
    void this.play(this.front);
  }

  /** @param {HTMLVideoElement} target */
  async play(target) {
    try {
      await target.play();
      if (target === this.front) element("hear").hidden = true;
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotAllowedError") element("hear").hidden = false;
    }
  }

  clear() {
    this.finish?.();
    for (const target of [this.front, this.back]) target.srcObject = null;
    this.back.hidden = true;
    element("hear").hidden = true;
  }
}
