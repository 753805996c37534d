/**
 * The legs of a visit, from the patient's side: one is shown, one may be coming, and the one before is leaving until the
 * desktop says that it is over. Offers come through the relay, or over the leg in use; what is said about a leg that
 * another one vouches for is sealed, and goes the way the offer came.
 */
import { equal } from "../e2ee/bytes.js";
import { LegSecurity } from "../e2ee/leg_security.js";
import { Timers } from "../net/timers.js";
import { MAX_CONTROL_BYTES } from "../protocol/limits.js";
import { Leg, candidateSignal } from "./leg.js";
import { offerProblem } from "./sdp.js";
import { Vouching } from "./vouching.js";

/** @typedef {import("./vouching.js").LegSignal} LegSignal */
/** @typedef {{leg: number, instance: string, sdp: string, commit: string}} Offer */
/** @typedef {import("../protocol/codec.js").ServerMessage} ServerMessage */
/** @typedef {{sealing: Pick<import("../e2ee/sealing.js").Sealing, "attach" | "install" | "forget">, device: Promise<CryptoKeyPair>, link?: Uint8Array<ArrayBuffer> | null, trust?: Pick<import("../e2ee/trust.js").Trust, "safe">}} Keys */
/**
 * @typedef {object} LegsOwner the visit
 * @property {string} id
 * @property {string} instance of this page
 * @property {boolean} isOver
 * @property {import("./signals.js").Signals} signals
 * @property {() => import("./leg.js").Tracks} media
 * @property {Keys} keys
 * @property {Pick<import("../files/desk.js").FileDesk, "install" | "adopt" | "forget">} files
 * @property {() => Promise<ServerMessage>} turn ICE servers
 * @property {(leg: Leg) => void} onMade
 * @property {(leg: Leg) => void} onStream
 * @property {(leg: Leg) => void} onScreen
 * @property {(leg: Leg) => void} onSafe
 * @property {(leg: Leg, message: any) => void} onControl
 * @property {(leg: Leg) => void} onFailed its connection is gone
 * @property {(leg: number) => void} onUnsafe
 */

/** A leg that was replaced is closed after this, should the desktop not say so. */
const LEAVING_MS = 8000;
/** Servers that were good a moment ago are used when the service does not answer within this. */
const TURN_WITHIN_MS = 2500;
const CREDENTIAL_AGE = 0.8;

export class Legs {
  /** @param {LegsOwner} owner @param {typeof Leg} [LegType] */
  constructor(owner, LegType = Leg) {
    this.owner = owner;
    this.LegType = LegType;
    this.vouching = new Vouching();
    /** @type {Leg | null} */
    this.shown = null;
    /** @type {Leg | null} */
    this.coming = null;
    /** @type {Leg | null} */
    this.leaving = null;
    /** The newest leg with keys: what the two say to each other goes over it. @type {Leg | null} */
    this.talking = null;
    /** The code of the first leg that the others go back to. @type {import("../e2ee/safety_code.js").SafetyCode | null} */
    this.code = null;
    /** Of the desktop whose code that is. @type {Uint8Array} */
    this.peerDevice = new Uint8Array(0);
    this.highest = 0;
    this.timers = new Timers();
    /** @type {Promise<void>} what is said about legs, in order */
    this.outbox = Promise.resolve();
    /** @type {Promise<void>} what is heard of them */
    this.inbox = Promise.resolve();
    /** @type {{servers: ServerMessage, until: number} | null} */
    this.known = null;
  }

  /** Every leg that is open. */
  get all() {
    return [this.shown, this.coming, this.leaving].filter((leg) => leg !== null);
  }

  /** @param {number} number */
  find(number) {
    return this.all.find((leg) => leg.number === number);
  }

  /** @param {Leg} leg */
  isOpen(leg) {
    return !this.owner.isOver && this.all.includes(leg);
  }

  /** Say something over the leg in use. @param {object} message */
  say(message) {
    return this.talking !== null && this.talking.send(message);
  }

  /** This page begins anew: nothing vouches for what comes. */
  forget() {
    this.vouching.clear();
    this.code = null;
    this.peerDevice = new Uint8Array(0);
    this.highest = 0;
  }

  // -- signals --------------------------------------------------------------------------------------------------------

  /** Take a signal about a leg; `over` is the leg that carried it, null for the relay. @param {any} signal @param {Leg | null} over */
  take(signal, over) {
    if (signal.t === "sealed") {
      this.inbox = this.inbox.then(async () => {
        const inner = await this.vouching.open(signal);
        if (inner !== null && !this.owner.isOver) this.act(inner, over);
      });
    } else if (this.vouching.allowsPlain(signal)) this.act(signal, over);
    else this.vouching.refused += 1;
  }

  /** @param {any} signal @param {Leg | null} over */
  act(signal, over) {
    if (signal.t === "offer") {
      if (signal.instance === this.owner.instance) void this.offered(signal, over);
    } else if (signal.t === "reveal") void this.find(signal.leg)?.security?.revealed(signal.hello);
    else if (signal.t === "candidate") void this.find(signal.leg)?.candidate({ candidate: signal.candidate, sdpMid: signal.mid ?? null, sdpMLineIndex: signal.line ?? null });
  }

  /** Say something about a leg, the way its offer came. @param {LegSignal} signal @param {Leg | null} over @param {() => boolean} meant */
  tell(signal, over, meant) {
    this.outbox = this.outbox.then(async () => {
      if (!meant()) return;
      const said = await this.vouching.seal(signal);
      const fits = said.t === "sealed" && new TextEncoder().encode(JSON.stringify(said)).length <= MAX_CONTROL_BYTES;
      if (!fits || over === null || !over.send(said)) this.owner.signals.send(said, meant);
    });
  }

  /** The desktop has to make another leg: this one hears nothing. Said both ways, as one of them may work. @param {Leg} leg */
  complain(leg) {
    const signal = { t: "leg-failed", leg: leg.number };
    const meant = () => this.isOpen(leg) && (!this.isMaking || this.coming === leg);
    this.outbox = this.outbox.then(async () => {
      if (!meant()) return;
      const said = await this.vouching.seal(signal);
      this.owner.signals.send(said, meant);
      if (said.t === "sealed") leg.send(said);
    });
  }

  // -- making a leg ---------------------------------------------------------------------------------------------------

  /** @param {Offer} offer @param {Leg | null} over */
  async offered(offer, over) {
    if (offer.leg <= this.highest) return;
    this.highest = offer.leg;
    if (!this.vouching.isBegun) this.vouching.first(offer.leg);
    this.dropComing();
    const { owner } = this;
    const isMeant = () => this.highest === offer.leg && owner.instance === offer.instance && !owner.isOver;
    try {
      if (offerProblem(offer.sdp) !== null) throw new Error("offer refused");
      const turn = await this.servers();
      if (!isMeant()) return;
      const device = await owner.keys.device;
      if (!isMeant()) return;
      const leg = this.make(offer.leg, turn, over);
      const security = this.secure(leg, device, offer);
      owner.onMade(leg);
      const sdp = await leg.answer(offer.sdp);
      const hello = await security.hello(sdp);
      if (!isMeant()) return;
      this.tell({ t: "answer", leg: offer.leg, sdp, hello }, over, isMeant);
      leg.answered();
    } catch {
      if (!isMeant()) return;
      this.dropComing();
      this.tell({ t: "leg-failed", leg: offer.leg }, over, isMeant);
    }
  }

  /** ICE servers: fresh ones, or those of a moment ago while the service does not answer. */
  async servers() {
    const asked = this.owner.turn().then((servers) => {
      const life = Number(servers.ttl_s ?? 0) * 1000 * CREDENTIAL_AGE;
      this.known = { servers, until: Date.now() + life };
      return servers;
    });
    const { known } = this;
    if (known === null || Date.now() >= known.until) return asked;
    const late = new Promise((/** @type {(servers: ServerMessage) => void} */ resolve) => setTimeout(() => resolve(known.servers), TURN_WITHIN_MS));
    return Promise.race([asked.catch(() => known.servers), late]);
  }

  /** @param {Leg} leg @param {CryptoKeyPair} device @param {Offer} offer */
  secure(leg, device, offer) {
    const { owner } = this;
    leg.security = new LegSecurity(device, `${owner.id}/${offer.instance}/${offer.leg}`, offer.commit, offer.sdp, {
      send: (message) => void leg.send(message),
      install: async (keys) => {
        owner.files.install(leg, keys);
        await owner.keys.sealing.install(leg.number, keys);
        if (keys.use === "send") {
          const isFirst = !leg.sends;
          leg.begin();
          if (isFirst) this.talksOver(leg);
        }
      },
      onSafe: (agreed) => this.isSafe(leg, agreed),
      onRenewed: () => this.vouching.settled(leg.number),
      onUnsafe: () => {
        if (this.isOpen(leg)) owner.onUnsafe(leg.number);
      },
      onLate: () => {
        if (leg === this.coming) owner.onFailed(leg);
      },
    }, owner.keys.link ?? null);
    return leg.security;
  }

  /** @param {number} number @param {ServerMessage} turn @param {Leg | null} over */
  make(number, turn, over) {
    const configuration = { iceServers: turn.servers, iceTransportPolicy: /** @type {RTCIceTransportPolicy} */ (turn.relay_only ? "relay" : "all") };
    const { owner } = this;
    const leg = new this.LegType(number, configuration, owner.media, {
      onCandidate: (from, candidate) => {
        const signal = candidateSignal(candidate, from.number);
        if (signal !== null) this.tell(signal, over, () => this.isOpen(from));
      },
      onStream: (from) => {
        if (this.isOpen(from)) owner.onStream(from);
      },
      onScreen: (from) => {
        if (this.isOpen(from)) owner.onScreen(from);
      },
      onOpen: (from) => void from.security?.opened(),
      onControl: (from, message) => {
        if (this.isOpen(from) && from.security?.takes(message) === false) this.control(from, message);
      },
      onFiles: (from, channel) => {
        if (this.isOpen(from)) owner.files.adopt(from, channel);
        else channel.close();
      },
      onState: (from, state) => this.stateChanged(from, state),
    }, owner.keys.sealing);
    this.coming = leg;
    return leg;
  }

  /** @param {Leg} leg @param {RTCPeerConnectionState} state */
  stateChanged(leg, state) {
    if (leg === this.leaving && (state === "failed" || state === "closed")) this.left(leg.number);
    else if (state !== "failed" || !this.isOpen(leg)) return;
    else if (leg === this.coming && !this.isMaking) this.dropComing(); // the desktop closed its spare, or finds out by itself
    else this.owner.onFailed(leg);
  }

  /** Both sides agreed on the same keys: now the two may talk. @param {Leg} leg @param {import("../e2ee/agreement.js").Agreed} agreed */
  async isSafe(leg, agreed) {
    const isFirst = !this.vouching.isBegun;
    const device = leg.security?.agreement.peerDevice ?? new Uint8Array(0);
    if (!isFirst && !equal(device, this.peerDevice)) throw new Error("device"); // another than the one whose code was compared
    await this.vouching.safe(leg.number, agreed.resume.slice());
    if (isFirst) {
      this.code = agreed.safetyCode;
      this.peerDevice = device;
    }
    if (this.isOpen(leg)) leg.isSafe?.();
  }

  /** A leg has its first keys: it is no spare, or none any more, and what the two say goes over it. @param {Leg} leg */
  talksOver(leg) {
    if (!this.isOpen(leg)) return;
    this.talking = leg;
    this.owner.onSafe(leg);
  }

  /** Whether a leg is being made, which a safe one without keys is not: that is the desktop's spare, beside a path that may end. */
  get isMaking() {
    return this.coming !== null && (this.coming.sends || this.coming.security?.isSafe !== true);
  }

  // -- taking over ----------------------------------------------------------------------------------------------------

  /** The page shows this leg's pictures and plays its sound: the one before leaves when the desktop says so. @param {Leg} leg */
  show(leg) {
    if (leg !== this.coming) return;
    const before = this.shown;
    this.drop(this.leaving);
    [this.shown, this.coming, this.leaving] = [leg, null, before];
    leg.whenSafe.then(() => leg.send({ t: "leg-shown", leg: leg.number }));
    if (before !== null) this.timers.start("leaving", () => this.left(before.number), LEAVING_MS);
  }

  /** A leg is over. @param {number} number */
  left(number) {
    if (this.leaving?.number !== number) return;
    this.timers.stop("leaving");
    this.drop(this.leaving);
    this.leaving = null;
  }

  /** @param {Leg} leg @param {any} message */
  control(leg, message) {
    if (message.t === "sealed") this.take(message, leg);
    else if (message.t === "leg-over") this.left(message.leg);
    else this.owner.onControl(leg, message);
  }

  dropComing() {
    this.drop(this.coming);
    this.coming = null;
  }

  /** @param {Leg | null} leg */
  drop(leg) {
    if (leg === null) return;
    if (leg === this.talking) this.talking = null;
    leg.close();
    leg.security?.wipe();
    this.owner.keys.sealing.forget(leg.number);
    this.owner.files.forget(leg);
  }

  /** Close every leg, after what is on its way has left. @param {number} afterMs */
  closeAll(afterMs) {
    const legs = this.all;
    this.shown = this.coming = this.leaving = this.talking = null;
    this.timers.clear();
    setTimeout(() => legs.forEach((leg) => this.drop(leg)), afterMs);
  }
}
