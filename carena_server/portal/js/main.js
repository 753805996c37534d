/**
 * The portal's composition root: reads the link, then check-in, waiting room, visit, end. It joins the parts and holds no
 * rule of its own. A reload continues where the server says this browser stands.
 */
import { CheckIn } from "./check_in.js";
import { Devices } from "./media/devices.js";
import { ApiError, currentVisit, portalInfo } from "./net/api.js";
import { Link } from "./net/link.js";
import { Visit } from "./peer/visit.js";
import { cameraLamp, clock, deviceText, microphoneLamp, overText, placeText, problemText } from "./text.js";
import { renderChat } from "./views/chat_list.js";
import { confirmed, element, field, setLamp, setNote, setText, showSection, showTrack, video } from "./views/dom.js";
import { Stage } from "./views/stage.js";

/** @typedef {import("./protocol/codec.js").ServerMessage} ServerMessage */

const VERSION = "0.1.0";
const LINK_WORDS = { connecting: "Connecting…", online: "Connected", reconnecting: "Connection lost. Reconnecting…", over: "" };
const CALL_WORDS = {
  waiting: "Waiting for the clinician's picture…",
  connecting: "Connecting…",
  active: "",
  reconnecting: "The connection is poor. Trying to get it back…",
  ended: "",
};

class Portal {
  constructor() {
    this.devices = new Devices(() => this.devicesChanged());
    this.stage = new Stage();
    this.checkIn = new CheckIn(this.devices, (visit) => this.join(visit));
    /** @type {Link | null} */
    this.link = null;
    /** @type {Visit | null} */
    this.visit = null;
    this.visitId = "";
    this.clinician = "";
    for (const id of ["waiting-turn-on"]) element(id).addEventListener("click", () => void this.devices.open());
    element("leave").addEventListener("click", () => void this.leave("Leave the waiting room? Your place will be given up.", "Leave waiting room"));
    element("end").addEventListener("click", () => void this.leave("End the visit?", "End now"));
    element("mute").addEventListener("click", () => void this.toggleMicrophone());
    element("camera").addEventListener("click", () => void this.toggleCamera());
    element("problem-again").addEventListener("click", () => location.reload());
    element("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    setInterval(() => this.renderTimer(), 500);
    this.devicesChanged();
  }

  async start() {
    const secret = location.hash.slice(1);
    if (secret !== "") history.replaceState(null, "", location.pathname);
    try {
      const [info, visit] = await Promise.all([portalInfo(), this.continued()]);
      setText("clinic", info.clinic);
      document.title = `${info.clinic} – your visit`;
      if (visit !== null) {
        this.join(visit.visit);
      } else if (secret === "") {
        this.fail("This page needs your visit link", "Please open the link that the clinic sent you.", false);
      } else {
        this.checkIn.start(secret, info);
        showSection("check-in");
      }
    } catch (error) {
      this.fail("The visit can't be opened now", problemText(error instanceof ApiError ? error.code : "internal"), true);
    }
  }

  /** The visit this browser checked in for before, if it is still open. */
  async continued() {
    try {
      return await currentVisit();
    } catch (error) {
      if (error instanceof ApiError && error.code !== "unreachable" && error.code !== "internal") return null;
      throw error;
    }
  }

  /** @param {string} visit */
  join(visit) {
    this.visitId = visit;
    this.link = new Link(
      {
        onMessage: (message) => this.message(message),
        onState: (state, code) => this.linkChanged(state, code),
        onWelcome: (welcome) => {
          if (!welcome.resumed) this.visit?.signalingRestarted();
        },
      },
      VERSION,
    );
    setText("connection", LINK_WORDS.connecting);
    void this.link.open();
  }

  /** @param {import("./net/link.js").LinkState} state @param {string} code */
  linkChanged(state, code) {
    setText("connection", LINK_WORDS[state]);
    element("connection").dataset.state = state;
    if (state !== "over" || document.body.dataset.section === "over") return;
    if (code === "closed_4509") this.fail("Open in another window", "This visit was opened in another tab or window. Continue there.", false);
    else if (code !== "left") this.fail("The visit is no longer open here", problemText("not_found"), false);
  }

  /** @param {ServerMessage} message */
  message(message) {
    if (message.type === "visit.status") this.status(message);
    else if (message.type === "relayed" && message.visit === this.visitId) this.visit?.relayed(/** @type {any} */ (message));
  }

  /** @param {ServerMessage} status */
  status(status) {
    switch (status.state) {
      case "waiting":
        this.endCall();
        setText("place", placeText(status.place ?? 0, status.waiting ?? 0));
        showSection("waiting");
        break;
      case "in_visit":
        this.clinician = status.clinician_name ?? "The clinician";
        this.beginCall();
        break;
      default:
        this.finish(overText(status.state, status.reason ?? null));
    }
  }

  beginCall() {
    if (this.visit !== null || this.link === null) return;
    setText("clinician", this.clinician);
    showSection("visit");
    this.visit = new Visit(this.visitId, this.link, () => ({ audio: this.devices.audio, video: this.devices.video, state: this.devices.state }), {
      onChange: () => this.callChanged(),
      onStream: (leg) => this.stage.show(leg.stream, () => this.visit?.shown(leg)),
    });
    this.visit.begin();
    this.callChanged();
  }

  callChanged() {
    const visit = this.visit;
    if (visit === null) return;
    let words = CALL_WORDS[visit.state];
    if (visit.state === "active" && !visit.peer.camera) words = "The clinician's camera is off.";
    setText("overlay", words);
    element("stage").dataset.picture = visit.peer.camera ? "on" : "off";
    renderChat(visit.chat.lines);
    const muted = visit.state === "active" && visit.peer.microphone !== "live";
    setNote("visit-note", [muted ? "The clinician's microphone is muted." : "", deviceText(this.devices.camera, this.devices.microphone)].filter(Boolean).join(" "));
    if (visit.state === "ended") setText("overlay", "The clinician has ended the call.");
  }

  endCall() {
    this.visit?.end();
    this.visit = null;
    this.stage.clear();
    element("lines").replaceChildren();
  }

  /** @param {string} text */
  finish(text) {
    this.endCall();
    this.devices.close();
    setText("over-text", text);
    showSection("over");
    this.link?.finish("left");
  }

  /** @param {string} question @param {string} yes */
  async leave(question, yes) {
    if (!(await confirmed(question, yes))) return;
    this.visit?.hangUp();
    try {
      await this.link?.command("visit.leave", { visit: this.visitId });
      this.finish(overText("left", "patient"));
    } catch {
      this.finish(overText("left", "patient"));
    }
  }

  async toggleMicrophone() {
    if (this.devices.audio === null) await this.devices.openMicrophone();
    else this.devices.mute(!this.devices.muted);
  }

  async toggleCamera() {
    if (this.devices.video === null) await this.devices.openCamera();
    else this.devices.stopCamera();
  }

  say() {
    const input = field("message");
    const text = input.value.trim();
    if (text === "" || this.visit === null) return;
    this.visit.say(text);
    input.value = "";
    input.focus();
  }

  devicesChanged() {
    const { camera, microphone } = this.devices.state;
    for (const place of ["preview-", "waiting-", ""]) {
      setLamp(`${place}camera-lamp`, cameraLamp(camera), camera ? "live" : "off", camera ? "video" : "video-off");
      setLamp(`${place}microphone-lamp`, microphoneLamp(microphone), microphone, microphone === "live" ? "mic" : "mic-off");
    }
    const note = deviceText(this.devices.camera, this.devices.microphone);
    setNote("device-note", note);
    setNote("waiting-note", note);
    showTrack(video("preview-video"), this.devices.video);
    showTrack(video("self-video"), this.devices.video);
    const asking = this.devices.camera === "asking" || this.devices.microphone === "asking";
    setText("preview-text", asking ? "Your browser asks for permission…" : camera ? "" : "Your camera is off.");
    element("turn-on").hidden = camera && microphone !== "off";
    element("waiting-turn-on").hidden = camera && microphone !== "off";
    setText("self-text", camera ? "" : "Camera off");
    setText("mute", microphone === "live" ? "Mute microphone" : "Unmute microphone");
    element("mute").dataset.icon = microphone === "live" ? "mic-off" : "mic";
    setText("camera", camera ? "Stop camera" : "Start camera");
    element("camera").dataset.icon = camera ? "video-off" : "video";
    this.checkIn?.renderMeter();
    void this.visit?.mediaChanged();
    this.callChanged();
  }

  renderTimer() {
    const started = this.visit?.startedAt ?? null;
    setText("timer", started === null ? "" : clock(Date.now() - started));
  }

  /** @param {string} title @param {string} text @param {boolean} again */
  fail(title, text, again) {
    this.endCall();
    this.devices.close();
    setText("problem-title", title);
    setText("problem-text", text);
    element("problem-again").hidden = !again;
    showSection("problem");
  }
}

void new Portal().start();
