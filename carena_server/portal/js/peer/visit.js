/**
 * The visit from the patient's side: answers the desktop's offers, replaces legs make-before-break, answers heartbeats and
 * keeps chat and media state going across legs. It knows no page: it publishes a snapshot and streams.
 */
import { randomId } from "../ids.js";
import { decodeSignal } from "../protocol/codec.js";
import { Chat } from "./chat.js";
import { Leg, candidateSignal } from "./leg.js";
import { offerProblem } from "./sdp.js";

/** @typedef {import("../net/link.js").Link} Link */
/** @typedef {{camera: boolean, microphone: "live" | "muted" | "off"}} MediaState */
/** @typedef {"waiting" | "connecting" | "active" | "reconnecting" | "ended"} CallState */
/**
 * @typedef {object} VisitListener
 * @property {() => void} onChange
 * @property {(leg: Leg) => void} onStream a leg has remote tracks; show it, then call `shown`
 */

const LATE_HEARTBEAT_MS = 3500;
const READY_AGAIN_MS = 4000;

export class Visit {
  /** @param {string} id @param {Link} link @param {() => {audio: MediaStreamTrack | null, video: MediaStreamTrack | null, state: MediaState}} media @param {VisitListener} listener */
  constructor(id, link, media, listener) {
    this.id = id;
    this.link = link;
    this.media = media;
    this.listener = listener;
    this.instance = randomId();
    this.chat = new Chat();
    /** @type {CallState} */
    this.state = "waiting";
    /** @type {MediaState} */
    this.peer = { camera: true, microphone: "live" };
    /** @type {number | null} */
    this.startedAt = null;
    /** @type {Leg | null} */
    this.shownLeg = null;
    /** @type {Leg | null} */
    this.newLeg = null;
    this.highest = 0;
    /** @type {Set<string>} */
    this.seenSignals = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.heartbeatTimer = undefined;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.readyTimer = undefined;
    this.dropped = 0;
  }

  /** Tell the desktop that this page can take an offer, and again until one comes. */
  begin() {
    this.announce();
    this.readyTimer = setInterval(() => {
      if (this.highest === 0 && this.state !== "ended") this.announce();
      else clearInterval(this.readyTimer);
    }, READY_AGAIN_MS);
  }

  announce() {
    this.signal({ t: "ready", instance: this.instance });
  }

  /** Signaling is new: what was lost with the old session is said again. */
  signalingRestarted() {
    if (this.state === "waiting") this.announce();
  }

  /** @param {object} signal */
  signal(signal) {
    // A desktop that is away for a moment is no failure here: it asks again by its own timers.
    this.link.command("relay", { visit: this.id, data: signal }).catch(() => undefined);
  }

  /** @param {{id: string, data: unknown}} relayed */
  relayed(relayed) {
    if (this.state === "ended" || this.seenSignals.has(relayed.id)) return;
    this.seenSignals.add(relayed.id);
    let signal;
    try {
      signal = decodeSignal(JSON.stringify(relayed.data));
    } catch {
      this.dropped += 1;
      return;
    }
    if (signal.t === "offer" && signal.instance === this.instance) void this.offered(signal);
    else if (signal.t === "candidate") void this.leg(signal.leg)?.candidate({ candidate: signal.candidate, sdpMid: signal.mid ?? null, sdpMLineIndex: signal.line ?? null });
    else this.dropped += 1;
  }

  /** @param {number} number */
  leg(number) {
    return [this.newLeg, this.shownLeg].find((leg) => leg?.number === number);
  }

  /** @param {{leg: number, sdp: string}} offer */
  async offered(offer) {
    if (offer.leg <= this.highest) return;
    this.highest = offer.leg;
    this.newLeg?.close();
    this.newLeg = null;
    if (offerProblem(offer.sdp) !== null) {
      this.signal({ t: "leg-failed", leg: offer.leg });
      return;
    }
    try {
      const turn = await this.link.command("turn.request", { visit: this.id });
      if (offer.leg !== this.highest || /** @type {CallState} */ (this.state) === "ended") return;
      const leg = new Leg(offer.leg, { iceServers: turn.servers, iceTransportPolicy: turn.relay_only ? "relay" : "all" }, this.legListener());
      this.newLeg = leg;
      if (this.state === "waiting") this.become("connecting");
      const { audio, video } = this.media();
      const sdp = await leg.answer(offer.sdp, { audio, video });
      this.signal({ t: "answer", leg: offer.leg, sdp });
    } catch {
      this.signal({ t: "leg-failed", leg: offer.leg });
    }
  }

  /** @returns {import("./leg.js").LegListener} */
  legListener() {
    return {
      onCandidate: (leg, candidate) => this.signal(candidateSignal(candidate, leg.number)),
      onStream: (leg) => this.listener.onStream(leg),
      onOpen: (leg) => {
        leg.send({ t: "media-state", ...this.media().state });
        for (const message of this.chat.unsent()) leg.send(message);
        this.heard();
      },
      onControl: (leg, message) => this.control(leg, message),
      onState: (leg, state) => {
        if (state === "failed" && leg === (this.newLeg ?? this.shownLeg)) {
          this.become("reconnecting");
          this.signal({ t: "leg-failed", leg: leg.number });
        }
      },
    };
  }

  /** The page shows this leg's pictures now, or hears it: the one before has done its work. @param {Leg} leg */
  shown(leg) {
    if (leg !== this.newLeg) return;
    const before = this.shownLeg;
    this.shownLeg = leg;
    this.newLeg = null;
    before?.close();
  }

  /** @param {Leg} leg @param {any} message */
  control(leg, message) {
    switch (message.t) {
      case "heartbeat":
        leg.send({ t: "heartbeat-seen", n: message.n });
        if (leg.number === this.highest) this.heard();
        break;
      case "chat":
        leg.send(this.chat.arrived(message, Date.now()).reply);
        this.listener.onChange();
        break;
      case "chat-received":
        this.chat.received(message.id);
        this.listener.onChange();
        break;
      case "media-state":
        this.peer = { camera: message.camera, microphone: message.microphone };
        this.listener.onChange();
        break;
      case "goodbye":
        this.end();
        break;
    }
  }

  heard() {
    clearTimeout(this.heartbeatTimer);
    this.heartbeatTimer = setTimeout(() => this.become("reconnecting"), LATE_HEARTBEAT_MS);
    this.startedAt ??= Date.now();
    this.become("active");
  }

  /** @param {string} text */
  say(text) {
    const message = this.chat.write(randomId(), text, Date.now());
    this.everyLeg((leg) => leg.send(message));
    this.listener.onChange();
  }

  /** Our devices changed. */
  async mediaChanged() {
    const { audio, video, state } = this.media();
    for (const leg of [this.shownLeg, this.newLeg]) {
      await leg?.replace("audio", audio);
      await leg?.replace("video", video);
    }
    this.everyLeg((leg) => leg.send({ t: "media-state", ...state }));
  }

  /** @param {(leg: Leg) => void} action */
  everyLeg(action) {
    for (const leg of [this.shownLeg, this.newLeg]) if (leg) action(leg);
  }

  /** @param {CallState} state */
  become(state) {
    if (this.state === state || this.state === "ended") return;
    this.state = state;
    this.listener.onChange();
  }

  /** Say goodbye and close everything. */
  hangUp() {
    this.everyLeg((leg) => leg.send({ t: "goodbye" }));
    this.end();
  }

  end() {
    if (this.state === "ended") return;
    clearTimeout(this.heartbeatTimer);
    clearInterval(this.readyTimer);
    this.become("ended");
    const legs = [this.shownLeg, this.newLeg];
    this.shownLeg = this.newLeg = null;
    setTimeout(() => legs.forEach((leg) => leg?.close()), 300); // the goodbye is still on its way
  }
}
