/**
 * The patient's shared screen. It is asked for by a click alone, after our own words; the browser's own question follows.
 * The browser ends it, too ("stop sharing"), and so does the window that is closed: then the track is over and so are we.
 * `Devices` owns it with the camera and the microphone.
 */

const VIDEO = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 15 } };

/** @typedef {"denied" | "failed"} ScreenProblem */

/** Whether this browser can share a screen; telephones can't. @param {Pick<MediaDevices, "getDisplayMedia"> | undefined} [media] */
export const canShareScreen = (media = globalThis.navigator?.mediaDevices) => typeof media?.getDisplayMedia === "function";

export class SharedScreen {
  /** @param {() => void} onChange @param {Pick<MediaDevices, "getDisplayMedia"> | undefined} media */
  constructor(onChange, media) {
    this.onChange = onChange;
    this.media = media;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    /** @type {ScreenProblem | null} */
    this.problem = null;
    this.asking = false;
    this.wanted = false;
  }

  get isLive() {
    return this.track !== null && this.track.readyState === "live";
  }

  /** In the handler of a click: some browsers ask only then. @returns {Promise<void>} */
  async start() {
    if (this.asking || this.isLive || !canShareScreen(this.media)) return;
    this.wanted = this.asking = true;
    this.problem = null;
    this.onChange();
    try {
      const stream = await this.media?.getDisplayMedia({ video: VIDEO, audio: false });
      this.keep(stream?.getVideoTracks()[0] ?? null);
    } catch (error) {
      const refused = error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");
      if (this.wanted) this.problem = refused ? "denied" : "failed";
    }
    this.asking = false;
    this.onChange();
  }

  /** @param {MediaStreamTrack | null} track */
  keep(track) {
    if (!this.wanted) {
      track?.stop(); // stopped, or the visit ended, while the browser asked
      return;
    }
    if (track === null) {
      this.problem = "failed";
      return;
    }
    track.contentHint = "detail"; // it has to be read
    this.track = track;
    track.addEventListener("ended", () => {
      if (this.track === track) this.stop();
    });
  }

  stop() {
    const { track } = this;
    const changes = this.wanted || this.problem !== null || track !== null;
    this.wanted = false;
    this.problem = null;
    this.track = null;
    track?.stop();
    if (changes) this.onChange();
  }
}
