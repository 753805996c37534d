/**
 * The visit from the patient's side: answers heartbeats and keeps chat and media state going across legs, whose life is in
 * legs.js. It knows no page: it publishes a snapshot and streams.
 *
 *   waiting --offer--> connecting --safe--> active <--> reconnecting (nothing heard, leg failed)
 *   any --goodbye--> paused (the clinician may come back) --offer--> connecting
 *   any --end--> ended
 *   any --the key agreement failed--> unsafe (for good; nothing is offered to go on)
 */
import { randomId } from "../ids.js";
import { FileDesk } from "../files/desk.js";
import { Timers } from "../net/timers.js";
import { decodeSignal } from "../protocol/codec.js";
import { Chat } from "./chat.js";
import { Leg } from "./leg.js";
import { Legs } from "./legs.js";
import { SealingWatch } from "./sealing_watch.js";
import { Signals } from "./signals.js";
import { standingOf } from "./standing.js";

/** @typedef {Pick<import("../net/link.js").Link, "command" | "hurry" | "state">} Commands */
/** @typedef {{camera: boolean, microphone: "live" | "muted" | "off", sharing?: boolean}} MediaState */
/** @typedef {"waiting" | "connecting" | "active" | "reconnecting" | "paused" | "unsafe" | "ended"} CallState */
/** @typedef {import("./legs.js").Keys & {sealing: Pick<import("../e2ee/sealing.js").Sealing, "counts">}} Keys */
/** @typedef {import("./leg.js").Tracks & {state: MediaState}} Media */
/**
 * @typedef {object} VisitListener
 * @property {() => void} onChange
 * @property {(leg: Leg) => void} onStream a leg has remote tracks; show it, then call `shown`
 * @property {(leg: Leg) => void} onScreen a leg has the section of a shared screen
 */

export const LATE_HEARTBEAT_MS = 3500;
export const READY_AGAIN_MS = 4000;
/** Longer than the desktop gives one leg (20 s): nothing it has begun can still come true. */
export const FRESH_START_MS = 25_000;
/** What the two have agreed on is kept for so long without a word of the desktop, whose own connection may be away. */
export const KEEP_AGREED_MS = 120_000;
const AGAIN_MS = 10_000;
/** Sound and picture that do not come for so long, besides the heartbeats, are gone. */
const STILL_MS = 500;
const GOODBYE_MS = 300;
const MOST_SEEN = 1024;

export class Visit {
  /** @param {string} id @param {Commands} link @param {() => Media} media @param {VisitListener} listener @param {Keys} keys @param {typeof Leg} [LegType] @param {Chat} [chat] of the visit, when it had a call before */
  constructor(id, link, media, listener, keys, LegType = Leg, chat = new Chat()) {
    this.id = id;
    this.link = link;
    this.media = media;
    this.listener = listener;
    this.keys = keys;
    this.instance = randomId();
    this.chat = chat;
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
    this.legs = new Legs(this, LegType);
    this.heardAt = 0;
    /** @type {Set<string>} */
    this.seenSignals = new Set();
    this.timers = new Timers();
    this.sealing = new SealingWatch();
    this.sentState = "";
    this.dropped = 0;
    /** How the keys stand as the desktop says; one made before it said so says nothing. @type {import("./standing.js").Standing | null} */
    this.standing = null;
    /** Whether the desktop made a leg without a section for screens: it would refuse the word. */
    this.isOldDesktop = false;
    /** How often this page said that it is ready, since it began anew. */
    this.announced = 0;
  }

  /** Tell the desktop that this page can take an offer, and again until one comes. */
  begin() {
    this.announced = 0;
    this.announce();
    this.timers.start("fresh", () => this.giveUp(), FRESH_START_MS);
  }

  announce() {
    if (this.isOver || this.legs.highest > 0) return;
    this.sayReady(() => this.legs.highest === 0, this.announced % 2 === 0);
    this.announced += 1;
    this.timers.start("ready", () => this.announce(), READY_AGAIN_MS);
  }

  /** @param {() => boolean} meant @param {boolean} [screens] a desktop made before shared screens had a section refuses the word */
  sayReady(meant, screens = true) {
    const { instance } = this;
    if (!this.signals.holds("ready")) this.signals.send({ t: "ready", instance, ...(screens && !this.isOldDesktop ? { screens } : {}) }, () => this.instance === instance && meant());
  }

  /** Nothing is heard and nothing under way can help any more: be a new page, so that legs are counted anew. */
  startAfresh() {
    if (this.isOver || this.state === "active") return;
    this.legs.dropComing();
    this.legs.forget();
    this.standing = null;
    this.instance = randomId();
    this.begin();
  }

  /** Nothing was heard for long: give up what the two have agreed on, unless it is the service that can't be reached. */
  giveUp() {
    const isAway = this.link.state !== "online" || this.peerPresent === false;
    const isWorthWaiting = this.legs.vouching.isBegun && Date.now() - this.heardAt < KEEP_AGREED_MS;
    if (!isAway && !isWorthWaiting) {
      this.startAfresh();
      return;
    }
    // It goes on with us as soon as it can, or it was restarted and answers with an offer that nobody vouches for.
    if (!isAway) this.sayReady(() => this.state !== "active");
    this.timers.start("fresh", () => this.giveUp(), isWorthWaiting ? AGAIN_MS : FRESH_START_MS);
  }

  /** @param {boolean} present whether the desktop is connected to signaling */
  peerIs(present) {
    const returned = present && this.peerPresent === false;
    this.peerPresent = present;
    if (returned && this.state !== "active") {
      if (this.legs.vouching.isBegun) this.sayReady(() => this.state !== "active"); // it goes on with us, or it was restarted and offers anew
      else this.startAfresh();
    }
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
    if (signal.t === "unsafe") this.stopped(signal.leg);
    else if (signal.t === "offer" && signal.instance === this.instance && this.isForgotten) this.startAfresh();
    else if (["offer", "reveal", "candidate", "sealed"].includes(signal.t)) this.legs.take(signal, null);
    else this.dropped += 1;
  }

  /** Whether a plain offer can only mean that the desktop was restarted: it knows nothing of the legs before, and none is alive. */
  get isForgotten() {
    return this.legs.vouching.isBegun && this.state !== "active";
  }

  /** @param {string} id */
  remember(id) {
    this.seenSignals.add(id);
    const [oldest] = this.seenSignals;
    if (this.seenSignals.size > MOST_SEEN && oldest !== undefined) this.seenSignals.delete(oldest);
  }

  /** Nothing can begin any more. */
  get isOver() {
    return this.state === "ended" || this.state === "unsafe";
  }

  /** The code to compare; it stays, as long as one leg vouches for the next. */
  get safetyCode() {
    return this.legs.code;
  }

  /** What is true of the keys of the leg in use. */
  get facts() {
    return this.legs.talking?.security?.facts ?? null;
  }

  /** Whether what is written and sent waits until the clinician has compared the code. */
  get isHeld() {
    return this.standing?.held === true;
  }

  // -- what the legs say ------------------------------------------------------------------------------------------------

  turn() {
    return this.link.command("turn.request", { visit: this.id });
  }

  /** @param {Leg} _leg */
  onMade(_leg) {
    this.timers.stop("ready");
    this.timers.start("fresh", () => this.giveUp(), FRESH_START_MS);
    if (this.state === "waiting" || this.state === "paused") this.become("connecting");
  }

  /** @param {Leg} leg */
  onStream(leg) {
    this.listener.onStream(leg);
  }

  /** @param {Leg} leg */
  onScreen(leg) {
    this.listener.onScreen(leg);
  }

  /** Whether the desktop in this visit can show a shared screen. */
  get canShare() {
    return this.legs.talking?.hasScreen === true;
  }

  /** @param {Leg} leg */
  onSafe(leg) {
    this.isOldDesktop = leg.hasScreen === false;
    if (leg.security?.facts) void this.keys.trust?.safe(leg.security.facts);
    leg.send({ t: "media-state", ...this.media().state });
    for (const message of this.chat.unsent()) leg.send(message);
    this.heard();
    this.watch();
    this.listener.onChange();
  }

  /** @param {Leg} leg */
  onFailed(leg) {
    if (leg === this.legs.talking || this.legs.talking === null) this.become("reconnecting");
    this.legs.complain(leg);
  }

  /** @param {number} leg */
  onUnsafe(leg) {
    this.stop(leg);
  }

  /** The page shows this leg's pictures now, or hears it. @param {Leg} leg */
  shown(leg) {
    this.legs.show(leg);
  }

  /** @param {Leg} leg @param {any} message */
  onControl(leg, message) {
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
      case "standing":
        this.standing = standingOf(message, Date.now());
        this.listener.onChange();
        break;
      case "goodbye":
        this.pause();
        break;
    }
  }

  heard() {
    this.timers.start("late", () => void this.late(), LATE_HEARTBEAT_MS);
    this.timers.start("fresh", () => this.giveUp(), FRESH_START_MS);
    this.heardAt = Date.now();
    this.startedAt ??= this.heardAt;
    this.become("active");
  }

  /** No heartbeat came; whether the path is gone is judged by sound and picture. */
  async late() {
    const leg = this.legs.talking;
    if (leg === null) return this.become("reconnecting");
    const before = await leg.packets().catch(() => 0);
    this.timers.start("late", async () => {
      const after = await leg.packets().catch(() => 0);
      if (after > before && leg === this.legs.talking) {
        this.timers.start("late", () => void this.late(), LATE_HEARTBEAT_MS);
        return;
      }
      this.become("reconnecting");
      this.link.hurry();
      if (leg === this.legs.talking) this.legs.complain(leg);
    }, STILL_MS);
  }

  /** The network of this device changed: what was connected may be dead. */
  networkChanged() {
    this.link.hurry();
    if (this.legs.talking !== null) this.legs.complain(this.legs.talking);
  }

  /** Look each second whether frames are sealed and opened. */
  watch() {
    this.timers.start("sealing", async () => {
      this.sealing.take(await this.keys.sealing.counts(), Date.now());
      if (this.sealing.isToldAnew) this.listener.onChange();
      if (this.sealing.wantsLeg && this.legs.talking !== null) this.legs.complain(this.legs.talking);
      if (!this.isOver) this.watch();
    }, 1000);
  }

  /** Whether nothing can be sealed or opened at the moment, which is being put right. */
  get isSecuring() {
    return this.state === "active" && this.sealing.isTold;
  }

  /** Whether the text was taken; it is not when it is too long. @param {string} text */
  say(text) {
    const message = this.chat.write(randomId(), text, Date.now());
    if (message === null) return false;
    this.legs.say(message); // on a leg that is safe, and on no other: the next carries again what was not confirmed
    this.listener.onChange();
    return true;
  }

  /** Our devices changed. */
  mediaChanged() {
    const { state } = this.media();
    const said = JSON.stringify(state);
    for (const leg of this.legs.all) void leg.tracksChanged();
    if (said !== this.sentState) {
      this.legs.say({ t: "media-state", ...state });
      this.legs.say({ t: "renew-wanted" });
    }
    this.sentState = said;
  }

  /** @param {CallState} state */
  become(state) {
    if (this.state === state || this.isOver) return;
    this.state = state;
    this.listener.onChange();
  }

  /** The clinician hung up, which does not finish the visit: be ready for another call. */
  pause() {
    this.legs.closeAll(GOODBYE_MS); // what was said last is still on its way
    this.timers.clear();
    this.become("paused");
    this.startAfresh();
  }

  /** Say goodbye and close everything. */
  hangUp() {
    this.legs.say({ t: "goodbye" });
    this.end();
  }

  /** The key agreement failed, or frames can't be sealed: the call is over, and so is every further one of this page. @param {number} leg */
  stop(leg) {
    if (this.isOver) return;
    this.becomeUnsafe(); // first: what is said is asked at once whether it is still meant
    this.signals.send({ t: "unsafe", leg }, () => this.state === "unsafe");
  }

  /** The desktop found the leg unsafe, or its clinician heard another code. @param {number} leg */
  stopped(leg) {
    if (this.legs.find(leg) !== undefined) this.becomeUnsafe();
  }

  becomeUnsafe() {
    this.files.end();
    this.become("unsafe");
    this.timers.clear();
    this.legs.closeAll(GOODBYE_MS); // what was said last is still on its way
  }

  end() {
    if (this.state === "ended") return;
    if (this.state === "unsafe") this.state = "connecting"; // or it could not become anything
    this.timers.clear();
    this.files.end();
    this.signals.close();
    this.become("ended");
    this.legs.closeAll(GOODBYE_MS); // what was said last is still on its way
  }
}
