/**
 * One leg: a peer connection made for one offer of the desktop. It sends what the devices give, hands out the remote
 * stream and the data channel, and never lives longer than its successor's first picture.
 */
import { decodeControl } from "../protocol/codec.js";
import { MAX_CANDIDATE_BYTES } from "../protocol/limits.js";

/**
 * @typedef {object} LegListener
 * @property {(leg: Leg, candidate: RTCIceCandidate | null) => void} onCandidate
 * @property {(leg: Leg) => void} onStream
 * @property {(leg: Leg) => void} onOpen
 * @property {(leg: Leg, message: any) => void} onControl
 * @property {(leg: Leg, state: RTCPeerConnectionState) => void} onState
 */

const CHANNEL = "carena";

export class Leg {
  /** @param {number} number @param {RTCConfiguration} configuration @param {LegListener} listener */
  constructor(number, configuration, listener) {
    this.number = number;
    this.listener = listener;
    this.stream = new MediaStream();
    /** @type {RTCDataChannel | null} */
    this.channel = null;
    /** @type {RTCIceCandidateInit[]} */
    this.early = [];
    this.badMessages = 0;
    this.connection = new RTCPeerConnection({ bundlePolicy: "max-bundle", rtcpMuxPolicy: "require", ...configuration });
    this.connection.addEventListener("icecandidate", ({ candidate }) => listener.onCandidate(this, candidate));
    this.connection.addEventListener("connectionstatechange", () => listener.onState(this, this.connection.connectionState));
    this.connection.addEventListener("track", ({ track }) => {
      this.stream.addTrack(track);
      listener.onStream(this);
    });
    this.connection.addEventListener("datachannel", ({ channel }) => this.adopt(channel));
  }

  /** Apply the offer and return the answer's SDP. @param {string} sdp @param {{audio: MediaStreamTrack | null, video: MediaStreamTrack | null}} tracks */
  async answer(sdp, tracks) {
    await this.connection.setRemoteDescription({ type: "offer", sdp });
    for (const transceiver of this.connection.getTransceivers()) {
      const kind = transceiver.receiver.track.kind;
      transceiver.direction = "sendrecv"; // a device that comes later needs no new offer
      await transceiver.sender.replaceTrack(kind === "audio" ? tracks.audio : tracks.video);
    }
    await this.connection.setLocalDescription(await this.connection.createAnswer());
    for (const candidate of this.early.splice(0)) await this.candidate(candidate);
    return String(this.connection.localDescription?.sdp);
  }

  /** @param {RTCIceCandidateInit} candidate */
  async candidate(candidate) {
    if (this.connection.remoteDescription === null) {
      if (this.early.length < 64) this.early.push(candidate);
      return;
    }
    try {
      await this.connection.addIceCandidate(candidate.candidate === "" ? undefined : candidate);
    } catch {
      this.badMessages += 1; // a candidate this browser can't use is no reason to lose the others
    }
  }

  /** @param {"audio" | "video"} kind @param {MediaStreamTrack | null} track */
  async replace(kind, track) {
    for (const transceiver of this.connection.getTransceivers()) {
      if (transceiver.receiver.track.kind === kind) await transceiver.sender.replaceTrack(track);
    }
  }

  /** Send a control message; false when the channel is not open. @param {object} message */
  send(message) {
    if (this.channel?.readyState !== "open") return false;
    this.channel.send(JSON.stringify(message));
    return true;
  }

  close() {
    this.connection.close();
  }

  /** @param {RTCDataChannel} channel */
  adopt(channel) {
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
    const text = data instanceof ArrayBuffer ? new TextDecoder().decode(data) : data;
    try {
      this.listener.onControl(this, decodeControl(String(text)));
    } catch {
      this.badMessages += 1;
    }
  }
}

/** @param {RTCIceCandidate | null} candidate @param {number} leg */
export const candidateSignal = (candidate, leg) =>
  candidate === null || candidate.candidate === ""
    ? { t: "candidate", leg, candidate: "", mid: null, line: null }
    : { t: "candidate", leg, candidate: candidate.candidate.slice(0, MAX_CANDIDATE_BYTES), mid: candidate.sdpMid, line: candidate.sdpMLineIndex };
