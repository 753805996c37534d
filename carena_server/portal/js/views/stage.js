/**
 * The clinician's picture: two stacked video elements, so that a new leg is shown at its first frame while the old one
 * still plays, and audio moves over with it.
 */
import { element, video } from "./dom.js";

const AUDIO_ONLY_MS = 1500;

export class Stage {
  constructor() {
    this.front = video("remote-a");
    this.back = video("remote-b");
    element("hear").addEventListener("click", () => void this.play(this.front));
  }

  /** Show a leg's stream as soon as it has a picture, or after a moment when it only has sound. @param {MediaStream} stream @param {() => void} shown */
  show(stream, shown) {
    if (this.front.srcObject === stream || this.back.srcObject === stream) return;
    if (this.front.srcObject === null) {
      this.front.srcObject = stream;
      void this.play(this.front);
      shown();
      return;
    }
    const incoming = this.back;
    incoming.srcObject = stream;
    incoming.muted = true;
    incoming.hidden = false;
    void this.play(incoming);
    let done = false;
    const swap = () => {
      if (done || incoming.srcObject !== stream) return;
      done = true;
      [this.front, this.back] = [incoming, this.front];
      this.front.muted = false;
      this.back.srcObject = null;
      this.back.hidden = true;
      shown();
    };
    incoming.requestVideoFrameCallback(swap);
    setTimeout(swap, AUDIO_ONLY_MS);
  }

  /** @param {HTMLVideoElement} target */
  async play(target) {
    try {
      await target.play();
      element("hear").hidden = true;
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotAllowedError") element("hear").hidden = false;
    }
  }

  clear() {
    for (const target of [this.front, this.back]) {
      target.srcObject = null;
    }
    element("hear").hidden = true;
  }
}
