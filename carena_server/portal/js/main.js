/**
 * The portal's composition root: reads the link, then check-in, waiting room, visit, end. It joins the parts and holds no
 * rule of its own. A reload continues where the server says this browser stands.
 */
import { CheckIn } from "./check_in.js";
import { chime } from "./media/chime.js";
import { deviceKey } from "./e2ee/device_key.js";
import { Sealing } from "./e2ee/sealing.js";
import { PageLanguage } from "./i18n/page.js";
import { spoken, t } from "./i18n/words.js";
import { Devices } from "./media/devices.js";
import { WakeLock } from "./media/wake_lock.js";
import { ApiError, currentVisit, portalInfo } from "./net/api.js";
import { Link } from "./net/link.js";
import { forgetLinkSecret, forgetSecret, linkSecret, takeSecret } from "./net/visit_link.js";
import { Visit } from "./peer/visit.js";
import { isSupported } from "./support.js";
import { linkText, overText, placeText, problemText, titleText } from "./text.js";
import { CallView } from "./views/call_view.js";
import { DevicePanel } from "./views/device_panel.js";
import { closeDialogs, confirmed, element, setText, showSection } from "./views/dom.js";
import { Stage } from "./views/stage.js";

/** @typedef {import("./protocol/codec.js").ServerMessage} ServerMessage */

const VERSION = "0.1.0";
/** What the server answers to a browser without an open visit. */
const NO_VISIT = new Set(["not_found", "unauthenticated", "forbidden", "token_expired"]);
const LEAVE_WITHIN_MS = 4000;

class Portal {
  constructor() {
    /** Writes the words of what is shown now, again when the language changes. */
    this.words = () => {};
    this.language = new PageLanguage(() => this.render());
    this.devices = new Devices(() => this.devicesChanged());
    this.stage = new Stage();
    this.wakeLock = new WakeLock();
    this.checkIn = new CheckIn((visit) => this.join(visit));
    /** @type {Link | null} */
    this.link = null;
    /** @type {Visit | null} */
    this.visit = null;
    this.visitId = "";
    this.clinic = "";
    this.place = 0;
    this.returned = false;
    this.sealing = new Sealing(() => this.visit?.stop(this.visit.highest));
    this.device = deviceKey();
    this.panels = ["check-in-devices", "waiting-devices"].map((id) => new DevicePanel(element(id), this.devices));
    this.call = new CallView(this.devices, () => this.visit);
    element("leave").addEventListener("click", () => void this.leave("wait.leaveQuestion", "wait.leaveYes"));
    element("end").addEventListener("click", () => void this.leave("call.endQuestion", "call.endYes"));
    element("problem-again").addEventListener("click", () => void this.start());
    element("problem-here").addEventListener("click", () => location.reload());
    addEventListener("hashchange", () => this.linkOpened());
    addEventListener("pagehide", () => void this.devices.close());
  }

  async start() {
    const secret = takeSecret();
    showSection("loading");
    try {
      if (spoken() === "") await this.language.start();
    } catch {
      this.failWithoutWords();
      return;
    }
    if (!isSupported()) {
      this.fail("problem.oldTitle", () => t("problem.oldText"));
      return;
    }
    try {
      const [info, visit] = await Promise.all([portalInfo(), this.continued()]);
      this.clinic = info.clinic;
      setText("clinic", info.clinic);
      if (visit !== null) {
        this.returned = true;
        this.join(visit.visit);
      } else if (secret === "") {
        this.fail("problem.noLinkTitle", () => t("problem.noLinkText"));
      } else {
        this.checkIn.start(secret, info);
        this.show("check-in");
      }
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "internal";
      this.fail("problem.title", () => problemText(code), "problem-again");
    }
  }

  /** A link was opened in the window that shows this page already. */
  linkOpened() {
    if (location.hash.length < 2) return;
    takeSecret();
    location.reload();
  }

  /** The visit this browser checked in for before, if it is still open. */
  async continued() {
    try {
      return await currentVisit();
    } catch (error) {
      if (error instanceof ApiError && NO_VISIT.has(error.code)) return null;
      throw error;
    }
  }

  /** @param {string} visit */
  join(visit) {
    forgetSecret();
    this.visitId = visit;
    this.link = new Link({ onMessage: (message) => this.message(message), onState: (state, code) => this.linkChanged(state, code) }, VERSION);
    this.renderLink();
    void this.link.open();
  }

  /** @param {import("./net/link.js").LinkState} state @param {string} code */
  linkChanged(state, code) {
    this.renderLink();
    if (state !== "over" || code === "left") return;
    if (code === "closed_4509") this.fail("problem.elsewhereTitle", () => t("problem.elsewhereText"), "problem-here");
    else if (code === "closed_4511") this.finish(() => overText("finished", null));
    else this.fail("problem.closedTitle", () => problemText("not_found"));
  }

  renderLink() {
    const state = this.link?.state ?? "connecting";
    setText("connection", linkText(state, this.visit?.state === "active"));
    element("connection").dataset.state = state;
  }

  /** @param {ServerMessage} message */
  message(message) {
    if (message.visit !== this.visitId) return;
    if (message.type === "visit.status") this.status(message);
    else if (message.type === "visit.peer") this.visit?.peerIs(message.present);
    else if (message.type === "relayed") this.visit?.relayed({ id: message.id, data: message.data });
  }

  /** @param {ServerMessage} status */
  status(status) {
    switch (status.state) {
      case "arrived":
      case "needs_triage":
      case "ready":
      case "claimed":
      case "returned":
      case "stepped_away":
      case "on_hold":
        this.endCall();
        this.words = () => setText("place", placeText(status.place ?? 0, status.waiting ?? 0));
        this.show("waiting", status.place ?? 0);
        break;
      case "in_visit":
        this.words = () => setText("clinician", status.clinician_name ?? t("call.clinician"));
        this.beginCall();
        break;
      default:
        this.finish(() => overText(status.state, status.reason ?? null));
    }
  }

  beginCall() {
    if (this.visit !== null || this.link === null) return;
    if (document.body.dataset.section === "waiting" && document.hidden) void chime();
    closeDialogs();
    this.call.returned = this.returned;
    this.visit = new Visit(this.visitId, this.link, () => ({ audio: this.devices.audio, video: this.devices.video, state: this.devices.state }), {
      onChange: () => this.callChanged(),
      onStream: (leg) => this.stage.show(leg, () => this.visit?.shown(leg)),
    }, { sealing: this.sealing, device: this.device, link: linkSecret() });
    this.show("visit");
    this.visit.begin();
    this.callChanged();
  }

  callChanged() {
    this.call.render();
    this.renderLink();
  }

  endCall() {
    if (this.visit === null) return;
    this.visit.end();
    this.visit = null;
    this.stage.clear();
    this.call.clear();
  }

  /** @param {() => string} text */
  finish(text) {
    this.close();
    forgetLinkSecret();
    this.words = () => setText("over-text", text());
    this.show("over");
  }

  /** Nothing stays open: no device, no connection, no question. */
  close() {
    this.endCall();
    closeDialogs();
    void this.devices.close();
    this.link?.finish("left");
  }

  /** @param {string} question a key @param {string} yes a key */
  async leave(question, yes) {
    const { link } = this;
    if (link === null || !(await confirmed(t(question), t(yes))) || link.state === "over") return;
    this.visit?.hangUp();
    void this.devices.close();
    const told = link.command("visit.leave", { visit: this.visitId }).catch(() => undefined);
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, LEAVE_WITHIN_MS))]);
    this.finish(() => overText("left", "patient"));
  }

  devicesChanged() {
    for (const panel of this.panels ?? []) panel.render();
    this.visit?.mediaChanged();
    this.call?.render();
  }

  /** @param {string} section @param {number} [place] */
  show(section, place) {
    this.place = place ?? 0;
    showSection(section, () => this.words());
    this.wakeLock.set(section === "waiting" || section === "visit");
    this.render();
  }

  /** Everything again, in the language in use. */
  render() {
    this.words();
    document.title = titleText(document.body.dataset.section ?? "", this.clinic, this.place);
    this.renderLink();
    this.checkIn.render();
    this.devicesChanged();
  }

  /** @param {string} title a key @param {() => string} text @param {"problem-again" | "problem-here"} [button] */
  fail(title, text, button) {
    this.close();
    this.link = null;
    this.words = () => {
      setText("problem-title", t(title));
      setText("problem-text", text());
    };
    for (const id of ["problem-again", "problem-here"]) element(id).hidden = id !== button;
    this.show("problem");
  }

  /** Not even the sentences could be loaded: the document's own English ones have to do. */
  failWithoutWords() {
    element("problem-again").hidden = false;
    showSection("problem");
  }
}

void new Portal().start();
