/** The waiting room at work: what the patient may ask for, the call back to it, and what the clinic is told of the test. */
import { chime } from "../media/chime.js";
import { Notifier } from "../media/notify.js";
import { Timers } from "../net/timers.js";
import { ApiError } from "../net/api.js";
import { linkSecret } from "../net/visit_link.js";
import { Reporter } from "../readiness/reporter.js";
import { answerOf, element } from "../views/dom.js";
import { ChangedView } from "../views/changed_view.js";
import { WaitingChatView } from "../views/waiting_chat_view.js";
import { WaitingView } from "../views/waiting_view.js";
import { WaitingChat } from "./chat.js";
import { keptUntil } from "./words.js";
import { Thread } from "./thread.js";

/** @typedef {import("../protocol/codec.js").ServerMessage} ServerMessage */
/** @typedef {import("../journey.js").Stop} Stop */
/** @typedef {Pick<import("../net/link.js").Link, "command">} Commands */

const RECALL_EVERY_MS = 10_000;
const RECALLS = 12;
/** For so long before its end a place is no longer said to be kept until a time of day. */
const LAST_MS = 60_000;

export class WaitingRoom {
  /** @param {import("../media/devices.js").Devices} devices @param {Promise<CryptoKeyPair>} deviceKey @param {() => void} onChange */
  constructor(devices, deviceKey, onChange) {
    this.devices = devices;
    this.deviceKey = deviceKey;
    this.onChange = onChange;
    this.view = new WaitingView();
    /** @type {WaitingChat | null} */
    this.chat = null;
    this.chatView = new WaitingChatView(() => this.chat, () => void this.askForChat());
    this.changed = new ChangedView((told) => this.amend(told));
    this.notifier = new Notifier(() => this.onChange());
    this.timers = new Timers();
    /** @type {Commands | null} */
    this.link = null;
    this.visit = "";
    /** @type {ServerMessage | null} */
    this.status = null;
    /** @type {Exclude<Stop, "visit" | "over">} */
    this.stop = "queue";
    this.recalls = 0;
    /** @type {Reporter | null} */
    this.reporter = null;
    element("step-out").addEventListener("click", () => void this.stepOut());
    element("notify").addEventListener("click", () => void this.notifier.ask());
    element("back").addEventListener("click", () => void this.back());
  }

  /** @param {string} visit @param {Commands} link */
  enter(visit, link) {
    this.visit = visit;
    this.link = link;
    this.reporter?.close();
    this.reporter = new Reporter((readiness) => link.command("visit.prepare", { visit, readiness: { ...readiness, at: 0 } }));
    this.chat?.close();
    this.chat = new WaitingChat(visit, (data) => link.command("chat.relay", { visit, data }), this.deviceKey, () => this.onChange(), {
      link: linkSecret,
      thread: new Thread(visit),
      onLine: () => this.tell("notify.message"),
    });
  }

  /** @param {Exclude<Stop, "visit" | "over">} stop @param {ServerMessage} status @param {"transferred" | "sentBack" | "otherRoom" | null} change */
  show(stop, status, change) {
    if (change !== null || stop !== "queue") this.view.change = change;
    if (stop !== this.stop) this.view.error = "";
    this.stop = stop;
    this.status = status;
    this.ring(stop === "away" && status.recalled === true);
    this.render();
  }

  render() {
    if (this.status === null) return;
    this.view.render(this.stop, this.status);
    this.view.renderNotify(this.notifier.standing);
    this.chatView.render();
    this.changed.render();
  }

  /** The connection was lost, or is there again. @param {number | null} heardAt when the clinic was last heard, null: now */
  connectionIs(heardAt) {
    this.timers.stop("lost");
    this.view.lost = heardAt === null || this.status === null ? null : { until: keptUntil(this.status, heardAt) };
    const left = (this.view.lost?.until ?? 0) - Date.now();
    const next = left > LAST_MS ? left - LAST_MS : left; // what is said changes then
    if (next > 0) this.timers.start("lost", () => this.connectionIs(heardAt), next);
    this.render();
  }

  /** @param {ServerMessage} message */
  message(message) {
    if (message.type === "chat.peer") this.chat?.peerIs(message.present, message.name ?? null);
    else if (message.type === "chat.relayed") this.chat?.relayed({ id: message.id, data: message.data });
  }

  /** Ask the clinic to open the chat. */
  async askForChat() {
    const { chat } = this;
    if (chat === null || chat.requested) return;
    chat.requested = true;
    await this.ask("chat.request", {}, "notes.refused");
    if (this.view.error === "notes.refused") chat.requested = false;
    this.onChange();
  }

  /** @param {Record<string, unknown>} told @returns {Promise<boolean>} */
  async amend(told) {
    try {
      await this.link?.command("visit.amend", { visit: this.visit, ...told });
      return this.link !== null;
    } catch {
      return false;
    }
  }

  /** Whether the clinic calls the patient back now. */
  get recalled() {
    return this.stop === "away" && this.status?.recalled === true;
  }

  /** The call back sounds again and again until the patient is there, but not for ever. @param {boolean} wanted */
  ring(wanted) {
    if (!wanted) {
      this.recalls = 0;
      this.timers.stop("recall");
    } else if (this.recalls === 0) this.sound();
  }

  /** Something happened that a patient who looks at something else should hear and see. @param {string} words a key */
  tell(words) {
    if (document.hidden) void chime().catch(() => undefined);
    this.notifier.tell(words);
  }

  sound() {
    this.recalls += 1;
    void chime().catch(() => undefined);
    this.notifier.tell("notify.turn");
    if (this.recalls < RECALLS) this.timers.start("recall", () => this.sound(), RECALL_EVERY_MS);
  }

  async stepOut() {
    const dialog = /** @type {HTMLDialogElement} */ (element("away"));
    if ((await answerOf(dialog)) !== "yes" || this.stop !== "queue") return;
    void this.devices.close();
    const minutes = Number(/** @type {HTMLSelectElement} */ (element("away-minutes")).value);
    await this.ask("visit.step_out", { minutes }, "away.refused");
  }

  /** The patient is there again. */
  back() {
    return this.ask("visit.return", {}, "away.backRefused");
  }

  /** @param {string} type @param {Record<string, unknown>} fields @param {string} refused what to say when it is, a key */
  async ask(type, fields, refused) {
    this.view.error = "";
    try {
      await this.link?.command(type, { visit: this.visit, ...fields });
    } catch (error) {
      this.view.error = error instanceof ApiError && error.code === "closed" ? "" : refused;
    }
    this.onChange();
  }

  /** @param {{over?: boolean}} [how] over: for good */
  leave(how) {
    this.timers.clear();
    this.notifier.clear();
    this.recalls = 0;
    this.reporter?.close();
    this.reporter = null;
    this.link = null;
    this.chat?.close(how);
    this.chat = null;
    this.status = null;
    this.view.change = null;
    this.view.error = "";
    this.view.lost = null;
  }
}
