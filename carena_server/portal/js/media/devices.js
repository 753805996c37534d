/**
 * The patient's camera and microphone: the only module that opens a device, and only after a click. Camera off stops the
 * track, so that its light goes out; mute keeps the microphone open and sends silence.
 */

/** @typedef {"off" | "asking" | "on" | "denied" | "missing" | "busy"} DeviceState */

/** @param {unknown} error @returns {DeviceState} */
export const problemOf = (error) => {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "busy";
};

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

export class Devices {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {MediaStreamTrack | null} */
    this.audio = null;
    /** @type {MediaStreamTrack | null} */
    this.video = null;
    /** @type {DeviceState} */
    this.microphone = "off";
    /** @type {DeviceState} */
    this.camera = "off";
    this.muted = false;
  }

  /** What really leaves this page now. @returns {import("../peer/visit.js").MediaState} */
  get state() {
    const open = this.audio !== null && this.audio.readyState === "live";
    return { camera: this.video !== null && this.video.readyState === "live", microphone: !open ? "off" : this.muted ? "muted" : "live" };
  }

  /** Ask for both; whatever is granted is opened, the rest says why not. */
  async open() {
    await Promise.all([this.openMicrophone(), this.openCamera()]);
  }

  async openMicrophone() {
    if (this.audio !== null) return;
    this.microphone = "asking";
    this.onChange();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: AUDIO });
      this.audio = stream.getAudioTracks()[0] ?? null;
      this.audio?.addEventListener("ended", () => this.lost("audio"));
      if (this.audio) this.audio.enabled = !this.muted;
      this.microphone = this.audio ? "on" : "missing";
    } catch (error) {
      this.microphone = problemOf(error);
    }
    this.onChange();
  }

  async openCamera() {
    if (this.video !== null) return;
    this.camera = "asking";
    this.onChange();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: VIDEO });
      this.video = stream.getVideoTracks()[0] ?? null;
      this.video?.addEventListener("ended", () => this.lost("video"));
      this.camera = this.video ? "on" : "missing";
    } catch (error) {
      this.camera = problemOf(error);
    }
    this.onChange();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    if (this.audio) this.audio.enabled = !muted;
    this.onChange();
  }

  stopCamera() {
    this.video?.stop();
    this.video = null;
    this.camera = "off";
    this.onChange();
  }

  close() {
    this.audio?.stop();
    this.audio = null;
    this.microphone = "off";
    this.stopCamera();
  }

  /** @param {"audio" | "video"} kind */
  lost(kind) {
    if (kind === "audio") {
      this.audio = null;
      this.microphone = "missing";
    } else {
      this.video = null;
      this.camera = "missing";
    }
    this.onChange();
  }
}

/** Measures the microphone's loudness, 0 to 1, while a page shows it. */
export class LevelMeter {
  /** @param {MediaStreamTrack} track @param {(level: number) => void} onLevel */
  constructor(track, onLevel) {
    this.context = new AudioContext();
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 512;
    this.context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      onLevel(Math.max(0, Math.min(1, 1 + Math.log10(rms + 1e-6) / 3)));
    }, 100);
  }

  close() {
    clearInterval(this.timer);
    void this.context.close();
  }
}
