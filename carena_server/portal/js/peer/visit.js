/**
 * The visit from the patient's side: answers the desktop's offers, replaces legs make-before-break, answers heartbeats and
 * keeps chat and media state going across legs. It knows no page: it publishes a snapshot and streams.
 *
 *   waiting --offer--> connecting --data channel--> active <--> reconnecting (3 heartbeats missed, leg failed)
 *   any --goodbye--> paused (the clinician may come back) --offer--> connecting
 *   any --end--> ended
 *   any --the key agreement failed--> unsafe (for good; nothing is offered to go on)
 */
import { randomId } from "../ids.js";
import { LegSecurity } from "../e2ee/leg_security.js";
import { FileDesk } from "../files/desk.js";
import { Timers } from "../net/timers.js";
import { decodeSignal } from "../protocol/codec.js";
import { Chat } from "./chat.js";
import { Leg, candidateSignal } from "./leg.js";
import { offerProblem } from "./sdp.js";
import { Signals } from "./signals.js";

/** @typedef {Pick<import("../net/link.js").Link, "command">} Commands */
/** @typedef {{camera: boolean, microphone: "live" | "muted" | "off", sharing?: boolean}} MediaState */
/** @typedef {"waiting" | "connecting" | "active" | "reconnecting" | "paused" | "unsafe" | "ended"} CallState */
/** @typedef {{sealing: Pick<import("../e2ee/sealing.js").Sealing, "attach" | "install" | "forget">, device: Promise<CryptoKeyPair>, link?: Uint8Array<ArrayBuffer> | null}} Keys */
/** @typedef {{audio: MediaStreamTrack | null, video: MediaStreamTrack | null, state: MediaState}} Media */
/**
 * @typedef {object} VisitListener
 * @property {() => void} onChange
 * @property {(leg: Leg) => void} onStream a leg has remote tracks; show it, then call `shown`
 */

export const LATE_HEARTBEAT_MS = 3500;
export const READY_AGAIN_MS = 4000;
/** Longer than the desktop gives one leg (20 s): nothing it has begun can still come true. */
export const FRESH_START_MS = 25_000;
const GOODBYE_MS = 300;
const MOST_SEEN = 1024;

export class Visit {
  /** @param {string} id @param {Commands} link @param {() => Media} media @param {VisitListener} listener @param {Keys} keys @param {typeof Leg} [LegType] */
  constructor(id, link, media, listener, keys, LegType = Leg) {
    this.id = id;
    this.link = link;
    this.media = media;
    this.listener = listener;
    this.keys = keys;
    this.LegType = LegType;
    this.instance = randomId();
    this.chat = new Chat();
    this.files = new FileDesk(() => listener.onChange());
    this.signals = new Signals((signal) => link.command("relay", { visit: id, data: signal }));
    /** @type {CallState} */
    this.state = "waiting";
    /** @type {MediaState} */
    this.peer = { camera: true, microphone: "live", sharing: false };
    /** @type {boolean | null} whether the desktop has signaling; null: not said yet */
    this.peerPresent = null;
    /** @type {number | null} */
    this.startedAt = null;
    /** @type {Leg | null} */
    this.shownLeg = null;
    /** @type {Leg | null} */
    this.newLeg = null;
    this.highest = 0;
    /** @type {Set<string>} */
    this.seenSignals = new Set();
    this.timers = new Timers();
    this.sentState = "";
    this.dropped = 0;
  }

  /** Tell the desktop that this page can take an offer, and again until one comes. */
  begin() {
    this.announce();
    this.timers.start("fresh", () => this.startAfresh(), FRESH_START_MS);
  }

  announce() {
    if (this.isOver || this.highest > 0) return;
    const { instance } = this;
    if (!this.signals.holds("ready")) this.signals.send({ t: "ready", instance }, () => this.instance === instance && this.highest === 0);
    this.timers.start("ready", () => this.announce(), READY_AGAIN_MS);
  }

  /** Nothing is heard and nothing under way can help any more: be a new page, so that legs are counted anew. */
  startAfresh() {
    if (this.isOver || this.state === "active") return;
    this.dropNewLeg();
    this.instance = randomId();
    this.highest = 0;
    this.begin();
  }

  /** @param {boolean} present whether the desktop is connected to signaling */
  peerIs(present) {
    const returned = present && this.peerPresent === false;
    this.peerPresent = present;
    if (returned) this.startAfresh(); // perhaps the desktop was restarted and knows nothing of this page
    this.listener.onChange();
  }

  /** @param {{id: string, data: unknown}} relayed */
  relayed(relayed) {
    if (this.isOver || this.seenSignals.has(relayed.id)) return;
    this.remember(relayed.id);
    let signal;
    try {
      signal = decodeSignal(JSON.stringify(relayed.data));
    } catch {
      this.dropped += 1;
      return;
    }
    if (signal.t === "offer" && signal.instance === this.instance) void this.offered(signal);
    else if (signal.t === "reveal") void this.leg(signal.leg)?.security?.revealed(signal.hello);
    else if (signal.t === "unsafe") this.stopped(signal.leg);
    else if (signal.t === "candidate") void this.leg(signal.leg)?.candidate({ candidate: signal.candidate, sdpMid: signal.mid ?? null, sdpMLineIndex: signal.line ?? null });
    else this.dropped += 1;
  }

  /** @param {string} id */
  remember(id) {
    this.seenSignals.add(id);
    const [oldest] = this.seenSignals;
    if (this.seenSignals.size > MOST_SEEN && oldest !== undefined) this.seenSignals.delete(oldest);
  }

  /** @param {number} number */
  leg(number) {
    return [this.newLeg, this.shownLeg].find((leg) => leg?.number === number);
  }

  /** Nothing can begin any more. */
  get isOver() {
    return this.state === "ended" || this.state === "unsafe";
  }

  /** The leg that is seen, or the one that will be. */
  get currentLeg() {
    return this.shownLeg ?? this.newLeg;
  }

  /** @param {{leg: number, instance: string, sdp: string, commit: string}} offer */
  async offered(offer) {
    if (offer.leg <= this.highest) return;
    this.highest = offer.leg;
    this.timers.stop("ready");
    this.timers.start("fresh", () => this.startAfresh(), FRESH_START_MS);
    this.dropNewLeg();
    const isMeant = () => this.highest === offer.leg && this.instance === offer.instance && !this.isOver;
    try {
      if (offerProblem(offer.sdp) !== null) throw new Error("offer refused");
      const turn = await this.link.command("turn.request", { visit: this.id });
      if (!isMeant()) return;
      const device = await this.keys.device;
      if (!isMeant()) return;
      const leg = this.makeLeg(offer.leg, turn);
      const security = this.secure(leg, device, offer);
      const sdp = await leg.answer(offer.sdp);
      const hello = await security.hello(sdp);
      if (!isMeant()) return;
      this.signals.send({ t: "answer", leg: offer.leg, sdp, hello }, isMeant);
      leg.answered();
    } catch {
      if (!isMeant()) return;
      this.dropNewLeg();
      this.signals.send({ t: "leg-failed", leg: offer.leg }, isMeant);
    }
  }

  /** @param {Leg} leg @param {CryptoKeyPair} device @param {{leg: number, instance: string, sdp: string, commit: string}} offer */
  secure(leg, device, offer) {
    leg.security = new LegSecurity(device, `${this.id}/${offer.instance}/${offer.leg}`, offer.commit, offer.sdp, {
      send: (message) => void leg.send(message),
      install: (keys) => {
        this.files.install(leg, keys);
        return this.keys.sealing.install(leg.number, keys);
      },
      onSafe: () => this.isSafe(leg),
      onUnsafe: () => {
        if (this.isOpen(leg)) this.stop(leg.number);
      },
    }, this.keys.link ?? null);
    return leg.security;
  }

  /** @param {number} number @param {import("../protocol/codec.js").ServerMessage} turn */
  makeLeg(number, turn) {
    const configuration = { iceServers: turn.servers, iceTransportPolicy: /** @type {RTCIceTransportPolicy} */ (turn.relay_only ? "relay" : "all") };
    const leg = new this.LegType(number, configuration, this.media, {
      onCandidate: (from, candidate) => {
        const signal = candidateSignal(candidate, from.number);
        if (signal !== null) this.signals.send(signal, () => this.isOpen(from));
      },
      onStream: (from) => {
        if (this.isOpen(from)) this.listener.onStream(from);
      },
      onOpen: (from) => void from.security?.opened(),
      onControl: (from, message) => {
        if (this.isOpen(from) && from.security?.takes(message) === false) this.control(from, message);
      },
      onFiles: (from, channel) => {
        if (this.isOpen(from)) this.files.adopt(from, channel);
        else channel.close();
      },
      onState: (from, state) => {
        if (state === "failed" && from === (this.newLeg ?? this.shownLeg)) this.failed(from);
      },
    }, this.keys.sealing);
    this.newLeg = leg;
    if (this.state === "waiting" || this.state === "paused") this.become("connecting");
    return leg;
  }

  dropNewLeg() {
    this.drop(this.newLeg);
    this.newLeg = null;
  }

  /** @param {Leg | null} leg */
  drop(leg) {
    if (leg === null) return;
    leg.close();
    this.keys.sealing.forget(leg.number);
    this.files.forget(leg);
  }

  /** @param {Leg} leg */
  isOpen(leg) {
    return !this.isOver && (leg === this.shownLeg || leg === this.newLeg);
  }

  /** Both sides agreed on the same keys: now the two may talk. @param {Leg} leg */
  isSafe(leg) {
    if (!this.isOpen(leg)) return;
    leg.send({ t: "media-state", ...this.media().state });
    for (const message of this.chat.unsent()) leg.send(message);
    this.heard();
  }

  /** @param {Leg} leg */
  failed(leg) {
    this.become("reconnecting");
    this.signals.send({ t: "leg-failed", leg: leg.number }, () => this.highest === leg.number && this.isOpen(leg));
  }

  /** The page shows this leg's pictures now, or hears it: the one before has done its work. @param {Leg} leg */
  shown(leg) {
    if (leg !== this.newLeg) return;
    const before = this.shownLeg;
    this.shownLeg = leg;
    this.newLeg = null;
    this.drop(before);
  }

  /** @param {Leg} leg @param {any} message */
  control(leg, message) {
    switch (message.t) {
      case "heartbeat":
        leg.send({ t: "heartbeat-seen", n: message.n });
        this.heard();
        break;
      case "chat": {
        const { reply } = this.chat.arrived(message, Date.now());
        if (reply !== null) leg.send(reply);
        this.listener.onChange();
        break;
      }
      case "chat-received":
        this.chat.received(message.id);
        this.listener.onChange();
        break;
      case "media-state":
        this.peer = { camera: message.camera, microphone: message.microphone, sharing: message.sharing === true };
        this.listener.onChange();
        break;
      case "goodbye":
        this.pause();
        break;
    }
  }

  heard() {
    this.timers.start("late", () => this.become("reconnecting"), LATE_HEARTBEAT_MS);
    this.timers.start("fresh", () => this.startAfresh(), FRESH_START_MS);
    this.startedAt ??= Date.now();
    this.become("active");
  }

  /** Whether the text was taken; it is not when it is too long. @param {string} text */
  say(text) {
    const message = this.chat.write(randomId(), text, Date.now());
    if (message === null) return false;
    this.everyLeg((leg) => leg.send(message));
    this.listener.onChange();
    return true;
  }

  /** Our devices changed. */
  mediaChanged() {
    const { state } = this.media();
    const said = JSON.stringify(state);
    this.everyLeg((leg) => {
      void leg.tracksChanged();
      if (said !== this.sentState) leg.send({ t: "media-state", ...state });
    });
    this.sentState = said;
  }

  /** @param {(leg: Leg) => void} action */
  everyLeg(action) {
    for (const leg of [this.shownLeg, this.newLeg]) if (leg) action(leg);
  }

  /** @param {CallState} state */
  become(state) {
    if (this.state === state || this.isOver) return;
    this.state = state;
    this.listener.onChange();
  }

  /** The clinician hung up, which does not finish the visit: be ready for another call. */
  pause() {
    this.closeLegs();
    this.timers.clear();
    this.become("paused");
    this.startAfresh();
  }

  /** Say goodbye and close everything. */
  hangUp() {
    this.everyLeg((leg) => leg.send({ t: "goodbye" }));
    this.end();
  }

  /** The key agreement failed, or frames can't be sealed: the call is over, and so is every further one of this page. @param {number} leg */
  stop(leg) {
    if (this.isOver) return;
    this.signals.send({ t: "unsafe", leg }, () => this.state === "unsafe");
    this.becomeUnsafe();
  }

  /** The desktop found the leg unsafe, or its clinician heard another code. @param {number} leg */
  stopped(leg) {
    if (this.leg(leg) !== undefined) this.becomeUnsafe();
  }

  becomeUnsafe() {
    this.files.end();
    this.become("unsafe");
    this.timers.clear();
    this.closeLegs();
  }

  end() {
    if (this.state === "ended") return;
    if (this.state === "unsafe") this.state = "connecting"; // or it could not become anything
    this.timers.clear();
    this.files.end();
    this.signals.close();
    this.become("ended");
    this.closeLegs();
  }

  closeLegs() {
    const legs = [this.shownLeg, this.newLeg];
    this.shownLeg = this.newLeg = null;
    setTimeout(() => legs.forEach((leg) => this.drop(leg)), GOODBYE_MS); // the goodbye is still on its way
  }
}
