/**
 * The clinician's picture: two stacked video elements, so that a new leg is shown at its first frame while the old one
 * still plays. Sound moves over as soon as the new leg is connected, because the other side ends the old one then.
 */
import { element, video } from "./dom.js";

/** After the connection, for a leg that brings sound and no picture. */
const PICTURE_WITHIN_MS = 1500;

/** @typedef {{stream: MediaStream, connected: Promise<void>}} Source */

export class Stage {
  constructor() {
    this.front = video("remote-a");
    this.back = video("remote-b");
    element("hear").addEventListener("click", () => void this.play(this.front));
  }

  /** Show a leg as soon as it has a picture, or a moment after it connected. @param {Source} source @param {() => void} shown */
  show({ stream, connected }, shown) {
    if (this.front.srcObject === stream || this.back.srcObject === stream) return;
    if (this.front.srcObject === null) {
      this.front.srcObject = stream;
      this.front.muted = false;
      void this.play(this.front);
      shown();
      return;
    }
    const incoming = this.back;
    const isDue = () => this.back === incoming && incoming.srcObject === stream;
    const swap = () => {
      if (!isDue()) return;
      this.swap();
      shown();
    };
    incoming.srcObject = stream;
    incoming.muted = true;
    incoming.hidden = false;
    void this.play(incoming);
    if ("requestVideoFrameCallback" in incoming) incoming.requestVideoFrameCallback(swap);
    void connected.then(() => {
      if (!isDue()) return;
      this.front.muted = true;
      incoming.muted = false;
      setTimeout(swap, PICTURE_WITHIN_MS);
    });
  }

  swap() {
    [this.front, this.back] = [this.back, this.front];
    this.front.muted = false;
    this.front.classList.add("front");
    this.back.classList.remove("front");
    this.back.srcObject = null;
    this.back.hidden = true;
    void this.play(this.front); // a browser may pause what starts to sound without a click
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
    for (const target of [this.front, this.back]) target.srcObject = null;
    this.back.hidden = true;
    element("hear").hidden = true;
  }
}
