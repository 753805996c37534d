/**
 * One leg: a peer connection made for one offer of the desktop. It sends what the devices give, hands out the remote
 * stream and the data channel, and never lives longer than its successor's first picture.
 */
import { FILES_CHANNEL } from "../files/records.js";
import { decodeControl } from "../protocol/codec.js";
import { MAX_CANDIDATE_BYTES } from "../protocol/limits.js";

/** @typedef {import("../e2ee/sframe.js").Kind} Kind */
/** @typedef {{audio: MediaStreamTrack | null, video: MediaStreamTrack | null, screen: MediaStreamTrack | null}} Tracks */
/**
 * @typedef {object} LegListener
 * @property {(leg: Leg, candidate: RTCIceCandidate | null) => void} onCandidate
 * @property {(leg: Leg) => void} onStream
 * @property {(leg: Leg) => void} onScreen
 * @property {(leg: Leg) => void} onOpen
 * @property {(leg: Leg, message: any) => void} onControl
 * @property {(leg: Leg, channel: RTCDataChannel) => void} onFiles
 * @property {(leg: Leg, state: RTCPeerConnectionState) => void} onState
 */

const CHANNEL = "carena";
const MOST_EARLY_CANDIDATES = 64;

/** A screen has to be read: while one is shared the camera is small and costs little. */
const BESIDE_SCREEN = { maxBitrate: 300_000, scaleResolutionDownBy: 2 };

/** @param {RTCRtpSender} sender of the camera @param {boolean} isBeside whether a screen is shared, too */
const yieldTo = async (sender, isBeside) => {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings ?? [];
  if (encoding === undefined || (encoding.maxBitrate === BESIDE_SCREEN.maxBitrate) === isBeside) return;
  if (isBeside) Object.assign(encoding, BESIDE_SCREEN);
  else {
    delete encoding.maxBitrate;
    encoding.scaleResolutionDownBy = 1;
  }
  await sender.setParameters(parameters).catch(() => undefined); // a browser that can't shares its rate as it likes
};

export class Leg {
  /** @param {number} number @param {RTCConfiguration} configuration @param {() => Tracks} tracks what to send now @param {LegListener} listener @param {Pick<import("../e2ee/sealing.js").Sealing, "attach">} sealing */
  constructor(number, configuration, tracks, listener, sealing) {
    this.number = number;
    this.tracks = tracks;
    this.listener = listener;
    this.stream = new MediaStream();
    /** The desktop's shared screen: a picture of its own. */
    this.screen = new MediaStream();
    /** @type {RTCDataChannel | null} */
    this.channel = null;
    /** @type {RTCIceCandidateInit[]} theirs, before the offer was applied */
    this.early = [];
    /** @type {(RTCIceCandidate | null)[] | null} ours, before the answer was sent; null afterwards */
    this.held = [];
    /** @type {Promise<void>} */
    this.replacing = Promise.resolve();
    this.badMessages = 0;
    this.hasFiles = false;
    /** Whether there are keys to send with; until then the senders have no track, so that the first frame is a key frame. */
    this.sends = false;
    /** Resolves once both proved to have agreed. @type {Promise<void>} */
    this.whenSafe = new Promise((resolve) => {
      this.isSafe = resolve;
    });
    /** Resolves once media can flow both ways. @type {Promise<void>} */
    this.ready = new Promise((resolve) => {
      this.isReady = resolve;
    });
    /** @type {import("../e2ee/leg_security.js").LegSecurity | null} */
    this.security = null;
    // Without encodedInsertableStreams Chromium sends the first frames past a transform that is set a moment later.
    const sealed = /** @type {RTCConfiguration} */ ({ encodedInsertableStreams: true });
    this.connection = new RTCPeerConnection({ bundlePolicy: "max-bundle", rtcpMuxPolicy: "require", ...sealed, ...configuration });
    this.connection.addEventListener("icecandidate", ({ candidate }) => this.found(candidate));
    this.connection.addEventListener("connectionstatechange", () => this.stateChanged());
    this.connection.addEventListener("track", ({ track, transceiver }) => {
      const kind = this.kindOf(transceiver);
      sealing.attach(number, transceiver, kind); // in this very task
      (kind === "screen" ? this.screen : this.stream).addTrack(track);
      if (kind === "screen") listener.onScreen(this);
      else listener.onStream(this);
    });
    this.connection.addEventListener("datachannel", ({ channel }) => this.adopt(channel));
  }

  /** The second video section is the shared screen's. @param {RTCRtpTransceiver} transceiver @returns {Kind} */
  kindOf(transceiver) {
    if (transceiver.receiver.track.kind === "audio") return "audio";
    const pictures = this.connection.getTransceivers().filter(({ receiver }) => receiver.track.kind === "video");
    return pictures.indexOf(transceiver) > 0 ? "screen" : "video";
  }

  /** Whether a shared screen has a section of its own in this leg. */
  get hasScreen() {
    return this.connection.getTransceivers().some((transceiver) => this.kindOf(transceiver) === "screen");
  }

  /** Apply the offer and return the answer's SDP; call `answered` once it is on its way. @param {string} sdp */
  async answer(sdp) {
    await this.connection.setRemoteDescription({ type: "offer", sdp });
    for (const transceiver of this.connection.getTransceivers()) transceiver.direction = "sendrecv"; // a device that comes later needs no new offer
    await this.tracksChanged();
    await this.connection.setLocalDescription();
    return String(this.connection.localDescription?.sdp);
  }

  /** The answer was handed over: candidates may follow it. */
  answered() {
    const held = this.held ?? [];
    this.held = null;
    for (const candidate of held) this.listener.onCandidate(this, candidate);
    for (const candidate of this.early.splice(0)) void this.candidate(candidate);
  }

  /** @param {RTCIceCandidate | null} candidate */
  found(candidate) {
    if (this.held !== null) this.held.push(candidate);
    else this.listener.onCandidate(this, candidate);
  }

  /** @param {RTCIceCandidateInit} candidate */
  async candidate(candidate) {
    if (this.connection.remoteDescription === null) {
      if (this.early.length < MOST_EARLY_CANDIDATES) this.early.push(candidate);
      return;
    }
    try {
      await this.connection.addIceCandidate(candidate.candidate === "" ? undefined : candidate);
    } catch {
      this.badMessages += 1; // a candidate this browser can't use is no reason to lose the others
    }
  }

  /** There are keys: send what the devices give. */
  begin() {
    if (this.sends) return;
    this.sends = true;
    void this.tracksChanged();
    this.isReady?.();
  }

  /** Packets of sound and picture that arrived so far. */
  async packets() {
    let sum = 0;
    for (const report of (await this.connection.getStats()).values()) if (report.type === "inbound-rtp") sum += Number(report.packetsReceived ?? 0);
    return sum;
  }

  /** The devices changed: send what they give now, one change after the other. @returns {Promise<void>} */
  tracksChanged() {
    this.replacing = this.replacing.then(async () => {
      const tracks = this.tracks();
      for (const transceiver of this.connection.getTransceivers()) {
        const kind = this.kindOf(transceiver);
        const wanted = this.sends ? tracks[kind] : null;
        try {
          if (transceiver.sender.track !== wanted) await transceiver.sender.replaceTrack(wanted);
          if (kind === "video") await yieldTo(transceiver.sender, tracks.screen !== null);
        } catch {
          return; // the connection was closed meanwhile
        }
      }
    });
    return this.replacing;
  }

  /** Send a control message; false when the channel can't take it. @param {object} message */
  send(message) {
    if (this.channel?.readyState !== "open") return false;
    try {
      this.channel.send(JSON.stringify(message));
      return true;
    } catch {
      return false;
    }
  }

  stateChanged() {
    this.listener.onState(this, this.connection.connectionState);
  }

  close() {
    this.connection.close();
  }

  /** @param {RTCDataChannel} channel */
  adopt(channel) {
    if (channel.label === FILES_CHANNEL && !this.hasFiles) {
      this.hasFiles = true;
      this.listener.onFiles(this, channel);
      return;
    }
    if (channel.label !== CHANNEL || this.channel !== null) {
      channel.close();
      return;
    }
    this.channel = channel;
    channel.binaryType = "arraybuffer";
    channel.addEventListener("message", ({ data }) => this.receive(data));
    const open = () => this.listener.onOpen(this);
    if (channel.readyState === "open") open();
    else channel.addEventListener("open", open);
  }

  /** @param {unknown} data */
  receive(data) {
    let message;
    try {
      message = decodeControl(data instanceof ArrayBuffer ? new TextDecoder("utf-8", { fatal: true }).decode(data) : String(data));
    } catch {
      this.badMessages += 1;
      return;
    }
    this.listener.onControl(this, message);
  }
}

/** The signal for a local candidate, or null for one that no peer would take. @param {RTCIceCandidate | null} candidate @param {number} leg */
export const candidateSignal = (candidate, leg) => {
  if (candidate === null || candidate.candidate === "") return { t: "candidate", leg, candidate: "", mid: null, line: null };
  if (candidate.candidate.length > MAX_CANDIDATE_BYTES) return null;
  return { t: "candidate", leg, candidate: candidate.candidate, mid: candidate.sdpMid, line: candidate.sdpMLineIndex };
};
