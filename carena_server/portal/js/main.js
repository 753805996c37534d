/**
 * The portal's composition root: reads the link, then check-in, waiting room, visit, end. It joins the parts and holds no
 * rule of its own. A reload continues where the server says this browser stands.
 */
import { CheckIn } from "./check_in.js";
import { deviceKey } from "./e2ee/device_key.js";
import { Sealing } from "./e2ee/sealing.js";
import { placeOf } from "./entrance.js";
import { Trust } from "./e2ee/trust.js";
import { PageLanguage } from "./i18n/page.js";
import { spoken, t } from "./i18n/words.js";
import { changeOf, sectionOf, stopOf } from "./journey.js";
import { chime } from "./media/chime.js";
import { Devices } from "./media/devices.js";
import { WakeLock } from "./media/wake_lock.js";
import { ApiError } from "./net/api.js";
import { Link } from "./net/link.js";
import { watchMedium } from "./net/medium.js";
import { forgetLinkSecret, forgetSecret, linkSecret, takeSecret } from "./net/visit_link.js";
import { keepEnd } from "./over.js";
import { Chat } from "./peer/chat.js";
import { Visit } from "./peer/visit.js";
import { Readiness } from "./readiness/readiness.js";
import { emergencyText, linkText, overWords, problemText, titleText } from "./text.js";
import { CallView } from "./views/call_view.js";
import { ClosedView } from "./views/closed_view.js";
import { DevicePanel } from "./views/device_panel.js";
import { closeDialogs, confirmed, element, setNote, setText, showSection } from "./views/dom.js";
import { ReadinessList } from "./views/readiness_list.js";
import { SecurityView } from "./views/security_view.js";
import { ScreenStage } from "./views/screen_stage.js";
import { Stage } from "./views/stage.js";
import { steady } from "./views/steady.js";
import { WaitingRoom } from "./waiting/room.js";

/** @typedef {import("./protocol/codec.js").ServerMessage} ServerMessage */

const VERSION = "0.1.0";
const LEAVE_WITHIN_MS = 4000;

class Portal {
  constructor() {
    /** Writes the words of what is shown now, again when the language changes. */
    this.words = () => {};
    this.language = new PageLanguage(() => this.render());
    this.devices = new Devices(() => this.devicesChanged());
    this.readiness = new Readiness(this.devices, () => this.readinessChanged(), (level) => this.heard(level));
    this.stage = new Stage();
    this.screenStage = new ScreenStage(() => this.call?.render());
    this.wakeLock = new WakeLock();
    this.checkIn = new CheckIn({
      onDone: (visit) => this.join(visit),
      onClosed: (info) => this.closed(info),
      onConsent: (given) => {
        this.readiness.consent = given;
        this.readinessChanged();
      },
    });
    this.closedView = new ClosedView(() => void this.start());
    /** @type {Link | null} */
    this.link = null;
    /** @type {Visit | null} */
    this.visit = null;
    /** What was said in this visit, which a hold does not end. */
    this.chat = new Chat();
    /** The files of the call before, which can still be saved. @type {import("./files/desk.js").FileDesk | null} */
    this.files = null;
    /** @type {ServerMessage | null} the last status */
    this.status = null;
    this.visitId = "";
    this.clinic = "";
    /** Whether the link itself was opened, and nothing was asked of the visit since. */
    this.opened = false;
    this.returned = false;
    this.sealing = new Sealing(() => this.visit?.stop(Math.max(1, this.visit.legs.highest)));
    this.device = deviceKey();
    this.waiting = new WaitingRoom(this.devices, this.device, () => this.render());
    this.panels = ["check-in-devices", "waiting-devices"].map((id) => new DevicePanel(element(id), this.devices, () => this.readiness.pictureSeen()));
    this.lists = ["check-in-readiness", "waiting-readiness"].map((id) => new ReadinessList(element(id), this.readiness));
    this.call = new CallView(this.devices, this.stage, this.screenStage, () => this.visit);
    this.trust = new Trust(() => this.security.render());
    this.security = new SecurityView(() => this.visit, this.sealing, () => this.trust);
    element("leave").addEventListener("click", () => void this.leave("wait.leaveQuestion", "wait.leaveYes"));
    element("end").addEventListener("click", () => void this.leave("call.endQuestion", "call.endYes"));
    element("problem-again").addEventListener("click", () => void this.start());
    element("problem-here").addEventListener("click", () => location.reload());
    addEventListener("hashchange", () => this.linkOpened());
    addEventListener("online", () => this.visit?.networkChanged());
    watchMedium(() => this.visit?.networkChanged());
    addEventListener("pagehide", () => void this.devices.close());
  }

  async start() {
    this.opened = location.hash.length > 1;
    const secret = takeSecret();
    showSection("loading");
    try {
      if (spoken() === "") await this.language.start();
    } catch {
      this.failWithoutWords();
      return;
    }
    if ((await this.readiness.checkBrowser()) === "unsupported") {
      this.fail("problem.oldTitle", () => t("problem.oldText"));
      return;
    }
    try {
      this.stand(secret, await placeOf(secret));
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "internal";
      this.fail("problem.title", () => problemText(code), "problem-again");
    }
  }

  /** @param {string} secret @param {import("./entrance.js").Place} place */
  stand(secret, place) {
    this.clinic = place.clinic;
    setText("clinic", place.clinic);
    switch (place.kind) {
      case "join":
        this.returned = true;
        this.join(place.visit);
        break;
      case "arrive":
        this.arrive(secret, place.info);
        break;
      case "closed":
        this.closed(place.info);
        break;
      case "ended":
        this.finish(place.end);
        break;
      case "invalidLink":
        this.fail("problem.linkTitle", () => problemText("link_invalid"));
        break;
      case "noLink":
        this.fail("problem.noLinkTitle", () => t("problem.noLinkText"));
        break;
    }
  }

  /** @param {string} secret @param {import("./net/api.js").ArrivalInfo} info */
  arrive(secret, info) {
    this.words = () => {
      setText("emergency", emergencyText(info));
      setText("arrive-lead", info.returning ? t("arrive.returning") : t("arrive.lead"));
    };
    this.checkIn.start(secret, info);
    this.show("check-in");
    void this.readiness.measure();
  }

  /** @param {import("./net/api.js").ArrivalInfo} info */
  closed(info) {
    this.words = () => this.closedView.render(info);
    this.closedView.wait(info);
    this.show("closed");
  }

  /** A link was opened in the window that shows this page already. */
  linkOpened() {
    if (location.hash.length < 2) return;
    location.reload(); // with the link still in the address, so that it is known to have been opened
  }

  /** @param {string} visit its id, "" for the one the server knows this browser by */
  join(visit) {
    forgetSecret();
    keepEnd(null);
    this.visitId = visit;
    this.status = null;
    this.readiness.consent = true;
    this.link = new Link({ onMessage: (message) => this.message(message), onState: (state, code) => this.linkChanged(state, code) }, VERSION);
    this.waiting.enter(visit, this.link);
    this.renderLink();
    void this.link.open();
  }

  /** @param {import("./net/link.js").LinkState} state @param {string} code */
  linkChanged(state, code) {
    this.renderLink();
    this.waiting.connectionIs(state === "reconnecting" ? (this.link?.heardAt ?? null) : null);
    if (state !== "over" || code === "left") return;
    if (code === "closed_4509") this.fail("problem.elsewhereTitle", () => t("problem.elsewhereText"), "problem-here");
    else if (code === "closed_4511") this.finish({ state: "finished", reason: null });
    else this.fail("problem.closedTitle", () => problemText("not_found"));
  }

  renderLink() {
    const state = this.link?.state ?? "over";
    setText("connection", linkText(state, this.visit?.state === "active"));
    element("connection").dataset.state = state;
  }

  /** @param {ServerMessage} message */
  message(message) {
    if (this.visitId === "") this.visitId = String(message.visit ?? "");
    if (message.visit !== this.visitId) return;
    if (message.type === "visit.status") this.statusChanged(message);
    else if (message.type === "visit.peer") this.visit?.peerIs(message.present);
    else if (message.type.startsWith("chat.")) this.waiting.message(message);
    else if (message.type === "relayed") this.visit?.relayed({ id: message.id, data: message.data });
  }

  /** @param {ServerMessage} status */
  statusChanged(status) {
    const [stop, change] = [stopOf(status), changeOf(this.status, status)];
    this.status = status;
    if (stop === "over") this.finish({ state: status.state, reason: status.reason ?? null });
    else if (stop === "visit") this.beginCall(status);
    else this.wait(stop, status, change);
  }

  /** @param {Exclude<import("./journey.js").Stop, "visit" | "over">} stop @param {ServerMessage} status @param {ReturnType<typeof changeOf>} change */
  wait(stop, status, change) {
    const first = sectionOf(stop) !== document.body.dataset.section || stop !== this.waiting.stop;
    this.endCall();
    if (stop === "queue") this.chat = new Chat(); // whoever comes next was not there
    if (stop === "away" && this.opened) void this.waiting.back(); // who opens the link again is there again
    this.opened = false;
    this.words = () => this.waiting.render();
    this.waiting.show(stop, status, change);
    this.show("waiting");
    if (first) element("waiting-title").focus({ preventScroll: true });
    if (this.readiness.network === null && this.readiness.measuring === null && first) void this.readiness.measure();
  }

  /** @param {ServerMessage} status */
  beginCall(status) {
    this.words = () => setText("clinician", status.clinician_name ?? t("call.clinician"));
    if (this.visit !== null || this.link === null) return this.render();
    if (document.body.dataset.section === "waiting") {
      void chime().catch(() => undefined); // who waits may look at something else
      this.waiting.notifier.tell("notify.visit");
    }
    closeDialogs();
    this.opened = false;
    this.readiness.stop();
    this.call.returned = this.returned;
    this.trust = new Trust(() => this.security.render()); // another clinician's computer in another call is no change
    this.visit = new Visit(this.visitId, this.link, () => ({ audio: this.devices.audio, video: this.devices.video, screen: this.devices.screen.track, state: this.devices.state }), {
      onChange: () => this.callChanged(),
      onStream: (leg) => this.stage.show(leg, this.visit?.peer.camera !== false, () => void this.screenStage.whenSeen(leg.screen).then(() => this.visit?.shown(leg))),
      onScreen: (leg) => this.screenStage.add(leg.screen),
    }, { sealing: this.sealing, device: this.device, link: linkSecret(), trust: this.trust }, undefined, this.chat);
    if (this.files !== null) this.visit.files.goOn(this.files);
    this.show("visit");
    this.visit.begin();
    this.callChanged();
  }

  callChanged() {
    if (["paused", "unsafe", "ended"].includes(this.visit?.state ?? "")) this.devices.screen.stop(); // the next call asks anew
    this.screenStage.share(this.visit?.state !== "paused" && this.visit?.peer.sharing === true);
    this.call.render();
    this.security.render();
    this.renderLink();
  }

  endCall() {
    if (this.visit === null) return;
    this.visit.end();
    this.files = this.visit.files;
    this.visit = null;
    this.devices.screen.stop(); // the next visit asks anew
    this.stage.clear();
    this.screenStage.clear();
    this.call.clear();
  }

  /** @param {import("./over.js").End} end */
  finish(end) {
    this.close({ over: true });
    forgetLinkSecret();
    this.readiness.forget();
    keepEnd(end);
    this.words = () => {
      const { title, text, next } = overWords(end.state, end.reason);
      setText("over-title", title);
      setText("over-text", text);
      setNote("over-next", next);
    };
    this.show("over");
  }

  /** Nothing stays open: no device, no connection, no question. @param {{over?: boolean}} [how] over: for good */
  close(how) {
    this.endCall();
    this.chat = new Chat();
    this.files = null; // what the last page shows has them
    closeDialogs();
    void this.devices.close();
    this.readiness.stop();
    this.waiting.leave(how);
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
    this.finish({ state: "left", reason: "patient" });
  }

  devicesChanged() {
    steady(element("join"), () => this.panels?.forEach((panel) => panel.render()));
    this.visit?.mediaChanged();
    this.call?.render();
    this.readinessChanged();
  }

  /** @param {number} level 0 to 1, ten times a second */
  heard(level) {
    steady(element("join"), () => this.panels.find((panel) => panel.isShown)?.heard(level));
  }

  readinessChanged() {
    if (this.lists === undefined || spoken() === "") return;
    this.readiness.listen(this.panels.some((panel) => panel.isShown));
    steady(element("join"), () => this.lists.forEach((list) => list.render()));
    this.waiting.reporter?.changed(this.readiness.report);
  }

  /** @param {string} section */
  show(section) {
    showSection(section, () => this.words());
    this.wakeLock.set(section === "waiting" || section === "visit");
    this.render();
  }

  /** Everything again, in the language in use. */
  render() {
    this.words();
    const { stop, recalled, chat } = this.waiting;
    document.title = titleText(document.body.dataset.section ?? "", this.clinic, { stop, recalled, place: this.status?.place ?? 0, unread: chat?.unread ?? 0 });
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
